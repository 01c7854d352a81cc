package dev.sovereign;

import dev.sovereign.cli.Listener;
import dev.sovereign.cli.connect.SocketCaller;
import dev.sovereign.protocol.Announcement;
import dev.sovereign.protocol.HomeFolders;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/// Measures, with a [DoubleKnowledge] behind the daemon: a round trip on an open connection, a spawn
/// until the daemon accepts, and what an idle daemon keeps resident. Not a test:
///
///     java -cp ... dev.sovereign.RoundTripBench [ROUNDS]
final class RoundTripBench {
    private RoundTripBench() {}

    public static void main(String[] args) throws Exception {
        int rounds = args.length > 0 ? Integer.parseInt(args[0]) : 20_000;
        Path root = Files.createTempDirectory("round-trip-");
        Listener ignore = new Listener() {};
        HomeFolders.prepare(TestDaemon.home(root));
        long[] spawns = new long[11];
        for (int i = 0; i < spawns.length; i++) {
            long before = System.nanoTime();
            Process daemon = TestDaemon.starter(root).start(TestDaemon.home(root));
            String line =
                    new BufferedReader(
                                    new InputStreamReader(
                                            daemon.getInputStream(), StandardCharsets.UTF_8))
                            .readLine();
            if (!Announcement.READY.equals(line)) {
                throw new IllegalStateException(line);
            }
            spawns[i] = System.nanoTime() - before;
            daemon.destroy();
            daemon.waitFor();
        }
        try (SocketCaller caller = TestDaemon.caller(root)) {
            Request.Query query =
                    new Request.Query("x", List.of(), null, null, false, Request.Limits.NONE);
            long[] nanos = new long[rounds];
            for (int i = 0; i < rounds; i++) {
                long before = System.nanoTime();
                caller.call(query, ignore);
                nanos[i] = System.nanoTime() - before;
            }
            Response.Heartbeat beat = caller.call(new Request.Status(), ignore);
            caller.call(new Request.Stop(0), ignore);
            System.out.printf(
                    "spawn to accept: median %.0f ms, worst %.0f ms%n",
                    percentile(spawns, 50) / 1e6, percentile(spawns, 100) / 1e6);
            System.out.printf(
                    "round trip of %d: p50 %.0f us, p99 %.0f us; the last half: p50 %.0f us%n",
                    rounds,
                    percentile(nanos, 50) / 1e3,
                    percentile(nanos, 99) / 1e3,
                    percentile(Arrays.copyOfRange(nanos, rounds / 2, rounds), 50) / 1e3);
            System.out.printf(
                    "resident afterwards: %.1f MiB%n", beat.memory().residentBytes() / 1048576.0);
        } finally {
            new ProcessBuilder("rm", "-rf", root.toString()).start().waitFor();
        }
    }

    private static double percentile(long[] values, int percent) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[Math.min(sorted.length - 1, sorted.length * percent / 100)];
    }
}
