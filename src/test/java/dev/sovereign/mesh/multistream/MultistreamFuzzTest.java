package dev.sovereign.mesh.multistream;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.mesh.MemoryDuplex;
import dev.sovereign.mesh.Mutation;
import dev.sovereign.mesh.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// Negotiation reads bytes of whoever opens a stream. Longer with `-Dsovereign.fuzz.count=N`.
class MultistreamFuzzTest {

    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 50_000);

    private static byte[] said(String... messages) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        for (String message : messages) {
            out.writeBytes(Multistream.message(message));
        }
        return out.toByteArray();
    }

    @Test
    void theHeaderIsTheOneOfTheSpecification() {
        assertEquals(
                "132f6d756c746973747265616d2f312e302e300a",
                HexFormat.of().formatHex(Multistream.header()));
    }

    @Test
    void hostileInitiatorsAreAnsweredOrRefused() {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] model = said("/multistream/1.0.0", "/unknown", "ls", "/known/1.0.0");
        int agreed = 0;
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = Mutation.of(model, random);
            MemoryDuplex duplex = new MemoryDuplex(bytes, random.nextInt(1, 40));
            try {
                assertEquals("/known/1.0.0", Multistream.respond(duplex, "/known/1.0.0"::equals));
                agreed++;
            } catch (MalformedException | EOFException refused) {
                // as it should
            } catch (IOException | RuntimeException defect) {
                throw new AssertionError(
                        "seed " + seed + ", " + HexFormat.of().formatHex(bytes), defect);
            }
            // the header, an answer to each of 16 proposals at most, the last one the name
            assertTrue(duplex.written().length <= 20 + 16 * 4 + 14, "too many words");
        }
        assertTrue(agreed > COUNT / 20, "hardly any agreement: " + agreed);
    }

    @Test
    void hostileRespondersAreTakenOrRefused() {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] model = said("/multistream/1.0.0", "na", "/two/1.0.0");
        int agreed = 0;
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = Mutation.of(model, random);
            try {
                String name =
                        Multistream.propose(
                                new MemoryDuplex(bytes, random.nextInt(1, 40)),
                                List.of("/one/1.0.0", "/two/1.0.0"));
                assertTrue(name == null || name.equals("/two/1.0.0"), name);
                agreed++;
            } catch (MalformedException | EOFException refused) {
                // as it should
            } catch (IOException | RuntimeException defect) {
                throw new AssertionError(
                        "seed " + seed + ", " + HexFormat.of().formatHex(bytes), defect);
            }
        }
        assertTrue(agreed > COUNT / 20, "hardly any agreement: " + agreed);
    }

    /// A lazy initiator's first bytes of the protocol.
    @Test
    void notOneByteBeyondTheAgreementIsRead() throws IOException {
        byte[] all = said("/multistream/1.0.0", "/known/1.0.0");
        byte[] first = {1, 2, 3};
        ByteArrayOutputStream both = new ByteArrayOutputStream();
        both.writeBytes(all);
        both.writeBytes(first);
        MemoryDuplex duplex = new MemoryDuplex(both.toByteArray());
        Multistream.respond(duplex, "/known/1.0.0"::equals);
        byte[] left = new byte[3];
        duplex.readFully(left, 0, 3);
        assertArrayEquals(first, left);
    }
}
