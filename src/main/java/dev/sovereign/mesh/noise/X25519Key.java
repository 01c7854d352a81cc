package dev.sovereign.mesh.noise;

import dev.sovereign.mesh.wire.MalformedException;

import java.security.GeneralSecurityException;
import java.security.InvalidKeyException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.HexFormat;

import javax.crypto.KeyAgreement;

/// A Diffie-Hellman key pair: the static one of a process or the ephemeral one of a handshake.
/// Never stored, and not an identity.
///
/// @see <a href="https://www.rfc-editor.org/rfc/rfc7748">RFC 7748</a>
public final class X25519Key {

    /// Of a private key, a public key and a shared secret.
    public static final int BYTES = 32;

    private static final byte[] PKCS8_PREFIX =
            HexFormat.of().parseHex("302e020100300506032b656e04220420");
    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b656e032100");

    /// u = 9, the point whose multiples are public keys (RFC 7748, 4.1).
    private static final byte[] BASE = new byte[BYTES];

    static {
        BASE[0] = 9;
    }

    private final PrivateKey privateKey;
    private final byte[] publicKey;

    private X25519Key(byte[] scalar) {
        try {
            privateKey =
                    KeyFactory.getInstance("X25519")
                            .generatePrivate(new PKCS8EncodedKeySpec(join(PKCS8_PREFIX, scalar)));
            publicKey = agree(BASE);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no X25519", missing);
        } catch (MalformedException impossible) {
            throw new IllegalStateException("the base point is refused", impossible);
        }
    }

    public static X25519Key generate(SecureRandom random) {
        byte[] scalar = new byte[BYTES];
        random.nextBytes(scalar);
        return new X25519Key(scalar);
    }

    /// @param scalar 32 bytes, clamped when used
    public static X25519Key ofPrivate(byte[] scalar) {
        if (scalar.length != BYTES) {
            throw new IllegalArgumentException("a private key has 32 bytes, not " + scalar.length);
        }
        return new X25519Key(scalar);
    }

    /// The 32 bytes that the other side is told; a copy.
    public byte[] publicKey() {
        return publicKey.clone();
    }

    /// The secret shared with the holder of `theirs`.
    ///
    /// @throws MalformedException if it is a point of small order, with which everybody would agree
    ///   on zero
    byte[] agree(byte[] theirs) throws MalformedException {
        try {
            PublicKey point =
                    KeyFactory.getInstance("X25519")
                            .generatePublic(new X509EncodedKeySpec(join(X509_PREFIX, theirs)));
            KeyAgreement agreement = KeyAgreement.getInstance("X25519");
            agreement.init(privateKey);
            agreement.doPhase(point, true);
            return agreement.generateSecret();
        } catch (InvalidKeyException smallOrder) {
            throw new MalformedException("a Diffie-Hellman key of small order", smallOrder);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no X25519", missing);
        }
    }

    private static byte[] join(byte[] prefix, byte[] key) {
        byte[] whole = java.util.Arrays.copyOf(prefix, prefix.length + key.length);
        System.arraycopy(key, 0, whole, prefix.length, key.length);
        return whole;
    }

    /// The public half only.
    @Override
    public String toString() {
        return "X25519Key[" + HexFormat.of().formatHex(publicKey) + "]";
    }
}
