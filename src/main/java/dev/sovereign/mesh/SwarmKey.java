package dev.sovereign.mesh;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/// The 32 bytes that all members of a private network share, and its file. Prints its fingerprint
/// only; the bytes themselves leave through [#exportBytes] and [#write].
///
/// @see <a href="https://github.com/libp2p/specs/blob/master/pnet/Private-Networks-PSK-V1.md">PSK
///   V1</a>
public final class SwarmKey {

    public static final int BYTES = 32;

    private static final String HEADER = "/key/swarm/psk/1.0.0/";

    /// Header, encoding and 64 hex digits are 96 bytes with CRLF; some room for white space.
    private static final int MAX_FILE_BYTES = 256;

    private static final String WHAT = "swarm key";

    private static final String FRESH =
            "create a fresh key with `sovereign key new --out swarm.key`";

    private final byte[] secret;
    private final String fingerprint;

    private SwarmKey(byte[] secret) {
        this.secret = secret;
        this.fingerprint = fingerprint(secret);
    }

    public static SwarmKey generate(SecureRandom random) {
        byte[] secret = new byte[BYTES];
        random.nextBytes(secret);
        return new SwarmKey(secret);
    }

    /// @param secret exactly [#BYTES], not all zero; copied
    public static SwarmKey ofBytes(byte[] secret) {
        if (secret.length != BYTES || isZero(secret)) {
            throw new IllegalArgumentException("no swarm key of " + secret.length + " bytes");
        }
        return new SwarmKey(secret.clone());
    }

    /// Reads a key file; null when there is none.
    ///
    /// @throws SovereignException when others can read it, or it is not exactly a key
    public static @Nullable SwarmKey read(Path path) {
        byte[] content = SecretFile.read(path, WHAT, MAX_FILE_BYTES);
        return content == null ? null : parse(content, path.toString());
    }

    /// The content of a key file: two lines and the key in one of three encodings; after it nothing
    /// but white space.
    ///
    /// @param name what messages call it
    /// @throws SovereignException if it is anything else; the message quotes none of the key,
    ///   wherever it stands
    public static SwarmKey parse(byte[] content, String name) {
        int first = lineEnd(content, 0);
        String header = line(content, 0, first);
        if (!header.equals(HEADER)) {
            throw new SovereignException(
                    MeshError.SWARM_KEY_HEADER,
                    WHAT + " \"" + name + "\" does not begin with the line \"" + HEADER + "\"",
                    FRESH);
        }
        int second = lineEnd(content, first);
        String encoding = line(content, first, second);
        byte[] rest = Arrays.copyOfRange(content, second, content.length);
        byte[] secret =
                switch (encoding) {
                    case "/base16/" -> base16(trailed(rest));
                    case "/base64/" -> base64(trailed(rest));
                    case "/bin/" -> binary(rest);
                    default ->
                            throw new SovereignException(
                                    MeshError.SWARM_KEY_ENCODING,
                                    WHAT
                                            + " \""
                                            + name
                                            + "\" line 2 is "
                                            + shown(encoding)
                                            + ", expected \"/base16/\", \"/base64/\" or"
                                            + " \"/bin/\"",
                                    FRESH);
                };
        if (secret == null) {
            throw new SovereignException(
                    MeshError.SWARM_KEY_BYTES,
                    WHAT
                            + " \""
                            + name
                            + "\" does not hold exactly 32 bytes in "
                            + encoding
                            + " after its second line",
                    FRESH);
        }
        if (isZero(secret)) {
            throw new SovereignException(
                    MeshError.SWARM_KEY_PUBLIC,
                    WHAT
                            + " \""
                            + name
                            + "\" is the all-zero key of the example, which everybody has",
                    FRESH);
        }
        return new SwarmKey(secret);
    }

    /// Writes the key as base16, lower case, to a file that only its owner can read.
    ///
    /// @param replace whether a file of that name may be replaced
    /// @throws SovereignException [MeshError#KEY_EXISTS] or [MeshError#KEY_FILE]
    public void write(Path path, boolean replace) {
        String text = HEADER + "\n/base16/\n" + HexFormat.of().formatHex(secret) + "\n";
        SecretFile.write(path, WHAT, text.getBytes(StandardCharsets.US_ASCII), replace);
    }

    /// The secret itself, for the layer that enciphers with it and for nothing else; a copy.
    public byte[] exportBytes() {
        return secret.clone();
    }

