package dev.sovereign.mesh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sovereign.mesh.multistream.Multistream;
import dev.sovereign.mesh.noise.NoiseConnection;
import dev.sovereign.mesh.noise.NoiseHandshake;
import dev.sovereign.mesh.noise.X25519Key;
import dev.sovereign.mesh.pnet.PnetConnection;
import dev.sovereign.mesh.yamux.YamuxSession;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;

/// A whole connection between two js-libp2p nodes with every secret written down
/// (resources/vectors/mesh/transcript.json, recorded from js-libp2p 3.3.11): given those secrets,
/// our stack must put the same bytes on the wire, in both roles.
class TranscriptVectorsTest {

    private static JsonTree transcript;

    @BeforeAll
    static void read() throws IOException {
        transcript = JsonTree.resource("/vectors/mesh/transcript.json");
    }

    private static byte[] wire(String direction) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (JsonTree chunk : transcript.get("wire").list()) {
            if (chunk.get("dir").text().equals(direction)) {
                out.writeBytes(chunk.get("hex").hex());
            }
        }
        return out.toByteArray();
    }

    private static SwarmKey key() {
        return SwarmKey.parse(
                transcript.get("swarmKey").text().getBytes(StandardCharsets.US_ASCII),
                "transcript");
    }

    private static NoiseHandshake handshake(PnetConnection pnet, JsonTree secrets) {
        return new NoiseHandshake(
                pnet,
                Identity.ofSeed(secrets.get("identitySeed").hex()),
                X25519Key.ofPrivate(secrets.get("noiseStaticPrivate").hex()),
                X25519Key.ofPrivate(secrets.get("noiseEphemeralPrivate").hex()),
                _ -> true,
                List.of(YamuxSession.PROTOCOL));
    }

    /// Sends one role's records and compares every byte; reads the other role's.
    private static void exchange(
            NoiseConnection noise, MemoryDuplex tcp, String sends, String receives)
            throws IOException {
        for (JsonTree record : transcript.get("transport").get(receives).list()) {
            byte[] clear = record.get("clear").hex();
            byte[] read = new byte[clear.length];
            noise.readFully(read, 0, read.length);
            assertArrayEquals(clear, read);
        }
        assertEquals(-1, noise.read(new byte[1], 0, 1));
        for (JsonTree record : transcript.get("transport").get(sends).list()) {
            byte[] clear = record.get("clear").hex();
            noise.write(clear, 0, clear.length);
        }
        assertEquals(
                HexFormat.of().formatHex(wire(sends)), HexFormat.of().formatHex(tcp.written()));
    }

    @Test
    void replaysByteForByteAsDialer() throws IOException {
        JsonTree dialer = transcript.get("dialer");
        MemoryDuplex tcp = new MemoryDuplex(wire("<"), 7);

        PnetConnection pnet = PnetConnection.dial(tcp, key(), dialer.get("pnetNonce").hex());
        assertEquals("/noise", Multistream.propose(pnet, List.of("/noise")));
        PeerId listener = PeerId.of(transcript.get("listener").get("peerId").text());
        NoiseConnection noise = handshake(pnet, dialer).initiate(listener);

        assertEquals(listener, noise.peer());
        assertEquals(YamuxSession.PROTOCOL, noise.muxer());
        exchange(noise, tcp, ">", "<");
    }

    @Test
    void replaysByteForByteAsListener() throws IOException {
        JsonTree listener = transcript.get("listener");
        MemoryDuplex tcp = new MemoryDuplex(wire(">"), 11);

        PnetConnection pnet =
                PnetConnection.accept(
                        tcp, List.of(key()), listener.get("pnetNonce").hex(), Multistream.header());
        assertEquals("/noise", Multistream.respondAfterHeader(pnet, "/noise"::equals));
        NoiseConnection noise = handshake(pnet, listener).respond();

        assertEquals(PeerId.of(transcript.get("dialer").get("peerId").text()), noise.peer());
        assertEquals(YamuxSession.PROTOCOL, noise.muxer());
        exchange(noise, tcp, "<", ">");
    }

    @Test
    void whatIsUnderPnetIsWhatTheTranscriptSays() throws IOException {
        for (String direction : List.of(">", "<")) {
            String role = direction.equals(">") ? "dialer" : "listener";
            byte[] clear = transcript.get("afterPnet").get(direction).hex();
            MemoryDuplex tcp = new MemoryDuplex(new byte[0]);
            PnetConnection pnet =
                    PnetConnection.dial(tcp, key(), transcript.get(role).get("pnetNonce").hex());
            pnet.write(clear.clone(), 0, clear.length);
            assertArrayEquals(wire(direction), tcp.written());
        }
    }
}
