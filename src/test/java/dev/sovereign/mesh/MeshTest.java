package dev.sovereign.mesh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.mesh.noise.PeerRefusedException;
import dev.sovereign.mesh.perf.Perf;
import dev.sovereign.mesh.ping.Ping;
import dev.sovereign.mesh.probe.Probe;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/// Two or more nodes of one process on loopback.
@Timeout(60)
class MeshTest {

    private static final Duration TIMEOUT = Duration.ofSeconds(10);
    private static final Multiaddr ANY_PORT = Multiaddr.of("/ip4/127.0.0.1/tcp/0");

    private final SecureRandom random = new SecureRandom();
    private final SwarmKey key = SwarmKey.generate(random);
    private final List<Mesh> started = new ArrayList<>();

    /// What a node has heard of its connections.
    private static final class Heard implements MeshListener {
        final BlockingQueue<Connection> connected = new LinkedBlockingQueue<>();
        final BlockingQueue<String> disconnected = new LinkedBlockingQueue<>();
        final BlockingQueue<Refusal> refused = new LinkedBlockingQueue<>();

        @Override
        public void connected(Connection connection) {
            connected.add(connection);
        }

        @Override
        public void disconnected(Connection connection, String reason) {
            disconnected.add(reason);
        }

        @Override
        public void refused(Refusal refusal) {
            refused.add(refusal);
        }
    }

    private Mesh node(UnaryOperator<MeshOptions> options) {
        Mesh mesh = Mesh.start(options.apply(MeshOptions.of(Identity.generate(random), key)));
        mesh.serveTestProtocols();
        started.add(mesh);
        return mesh;
    }

    @AfterEach
    void closeAll() {
        started.forEach(Mesh::close);
    }

    private static <T> T next(BlockingQueue<T> queue) throws InterruptedException {
        T next = queue.poll(10, TimeUnit.SECONDS);
        assertTrue(next != null, "nothing happened within 10 s");
        return next;
    }

    @Test
    void twoNodesMeetAndTellAboutThemselves() throws Exception {
        Heard heard = new Heard();
        Mesh listener = node(options -> options.withListener(heard).withAgent("listener/1"));
        Mesh dialer = node(options -> options.withAgent("dialer/2"));
        Multiaddr address = listener.listen(ANY_PORT);

        Connection out = dialer.dial(address, TIMEOUT);
        Connection in = next(heard.connected);

        assertEquals(listener.peer(), out.peer());
        assertEquals(dialer.peer(), in.peer());
        assertEquals(Connection.Direction.OUTBOUND, out.direction());
        assertEquals(Connection.Direction.INBOUND, in.direction());
        assertEquals(key.fingerprint(), in.keyFingerprint());
        var told = out.identified().get(10, TimeUnit.SECONDS);
        assertEquals("listener/1", told.agent());
        assertEquals(listener.announced(), told.addresses());
        assertTrue(told.protocols().contains(Ping.PROTOCOL), told.protocols().toString());
        assertEquals("dialer/2", in.identified().get(10, TimeUnit.SECONDS).agent());
        assertTrue(out.probe().get(10, TimeUnit.SECONDS).isPositive());
        assertTrue(out.bytesIn() > 500 && out.bytesOut() > 500);
    }

    @Test
    void echoesTwentyMegabytesUnchanged() throws Exception {
        Mesh listener = node(UnaryOperator.identity());
        Mesh dialer = node(UnaryOperator.identity());
        Connection connection = dialer.dial(listener.listen(ANY_PORT), TIMEOUT);
        byte[] sent = new byte[20_000_000];
        new Random(1).nextBytes(sent);
        byte[] received = new byte[sent.length];

        try (Stream stream = connection.open(Probe.ECHO, TIMEOUT);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writing =
                    threads.submit(() -> {
                        stream.write(sent);
                        stream.closeWrite();
                        return null;
                    });
            stream.readFully(received, 0, received.length);
            writing.get();
            assertEquals(-1, stream.read(new byte[1], 0, 1));
        }
        assertArrayEquals(sent, received);
    }