    /// 32 hex digits that name the network and tell nothing about the key; go and rust print the
    /// same.
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof SwarmKey that && MessageDigest.isEqual(secret, that.secret);
    }

    @Override
    public int hashCode() {
        return fingerprint.hashCode();
    }

    @Override
    public String toString() {
        return "SwarmKey[" + fingerprint + "]";
    }

    private static boolean isZero(byte[] secret) {
        return MessageDigest.isEqual(secret, new byte[secret.length]);
    }

    /// Index after the line feed that ends the line; the end of the content when there is none.
    private static int lineEnd(byte[] content, int from) {
        int at = from;
        while (at < content.length && content[at] != '\n') {
            at++;
        }
        return Math.min(at + 1, content.length);
    }

    /// A line without LF or CRLF.
    private static String line(byte[] content, int from, int to) {
        int end = to;
        if (end > from && content[end - 1] == '\n') {
            end--;
        }
        if (end > from && content[end - 1] == '\r') {
            end--;
        }
        return new String(content, from, end - from, StandardCharsets.ISO_8859_1);
    }

    /// The second line, unless it could hold some of the key, as in a file that lost a line feed.
    private static String shown(String encoding) {
        return encoding.matches("/[a-z0-9]{0,10}/") ? "\"" + encoding + "\"" : "something else";
    }

    private static byte[] trailed(byte[] rest) {
        int end = rest.length;
        while (end > 0 && isSpace(rest[end - 1])) {
            end--;
        }
        return Arrays.copyOf(rest, end);
    }

    private static boolean isSpace(byte next) {
        return next == '\n' || next == '\r' || next == ' ' || next == '\t';
    }

    private static byte @Nullable [] base16(byte[] digits) {
        String text = new String(digits, StandardCharsets.ISO_8859_1);
        return text.matches("[0-9a-fA-F]{64}") ? HexFormat.of().parseHex(text) : null;
    }

    private static byte @Nullable [] base64(byte[] digits) {
        if (digits.length != 44) {
            return null;
        }
        try {
            byte[] secret = Base64.getDecoder().decode(digits);
            // the bits left over must be zero, or one key would have several texts
            return secret.length == BYTES
                            && Arrays.equals(Base64.getEncoder().encode(secret), digits)
                    ? secret
                    : null;
        } catch (IllegalArgumentException malformed) {
            return null;
        }
    }

    /// Raw bytes may look like white space, so exactly 32 are taken and only what follows may be
    /// white space.
    private static byte @Nullable [] binary(byte[] rest) {
        for (int at = BYTES; at < rest.length; at++) {
            if (!isSpace(rest[at])) {
                return null;
            }
        }
        return rest.length < BYTES ? null : Arrays.copyOf(rest, BYTES);
    }

    /// The first 16 bytes of SHAKE128 over one Salsa20 block (64 bytes of key stream) with the
    /// nonce `finprint` and counter 0 (specs/mesh.md, 1).
    private static String fingerprint(byte[] secret) {
        try {
            // SHAKE128 gives the same bytes first, however many are asked for
            byte[] digest = MessageDigest.getInstance("SHAKE128-256").digest(salsa20Block(secret));
            return HexFormat.of().formatHex(digest, 0, 16);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHAKE128", missing);
        }
    }

    private static byte[] salsa20Block(byte[] key) {
        int[] sigma = words("expand 32-byte k".getBytes(StandardCharsets.US_ASCII));
        int[] k = words(key);
        int[] nonce = words("finprint".getBytes(StandardCharsets.US_ASCII));
        int[] in = {
            sigma[0], k[0], k[1], k[2], k[3], sigma[1], nonce[0], nonce[1], 0, 0, sigma[2], k[4],
            k[5], k[6], k[7], sigma[3]
        };
        int[] x = in.clone();
        for (int round = 0; round < 20; round += 2) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 5, 9, 13, 1);
            quarter(x, 10, 14, 2, 6);
            quarter(x, 15, 3, 7, 11);
            quarter(x, 0, 1, 2, 3);
            quarter(x, 5, 6, 7, 4);
            quarter(x, 10, 11, 8, 9);
            quarter(x, 15, 12, 13, 14);
        }
        ByteBuffer out = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
        for (int i = 0; i < 16; i++) {
            out.putInt(x[i] + in[i]);
        }
        return out.array();
    }

    private static void quarter(int[] x, int a, int b, int c, int d) {
        x[b] ^= Integer.rotateLeft(x[a] + x[d], 7);
        x[c] ^= Integer.rotateLeft(x[b] + x[a], 9);
        x[d] ^= Integer.rotateLeft(x[c] + x[b], 13);
        x[a] ^= Integer.rotateLeft(x[d] + x[c], 18);
    }

    private static int[] words(byte[] bytes) {
        int[] words = new int[bytes.length / 4];
        ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN).asIntBuffer().get(words);
        return words;
    }
}
