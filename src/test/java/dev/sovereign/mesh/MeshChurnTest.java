package dev.sovereign.mesh;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.mesh.ping.Ping;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// A life of connecting and disconnecting leaves nothing behind. `-Dsovereign.fuzz.count=100000` is
/// a long one.
@Timeout(7_200)
class MeshChurnTest {

    private static final int ROUNDS = Integer.getInteger("sovereign.fuzz.count", 200);
    private static final Duration TIMEOUT = Duration.ofSeconds(20);

    private final SecureRandom random = new SecureRandom();

    /// Completes when the other side has forgotten the connection too.
    private static final class Waiting implements MeshListener {
        private volatile CompletableFuture<String> gone = new CompletableFuture<>();

        @Override
        public void disconnected(Connection connection, String reason) {
            gone.complete(reason);
        }
    }

    @Test
    void connectingAndDisconnectingLeavesNoThreadDescriptorOrHeap() throws Exception {
        SwarmKey key = SwarmKey.generate(random);
        Waiting waiting = new Waiting();
        try (Mesh listener =
                        Mesh.start(
                                MeshOptions.of(Identity.generate(random), key)
                                        .withListener(waiting));
                Mesh dialer = Mesh.start(MeshOptions.of(Identity.generate(random), key))) {
            Multiaddr address = listener.listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0"));
            rounds(50, dialer, address, waiting);
            long threads = Thread.getAllStackTraces().size();
            long descriptors = descriptors();
            long heap = usedHeap();

            rounds(ROUNDS, dialer, address, waiting);

            assertTrue(Thread.getAllStackTraces().size() <= threads + 8, "threads have grown");
            assertTrue(descriptors() <= descriptors + 8, "descriptors have grown");
            // a round that kept 1 KiB would show after 16,000 of them
            assertTrue(usedHeap() - heap < 16L << 20, "the heap has grown");
        }
    }

    private void rounds(int count, Mesh dialer, Multiaddr address, Waiting waiting)
            throws Exception {
        for (int i = 0; i < count; i++) {
            waiting.gone = new CompletableFuture<>();
            Connection connection = dialer.dial(address, TIMEOUT);
            try (dev.sovereign.mesh.Stream stream = connection.open(Ping.PROTOCOL, TIMEOUT)) {
                Ping.measure(stream, random);
            }
            connection.end("next round");
            waiting.gone.get(20, TimeUnit.SECONDS);
        }
    }

    private static long descriptors() throws IOException {
        Path own = Path.of("/proc/self/fd");
        if (!Files.isDirectory(own)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(own)) {
            return open.count();
        }
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
