import dev.sovereign.mesh.Connection;
import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.Mesh;
import dev.sovereign.mesh.MeshListener;
import dev.sovereign.mesh.MeshOptions;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.Stream;
import dev.sovereign.mesh.SwarmKey;
import dev.sovereign.mesh.perf.Perf;
import dev.sovereign.mesh.ping.Ping;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// Our side of `bench/mesh`: the same commands on standard input as the peers of
/// `src/test/interop`, one JSON line as answer to each. `java bench/MeshPeer.java SWARM_KEY_FILE`.
final class MeshPeer {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);

    private final SecureRandom random = new SecureRandom();
    private final Mesh mesh;
    private final BlockingQueue<Connection> ended = new LinkedBlockingQueue<>();
    private Connection connection;

    private MeshPeer(SwarmKey key) {
        mesh =
                Mesh.start(
                        MeshOptions.of(Identity.generate(random), key)
                                .withListener(
                                        new MeshListener() {
                                            @Override
                                            public void disconnected(
                                                    Connection gone, String reason) {
                                                System.err.println("disconnected: " + reason);
                                                ended.add(gone);
                                            }
                                        }));
        mesh.serveTestProtocols();
    }

    public static void main(String[] args) throws Exception {
        MeshPeer peer = new MeshPeer(SwarmKey.read(Path.of(args[0])));
        say("{\"event\":\"ready\",\"peerId\":\"" + peer.mesh.peer() + "\"}");
        try (BufferedReader lines =
                new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            String line;
            while ((line = lines.readLine()) != null) {
                String[] words = line.trim().split(" ");
                // on a virtual thread, as everything that uses the mesh is
                var answer = new java.util.concurrent.CompletableFuture<String>();
                Thread.ofVirtual()
                        .start(
                                () -> {
                                    try {
                                        answer.complete(peer.carryOut(words));
                                    } catch (Exception failed) {
                                        answer.completeExceptionally(failed);
                                    }
                                });
                try {
                    String result = answer.get();
                    say("{\"ok\":true" + (result.isEmpty() ? "" : "," + result) + "}");
                } catch (java.util.concurrent.ExecutionException failed) {
                    say("{\"ok\":false,\"message\":\"" + failed.getCause().toString().replace('"', '\'') + "\"}");
                }
            }
        }
        System.exit(0);
    }

    private static void say(String line) {
        System.out.println(line);
        System.out.flush();
    }

    private String carryOut(String[] words) throws Exception {
        return switch (words[0]) {
            case "listen" -> "\"multiaddr\":\"" + mesh.listen(Multiaddr.of(words[1])) + "\"";
            case "dial" -> dial(Multiaddr.of(words[1]));
            case "ping" -> ping(Integer.parseInt(words[1]));
            case "perf" -> perf(Long.parseLong(words[1]), Long.parseLong(words[2]));
            case "echo" -> echo(Integer.parseInt(words[1]));
            case "cpu" -> "\"seconds\":" + cpuSeconds();
            case "close" -> {
                connection.end("asked to");
                // a peer may have two connections: the next one must not find this one still there
                while (ended.take() != connection) {}
                yield "";
            }
            default -> throw new IllegalArgumentException("no such command: " + words[0]);
        };
    }

    private String dial(Multiaddr address) throws Exception {
        long start = System.nanoTime();
        connection = mesh.dial(address, TIMEOUT);
        connection.identified().get(10, TimeUnit.SECONDS);
        return "\"millis\":" + (System.nanoTime() - start) / 1e6;
    }

    private String ping(int count) throws Exception {
        long[] nanos = new long[count];
        try (Stream stream = connection.open(Ping.PROTOCOL, TIMEOUT)) {
            for (int i = 0; i < count; i++) {
                nanos[i] = Ping.measure(stream, random);
            }
        }
        Arrays.sort(nanos);
        return "\"p50\":" + nanos[count / 2] / 1e6;
    }

    private String perf(long up, long down) throws Exception {
        try (Stream stream = connection.open(Perf.PROTOCOL, TIMEOUT)) {
            Perf.Result result = Perf.measure(stream, up, down);
            return "\"up\":" + result.uploadNanos() / 1e9 + ",\"down\":" + result.downloadNanos() / 1e9;
        }
    }

    private String echo(int size) throws Exception {
        byte[] data = new byte[size];
        random.nextBytes(data);
        byte[] back = new byte[size];
        try (Stream stream = connection.open("/sovereign/echo/1.0.0", TIMEOUT)) {
            Thread writer =
                    Thread.ofVirtual()
                            .start(
                                    () -> {
                                        try {
                                            stream.write(data);
                                            stream.closeWrite();
                                        } catch (java.io.IOException failed) {
                                            stream.reset("cannot write");
                                        }
                                    });
            stream.readFully(back, 0, size);
            writer.join();
        }
        if (!Arrays.equals(data, back)) {
            throw new java.io.IOException("the echo differs");
        }
        return "";
    }

    private static double cpuSeconds() {
        return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
                        .getProcessCpuTime()
                / 1e9;
    }
}
