package dev.sovereign.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.mesh.multistream.Multistream;
import dev.sovereign.mesh.noise.NoiseConnection;
import dev.sovereign.mesh.noise.NoiseHandshake;
import dev.sovereign.mesh.noise.X25519Key;
import dev.sovereign.mesh.perf.Perf;
import dev.sovereign.mesh.ping.Ping;
import dev.sovereign.mesh.pnet.PnetConnection;
import dev.sovereign.mesh.wire.Duplex;
import dev.sovereign.mesh.yamux.YamuxSession;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Members who have the key and break the rules: their connection ends at once, everybody else's
/// goes on, and memory stays bounded.
@Timeout(300)
class HostileMemberTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final long HEAP_ALLOWANCE = 64L << 20;

    private static final int DATA = 0;
    private static final int WINDOW = 1;
    private static final int PING = 2;
    private static final int GO_AWAY = 3;
    private static final int SYN = 1;

    /// Opens a stream whose handler never reads.
    private static final byte[] STALLED =
            "\u0013/multistream/1.0.0\n\u000b/stalled/1\n"
                    .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);

    private final SecureRandom random = new SecureRandom();
    private final SwarmKey key = SwarmKey.generate(random);
    private final CompletableFuture<Void> never = new CompletableFuture<>();
    private Mesh mesh;
    private Mesh witness;
    private Connection watched;
    private Multiaddr address;
    private int port;

    @BeforeEach
    void start() throws IOException {
        mesh =
                Mesh.start(
                        MeshOptions.of(Identity.generate(random), key)
                                .withLimits(MeshLimits.STANDARD.withConnections(1_024)));
        mesh.serveTestProtocols();
        mesh.serve("/stalled/1", 256, _ -> never.join());
        address = mesh.listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0"));
        witness = Mesh.start(MeshOptions.of(Identity.generate(random), key));
        port = Objects.requireNonNull(address.endpoint()).port();
        watched = witness.dial(address, TIMEOUT);
    }

    @AfterEach
    void close() {
        never.complete(null);
        witness.close();
        mesh.close();
    }

    /// A connection on which we write what we like.
    private final class Member implements AutoCloseable {
        final SocketChannel channel;
        final PnetConnection pnet;
        final NoiseConnection noise;

        Member() throws IOException {
            channel =
                    SocketChannel.open(
                            new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
            Duplex raw = new Raw(channel);
            byte[] nonce = new byte[24];
            random.nextBytes(nonce);
            pnet = PnetConnection.dial(raw, key, nonce);
            Multistream.propose(pnet, List.of("/noise"));
            noise =
                    new NoiseHandshake(
                                    pnet,
                                    Identity.generate(random),
                                    X25519Key.generate(random),
                                    X25519Key.generate(random),
                                    _ -> true,
                                    List.of(YamuxSession.PROTOCOL))
                            .initiate(null);
        }

        void frame(int type, int flags, int stream, int length) throws IOException {
            write(header(0, type, flags, stream, length));
        }

        void write(byte[] bytes) throws IOException {
            noise.write(bytes, 0, bytes.length);
        }

        /// Reads until the other side ends.
        ///
        /// @return milliseconds that took
        long untilTheEnd() throws Exception {
            CompletableFuture<Long> ended = new CompletableFuture<>();
            long start = System.nanoTime();
            Thread.ofVirtual()
                    .start(() -> {
                        byte[] buffer = new byte[65_536];
                        try {
                            int count;
                            do {
                                count = noise.read(buffer, 0, buffer.length);
                            } while (count >= 0);
                        } catch (IOException reset) {
                            // also an end
                        }
                        ended.complete((System.nanoTime() - start) / 1_000_000);
                    });
            return ended.get(20, TimeUnit.SECONDS);
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }
    }

    private record Raw(SocketChannel channel) implements Duplex {
        @Override
        public int read(byte[] into, int offset, int length) throws IOException {
            return channel.read(ByteBuffer.wrap(into, offset, length));
        }

        @Override
        public void write(byte[] from, int offset, int length) throws IOException {
            ByteBuffer rest = ByteBuffer.wrap(from, offset, length);
            while (rest.hasRemaining()) {
                channel.write(rest);
            }
        }

        @Override
        public void close() {
            try {
                channel.close();
            } catch (IOException gone) {
                throw new java.io.UncheckedIOException(gone);
            }
        }
    }

    private static byte[] header(int version, int type, int flags, int stream, int length) {
        return ByteBuffer.allocate(12)
                .put((byte) version)
                .put((byte) type)
                .putShort((short) flags)
                .putInt(stream)
                .putInt(length)
                .array();
    }

    /// What a hostile member does once it is in.
    private interface Crime {
        void commit(Member member) throws IOException;
    }

    private Map<String, Crime> crimes() {
        Map<String, Crime> crimes = new LinkedHashMap<>();
        crimes.put("version 1", member -> member.write(header(1, DATA, SYN, 1, 0)));
        crimes.put("type 4", member -> member.write(header(0, 4, 0, 0, 0)));
        crimes.put("data on stream 0", member -> member.frame(DATA, 0, 0, 0));
        crimes.put("window update on stream 0", member -> member.frame(WINDOW, 0, 0, 5));
        crimes.put("ping on a stream", member -> member.frame(PING, SYN, 1, 1));
        crimes.put("go away on a stream", member -> member.frame(GO_AWAY, 0, 1, 0));
        crimes.put("a stream of ours", member -> member.frame(WINDOW, SYN, 2, 0));
        crimes.put(
                "a stream opened twice",
                member -> {
                    member.frame(WINDOW, SYN, 1, 0);
                    member.frame(WINDOW, SYN, 1, 0);
                });
        crimes.put("a body over the window", member -> member.frame(DATA, SYN, 1, 256 * 1_024 + 1));
        crimes.put("a body of 4 GiB", member -> member.frame(DATA, SYN, 1, -1));
        crimes.put(
                "two bodies that together are over the window",
                member -> {
                    member.frame(DATA, SYN, 1, STALLED.length);
                    member.write(STALLED);
                    member.frame(DATA, 0, 1, 200_000);
                    member.write(new byte[200_000]);
                    member.frame(DATA, 0, 1, 200_000);
                });
        crimes.put(
                "a window over 2^32",
                member -> {
                    member.frame(WINDOW, SYN, 1, -1);
                    member.frame(WINDOW, 0, 1, -1);
                });
        crimes.put("4 GiB for a stream that is gone", member -> member.frame(DATA, 0, 9, -1));
        crimes.put(
                "too much for a stream that is gone",
                member -> {
                    for (int i = 0; i < 20; i++) {
                        member.frame(DATA, 0, 9, 65_507);
                        member.write(new byte[65_507]);
                    }
                });
        crimes.put(
                "frames for streams that are gone",
                member -> {
                    byte[] many = new byte[12 * 12_000];
                    for (int i = 0; i < 12_000; i++) {
                        System.arraycopy(header(0, WINDOW, 0, 9, 1), 0, many, 12 * i, 12);
                    }
                    member.write(many);
                });
        crimes.put(
                "a flood of streams",
                member -> {
                    byte[] many = new byte[12 * 1_300];
                    for (int i = 0; i < 1_300; i++) {
                        System.arraycopy(header(0, WINDOW, SYN, 2 * i + 1, 0), 0, many, 12 * i, 12);
                    }
                    member.write(many);
                });
        crimes.put(
                "a record that does not verify",
                member -> {
                    member.frame(PING, SYN, 0, 1);
                    byte[] record = new byte[50];
                    record[1] = 48;
                    member.pnet.write(record, 0, record.length);
                });
        crimes.put(
                "a record too short for a tag",
                member -> {
                    member.frame(PING, SYN, 0, 1);
                    member.pnet.write(new byte[] {0, 15}, 0, 2);
                });
        return crimes;
    }

    @TestFactory
    Stream<DynamicTest> eachViolationEndsTheConnectionWithinASecond() {
        return crimes().entrySet().stream()
                .map(crime ->
                        DynamicTest.dynamicTest(
                                crime.getKey(), () -> endsWithinASecond(crime.getValue())));
    }

    private void endsWithinASecond(Crime crime) throws Exception {
        try (Member member = new Member()) {
            try {
                crime.commit(member);
            } catch (IOException cutOff) {
                // it did not even let us finish
            }
            long millis = member.untilTheEnd();
            assertTrue(millis < 1_000, "ended after " + millis + " ms");
        }
        assertTrue(watched.probe().get(5, TimeUnit.SECONDS).isPositive());
        try (var stream = watched.open(Ping.PROTOCOL, TIMEOUT)) {
            assertTrue(Ping.measure(stream, random) > 0);
        }
    }

    @Test
    void whoAsksAndDoesNotReadIsCutOffAndCostsLittle() throws Exception {
        long before = usedHeap();
        try (Member member = new Member()) {
            byte[] pings = new byte[12 * 5_000];
            for (int i = 0; i < 5_000; i++) {
                System.arraycopy(header(0, PING, SYN, 0, i), 0, pings, 12 * i, 12);
            }
            // 48 MB of pings, whose answers nobody reads
            for (int i = 0; i < 800; i++) {
                member.write(pings);
            }
            assertTrue(usedHeap() - before < HEAP_ALLOWANCE, "heap grew too far");
            assertTrue(watched.probe().get(5, TimeUnit.SECONDS).isPositive());
        }
    }

    @Test
    void aReaderWhoNeverReadsCostsHisWindowAndNobodyElse() throws Exception {
        long before = usedHeap();
        try (Member member = new Member()) {
            // perf: 1 TiB, please; on 100 streams
            byte[] opening = new byte[20 + 13 + 8];
            byte[] names =
                    "\u0013/multistream/1.0.0\n\f/perf/1.0.0\n"
                            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            System.arraycopy(names, 0, opening, 0, 33);
            opening[35] = 1;
            for (int i = 0; i < 8; i++) {
                member.frame(DATA, SYN | 4, 2 * i + 1, opening.length);
                member.write(opening);
            }
            try (var stream = watched.open(Perf.PROTOCOL, TIMEOUT)) {
                Perf.measure(stream, 16 << 20, 16 << 20);
            }
            assertTrue(usedHeap() - before < HEAP_ALLOWANCE, "heap grew too far");
        }
    }

    @Test
    void whatNobodyReadsHereIsBounded() throws Exception {
        long before = usedHeap();
        try (Member member = new Member()) {
            byte[] body = new byte[200_000];
            for (int i = 0; i < 250; i++) {
                member.frame(DATA, SYN, 2 * i + 1, STALLED.length);
                member.write(STALLED);
                member.frame(DATA, 0, 2 * i + 1, body.length);
                member.write(body);
            }
            // 50 MB were sent; it keeps 32 MiB at most, rounded up to whole rings
            assertTrue(watched.probe().get(5, TimeUnit.SECONDS).isPositive());
            assertTrue(mesh.receivedBytes() <= 32L << 20, mesh.receivedBytes() + " bytes are kept");
            assertTrue(usedHeap() - before < HEAP_ALLOWANCE, "heap grew too far");
            try (var stream = watched.open(Perf.PROTOCOL, TIMEOUT)) {
                Perf.measure(stream, 16 << 20, 16 << 20);
            }
        }
        for (int i = 0; i < 200 && mesh.receivedBytes() > 0 && mesh.connections().size() > 1; i++) {
            assertTrue(watched.probe().get(5, TimeUnit.SECONDS).isPositive());
        }
    }

    @Test
    void aHandshakeByteByByteEndsInTime() throws Exception {
        try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout(200);
            byte[] nonce = new byte[24];
            random.nextBytes(nonce);
            MemoryDuplex memory = new MemoryDuplex(new byte[0]);
            PnetConnection pnet = PnetConnection.dial(memory, key, nonce);
            byte[] said =
                    "\u0013/multistream/1.0.0\n\u0007/noise\n"
                            .getBytes(java.nio.charset.StandardCharsets.ISO_8859_1);
            pnet.write(said, 0, said.length);
            byte[] dribble = memory.written();
            long start = System.nanoTime();
            int at = 0;
            boolean ended = false;
            while (!ended) {
                try {
                    if (at < dribble.length) {
                        socket.getOutputStream().write(dribble, at++, 1);
                    }
                    ended = socket.getInputStream().read(new byte[64]) < 0;
                } catch (java.net.SocketTimeoutException goOn) {
                    ended = false;
                } catch (IOException reset) {
                    ended = true;
                }
            }
            long millis = (System.nanoTime() - start) / 1_000_000;
            assertTrue(millis >= 4_500 && millis < 9_000, "ended after " + millis + " ms");
        }
        assertEquals(1, mesh.connections().size());
    }

    private static long usedHeap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
