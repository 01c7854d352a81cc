package dev.sovereign.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.mesh.perf.Perf;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.SocketTimeoutException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/// Streams that nobody reads any more do not hold up the others of their connection.
@Timeout(300)
class StalledStreamsTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final int STALLED = 64;
    private static final int BYTES = 48 << 20;

    /// With and without in turn, and the best of each: what else this machine does comes and goes.
    private static final int ROUNDS = 7;

    private static final double LEAST = 0.8;

    private final SecureRandom random = new SecureRandom();

    /// Completes when the stalled streams of this round may end.
    private volatile CompletableFuture<Void> round = new CompletableFuture<>();

    @Test
    void theOthersKeepFourFifthsOfTheirThroughput() throws Exception {
        SwarmKey key = SwarmKey.generate(random);
        try (Mesh listener = Mesh.start(MeshOptions.of(Identity.generate(random), key));
                Mesh dialer = Mesh.start(MeshOptions.of(Identity.generate(random), key))) {
            listener.serveTestProtocols();
            listener.serve("/stalled/1", 2 * STALLED, _ -> round.join());
            Multiaddr address = listener.listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0"));
            Connection connection = dialer.dial(address, TIMEOUT);
            for (int i = 0; i < 3; i++) {
                throughput(connection); // warm
            }
            double[] free = new double[ROUNDS];
            double[] beside = new double[ROUNDS];
            for (int i = 0; i < ROUNDS; i++) {
                free[i] = throughput(connection);
                List<Stream> stalled = stall(connection);
                beside[i] = throughput(connection);
                assertEquals(STALLED, stalled.size());
                stalled.forEach(stream -> stream.reset("next round"));
                nextRound();
            }
            Arrays.sort(free);
            Arrays.sort(beside);
            double kept = beside[ROUNDS - 1] / free[ROUNDS - 1];
            System.err.printf(
                    "StalledStreamsTest: %.0f %% of %.0f MB/s%n", 100 * kept, free[ROUNDS - 1]);
            assertTrue(kept >= LEAST, "only " + kept + " of the throughput is left");
        } finally {
            nextRound();
        }
    }

    private void nextRound() {
        CompletableFuture<Void> over = round;
        round = new CompletableFuture<>();
        over.complete(null);
    }

    /// Opens streams and writes until the window of each is full.
    private static List<Stream> stall(Connection connection) throws IOException {
        List<Stream> stalled = new ArrayList<>();
        for (int i = 0; i < STALLED; i++) {
            Stream stream = connection.open("/stalled/1", TIMEOUT);
            stream.deadline(Duration.ofMillis(20));
            try {
                while (true) {
                    stream.write(new byte[64 << 10]);
                }
            } catch (SocketTimeoutException full) {
                stalled.add(stream);
            }
        }
        return stalled;
    }

    /// MB/s both ways.
    private static double throughput(Connection connection) throws IOException {
        try (Stream stream = connection.open(Perf.PROTOCOL, TIMEOUT)) {
            Perf.Result result = Perf.measure(stream, BYTES, BYTES);
            return 2.0 * BYTES * 1e3 / (result.uploadNanos() + result.downloadNanos());
        }
    }
}
