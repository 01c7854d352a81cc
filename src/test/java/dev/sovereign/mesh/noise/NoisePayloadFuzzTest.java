package dev.sovereign.mesh.noise;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.Mutation;
import dev.sovereign.mesh.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;

/// The payload of the handshake comes from whoever has the swarm key. Longer with
/// `-Dsovereign.fuzz.count=N`.
class NoisePayloadFuzzTest {

    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 30_000);

    @Test
    void hostilePayloadsAreReadOrRefusedAndProveNothing() throws MalformedException {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        Identity identity = Identity.generate(new SecureRandom());
        byte[] statics = X25519Key.generate(new SecureRandom()).publicKey();
        NoisePayload honest = NoisePayload.of(identity, statics, List.of("/yamux/1.0.0", "/mplex"));
        byte[] model = honest.toBytes();
        honest.verify(statics);
        int read = 0;
        for (int i = 0; i < COUNT; i++) {
            byte[] bytes = Mutation.of(model, random);
            String hex = HexFormat.of().formatHex(bytes);
            try {
                NoisePayload payload = NoisePayload.parse(bytes);
                read++;
                NoisePayload again = NoisePayload.parse(payload.toBytes());
                assertArrayEquals(payload.identityKey(), again.identityKey(), hex);
                assertArrayEquals(payload.signature(), again.signature(), hex);
                assertEquals(payload.muxers(), again.muxers(), hex);
                assertTrue(payload.muxers().size() <= 16, hex);
                if (!Arrays.equals(payload.signature(), honest.signature())
                        || !Arrays.equals(payload.identityKey(), honest.identityKey())) {
                    provesNothing(payload, statics, hex);
                }
            } catch (MalformedException refused) {
                // as it should
            } catch (RuntimeException defect) {
                throw new AssertionError("seed " + seed + ", " + hex, defect);
            }
        }
        assertTrue(read > COUNT / 20, "hardly any payload survived its mutation: " + read);
    }

    private static void provesNothing(NoisePayload payload, byte[] statics, String hex) {
        try {
            payload.claimed();
            payload.verify(statics);
        } catch (MalformedException refused) {
            return;
        }
        throw new AssertionError("a changed payload was taken: " + hex);
    }
}
