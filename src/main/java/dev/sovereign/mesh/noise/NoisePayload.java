package dev.sovereign.mesh.noise;

import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.wire.MalformedException;
import dev.sovereign.mesh.wire.ProtobufReader;
import dev.sovereign.mesh.wire.ProtobufWriter;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// What libp2p says inside the handshake: who is speaking, proof that the Noise static key is
/// theirs, and the muxers they have.
///
/// @param identityKey serialized PublicKey message
/// @param signature over [#SIGNED_PREFIX] and the static key
/// @param muxers best first; empty when the peer does not negotiate early
/// @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md">libp2p noise</a>
@SuppressWarnings("ArrayRecordComponent") // never compared; read once and dropped
record NoisePayload(byte[] identityKey, byte[] signature, List<String> muxers) {

    /// Longest payload that is taken. Ours: an Ed25519 peer needs 130 bytes, an RSA one 900.
    static final int MAX_BYTES = 4_096;

    private static final byte[] SIGNED_PREFIX =
            "noise-libp2p-static-key:".getBytes(StandardCharsets.US_ASCII);

    /// Ours: there are two muxers in the world.
    private static final int MAX_MUXERS = 16;

    private static final int MAX_MUXER_BYTES = 128;

    NoisePayload {
        muxers = List.copyOf(muxers);
    }

    static NoisePayload of(Identity identity, byte[] staticKey, List<String> muxers) {
        return new NoisePayload(identity.publicKey(), identity.sign(signed(staticKey)), muxers);
    }

    private static byte[] signed(byte[] staticKey) {
        return ByteBuffer.allocate(SIGNED_PREFIX.length + staticKey.length)
                .put(SIGNED_PREFIX)
                .put(staticKey)
                .array();
    }

    static NoisePayload parse(byte[] message) throws MalformedException {
        if (message.length > MAX_BYTES) {
            throw new MalformedException(
                    "a payload of " + message.length + " bytes, at most " + MAX_BYTES + " may be");
        }
        byte[] key = {};
        byte[] signature = {};
        List<String> muxers = new ArrayList<>();
        ProtobufReader reader = new ProtobufReader(message);
        while (reader.next()) {
            switch (reader.field()) {
                case 1 -> key = reader.bytes(MAX_BYTES);
                case 2 -> signature = reader.bytes(MAX_BYTES);
                case 4 -> extensions(new ProtobufReader(reader.message(MAX_BYTES)), muxers);
                default -> reader.skip();
            }
        }
        return new NoisePayload(key, signature, muxers);
    }

    private static void extensions(ProtobufReader reader, List<String> muxers)
            throws MalformedException {
        while (reader.next()) {
            if (reader.field() != 2) {
                reader.skip();
            } else if (muxers.size() == MAX_MUXERS) {
                throw new MalformedException("more than " + MAX_MUXERS + " muxers");
            } else {
                muxers.add(reader.string(MAX_MUXER_BYTES));
            }
        }
    }

    byte[] toBytes() {
        ProtobufWriter extensions = new ProtobufWriter();
        muxers.forEach(muxer -> extensions.string(2, muxer));
        ProtobufWriter writer = new ProtobufWriter().bytes(1, identityKey).bytes(2, signature);
        if (!muxers.isEmpty()) {
            writer.message(4, extensions);
        }
        return writer.toBytes();
    }

    /// Who the key says this is; nothing is proven yet.
    ///
    /// @throws MalformedException if it is not a canonical Ed25519 key; the message names its type
    PeerId claimed() throws MalformedException {
        Identity.parsePublicKey(identityKey);
        return PeerId.ofPublicKey(identityKey);
    }

    /// @param staticKey the one received in this handshake
    void verify(byte[] staticKey) throws MalformedException {
        if (!Identity.verify(identityKey, signed(staticKey), signature)) {
            throw new MalformedException("the signature of the Noise static key is wrong");
        }
    }
}
