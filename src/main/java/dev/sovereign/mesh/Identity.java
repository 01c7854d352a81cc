package dev.sovereign.mesh;

import dev.sovereign.mesh.wire.MalformedException;
import dev.sovereign.mesh.wire.ProtobufReader;
import dev.sovereign.mesh.wire.ProtobufWriter;

import java.io.Serial;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.SignatureException;
import java.security.spec.NamedParameterSpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Arrays;
import java.util.HexFormat;

/// The Ed25519 key that a node is known by, and what only its holder can do. The private half
/// leaves through [#exportPrivateKey] alone.
///
/// @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md#keys">keys</a>
public final class Identity {

    /// Bytes of an Ed25519 seed, and of a public key (RFC 8032).
    public static final int KEY_BYTES = 32;

    public static final int SIGNATURE_BYTES = 64;

    /// Serialized PublicKey message of an Ed25519 key.
    public static final int PUBLIC_KEY_BYTES = 4 + KEY_BYTES;

    /// Enough for any message of these two fields that is ours.
    private static final int MAX_DATA_BYTES = 3 * KEY_BYTES;

    /// Value of field 1 of PublicKey and PrivateKey; the keys of RSA (0), secp256k1 (2) and ECDSA
    /// (3) are refused by name.
    private static final int ED25519 = 1;

    private static final byte[] X509_PREFIX = HexFormat.of().parseHex("302a300506032b6570032100");

    private final byte[] seed;
    private final byte[] publicKey;
    private final PrivateKey signer;
    private final PeerId peerId;

    private Identity(byte[] seed) {
        try {
            // the JDK has no call that derives a public key; its generator takes the seed as it
            // draws it, so a generator of "random" bytes that are the seed does the same
            KeyPairGenerator generator = KeyPairGenerator.getInstance("Ed25519");
            generator.initialize(NamedParameterSpec.ED25519, new Fixed(seed));
            KeyPair pair = generator.generateKeyPair();
            byte[] pkcs8 = pair.getPrivate().getEncoded();
            byte[] drawn = Arrays.copyOfRange(pkcs8, pkcs8.length - KEY_BYTES, pkcs8.length);
            if (!Arrays.equals(drawn, seed)) {
                throw new IllegalStateException("this JDK does not draw an Ed25519 seed as it is");
            }
            byte[] x509 = pair.getPublic().getEncoded();
            byte[] raw = Arrays.copyOfRange(x509, X509_PREFIX.length, x509.length);
            this.seed = seed.clone();
            this.signer = pair.getPrivate();
            this.publicKey = new ProtobufWriter().varint(1, ED25519).bytes(2, raw).toBytes();
            this.peerId = PeerId.ofPublicKey(publicKey);
        } catch (GeneralSecurityException missing) {
            throw new IllegalStateException("this JDK has no Ed25519", missing);
        } catch (MalformedException impossible) {
            throw new IllegalStateException("our own public key gives no PeerId", impossible);
        }
    }

    public static Identity generate(SecureRandom random) {
        byte[] seed = new byte[KEY_BYTES];
        random.nextBytes(seed);
        return new Identity(seed);
    }

    /// @param seed the 32 bytes that RFC 8032 calls the private key
    public static Identity ofSeed(byte[] seed) {
        if (seed.length != KEY_BYTES) {
            throw new IllegalArgumentException("an Ed25519 seed has 32 bytes, not " + seed.length);
        }
        return new Identity(seed);
    }

    /// Reads a PrivateKey message.
    ///
    /// @throws MalformedException if it is not canonical, not Ed25519, or its halves do not belong
    ///   together; the message never holds any of its bytes
    public static Identity parsePrivateKey(byte[] message) throws MalformedException {
        byte[] data = data(message, MAX_DATA_BYTES);
        boolean twice = data.length == 3 * KEY_BYTES;
        if (data.length != 2 * KEY_BYTES && !twice) {
            throw new MalformedException(
                    "an Ed25519 private key has 64 or 96 bytes, not " + data.length);
        }
        Identity identity = new Identity(Arrays.copyOf(data, KEY_BYTES));
        byte[] raw = identity.rawPublicKey();
        for (int at = KEY_BYTES; at < data.length; at += KEY_BYTES) {
            if (!Arrays.equals(raw, 0, KEY_BYTES, data, at, at + KEY_BYTES)) {
                throw new MalformedException("the public half is not that of the private half");
            }
        }
        return identity;
    }

