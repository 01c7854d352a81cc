package dev.sovereign.mesh.identify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.MemoryDuplex;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.Mutation;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// What a peer says about itself is a claim, and its bytes are an attack until they are read.
/// Longer with `-Dsovereign.fuzz.count=N`.
class IdentifyFuzzTest {

    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 20_000);

    private final SecureRandom secure = new SecureRandom();
    private final Identity identity = Identity.generate(secure);

    private byte[] message(Identity of, long sequence) {
        return IdentifyMessage.own(
                of,
                List.of(
                        Multiaddr.of("/ip4/192.0.2.7/tcp/4747"),
                        Multiaddr.of("/dns/a.example/tcp/1")),
                List.of("/ipfs/id/1.0.0", "/ipfs/ping/1.0.0"),
                Multiaddr.of("/ip4/198.51.100.1/tcp/9"),
                "sovereign/test",
                sequence,
                new SignedRecord());
    }

    private static IdentifyMessage read(byte[] bytes) throws IOException {
        MemoryDuplex duplex = new MemoryDuplex(bytes, 1_000);
        InputStream input =
                new InputStream() {
                    @Override
                    public int read() throws IOException {
                        byte[] one = new byte[1];
                        return duplex.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
                    }

                    @Override
                    public int read(byte[] into, int offset, int length) throws IOException {
                        return duplex.read(into, offset, length);
                    }
                };
        return IdentifyMessage.read(duplex, input);
    }

    @Test
    void hostileMessagesAreReadOrRefusedAndStayWithinTheirBounds() {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        PeerId peer = identity.peerId();
        byte[] one = IdentifyMessage.framed(message(identity, 7));
        ByteArrayOutputStream three = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
            three.writeBytes(one);
        }
        int read = 0;
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = Mutation.of(random.nextBoolean() ? one : three.toByteArray(), random);
            try {
                PeerInfo info = read(bytes).merge(peer, PeerInfo.UNKNOWN);
                read++;
                assertTrue(info.addresses().size() <= 2 * IdentifyMessage.MAX_ADDRESSES);
                assertTrue(info.protocols().size() <= 1_024);
                for (Multiaddr address : info.addresses()) {
                    assertTrue(address.toBytes().length <= IdentifyMessage.MAX_ADDRESS_BYTES);
                }
            } catch (MalformedException | EOFException refused) {
                // as it should
            } catch (IOException | RuntimeException defect) {
                throw new AssertionError(
                        "seed " + seed + ", " + HexFormat.of().formatHex(bytes), defect);
            }
        }
        assertTrue(read > COUNT / 20, "hardly any message survived its mutation: " + read);
    }

    @Test
    void hostileRecordsAreReadOrRefusedAndNeverTakenChanged() throws MalformedException {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] model =
                PeerRecord.sign(identity, 7, List.of(Multiaddr.of("/ip4/192.0.2.7/tcp/4747")));
        PeerRecord honest = PeerRecord.verify(model);
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = Mutation.of(model, random);
            try {
                assertEquals(honest, PeerRecord.verify(bytes));
            } catch (MalformedException refused) {
                // as it should
            } catch (RuntimeException defect) {
                throw new AssertionError(
                        "seed " + seed + ", " + HexFormat.of().formatHex(bytes), defect);
            }
        }
    }

    @Test
    void theKeyAndTheRecordOfSomebodyElseAreRefused() throws IOException {
        Identity other = Identity.generate(secure);
        IdentifyMessage theirs = read(IdentifyMessage.framed(message(other, 1)));
        assertThrows(
                MalformedException.class, () -> theirs.merge(identity.peerId(), PeerInfo.UNKNOWN));
    }

    @Test
    void anOlderRecordChangesNothingThatWasSigned() throws IOException {
        PeerInfo newer =
                read(IdentifyMessage.framed(message(identity, 9)))
                        .merge(identity.peerId(), PeerInfo.UNKNOWN);
        PeerInfo after =
                read(IdentifyMessage.framed(message(identity, 8))).merge(identity.peerId(), newer);
        assertEquals(9, after.recordSequence());
    }
}
