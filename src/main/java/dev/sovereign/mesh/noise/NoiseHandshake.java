package dev.sovereign.mesh.noise;

import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.wire.Duplex;
import dev.sovereign.mesh.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/// The XX handshake: three messages, after which both sides know each other's identity and share
/// two keys.
///
/// @see <a href="https://github.com/libp2p/specs/blob/master/noise/README.md">libp2p noise</a>
public final class NoiseHandshake {

    private static final String NAME = "Noise_XX_25519_ChaChaPoly_SHA256";
    private static final int SEALED_KEY_BYTES = X25519Key.BYTES + CipherState.TAG_BYTES;

    /// Longest handshake message that is taken: two keys and a sealed payload.
    private static final int MAX_MESSAGE_BYTES =
            X25519Key.BYTES + SEALED_KEY_BYTES + NoisePayload.MAX_BYTES + CipherState.TAG_BYTES;

    private final Duplex inner;
    private final X25519Key statics;
    private final X25519Key ephemeral;
    private final Predicate<PeerId> gate;
    private final List<String> muxers;
    private final byte[] ownPayload;
    private final SymmetricState state = new SymmetricState(NAME, new byte[0]);

    /// @param statics the Noise static key: one a process or a connection, never stored
    /// @param ephemeral made for this handshake alone
    /// @param gate whether a peer may stay; asked before its signature is looked at
    /// @param muxers ours, best first; told to the other side
    public NoiseHandshake(
            Duplex inner,
            Identity identity,
            X25519Key statics,
            X25519Key ephemeral,
            Predicate<PeerId> gate,
            List<String> muxers) {
        this(inner, statics, ephemeral, gate, muxers, payload(identity, statics, muxers));
    }

    /// As above, for who makes many: the signature is the same in each.
    ///
    /// @param payload made by [#payload] of the same static key and muxers
    public NoiseHandshake(
            Duplex inner,
            X25519Key statics,
            X25519Key ephemeral,
            Predicate<PeerId> gate,
            List<String> muxers,
            byte[] payload) {
        this.inner = inner;
        this.statics = statics;
        this.ephemeral = ephemeral;
        this.gate = gate;
        this.muxers = List.copyOf(muxers);
        this.ownPayload = payload.clone();
    }

    /// What this side says of itself in every handshake with a static key.
    public static byte[] payload(Identity identity, X25519Key statics, List<String> muxers) {
        return NoisePayload.of(identity, statics.publicKey(), muxers).toBytes();
    }

    /// The dialer's side. Message 3 is kept until the first write on the connection, so that it
    /// travels with it.
    ///
    /// @param expected who was dialed; null to take whoever answers and the gate lets in
    public NoiseConnection initiate(@Nullable PeerId expected) throws IOException {
        byte[] ours = ephemeral.publicKey();
        state.mixHash(ours);
        state.encryptAndHash(new byte[0]);
        send(ours);

        byte[] message = receive(X25519Key.BYTES + SEALED_KEY_BYTES + CipherState.TAG_BYTES);
        byte[] theirEphemeral = Arrays.copyOf(message, X25519Key.BYTES);
        int staticEnd = X25519Key.BYTES + SEALED_KEY_BYTES;
        state.mixHash(theirEphemeral);
        state.mixKey(ephemeral.agree(theirEphemeral));
        byte[] theirStatic =
                state.decryptAndHash(Arrays.copyOfRange(message, X25519Key.BYTES, staticEnd));
        state.mixKey(ephemeral.agree(theirStatic));
        byte[] payload =
                state.decryptAndHash(Arrays.copyOfRange(message, staticEnd, message.length));
        NoisePayload said = NoisePayload.parse(payload);
        PeerId peer = check(said, theirStatic, expected);

        byte[] sealedStatic = state.encryptAndHash(statics.publicKey());
        state.mixKey(statics.agree(theirEphemeral));
        byte[] sealedPayload = state.encryptAndHash(ownPayload);
        byte[][] keys = state.split();
        return new NoiseConnection(
                inner,
                keys[0],
                keys[1],
                framed(sealedStatic, sealedPayload),
                peer,
                agreed(muxers, said.muxers()));
    }

    /// The listener's side.
    public NoiseConnection respond() throws IOException {
        byte[] theirEphemeral = receive(X25519Key.BYTES);
        if (theirEphemeral.length != X25519Key.BYTES) {
            throw new MalformedException("a payload in the first message of the handshake");
        }
        state.mixHash(theirEphemeral);
        state.decryptAndHash(new byte[0]);

        byte[] ours = ephemeral.publicKey();
        state.mixHash(ours);
        state.mixKey(ephemeral.agree(theirEphemeral));
        byte[] sealedStatic = state.encryptAndHash(statics.publicKey());
        state.mixKey(statics.agree(theirEphemeral));
        byte[] sealedPayload = state.encryptAndHash(ownPayload);
        send(ours, sealedStatic, sealedPayload);

        byte[] message = receive(SEALED_KEY_BYTES + CipherState.TAG_BYTES);
        byte[] theirStatic = state.decryptAndHash(Arrays.copyOf(message, SEALED_KEY_BYTES));
        state.mixKey(ephemeral.agree(theirStatic));
        byte[] payload =
                state.decryptAndHash(Arrays.copyOfRange(message, SEALED_KEY_BYTES, message.length));
        NoisePayload said = NoisePayload.parse(payload);
        PeerId peer = check(said, theirStatic, null);
        byte[][] keys = state.split();
        return new NoiseConnection(
                inner, keys[1], keys[0], new byte[0], peer, agreed(said.muxers(), muxers));
    }

    private PeerId check(NoisePayload said, byte[] theirStatic, @Nullable PeerId expected)
            throws IOException {
        PeerId peer = said.claimed();
        if (expected != null && !peer.equals(expected)) {
            throw new PeerRefusedException(
                    peer, "\"" + peer + "\" answered where \"" + expected + "\" was expected");
        }
        if (!gate.test(peer)) {
            throw new PeerRefusedException(peer, "\"" + peer + "\" is not allowed here");
        }
        said.verify(theirStatic);
        return peer;
    }

    /// The initiator's first muxer that the responder has too; empty when either told none.
    private static @Nullable String agreed(List<String> initiator, List<String> responder)
            throws MalformedException {
        if (initiator.isEmpty() || responder.isEmpty()) {
            return null;
        }
        for (String muxer : initiator) {
            if (responder.contains(muxer)) {
                return muxer;
            }
        }
        throw new MalformedException("no muxer in common: theirs are not ours");
    }

    private void send(byte[]... parts) throws IOException {
        byte[] message = framed(parts);
        inner.write(message, 0, message.length);
    }

    private static byte[] framed(byte[]... parts) {
        int length = 0;
        for (byte[] part : parts) {
            length += part.length;
        }
        byte[] message = new byte[2 + length];
        message[0] = (byte) (length >>> 8);
        message[1] = (byte) length;
        int at = 2;
        for (byte[] part : parts) {
            System.arraycopy(part, 0, message, at, part.length);
            at += part.length;
        }
        return message;
    }

    private byte[] receive(int least) throws IOException {
        byte[] prefix = new byte[2];
        inner.readFully(prefix, 0, 2);
        int length = (Byte.toUnsignedInt(prefix[0]) << 8) | Byte.toUnsignedInt(prefix[1]);
        if (length < least || length > MAX_MESSAGE_BYTES) {
            throw new MalformedException("a handshake message of " + length + " bytes");
        }
        byte[] message = new byte[length];
        inner.readFully(message, 0, length);
        return message;
    }
}