    @Test
    void twoHundredStreamsAtOnceEachGetTheirOwnDigest() throws Exception {
        Mesh listener = node(UnaryOperator.identity());
        Mesh dialer = node(UnaryOperator.identity());
        Connection connection = dialer.dial(listener.listen(ANY_PORT), TIMEOUT);
        List<Future<byte[]>> answers = new ArrayList<>();
        List<byte[]> expected = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                byte[] data = new byte[50_000 + i];
                new Random(i).nextBytes(data);
                expected.add(
                        ByteBuffer.allocate(40)
                                .putLong(data.length)
                                .put(MessageDigest.getInstance("SHA-256").digest(data))
                                .array());
                answers.add(
                        threads.submit(() -> {
                            try (Stream stream = connection.open(Probe.DIGEST, TIMEOUT)) {
                                stream.write(data);
                                stream.closeWrite();
                                return stream.input().readAllBytes();
                            }
                        }));
            }
            for (int i = 0; i < answers.size(); i++) {
                assertArrayEquals(expected.get(i), answers.get(i).get());
            }
        }
    }

    @Test
    void movesManyMegabytesEitherWay() throws Exception {
        Mesh listener = node(UnaryOperator.identity());
        Mesh dialer = node(UnaryOperator.identity());
        Connection connection = dialer.dial(listener.listen(ANY_PORT), TIMEOUT);
        try (Stream stream = connection.open(Perf.PROTOCOL, TIMEOUT)) {
            Perf.measure(stream, 64 << 20, 64 << 20);
        }
    }

    @Test
    void pingsOnOneStream() throws Exception {
        Mesh listener = node(UnaryOperator.identity());
        Mesh dialer = node(UnaryOperator.identity());
        Connection connection = dialer.dial(listener.listen(ANY_PORT), TIMEOUT);
        try (Stream stream = connection.open(Ping.PROTOCOL, TIMEOUT)) {
            for (int i = 0; i < 100; i++) {
                assertTrue(Ping.measure(stream, random) > 0);
            }
        }
    }

    @Test
    void aProtocolThatIsNotServedIsRefusedAndTheConnectionGoesOn() throws Exception {
        Mesh listener = node(UnaryOperator.identity());
        Mesh dialer = node(UnaryOperator.identity());
        Connection connection = dialer.dial(listener.listen(ANY_PORT), TIMEOUT);

        assertThrows(ProtocolException.class, () -> connection.open("/nobody/1", TIMEOUT));

        try (Stream stream = connection.open(List.of("/nobody/1", Ping.PROTOCOL), TIMEOUT)) {
            assertEquals(Ping.PROTOCOL, stream.protocol());
            assertTrue(Ping.measure(stream, random) > 0);
        }
    }

    @Test
    void whoHasAnotherKeyIsRefused() throws Exception {
        Heard heard = new Heard();
        Mesh listener = node(options -> options.withListener(heard));
        Mesh stranger = node(options -> options.withKeys(List.of(SwarmKey.generate(random))));
        Multiaddr address = listener.listen(ANY_PORT);

        assertThrows(IOException.class, () -> stranger.dial(address, TIMEOUT));

        assertEquals(Refusal.Stage.PNET, next(heard.refused).stage());
        assertEquals(List.of(), listener.connections());
    }

    @Test
    void anotherPeerThanTheOneDialedIsRefused() throws Exception {
        Mesh listener = node(UnaryOperator.identity());
        Mesh dialer = node(UnaryOperator.identity());
        Multiaddr wrong = listener.listen(ANY_PORT).withPeer(Identity.generate(random).peerId());

        PeerRefusedException refused =
                assertThrows(PeerRefusedException.class, () -> dialer.dial(wrong, TIMEOUT));

        assertEquals(listener.peer(), refused.peer());
    }

    @Test
    void theGateDecidesWhoStays() throws Exception {
        Heard heard = new Heard();
        Mesh listener = node(options -> options.withListener(heard).withGate(_ -> false));
        Mesh dialer = node(UnaryOperator.identity());
        Multiaddr address = listener.listen(ANY_PORT);

        // the dialer's side is complete one message earlier: it learns of the refusal by the end
        Heard ofDialer = new Heard();
        Mesh other = node(options -> options.withListener(ofDialer));
        other.dial(address, TIMEOUT);

        Refusal refusal = next(heard.refused);
        assertEquals(Refusal.Stage.GATE, refusal.stage());
        assertEquals(other.peer(), refusal.peer());
        next(ofDialer.disconnected);
        assertEquals(List.of(), listener.connections());
        assertEquals(List.of(), dialer.connections());
    }

    @Test
    void duringRotationTheOldKeyStillWorksAndShows() throws Exception {
        SwarmKey newer = SwarmKey.generate(random);
        Heard heard = new Heard();
        Mesh listener = node(options -> options.withKeys(List.of(newer, key)).withListener(heard));
        Mesh old = node(UnaryOperator.identity());
        Mesh rotated = node(options -> options.withKeys(List.of(newer, key)));
        Multiaddr address = listener.listen(ANY_PORT);

        old.dial(address, TIMEOUT);
        assertEquals(1, next(heard.connected).keyIndex());
        rotated.dial(address, TIMEOUT);
        assertEquals(0, next(heard.connected).keyIndex());

        // and the other way: a rotated dialer reaches a listener that has only the old key
        Mesh notYet = node(UnaryOperator.identity());
        assertEquals(1, rotated.dial(notYet.listen(ANY_PORT), TIMEOUT).keyIndex());
    }

    @Test
    void bothSidesDialingAtOnceEndWithOneConnection() throws Exception {
        Mesh one = node(UnaryOperator.identity());
        Mesh two = node(UnaryOperator.identity());
        Multiaddr ofOne = one.listen(ANY_PORT);
        Multiaddr ofTwo = two.listen(ANY_PORT);

        Connection fromOne = one.dial(ofTwo, TIMEOUT);
        Connection fromTwo = two.dial(ofOne, TIMEOUT);

        try (Stream stream = fromTwo.open(Ping.PROTOCOL, TIMEOUT)) {
            Ping.measure(stream, random);
        }
        boolean oneIsSmaller = one.peer().compareTo(two.peer()) < 0;
        assertEquals(
                oneIsSmaller ? Connection.Direction.INBOUND : Connection.Direction.OUTBOUND,
                fromTwo.direction());
        assertEquals(two.peer(), fromOne.peer());
    }

    @Test
    void closingEndsWhatThePeerHasOpen() throws Exception {
        Heard heard = new Heard();
        Mesh listener = node(UnaryOperator.identity());
        Mesh dialer = node(options -> options.withListener(heard));
        Connection connection = dialer.dial(listener.listen(ANY_PORT), TIMEOUT);
        Stream stream = connection.open(Probe.ECHO, TIMEOUT);

        listener.connections().forEach(each -> each.end("test"));

        next(heard.disconnected);
        assertThrows(IOException.class, () -> stream.read(new byte[1], 0, 1));
        assertThrows(IOException.class, () -> connection.open(Probe.ECHO, TIMEOUT));
        assertEquals(List.of(), dialer.connections());
    }

    @Test
    void allInterfacesAreAnnouncedAsEachOfThem() throws Exception {
        Mesh mesh = node(UnaryOperator.identity());
        mesh.listen(Multiaddr.of("/ip4/0.0.0.0/tcp/0"));
        int port = Objects.requireNonNull(mesh.listening().getFirst().endpoint()).port();
        assertEquals(List.of(Multiaddr.of("/ip4/0.0.0.0/tcp/" + port)), mesh.listening());
        assertTrue(
                mesh.announced().contains(Multiaddr.of("/ip4/127.0.0.1/tcp/" + port)),
                mesh.announced().toString());
    }

    /// Both ends go away at the same moment, dials and all: threads that close connections must not
    /// find the timer gone.
    @Test
    void closingWhileEverythingMovesLeavesNothingBehind() throws Exception {
        List<Throwable> uncaught = new CopyOnWriteArrayList<>();
        Thread.UncaughtExceptionHandler before = Thread.getDefaultUncaughtExceptionHandler();
        Thread.setDefaultUncaughtExceptionHandler((_, failure) -> uncaught.add(failure));
        try {
            for (int round = 0; round < 20; round++) {
                Mesh one = Mesh.start(MeshOptions.of(Identity.generate(random), key));
                Mesh two = Mesh.start(MeshOptions.of(Identity.generate(random), key));
                Multiaddr address = one.listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0"));
                two.dial(address, TIMEOUT);
                try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
                    for (int i = 0; i < 4; i++) {
                        var _ = threads.submit(() -> two.dial(address, TIMEOUT));
                    }
                    var _ = threads.submit(one::close);
                    var _ = threads.submit(two::close);
                }
                assertEquals(List.of(), one.connections());
                assertEquals(List.of(), two.connections());
                assertThrows(IOException.class, () -> two.dial(address, TIMEOUT));
            }
        } finally {
            Thread.setDefaultUncaughtExceptionHandler(before);
        }
        assertEquals(List.of(), uncaught);
    }
}