    /// The PrivateKey message: the secret itself, for the identity file and for nothing else.
    public byte[] exportPrivateKey() {
        byte[] data = Arrays.copyOf(seed, 2 * KEY_BYTES);
        System.arraycopy(rawPublicKey(), 0, data, KEY_BYTES, KEY_BYTES);
        return new ProtobufWriter().varint(1, ED25519).bytes(2, data).toBytes();
    }

    /// The serialized PublicKey message; a copy.
    public byte[] publicKey() {
        return publicKey.clone();
    }

    public PeerId peerId() {
        return peerId;
    }

    /// Signs as RFC 8032 says, no prehash: [#SIGNATURE_BYTES].
    public byte[] sign(byte[] message) {
        try {
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(signer);
            signature.update(message);
            return signature.sign();
        } catch (GeneralSecurityException broken) {
            throw new IllegalStateException("cannot sign with our own key", broken);
        }
    }

    /// Whether `signature` over `message` was made by the holder of a key.
    ///
    /// @param publicKey serialized PublicKey message, from outside
    /// @param signature from outside, of any length
    /// @throws MalformedException if the key is not a canonical Ed25519 one
    public static boolean verify(byte[] publicKey, byte[] message, byte[] signature)
            throws MalformedException {
        byte[] raw = parsePublicKey(publicKey);
        byte[] x509 = Arrays.copyOf(X509_PREFIX, X509_PREFIX.length + KEY_BYTES);
        System.arraycopy(raw, 0, x509, X509_PREFIX.length, KEY_BYTES);
        try {
            PublicKey key =
                    KeyFactory.getInstance("Ed25519").generatePublic(new X509EncodedKeySpec(x509));
            Signature verifier = Signature.getInstance("Ed25519");
            verifier.initVerify(key);
            verifier.update(message);
            return signature.length == SIGNATURE_BYTES && verifier.verify(signature);
        } catch (SignatureException malformed) {
            return false;
        } catch (GeneralSecurityException noPoint) {
            throw new MalformedException("the Ed25519 public key is no point", noPoint);
        }
    }

    /// The 32 bytes within a PublicKey message.
    ///
    /// @throws MalformedException if it is not canonical, or a key of another type, which it names
    public static byte[] parsePublicKey(byte[] message) throws MalformedException {
        byte[] data = data(message, MAX_DATA_BYTES);
        if (data.length != KEY_BYTES) {
            throw new MalformedException("an Ed25519 public key has 32 bytes, not " + data.length);
        }
        return data;
    }

    /// Fields 1 and 2 in this order, and nothing else.
    private static byte[] data(byte[] message, int max) throws MalformedException {
        ProtobufReader reader = new ProtobufReader(message);
        if (!reader.next() || reader.field() != 1) {
            throw new MalformedException("a key begins with its type");
        }
        long type = reader.varint();
        if (type != ED25519) {
            throw new MalformedException(
                    "the key is " + keyTypeName(type) + " key, only Ed25519 is taken");
        }
        if (!reader.next() || reader.field() != 2) {
            throw new MalformedException("a key has its bytes after its type");
        }
        byte[] data = reader.bytes(max);
        if (!Arrays.equals(
                message, new ProtobufWriter().varint(1, ED25519).bytes(2, data).toBytes())) {
            throw new MalformedException("the key is not in canonical form");
        }
        return data;
    }

    static String keyTypeName(long type) {
        if (type == 0) {
            return "an RSA";
        } else if (type == ED25519) {
            return "an Ed25519";
        } else if (type == 2) {
            return "a secp256k1";
        } else if (type == 3) {
            return "an ECDSA";
        }
        return "an unknown";
    }

    private byte[] rawPublicKey() {
        return Arrays.copyOfRange(publicKey, publicKey.length - KEY_BYTES, publicKey.length);
    }

    /// The PeerId only.
    @Override
    public String toString() {
        return "Identity[" + peerId + "]";
    }

    /// Gives out the seed, and nothing after it.
    private static final class Fixed extends SecureRandom {

        @Serial private static final long serialVersionUID = 1L;

        private final byte[] bytes;
        private boolean given;

        Fixed(byte[] bytes) {
            this.bytes = bytes.clone();
        }

        @Override
        public void nextBytes(byte[] into) {
            if (given || into.length != bytes.length) {
                throw new IllegalStateException("asked for " + into.length + " bytes");
            }
            given = true;
            System.arraycopy(bytes, 0, into, 0, bytes.length);
        }
    }
}
