package dev.sovereign.mesh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// Whoever does not have the key learns nothing: not what is listening, not even that it is not
/// noise.
@Timeout(300)
class StrangerTest {

    /// Connections that the long run makes: `-Dsovereign.fuzz.count=100000`.
    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 400);

    private static final int NONCE_BYTES = 24;
    private static final int PATIENCE_MILLIS = 20_000;

    private final SecureRandom random = new SecureRandom();
    private final SwarmKey key = SwarmKey.generate(random);
    private Mesh mesh;
    private int port;

    @BeforeEach
    void listen() throws IOException {
        mesh =
                Mesh.start(
                        MeshOptions.of(Identity.generate(random), key)
                                .withLimits(MeshLimits.STANDARD.withConnections(4_096)));
        port = listenAt(mesh);
    }

    private static int listenAt(Mesh node) throws IOException {
        Multiaddr address = node.listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0"));
        return Objects.requireNonNull(address.endpoint()).port();
    }

    @AfterEach
    void close() {
        mesh.close();
    }

    private Socket connect() throws IOException {
        Socket socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(PATIENCE_MILLIS);
        socket.setTcpNoDelay(true);
        return socket;
    }

    /// What the other side says until it ends; a reset is an end too.
    private static byte[] everything(InputStream in) throws IOException {
        ByteArrayOutputStream heard = new ByteArrayOutputStream();
        try {
            in.transferTo(heard);
        } catch (SocketTimeoutException never) {
            throw new IOException("still open after " + PATIENCE_MILLIS + " ms", never);
        } catch (IOException reset) {
            // what was heard before it counts
        }
        return heard.toByteArray();
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }

    /// What strangers say, each at least 100 bytes.
    private static Map<String, byte[]> greetings(Random random) {
        byte[] noise = new byte[100 + random.nextInt(2_000)];
        random.nextBytes(noise);
        // TLS 1.2 record, ClientHello of TLS 1.3 with a random and a session id
        byte[] hello = new byte[210];
        random.nextBytes(hello);
        byte[] start = {22, 3, 1, 0, (byte) 205, 1, 0, 0, (byte) 201, 3, 3};
        System.arraycopy(start, 0, hello, 0, start.length);
        Map<String, byte[]> greetings = new TreeMap<>();
        greetings.put("noise", noise);
        greetings.put("tls", hello);
        greetings.put(
                "http",
                ascii(
                        "GET / HTTP/1.1\r\nHost: localhost\r\nCookie: "
                                + "a".repeat(100)
                                + "\r\n\r\n"));
        greetings.put("ssh", ascii("SSH-2.0-OpenSSH_9.6p1 Debian-3\r\n" + "x".repeat(100)));
        greetings.put(
                "multistream",
                ascii(
                        "\u0013/multistream/1.0.0\n\u0007/noise\n"
                                + "\u0013/multistream/1.0.0\n".repeat(5)));
        return greetings;
    }

    @Test
    void whateverTheySayTheyGetTwentyFourBytesAndTheEnd() throws Exception {
        long seed = new Random().nextLong();
        Random source = new Random(seed);
        Set<String> nonces = new HashSet<>();
        double ones = 0;
        for (int i = 0; i < COUNT / 5; i++) {
            for (Map.Entry<String, byte[]> greeting : greetings(source).entrySet()) {
                try (Socket socket = connect()) {
                    byte[] nonce = socket.getInputStream().readNBytes(NONCE_BYTES);
                    socket.getOutputStream().write(greeting.getValue());
                    byte[] more = everything(socket.getInputStream());
                    assertEquals(NONCE_BYTES, nonce.length, greeting.getKey());
                    assertEquals(0, more.length, greeting.getKey() + ", seed " + seed);
                    assertTrue(nonces.add(Arrays.toString(nonce)), "a nonce came twice");
                    for (byte each : nonce) {
                        ones += Integer.bitCount(each & 0xff);
                    }
                }
            }
        }
        double bits = 8.0 * NONCE_BYTES * nonces.size();
        // six standard deviations: once in five hundred million runs by chance
        assertEquals(bits / 2, ones, 3 * Math.sqrt(bits), "the nonces do not look random");
        assertEquals(List.of(), mesh.connections());
        // the last one is counted after its connection was closed
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(10);
        while (mesh.refusedCount() < nonces.size() && System.nanoTime() < deadline) {
            Thread.onSpinWait();
        }
        assertEquals(nonces.size(), mesh.refusedCount());
    }

    /// Strangers that send as many bytes of whatever kind are cut off after as long a time: were a
    /// kind treated otherwise, half of its times would not lie among the middle half of all.
    @Test
    void timeTellsNothingAboutWhatWasSaid() throws Exception {
        int each = Math.max(60, COUNT / 20);
        int length = 100;
        Random source = new Random(new Random().nextLong());
        List<Map.Entry<String, Long>> times = new ArrayList<>();
        List<String> order = new ArrayList<>();
        for (String kind : greetings(source).keySet()) {
            order.addAll(java.util.Collections.nCopies(each, kind));
        }
        java.util.Collections.shuffle(order, source);
        for (String kind : order) {
            byte[] greeting =
                    Arrays.copyOf(Objects.requireNonNull(greetings(source).get(kind)), length);
            try (Socket socket = connect()) {
                assertEquals(NONCE_BYTES, socket.getInputStream().readNBytes(NONCE_BYTES).length);
                long start = System.nanoTime();
                socket.getOutputStream().write(greeting);
                assertEquals(0, everything(socket.getInputStream()).length, kind);
                times.add(Map.entry(kind, System.nanoTime() - start));
            }
        }
        List<Long> sorted = times.stream().map(Map.Entry::getValue).sorted().toList();
        long low = sorted.get(sorted.size() / 4);
        long high = sorted.get(3 * sorted.size() / 4);
        for (String kind : greetings(source).keySet()) {
            List<Long> own =
                    times.stream()
                            .filter(one -> one.getKey().equals(kind))
                            .map(Map.Entry::getValue)
                            .sorted()
                            .toList();
            long median = own.get(own.size() / 2);
            assertTrue(
                    median >= low && median <= high,
                    kind + ": " + median + " ns, the others " + low + " to " + high);
        }
    }

    @Test
    void silenceAndDribblingEndAfterFiveSecondsWithTwentyFourBytes() throws Exception {
        List<Future<Long>> ends = new ArrayList<>();
        byte[] greeting = Objects.requireNonNull(greetings(new Random(1)).get("noise"));
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int sent : new int[] {0, 1, 23, 24}) {
                ends.add(threads.submit(() -> silence(greeting, sent, false)));
                ends.add(threads.submit(() -> silence(greeting, sent, true)));
            }
            for (Future<Long> end : ends) {
                long millis = end.get();
                assertTrue(millis >= 4_500 && millis < 9_000, "ended after " + millis + " ms");
            }
        }
    }

    /// Sends so many bytes, at once or one by one, then nothing.
    ///
    /// @return milliseconds until the end
    private long silence(byte[] greeting, int count, boolean dribbling) throws IOException {
        try (Socket socket = connect()) {
            long start = System.nanoTime();
            OutputStream out = socket.getOutputStream();
            if (dribbling) {
                for (int i = 0; i < count; i++) {
                    out.write(greeting, i, 1);
                }
            } else {
                out.write(greeting, 0, count);
            }
            byte[] heard = everything(socket.getInputStream());
            assertEquals(NONCE_BYTES, heard.length);
            return (System.nanoTime() - start) / 1_000_000;
        }
    }

    @Test
    void aReplayedRecordingGetsNoFurtherThanNoiseMessageTwo() throws Exception {
        Mesh member = Mesh.start(MeshOptions.of(Identity.generate(random), key));
        byte[] recorded;
        byte[] answered;
        try (ServerSocket between = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            ByteArrayOutputStream recording = new ByteArrayOutputStream();
            Future<byte[]> answer =
                    threads.submit(() -> {
                        try (Socket near = between.accept();
                                Socket far = connect()) {
                            Future<byte[]> back =
                                    threads.submit(
                                            () -> copy(far, near, new ByteArrayOutputStream()));
                            copy(near, far, recording);
                            far.shutdownOutput();
                            return back.get();
                        }
                    });
            Connection connection =
                    member.dial(
                            Multiaddr.of("/ip4/127.0.0.1/tcp/" + between.getLocalPort()),
                            Duration.ofSeconds(10));
            connection.identified().get();
            member.close();
            answered = answer.get();
            recorded = recording.toByteArray();
        }
        assertTrue(recorded.length > 500 && answered.length > 500, "nothing was recorded");

        // nonce; header and "/noise"; message 2: 2 + 32 + 48 + payload of 120 and its tag
        int most = NONCE_BYTES + 28 + 218;
        byte[] heard;
        try (Socket socket = connect()) {
            socket.getOutputStream().write(recorded);
            heard = everything(socket.getInputStream());
        }
        assertTrue(heard.length <= most, heard.length + " bytes");
        assertFalse(
                Arrays.equals(
                        Arrays.copyOf(answered, NONCE_BYTES), Arrays.copyOf(heard, NONCE_BYTES)));
        // and slowly, so that all of message 2 is heard
        try (Socket socket = connect()) {
            socket.getOutputStream().write(recorded, 0, NONCE_BYTES + 28 + 34);
            byte[] untilTwo = socket.getInputStream().readNBytes(most);
            assertEquals(most, untilTwo.length);
            socket.getOutputStream().write(recorded, NONCE_BYTES + 28 + 34, recorded.length - 86);
            assertArrayEquals(new byte[0], everything(socket.getInputStream()));
        }
        assertEquals(0, mesh.connections().stream().filter(each -> each.bytesIn() == 0).count());
    }

    private static byte[] copy(Socket from, Socket to, ByteArrayOutputStream copied) {
        byte[] buffer = new byte[4_096];
        try {
            int count;
            while ((count = from.getInputStream().read(buffer)) >= 0) {
                copied.write(buffer, 0, count);
                to.getOutputStream().write(buffer, 0, count);
            }
        } catch (IOException ended) {
            // a connection that is reset has ended too
        }
        return copied.toByteArray();
    }

    @Test
    void tooManyHandshakesOfOneAddressAreNotEvenGreeted() throws Exception {
        try (Mesh strict = Mesh.start(MeshOptions.of(Identity.generate(random), key))) {
            int strictPort = listenAt(strict);
            List<Socket> silent = new ArrayList<>();
            try {
                for (int i = 0; i < MeshLimits.STANDARD.handshakesPerAddress(); i++) {
                    Socket socket = new Socket(InetAddress.getLoopbackAddress(), strictPort);
                    silent.add(socket);
                    assertEquals(
                            NONCE_BYTES, socket.getInputStream().readNBytes(NONCE_BYTES).length);
                }
                try (Socket over = new Socket(InetAddress.getLoopbackAddress(), strictPort)) {
                    over.setSoTimeout(PATIENCE_MILLIS);
                    assertArrayEquals(new byte[0], everything(over.getInputStream()));
                }
                assertEquals(1, strict.refusedCount());
            } finally {
                for (Socket socket : silent) {
                    socket.close();
                }
            }
        }
    }
}
