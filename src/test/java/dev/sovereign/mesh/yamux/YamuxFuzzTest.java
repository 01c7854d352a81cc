package dev.sovereign.mesh.yamux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.sovereign.mesh.MemoryDuplex;
import dev.sovereign.mesh.Mutation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Phaser;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/// Whatever a member sends, the session ends by its rules, and what it held is given back. Longer
/// with `-Dsovereign.fuzz.count=N`.
@Timeout(7_200)
class YamuxFuzzTest {

    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 3_000);
    private static final long PATIENCE_SECONDS = 20;

    private static void frame(ByteBuffer out, int type, int flags, int stream, int length) {
        out.put((byte) 0).put((byte) type).putShort((short) flags).putInt(stream).putInt(length);
    }

    /// A conversation in which everything occurs: streams opened in both ways, data, credit, half
    /// close, reset, pings and their answers, and the end.
    private static byte[] conversation() {
        ByteBuffer out = ByteBuffer.allocate(4_096);
        frame(out, 2, 1, 0, 0x1234);
        frame(out, 1, 1, 1, 0);
        frame(out, 0, 0, 1, 300);
        out.put(new byte[300]);
        frame(out, 0, 1, 3, 5);
        out.put(new byte[5]);
        frame(out, 1, 0, 3, 70_000);
        frame(out, 2, 2, 0, 1);
        frame(out, 0, 4, 1, 0);
        frame(out, 1, 8, 3, 7);
        frame(out, 0, 1 | 4, 5, 900);
        out.put(new byte[900]);
        frame(out, 0, 0, 3, 4);
        out.put(new byte[4]);
        frame(out, 3, 0, 0, 0);
        return java.util.Arrays.copyOf(out.array(), out.position());
    }

    /// Reads every stream to its end, as a service would.
    private static final class Reading implements YamuxSession.Owner {

        final CompletableFuture<String> ended = new CompletableFuture<>();
        final Phaser readers = new Phaser(1);

        @Override
        public void opened(YamuxStream stream) {
            readers.register();
            Thread.ofVirtual()
                    .start(() -> {
                        byte[] buffer = new byte[512];
                        try {
                            while (stream.read(buffer, 0, buffer.length) >= 0) {
                                stream.write(buffer, 0, 10);
                            }
                        } catch (IOException ended) {
                            // as the session says
                        } finally {
                            stream.close();
                            stream.reset("read");
                            readers.arriveAndDeregister();
                        }
                    });
        }

        @Override
        public void ended(String reason) {
            ended.complete(reason);
        }
    }

    @Test
    void hostileFramesEndTheSessionAndNothingIsKept() throws Exception {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        byte[] model = conversation();
        ReceiveBudget budget = new ReceiveBudget(1L << 30);
        try (ScheduledExecutorService timer = Executors.newScheduledThreadPool(1)) {
            for (int i = 0; i < COUNT; i++) {
                byte[] bytes = Mutation.of(model, random);
                String what = "seed " + seed + ", " + HexFormat.of().formatHex(bytes);
                Reading owner = new Reading();
                YamuxSession session =
                        new YamuxSession(
                                new MemoryDuplex(bytes, random.nextInt(1, 5_000)),
                                false,
                                YamuxLimits.STANDARD,
                                budget,
                                timer,
                                owner);
                session.start("fuzz");
                assertNotEquals(
                        "internal error",
                        owner.ended.get(PATIENCE_SECONDS, TimeUnit.SECONDS),
                        what);
                owner.readers.awaitAdvanceInterruptibly(
                        owner.readers.arrive(), PATIENCE_SECONDS, TimeUnit.SECONDS);
                assertEquals(0, session.streamCount(), what);
                assertEquals(0, budget.usedBytes(), what);
            }
            timer.shutdownNow();
        }
    }
}
