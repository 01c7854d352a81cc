package dev.sovereign.node.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.node.Log;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/// A clock that jumps, in the mesh of a whole node over real TCP; between the two nodes lies a
/// cable that dies without a word, as it does while a machine sleeps. Without the jump it takes 30
/// to 40 s until somebody notices.
@Timeout(60)
class ClockJumpTest {

    /// The contract.
    private static final long BACK_MILLIS = 10_000;

    private static final long HOUR_MILLIS = 3_600_000;

    @TempDir Path folder;
    private final AtomicLong aheadMillis = new AtomicLong();
    private final AtomicLong looks = new AtomicLong();
    private MeshNode ours;
    private MeshNode theirs;
    private Cable cable;

    @BeforeEach
    void open() throws Exception {
        Home us = home("us", "none");
        Home them = home("them", "/ip4/127.0.0.1/tcp/0");
        TestNode.keys(us).create(null);
        Files.copy(
                us.config().resolve("swarm.key"),
                them.config().resolve("swarm.key"),
                StandardCopyOption.COPY_ATTRIBUTES);
        ours = node(us);
        theirs = node(them);
        ours.start();
        theirs.start();
        String address = theirs.heartbeat().listening().getFirst();
        int at = address.indexOf("/tcp/") + "/tcp/".length();
        int port = Integer.parseInt(address.substring(at, address.indexOf('/', at)));
        cable = new Cable(port);
        ours.heartbeat();
        theirs.handle(
                new Request.PeerAllow(String.valueOf(ours.peerId()), "us"),
                new TestNode.Collector());
        ours.handle(
                new Request.PeerAdd(
                        "them", address.replace("/tcp/" + port, "/tcp/" + cable.port())),
                new TestNode.Collector());
        TestNode.until("connected", BACK_MILLIS, () -> connections() == 1);
    }

    @AfterEach
    void close() throws IOException {
        ours.close();
        theirs.close();
        cable.close();
    }

    private Home home(String name, String listen) throws IOException {
        Home home = Home.of(folder.resolve(name).toString(), Map.of());
        Files.createDirectories(home.data());
        Files.writeString(home.configFile(), "[mesh]\nlisten = [\"" + listen + "\"]\n");
        return home;
    }

    private MeshNode node(Home home) throws IOException {
        return new MeshNode(
                home,
                Configuration.load(home.configFile()),
                (request, _) -> {
                    throw new AssertionError("nobody asks: " + request);
                },
                (request, _) -> {
                    throw new AssertionError("nobody asks: " + request);
                },
                () -> 0,
                () -> new Surroundings(this::now, System::nanoTime, () -> "lo 127.0.0.1"),
                Log.none());
    }

    private Instant now() {
        looks.incrementAndGet();
        return Instant.ofEpochMilli(System.currentTimeMillis() + aheadMillis.get());
    }

    private long connections() {
        try {
            return ours.heartbeat().connections();
        } catch (InterruptedException stopped) {
            throw new IllegalStateException(stopped);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {HOUR_MILLIS, -HOUR_MILLIS})
    void aLinkThatDiedMeanwhileIsMadeAnew(long jumpMillis) throws Exception {
        cable.die();
        aheadMillis.addAndGet(jumpMillis);
        TestNode.until(
                "a second connection",
                BACK_MILLIS,
                () -> cable.plugged() == 2 && connections() == 1);
        Response.RoundTrip trip =
                (Response.RoundTrip)
                        ours.handle(new Request.PeerPing("them"), new TestNode.Collector());
        assertTrue(trip.nanos() > 0);
        assertEquals(2, cable.plugged(), "the ping went over the one that was made by itself");
    }

    @Test
    void aLinkThatLivesOutlastsTheJump() {
        aheadMillis.addAndGet(HOUR_MILLIS);
        long noticed = looks.get() + 4; // two nodes look: the second time is after the probe
        TestNode.until("looked twice", BACK_MILLIS, () -> looks.get() >= noticed);
        assertEquals(1, connections());
        assertEquals(1, cable.plugged());
    }

    /// Forwards to a port. What is plugged in when it dies stays open at both ends and carries
    /// nothing any more; what is plugged in afterwards works.
    private static final class Cable implements AutoCloseable {

        private final ServerSocket server;
        private final int target;
        private final List<Plug> plugs = new CopyOnWriteArrayList<>();

        Cable(int target) throws IOException {
            this.target = target;
            this.server = new ServerSocket(0, 8, InetAddress.getLoopbackAddress());
            Thread.ofVirtual().start(this::accept);
        }

        int port() {
            return server.getLocalPort();
        }

        int plugged() {
            return plugs.size();
        }

        void die() {
            plugs.forEach(plug -> plug.dead = true);
        }

        private void accept() {
            try {
                while (true) {
                    Socket near = server.accept();
                    Socket far = new Socket(InetAddress.getLoopbackAddress(), target);
                    Plug plug = new Plug(near, far);
                    plugs.add(plug);
                    Thread.ofVirtual().start(() -> plug.pump(near, far));
                    Thread.ofVirtual().start(() -> plug.pump(far, near));
                }
            } catch (IOException closed) {
                // by close()
            }
        }

        @Override
        public void close() throws IOException {
            server.close();
            for (Plug plug : plugs) {
                plug.near.close();
                plug.far.close();
            }
        }
    }

    private static final class Plug {

        private final Socket near;
        private final Socket far;
        private volatile boolean dead;

        Plug(Socket near, Socket far) {
            this.near = near;
            this.far = far;
        }

        /// A dead one also keeps to itself that an end was closed.
        private void pump(Socket from, Socket to) {
            byte[] some = new byte[8_192];
            try {
                int count;
                while ((count = from.getInputStream().read(some)) >= 0) {
                    if (!dead) {
                        to.getOutputStream().write(some, 0, count);
                    }
                }
                if (!dead) {
                    to.close();
                }
            } catch (IOException closed) {
                // one end is gone, and with it what could be said to the other
            }
        }
    }
}
