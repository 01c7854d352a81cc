package dev.sovereign.core.store;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;

import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/// The 32 bytes that `store.key` holds as 64 hex digits, and what is derived from them by
/// HKDF-SHA256 (RFC 5869). Prints its fingerprint only.
final class StoreKey {

    static final int BYTES = 32;

    /// Larger files are no key.
    private static final int MAX_FILE_BYTES = 256;

    private final byte[] secret;

    private StoreKey(byte[] secret) {
        this.secret = secret;
    }

    static StoreKey random() {
        byte[] secret = new byte[BYTES];
        new SecureRandom().nextBytes(secret);
        return new StoreKey(secret);
    }

    /// @return null when there is no such file
    /// @throws SovereignException when others can read it, or it is no key
    static @Nullable StoreKey read(FileLayer files, Path path) {
        try {
            if (!files.exists(path)) {
                return null;
            }
            if (files.othersCanRead(path)) {
                throw new SovereignException(
                        StoreError.KEY_EXPOSED,
                        "store key \"" + path + "\" can be read by others",
                        "run `chmod 600 "
                                + path
                                + "`; if others may have read it, `sovereign store rekey`");
            }
            try (FileLayer.File file = files.open(path, FileLayer.Mode.READ)) {
                ByteBuffer bytes = ByteBuffer.allocate(MAX_FILE_BYTES);
                while (bytes.hasRemaining() && file.read(bytes, bytes.position()) > 0) {}
                String text =
                        new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII)
                                .strip();
                if (!text.matches("[0-9a-fA-F]{64}")) {
                    throw new SovereignException(
                            StoreError.KEY_MALFORMED,
                            "store key \""
                                    + path
                                    + "\" is not 64 hex digits (it has "
                                    + file.size()
                                    + " bytes)",
                            "put the right key file back in its place");
                }
                return new StoreKey(HexFormat.of().parseHex(text));
            }
        } catch (IOException failure) {
            throw new SovereignException(
                    StoreError.KEY_MISSING,
                    "cannot read store key \"" + path + "\": " + failure.getMessage(),
                    null,
                    failure);
        }
    }

    /// Writes the key to a new file that only its owner can read, durably. An unfinished file of
    /// that name is replaced.
    void write(FileLayer files, Path path) throws IOException {
        files.delete(path);
        try (FileLayer.File file = files.open(path, FileLayer.Mode.CREATE)) {
            String text = HexFormat.of().formatHex(secret) + "\n";
            file.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)), 0);
            file.force(true);
        }
        Path parent = path.toAbsolutePath().getParent();
        if (parent != null) {
            files.forceDirectory(parent);
        }
    }

    /// Eight hex digits that name the key and tell nothing else about it.
    String fingerprint() {
        return HexFormat.of().formatHex(derive(new byte[0], "sovereign store fingerprint", 4));
    }

    /// 16 bytes by which a store recognizes its key.
    byte[] check(byte[] salt) {
        return derive(salt, "sovereign store check", 16);
    }

    boolean opens(byte[] salt, byte[] check) {
        return MessageDigest.isEqual(check(salt), check);
    }

    /// The key that epoch keys of the log are derived from.
    byte[] logKey(byte[] salt) {
        return derive(salt, "sovereign store log", BYTES);
    }

    /// H2's file password: hex, because H2 drops the high byte of each character.
    char[] h2Password(byte[] salt) {
        byte[] key = derive(salt, "sovereign store h2", BYTES);
        char[] password = new char[2 * BYTES + 1];
        String digits = "0123456789abcdef";
        for (int i = 0; i < BYTES; i++) {
            password[2 * i] = digits.charAt(key[i] >>> 4 & 15);
            password[2 * i + 1] = digits.charAt(key[i] & 15);
        }
        password[2 * BYTES] = ' '; // H2 splits here: file password, then an empty user password
        Arrays.fill(key, (byte) 0);
        return password;
    }

    private byte[] derive(byte[] salt, String purpose, int bytes) {
        return derive(secret, salt, purpose, bytes);
    }

    static byte[] derive(byte[] secret, byte[] salt, String purpose, int bytes) {
        try {
            HKDFParameterSpec.Builder extract =
                    HKDFParameterSpec.ofExtract().addIKM(new SecretKeySpec(secret, "HKDF"));
            if (salt.length > 0) {
                extract.addSalt(salt);
            }
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(
                            extract.thenExpand(purpose.getBytes(StandardCharsets.US_ASCII), bytes));
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no HKDF-SHA256", missing);
        }
    }

    @Override
    public String toString() {
        return "StoreKey[" + fingerprint() + "]";
    }
}
