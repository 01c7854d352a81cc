package dev.sovereign.mesh.noise;

import dev.sovereign.mesh.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;

import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// What both sides of a handshake know so far: a hash of all that was said, and the key that
/// follows from the secrets shared.
///
/// @see <a href="https://noiseprotocol.org/noise.html#the-symmetricstate-object">Noise, 5.2</a>
final class SymmetricState {

    private static final int HASH_BYTES = 32;

    private byte[] chainingKey;
    private byte[] hash;
    private @Nullable CipherState cipher;

    /// @param name of the protocol: at most 32 bytes are used as they are, more are hashed
    SymmetricState(String name, byte[] prologue) {
        byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
        hash = ascii.length <= HASH_BYTES ? Arrays.copyOf(ascii, HASH_BYTES) : sha256(ascii);
        chainingKey = hash.clone();
        mixHash(prologue);
    }

    void mixHash(byte[] data) {
        hash = sha256(hash, data);
    }

    /// Takes in a shared secret; the key is new then and its counter 0.
    void mixKey(byte[] secret) {
        byte[][] keys = hkdf(chainingKey, secret);
        chainingKey = keys[0];
        cipher = new CipherState(keys[1]);
    }

    byte[] encryptAndHash(byte[] clear) {
        byte[] sealed = clear;
        if (cipher != null) {
            sealed = new byte[clear.length + CipherState.TAG_BYTES];
            cipher.seal(hash, clear, 0, clear.length, sealed, 0);
        }
        mixHash(sealed);
        return sealed;
    }

    byte[] decryptAndHash(byte[] sealed) throws MalformedException {
        byte[] clear = sealed;
        if (cipher != null) {
            if (sealed.length < CipherState.TAG_BYTES) {
                throw new MalformedException("a sealed part of " + sealed.length + " bytes");
            }
            clear = new byte[sealed.length - CipherState.TAG_BYTES];
            cipher.open(hash, sealed, 0, sealed.length, clear, 0);
        }
        mixHash(sealed);
        return clear;
    }

    /// The keys of the transport: initiator to responder, then the other way.
    byte[][] split() {
        return hkdf(chainingKey, new byte[0]);
    }

    /// Two outputs of HKDF as Noise uses it (4.3).
    static byte[][] hkdf(byte[] chainingKey, byte[] input) {
        byte[] temporary = hmac(chainingKey, input);
        byte[] first = hmac(temporary, new byte[] {1});
        byte[] second = Arrays.copyOf(first, HASH_BYTES + 1);
        second[HASH_BYTES] = 2;
        return new byte[][] {first, hmac(temporary, second)};
    }

    private static byte[] hmac(byte[] key, byte[] data) {
        try {
            Mac mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(data);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no HmacSHA256", missing);
        }
    }

    private static byte[] sha256(byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no SHA-256", missing);
        }
    }
}
