package dev.sovereign.node;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.Connection;
import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.IdentityFile;
import dev.sovereign.mesh.Mesh;
import dev.sovereign.mesh.MeshError;
import dev.sovereign.mesh.MeshLimits;
import dev.sovereign.mesh.MeshListener;
import dev.sovereign.mesh.MeshOptions;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.Refusal;
import dev.sovereign.mesh.SwarmKey;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/// `mesh run`: a node on the private network until the caller is interrupted. Events come from
/// threads of the mesh through a queue to the caller's own.
final class MeshRun implements MeshListener {

    /// Events that may wait for a caller who does not read; more are counted and dropped.
    private static final int MAX_WAITING = 16_384;

    private static final Duration DIAL = Duration.ofSeconds(10);

    /// Pauses between attempts to reach a peer.
    private static final long FIRST_PAUSE_MILLIS = 1_000;

    private static final long LONGEST_PAUSE_MILLIS = 60_000;

    private static final long REFUSED_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final Request.MeshRun request;
    private final Exchange exchange;
    private final SecureRandom random = new SecureRandom();
    private final BlockingQueue<Response> events = new ArrayBlockingQueue<>(MAX_WAITING);
    private final AtomicLong refused = new AtomicLong();
    private final Map<Connection, CountDownLatch> lost = new ConcurrentHashMap<>();

    MeshRun(Request.MeshRun request, Exchange exchange) {
        this.request = request;
        this.exchange = exchange;
    }

    Response.Done run() throws InterruptedException {
        SwarmKey key = SwarmKey.read(Path.of(request.key()));
        if (key == null) {
            throw new SovereignException(
                    MeshError.KEY_FILE,
                    "there is no swarm key \"" + request.key() + "\"",
                    "make one with `sovereign key new --out " + request.key() + "`");
        }
        String identityFile = request.identity();
        Identity identity =
                identityFile == null
                        ? Identity.generate(random)
                        : IdentityFile.readOrCreate(Path.of(identityFile), random);
        Set<PeerId> allowed = new HashSet<>();
        request.allow().forEach(text -> allowed.add(PeerId.of(text)));
        List<Multiaddr> connect = request.connect().stream().map(Multiaddr::of).toList();
        MeshLimits limits =
                request.maxConnections() == 0
                        ? MeshLimits.STANDARD
                        : MeshLimits.STANDARD.withConnections(request.maxConnections());
        MeshOptions options =
                MeshOptions.of(identity, key)
                        .withGate(peer -> allowed.isEmpty() || allowed.contains(peer))
                        .withLimits(limits)
                        .withListener(this);
        try (Mesh mesh = Mesh.start(options)) {
            if (request.testProtocols()) {
                mesh.serveTestProtocols();
            }
            for (String text : request.listen()) {
                listen(mesh, Multiaddr.of(text));
            }
            for (Multiaddr address : connect) {
                Thread.ofVirtual().name("mesh-connect").start(() -> keepConnected(mesh, address));
            }
            report();
        }
        return new Response.Done();
    }

    private void listen(Mesh mesh, Multiaddr address) throws InterruptedException {
        Multiaddr actual;
        try {
            actual = mesh.listen(address);
        } catch (IOException taken) {
            throw new SovereignException(
                    MeshError.LISTEN,
                    "cannot listen at \"" + address + "\": " + taken.getMessage(),
                    "`--listen /ip4/127.0.0.1/tcp/0` takes any free port",
                    taken);
        }
        exchange.send(
                new Response.MeshEvent(
                        "listening", actual.toString(), null, null, null, 0, null, 0));
    }

    /// Sends what happens, until the caller has had enough.
    private void report() throws InterruptedException {
        long refusedAt = System.nanoTime() - REFUSED_EVERY_NANOS;
        while (true) {
            Response event = events.poll(REFUSED_EVERY_NANOS, TimeUnit.NANOSECONDS);
            if (event != null) {
                exchange.send(event);
            }
            if (System.nanoTime() - refusedAt >= REFUSED_EVERY_NANOS) {
                long count = refused.getAndSet(0);
                if (count > 0) {
                    refusedAt = System.nanoTime();
                    exchange.send(
                            new Response.MeshEvent(
                                    "refused", null, null, null, null, 0, null, count));
                }
            }
        }
    }

    /// Dials a peer with growing pauses until it answers, and again when it is lost.
    private void keepConnected(Mesh mesh, Multiaddr address) {
        long pause = FIRST_PAUSE_MILLIS;
        try {
            while (true) {
                try {
                    Connection connection = mesh.dial(address, DIAL);
                    pause = FIRST_PAUSE_MILLIS;
                    CountDownLatch gone = lost.get(connection);
                    if (gone != null) {
                        gone.await();
                    }
                } catch (IOException failed) {
                    note("cannot connect to \"" + address + "\": " + failed.getMessage());
                }
                Thread.sleep(pause / 2 + random.nextLong(pause));
                pause = Math.min(LONGEST_PAUSE_MILLIS, pause * 2);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    private void note(String message) {
        put(new Response.Note(Diagnostic.warning(MeshError.UNREACHABLE, message, null, null)));
    }

    /// Events of a caller who does not read are lost; the mesh itself never waits for him.
    private void put(Response event) {
        if (!events.offer(event) && event instanceof Response.MeshEvent) {
            refused.incrementAndGet();
        }
    }

    private static @Nullable String direction(Connection connection) {
        return connection.direction().name().toLowerCase(Locale.ROOT);
    }

    @Override
    public void connected(Connection connection) {
        lost.put(connection, new CountDownLatch(1));
        put(
                new Response.MeshEvent(
                        "connected",
                        null,
                        connection.peer().toString(),
                        connection.remote().toString(),
                        direction(connection),
                        Math.max(1, connection.handshake().toNanos() / 1_000),
                        null,
                        0));
    }

    @Override
    public void disconnected(Connection connection, String reason) {
        CountDownLatch gone = lost.remove(connection);
        if (gone != null) {
            gone.countDown();
        }
        put(
                new Response.MeshEvent(
                        "disconnected",
                        null,
                        connection.peer().toString(),
                        null,
                        null,
                        0,
                        reason,
                        0));
    }

    @Override
    public void refused(Refusal refusal) {
        refused.incrementAndGet();
    }
}
