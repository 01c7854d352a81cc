package dev.sovereign.mesh;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;

/// Who a peer is: the multihash of its public key. Two are equal when their bytes are, whatever
/// text they were read from; they sort by their bytes as unsigned numbers.
///
/// Ed25519 keys are short enough to be their own hash, so their PeerId holds the key itself
/// (`12D3KooW…`). The SHA-256 of a longer key (`Qm…`) can be read and compared, but no peer that
/// has one can connect to us.
///
/// @see <a href="https://github.com/libp2p/specs/blob/master/peer-ids/peer-ids.md">peer-ids</a>
public final class PeerId implements Comparable<PeerId> {

    /// `00 24`: the identity multihash of 36 bytes; `08 01 12 20`: a PublicKey message, type
    /// Ed25519, 32 bytes.
    private static final byte[] ED25519_PREFIX = {0x00, 0x24, 0x08, 0x01, 0x12, 0x20};

    private static final int ED25519_BYTES = ED25519_PREFIX.length + 32;

    private static final int SHA256 = 0x12;
    private static final int SHA256_BYTES = 2 + 32;

    /// Keys of up to 42 serialized bytes are their own hash (peer-ids, Peer Ids).
    private static final int MAX_IDENTITY_KEY_BYTES = 42;

    /// `01`: CID version; `72`: the multicodec libp2p-key.
    private static final byte[] CID_PREFIX = {0x01, 0x72};

    /// Longest multihash that is one of ours.
    public static final int MAX_BYTES = ED25519_BYTES;

    private final byte[] multihash;
    private final String text;

    private PeerId(byte[] multihash) {
        this.multihash = multihash;
        this.text = Multibase.encodeBase58(multihash);
    }

    /// The PeerId that follows from a public key.
    ///
    /// @param publicKey the serialized PublicKey message, canonical
    public static PeerId ofPublicKey(byte[] publicKey) throws MalformedException {
        if (publicKey.length <= MAX_IDENTITY_KEY_BYTES) {
            byte[] multihash = new byte[2 + publicKey.length];
            multihash[1] = (byte) publicKey.length;
            System.arraycopy(publicKey, 0, multihash, 2, publicKey.length);
            return ofMultihash(multihash);
        }
        byte[] multihash = new byte[SHA256_BYTES];
        multihash[0] = SHA256;
        multihash[1] = SHA256_BYTES - 2;
        System.arraycopy(sha256(publicKey), 0, multihash, 2, SHA256_BYTES - 2);
        return new PeerId(multihash);
    }

    /// The binary form, as multiaddrs and messages hold it.
    ///
    /// @throws MalformedException if it is no PeerId, or that of a key type that we do not take
    public static PeerId ofMultihash(byte[] multihash) throws MalformedException {
        if (multihash.length == ED25519_BYTES
                && Arrays.equals(
                        multihash,
                        0,
                        ED25519_PREFIX.length,
                        ED25519_PREFIX,
                        0,
                        ED25519_PREFIX.length)) {
            return new PeerId(multihash.clone());
        }
        if (multihash.length == SHA256_BYTES
                && multihash[0] == SHA256
                && multihash[1] == SHA256_BYTES - 2) {
            return new PeerId(multihash.clone());
        }
        if (multihash.length > 4 && multihash[0] == 0 && multihash[2] == 0x08) {
            throw new MalformedException(
                    "the PeerId is that of "
                            + Identity.keyTypeName(multihash[3])
                            + " key, only Ed25519 is taken");
        }
        throw new MalformedException(
                multihash.length + " bytes are not the multihash of a public key");
    }

    /// The text form: base58btc (`12D3KooW…`, `Qm…`) or CIDv1 (`bafzaaj…`, `k51…`, `z5A…`).
    ///
    /// @throws MalformedException if it is neither
    public static PeerId parse(String text) throws MalformedException {
        if (text.startsWith("1") || text.startsWith("Qm")) {
            return ofMultihash(Multibase.decodeBase58(text));
        }
        byte[] cid = Multibase.decode(text);
        if (cid.length <= CID_PREFIX.length || cid[0] != CID_PREFIX[0] || cid[1] != CID_PREFIX[1]) {
            throw new MalformedException("the CID is not version 1 of codec libp2p-key");
        }
        return ofMultihash(Arrays.copyOfRange(cid, CID_PREFIX.length, cid.length));
    }

    /// What a person wrote.
    ///
    /// @throws SovereignException [MeshError#PEER_ID]
    public static PeerId of(String text) {
        try {
            return parse(text);
        } catch (MalformedException malformed) {
            throw new SovereignException(
                    MeshError.PEER_ID,
                    "\"" + Quoted.of(text) + "\" is no PeerId: " + malformed.getMessage(),
                    "`sovereign key id` shows the PeerId of a node, such as 12D3KooW…",
                    malformed);
        }
    }

    /// The Ed25519 public key that the PeerId holds; null when it holds a hash.
    public byte @Nullable [] ed25519PublicKey() {
        return multihash.length == ED25519_BYTES
                ? Arrays.copyOfRange(multihash, ED25519_PREFIX.length, ED25519_BYTES)
                : null;
    }

    /// The multihash; a copy.
    public byte[] toBytes() {
        return multihash.clone();
    }

    @Override
    public int compareTo(PeerId other) {
        return Arrays.compareUnsigned(multihash, other.multihash);
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof PeerId that && Arrays.equals(multihash, that.multihash);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(multihash);
    }

    /// base58btc, the form that we write.
    @Override
    public String toString() {
        return text;
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK has no SHA-256", missing);
        }
    }
}
