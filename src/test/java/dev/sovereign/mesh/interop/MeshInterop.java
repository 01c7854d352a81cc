package dev.sovereign.mesh.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.Installation;
import dev.sovereign.mesh.Connection;
import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.JsonTree;
import dev.sovereign.mesh.Mesh;
import dev.sovereign.mesh.MeshOptions;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.Stream;
import dev.sovereign.mesh.SwarmKey;
import dev.sovereign.mesh.noise.PeerRefusedException;
import dev.sovereign.mesh.perf.Perf;
import dev.sovereign.mesh.ping.Ping;
import dev.sovereign.mesh.probe.Probe;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/// What every other implementation must find here, as dialer and as listener. As listener we are
/// `sovereign mesh run`; as dialer, the library.
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 45, unit = TimeUnit.MINUTES) // the first build of a peer is in there
abstract class MeshInterop {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);
    private static final long BULK = 256L << 20;
    private static final int ECHO = 20_000_000;

    private final PeerPrograms kind;
    private final SecureRandom random = new SecureRandom();
    private Path folder;

    private SwarmKey key;
    private Path keyFile;
    private LineProcess peer;
    private LineProcess run;
    private String ours;
    private Multiaddr theirs;
    private Mesh mesh;

    MeshInterop(PeerPrograms kind) {
        this.kind = kind;
    }

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        key = SwarmKey.generate(random);
        keyFile = folder.resolve("swarm.key");
        key.write(keyFile, false);
        peer = kind.launch(keyFile.toString());
        theirs = Multiaddr.of(peer.done("listen /ip4/127.0.0.1/tcp/0").get("multiaddr").text());
        run =
                new LineProcess(
                        List.of(
                                Installation.LAUNCHER.toString(),
                                "mesh",
                                "run",
                                "--key",
                                keyFile.toString(),
                                "--identity",
                                folder.resolve("identity.key").toString(),
                                "--listen",
                                "/ip4/127.0.0.1/tcp/0",
                                "--test-protocols",
                                "--json"),
                        Installation.environment(),
                        Path.of("target/interop/mesh-run.err"));
        ours = run.awaitEvent("listening", 60).get("multiaddr").text();
        mesh = Mesh.start(MeshOptions.of(Identity.generate(random), key));
        mesh.serveTestProtocols();
    }

    @AfterAll
    void stop() {
        if (mesh != null) {
            mesh.close();
        }
        if (run != null) {
            run.close();
        }
        if (peer != null) {
            peer.close();
        }
    }

    @Test
    void whatTheyDoWhenTheyDialUs() throws Exception {
        JsonTree connected = peer.done("dial " + ours);
        assertEquals(PeerId.of(connected.get("peerId").text()), Multiaddr.of(ours).peer());
        JsonTree event = run.awaitEvent("connected", 30);
        assertEquals("inbound", event.get("direction").text());
        JsonTree told = peer.done("identify");
        assertEquals("sovereign", told.get("agent").text());
        List<String> protocols = told.get("protocols").list().stream().map(JsonTree::text).toList();
        assertTrue(
                protocols.containsAll(List.of(Ping.PROTOCOL, Probe.ECHO, Perf.PROTOCOL)),
                protocols.toString());

        peer.done("ping 20");
        peer.done("echo " + ECHO);
        peer.done("digest " + ECHO);
        peer.done("streams 200 20000");
        peer.done("perf " + BULK + " " + BULK);
        peer.done("ping 20");

        peer.done("close");
        assertEquals(
                event.get("peerId").text(),
                run.awaitEvent("disconnected", 30).get("peerId").text());
    }

    @Test
    void whatWeDoWhenWeDialThem() throws Exception {
        Connection connection = mesh.dial(theirs, TIMEOUT);
        assertEquals(theirs.peer(), connection.peer());
        var told = connection.identified().get(30, TimeUnit.SECONDS);
        assertTrue(told.protocols().contains(Ping.PROTOCOL), told.protocols().toString());
        try (Stream stream = connection.open(Ping.PROTOCOL, TIMEOUT)) {
            for (int i = 0; i < 20; i++) {
                assertTrue(Ping.measure(stream, random) > 0);
            }
        }
        exchange(connection, ECHO);
        digest(connection);
        List<Future<?>> echoes = new ArrayList<>();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (int i = 0; i < 200; i++) {
                echoes.add(
                        threads.submit(() -> {
                            exchange(connection, 20_000);
                            return null;
                        }));
            }
            for (Future<?> echo : echoes) {
                echo.get();
            }
        }
        try (Stream stream = connection.open(Perf.PROTOCOL, TIMEOUT)) {
            Perf.measure(stream, BULK, BULK);
        }
        connection.close("done");
    }

    private void exchange(Connection connection, int size) throws Exception {
        byte[] data = new byte[size];
        random.nextBytes(data);
        byte[] back = new byte[size];
        try (Stream stream = connection.open(Probe.ECHO, TIMEOUT);
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            Future<?> writing =
                    threads.submit(() -> {
                        stream.write(data);
                        stream.closeWrite();
                        return null;
                    });
            stream.readFully(back, 0, size);
            writing.get();
            assertEquals(-1, stream.read(new byte[1], 0, 1));
        }
        assertTrue(Arrays.equals(data, back), "the echo differs");
    }

    private void digest(Connection connection) throws Exception {
        byte[] data = new byte[ECHO];
        random.nextBytes(data);
        byte[] expected =
                ByteBuffer.allocate(40)
                        .putLong(ECHO)
                        .put(MessageDigest.getInstance("SHA-256").digest(data))
                        .array();
        try (Stream stream = connection.open(Probe.DIGEST, TIMEOUT)) {
            stream.write(data);
            stream.closeWrite();
            assertTrue(
                    Arrays.equals(expected, stream.input().readAllBytes()), "the digest differs");
        }
    }

    @Test
    void anotherKeyIsRefusedInBothDirections() throws Exception {
        Path other = folder.resolve("other.key");
        SwarmKey.generate(random).write(other, false);
        try (LineProcess stranger = kind.launch(other.toString())) {
            assertFalse(stranger.tell("dial " + ours).get("ok").isTrue());
            Multiaddr address =
                    Multiaddr.of(
                            stranger.done("listen /ip4/127.0.0.1/tcp/0").get("multiaddr").text());
            assertThrows(IOException.class, () -> mesh.dial(address, TIMEOUT));
        }
        run.awaitEvent("refused", 30);
    }

    @Test
    void withoutAKeyTheyAreRefusedInBothDirections() throws Exception {
        try (LineProcess stranger = kind.launch("-")) {
            assertFalse(stranger.tell("dial " + ours).get("ok").isTrue());
            Multiaddr address =
                    Multiaddr.of(
                            stranger.done("listen /ip4/127.0.0.1/tcp/0").get("multiaddr").text());
            assertThrows(IOException.class, () -> mesh.dial(address, TIMEOUT));
        }
        run.awaitEvent("refused", 30);
    }

    @Test
    void anotherPeerThanTheOneDialedIsRefusedInBothDirections() throws Exception {
        PeerId nobody = Identity.generate(random).peerId();
        Multiaddr wrong = Multiaddr.of(ours).withPeer(nobody);
        assertFalse(peer.tell("dial " + wrong).get("ok").isTrue());
        assertThrows(PeerRefusedException.class, () -> mesh.dial(theirs.withPeer(nobody), TIMEOUT));
    }
}
