package dev.sovereign.node.peers;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.Connection;
import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.Mesh;
import dev.sovereign.mesh.MeshError;
import dev.sovereign.mesh.MeshLimits;
import dev.sovereign.mesh.MeshListener;
import dev.sovereign.mesh.MeshOptions;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.Refusal;
import dev.sovereign.mesh.Stream;
import dev.sovereign.mesh.identify.PeerInfo;
import dev.sovereign.mesh.mdns.Mdns;
import dev.sovereign.mesh.noise.PeerRefusedException;
import dev.sovereign.mesh.perf.Perf;
import dev.sovereign.mesh.ping.Ping;
import dev.sovereign.node.Log;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.node.config.Key;
import dev.sovereign.protocol.Build;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;

/// The mesh while it is on: who may stay, who waits to be let in, and a [Dialer] for each peer that
/// may. Any thread.
final class LiveMesh implements AutoCloseable {

    /// Peers that asked to be let in and that nobody has decided on; the oldest goes.
    private static final int MAX_WAITING = 64;

    /// Dials under way by themselves, of all peers.
    private static final int DIALS = 16;

    /// For a connection to show that it is alive, after the machine slept or moved.
    private static final Duration PROBE = Duration.ofSeconds(2);

    /// How long `peer list` waits for round trips.
    private static final Duration MEASURE = Duration.ofMillis(300);

    /// How long `peer discover` listens when nobody says: answers come within 0.2 s, and a machine
    /// that sleeps lightly needs a moment more.
    private static final Duration DISCOVER = Duration.ofSeconds(2);

    private static final Duration MAX_DISCOVER = Duration.ofSeconds(60);

    private static final Duration STREAM = Duration.ofSeconds(10);

    private final Identity identity;
    private final PeerBook book;
    private final boolean anyMayStay;
    private final List<Multiaddr> places;
    private final Log log;
    private final Mesh mesh;
    private final Surroundings surroundings;
    private final Semaphore turns = new Semaphore(DIALS);
    private final SecureRandom random = new SecureRandom();
    private final Map<PeerId, Dialer> dialers = new ConcurrentHashMap<>();
    private final AtomicBoolean closed = new AtomicBoolean();
    private volatile Keys.Ring ring;

    /// Null unless `mesh.mdns` is set; written once, while it opens.
    private volatile @Nullable Neighbors neighbors;

    /// Guarded by itself: the [#places] that we listen at.
    private final List<Multiaddr> heard = new ArrayList<>();

    /// Guarded by itself: who was refused at the gate, newest last.
    private final Map<PeerId, Waiting> waiting = new LinkedHashMap<>();

    private record Waiting(String remote, long sinceMillis) {}

    private LiveMesh(
            Identity identity,
            Keys.Ring ring,
            PeerBook book,
            Configuration configuration,
            Surroundings surroundings,
            Log log) {
        this.identity = identity;
        this.surroundings = surroundings;
        this.ring = ring;
        this.book = book;
        this.anyMayStay = configuration.flag(Key.MESH_ALLOW_ANY);
        this.places = places(configuration);
        this.log = log;
        Long most = configuration.number(Key.MESH_MAX_CONNECTIONS);
        this.mesh =
                Mesh.start(
                        MeshOptions.of(identity, ring.keys().getFirst())
                                .withKeys(ring.keys())
                                .withGate(this::mayStay)
                                .withListener(new Ear())
                                .withLimits(
                                        most == null
                                                ? MeshLimits.STANDARD
                                                : MeshLimits.STANDARD.withConnections(
                                                        Math.clamp(most, 1, 100_000)))
                                .withAgent("sovereign/" + Build.version()));
        if (configuration.flag(Key.MESH_TEST_PROTOCOLS)) {
            mesh.serveTestProtocols();
        }
    }

    /// Opens it: serves, listens, and begins to dial.
    static LiveMesh open(
            Identity identity,
            Keys.Ring ring,
            PeerBook book,
            Configuration configuration,
            IpcService ipc,
            Surroundings surroundings,
            Log log) {
        LiveMesh live = new LiveMesh(identity, ring, book, configuration, surroundings, log);
        live.mesh.serve(IpcService.PROTOCOL, IpcService.MAX_INBOUND, ipc::serve);
        live.listen(true);
        if (configuration.flag(Key.MESH_MDNS)) {
            live.neighbors =
                    Neighbors.open(
                            identity.peerId(),
                            live::networks,
                            live.mesh::announced,
                            live::appeared,
                            log);
        }
        for (PeerBook.Entry entry : book.entries()) {
            if (entry.allowed()) {
                live.dialer(entry.peer());
            }
        }
        log.info(
                "the mesh is on: "
                        + identity.peerId()
                        + " in the network "
                        + ring.keys().getFirst().fingerprint()
                        + ", listening at "
                        + live.mesh.listening());
        return live;
    }

    /// Fingerprints of the keys that we take.
    private Set<String> networks() {
        Set<String> fingerprints = new LinkedHashSet<>();
        ring.keys().forEach(key -> fingerprints.add(key.fingerprint()));
        return fingerprints;
    }

    /// A peer was heard on the LAN.
    private void appeared(PeerId peer) {
        Dialer dialer = dialers.get(peer);
        if (dialer != null) {
            dialer.wake(true);
        }
    }

    private static List<Multiaddr> places(Configuration configuration) {
        List<Multiaddr> places = new ArrayList<>();
        String listen = configuration.text(Key.MESH_LISTEN);
        if (listen != null && !listen.equals("none")) {
            for (String place : listen.split(",")) {
                places.add(Multiaddr.of(place.strip()));
            }
        }
        return places;
    }

    /// Listens where it does not yet. A port that another program has is no reason to be without a
    /// mesh: dialing works, and it is tried again.
    private void listen(boolean first) {
        for (Multiaddr place : places) {
            synchronized (heard) {
                if (heard.contains(place)) {
                    continue;
                }
                try {
                    log.info("listening at " + mesh.listen(place));
                    heard.add(place);
                } catch (IOException taken) {
                    if (first) {
                        log.warn("cannot listen at " + place + ": " + taken.getMessage());
                    }
                }
            }
        }
    }

    /// Goes on with other keys, if only they are different.
    ///
    /// @return false when it has to be opened anew
    boolean takes(Keys.Ring next, Identity who) {
        if (next.keys().isEmpty() || !who.peerId().equals(identity.peerId())) {
            return false;
        }
        if (!next.keys().equals(ring.keys())) {
            mesh.swarmKeys(next.keys());
            log.info("the swarm key is now " + next.keys().getFirst().fingerprint());
            // who was refused for the key may be let in now
            dialers.values().forEach(dialer -> dialer.wake(true));
        }
        ring = next;
        // a key whose time is over lets nobody stay
        for (Connection connection : mesh.connections()) {
            if (next.keys().stream()
                    .noneMatch(key -> key.fingerprint().equals(connection.keyFingerprint()))) {
                Thread.ofVirtual().start(() -> connection.end("its swarm key is no longer taken"));
            }
        }
        return true;
    }

    /// Every [Surroundings#PERIOD].
    void lookAround() {
        listen(false);
        String change = surroundings.change();
        Neighbors near = neighbors;
        if (near != null) {
            near.tick(!change.isEmpty());
        }
        if (change.isEmpty()) {
            return;
        }
        log.info(change + ": looking at every connection");
        for (Connection connection : mesh.connections()) {
            Thread.ofVirtual().name("mesh-probe").start(() -> probe(connection));
        }
        dialers.values().forEach(dialer -> dialer.wake(true));
    }

    private void probe(Connection connection) {
        try {
            connection.probe().get(PROBE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException dead) {
            connection.end("no answer after the machine slept or moved");
            Dialer dialer = dialers.get(connection.peer());
            if (dialer != null) {
                dialer.wake(true);
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    private boolean mayStay(PeerId peer) {
        PeerBook.Entry entry = book.entry(peer);
        return entry == null ? anyMayStay : entry.allowed();
    }

    private Dialer dialer(PeerId peer) {
        return dialers.computeIfAbsent(
                peer,
                _ -> {
                    Dialer dialer = new Dialer(mesh, peer, this::addresses, turns, random);
                    dialer.start();
                    return dialer;
                });
    }

    private List<Multiaddr> addresses(PeerId peer) {
        PeerBook.Entry entry = book.entry(peer);
        Set<Multiaddr> all = new LinkedHashSet<>(entry == null ? List.of() : entry.addresses());
        Neighbors near = neighbors;
        if (near != null) {
            all.addAll(near.addresses(peer));
        }
        return List.copyOf(all);
    }

    private final class Ear implements MeshListener {

        @Override
        public void connected(Connection connection) {
            log.info(
                    "connected: "
                            + connection.peer()
                            + ", "
                            + word(connection.direction())
                            + ", "
                            + connection.remote());
            synchronized (waiting) {
                waiting.remove(connection.peer());
            }
            Dialer dialer = dialers.get(connection.peer());
            if (dialer != null) {
                dialer.connected();
            }
        }

        @Override
        public void identified(Connection connection, PeerInfo info) {
            // writes a file: not on the thread that reads the stream's frames
            Thread.ofVirtual().start(() -> learn(connection.peer(), info));
        }

        private void learn(PeerId peer, PeerInfo info) {
            try {
                book.learn(peer, info.addresses());
            } catch (SovereignException unwritable) {
                log.error("cannot keep the addresses of " + peer, unwritable);
            }
        }

        @Override
        public void disconnected(Connection connection, String reason) {
            log.info("disconnected: " + connection.peer() + ": " + reason);
            Dialer dialer = dialers.get(connection.peer());
            if (dialer != null) {
                dialer.wake(false);
            }
        }

        @Override
        public void refused(Refusal refusal) {
            PeerId peer = refusal.peer();
            if (peer == null
                    || refusal.stage() != Refusal.Stage.GATE
                    || peer.equals(identity.peerId())
                    || book.entry(peer) != null) {
                return;
            }
            synchronized (waiting) {
                boolean known = waiting.remove(peer) != null;
                if (waiting.size() == MAX_WAITING) {
                    waiting.remove(waiting.keySet().iterator().next());
                }
                waiting.put(
                        peer,
                        new Waiting(
                                Multiaddr.tcp(
                                                refusal.remote().getAddress(),
                                                refusal.remote().getPort())
                                        .toString(),
                                System.currentTimeMillis()));
                if (!known) {
                    log.info("waiting to be let in: " + peer);
                }
            }
        }
    }

    static String word(Connection.Direction direction) {
        return direction.name().toLowerCase(Locale.ROOT);
    }

    PeerId peerId() {
        return identity.peerId();
    }

    List<Connection> connections() {
        return mesh.connections();
    }

    Response.Mesh heartbeat() {
        List<String> listening = new ArrayList<>();
        for (Multiaddr place : mesh.listening()) {
            listening.add(place.withPeer(identity.peerId()).toString());
        }
        return new Response.Mesh(
                true,
                listening,
                mesh.connections().size(),
                mesh.refusedCount(),
                ring.keys().getFirst().fingerprint(),
                asking().stream().map(PeerId::toString).toList());
    }

    // --- what a person asks

    /// A peer of the book, or any PeerId.
    private PeerId named(String nameOrId) {
        PeerId peer = book.find(nameOrId);
        if (peer == null) {
            throw new SovereignException(
                    PeerError.UNKNOWN,
                    "there is no peer \"" + nameOrId + "\"",
                    "`sovereign peer list` shows names and PeerIds");
        }
        return peer;
    }

    /// A connection to it, dialed when there is none.
    Connection connect(String nameOrId) throws InterruptedException {
        PeerId peer = named(nameOrId);
        Connection there = mesh.connection(peer);
        if (there != null && lives(there)) {
            return there;
        }
        List<Multiaddr> addresses = addresses(peer);
        if (addresses.isEmpty()) {
            throw new SovereignException(
                    MeshError.UNREACHABLE,
                    "no address of the peer \"" + nameOrId + "\" is known, and it is not connected",
                    "`sovereign peer add NAME MULTIADDR` tells one");
        }
        try {
            return Dialer.connect(mesh, peer, addresses);
        } catch (Dialer.NotLetInException gate) {
            throw new SovereignException(
                    PeerError.NOT_LET_IN,
                    "the peer \"" + nameOrId + "\" ends the connection at once",
                    "on that machine: `sovereign peer allow " + identity.peerId() + "`",
                    gate);
        } catch (IOException failed) {
            throw unreachable(nameOrId, failed);
        }
    }

    /// Whether the peer has said who it is: a gate that is closed to us ends the connection before.
    private static boolean lives(Connection connection) throws InterruptedException {
        try {
            connection.identified().get(Dialer.DIAL.toMillis(), TimeUnit.MILLISECONDS);
            return connection.isOpen();
        } catch (ExecutionException | TimeoutException ended) {
            return false;
        }
    }

    private static SovereignException unreachable(String name, IOException failed) {
        return new SovereignException(
                MeshError.UNREACHABLE,
                "the peer \"" + name + "\" does not answer: " + failed.getMessage(),
                "is it on, does it listen there, does it have the same swarm key"
                        + " (`sovereign key show`)?",
                failed);
    }

    Response.Peers add(String name, Multiaddr address) throws InterruptedException {
        dialable(address);
        PeerId peer = address.peer();
        if (peer == null) {
            peer = meet(address);
        }
        if (peer.equals(identity.peerId())) {
            throw new SovereignException(
                    PeerError.NAME, "\"" + address + "\" is this node itself", null);
        }
        book.allow(peer, name, address);
        return letIn(peer);
    }

    private static void dialable(Multiaddr address) {
        if (address.endpoint() == null) {
            throw new SovereignException(
                    MeshError.MULTIADDR,
                    "\"" + address + "\" cannot be dialed",
                    "/ip4|ip6|dns|dns4|dns6/HOST/tcp/PORT[/p2p/PEERID]");
        }
    }

    /// Who answers at an address.
    Response.Peers meet(String multiaddr) {
        Multiaddr address = Multiaddr.of(multiaddr);
        dialable(address);
        return new Response.Peers(List.of(shown(meet(address))));
    }

    /// Asks the LAN, whether or not `mesh.mdns` is set: who asks shows itself this once.
    Response.Peers discover(@Nullable Long waitMillis) throws InterruptedException {
        Duration wait =
                waitMillis == null
                        ? DISCOVER
                        : Duration.ofMillis(Math.clamp(waitMillis, 0, MAX_DISCOVER.toMillis()));
        List<Response.Peer> peers = new ArrayList<>();
        try {
            for (Mdns.Found found : Mdns.ask(identity.peerId(), networks(), wait, random)) {
                peers.add(
                        shown(
                                found.peer(),
                                found.addresses().stream().map(Multiaddr::toString).toList()));
            }
        } catch (IOException none) {
            throw new SovereignException(
                    PeerError.NO_MULTICAST,
                    "the LAN cannot be asked: " + none.getMessage(),
                    "`sovereign peer add NAME MULTIADDR` needs no LAN",
                    none);
        }
        return new Response.Peers(peers);
    }

    /// Dials an address to learn who answers there; the connection itself is not kept unless the
    /// peer may stay anyway.
    private PeerId meet(Multiaddr address) {
        try {
            Connection met = mesh.dial(address, Dialer.DIAL);
            return met.peer();
        } catch (PeerRefusedException stranger) {
            return stranger.peer();
        } catch (IOException failed) {
            throw unreachable(address.toString(), failed);
        }
    }

    Response.Peers allow(String nameOrId, @Nullable String name) {
        PeerId peer = book.find(nameOrId);
        if (peer == null) {
            peer = PeerId.of(nameOrId); // says what is wrong with it
        }
        book.allow(peer, name, null);
        return letIn(peer);
    }

    private Response.Peers letIn(PeerId peer) {
        synchronized (waiting) {
            waiting.remove(peer);
        }
        dialer(peer).wake(true);
        return new Response.Peers(List.of(shown(peer)));
    }

    Response.Peers deny(String nameOrId) {
        PeerId peer = book.find(nameOrId);
        if (peer == null) {
            peer = PeerId.of(nameOrId);
        }
        book.deny(peer);
        letGo(peer, "it was denied");
        return new Response.Peers(List.of(shown(peer)));
    }

    Response.Peers remove(String nameOrId) {
        PeerId peer = named(nameOrId);
        Response.Peer was = shown(peer);
        if (!book.remove(peer)) {
            throw new SovereignException(
                    PeerError.UNKNOWN, "the book has no peer \"" + nameOrId + "\"", null);
        }
        letGo(peer, "it was removed");
        return new Response.Peers(List.of(was));
    }

    private void letGo(PeerId peer, String why) {
        synchronized (waiting) {
            waiting.remove(peer);
        }
        Dialer dialer = dialers.remove(peer);
        if (dialer != null) {
            dialer.close();
        }
        if (!mayStay(peer)) {
            for (Connection connection : mesh.connections()) {
                if (connection.peer().equals(peer)) {
                    connection.end(why);
                }
            }
        }
    }

    Response.Peers show(String nameOrId) {
        return new Response.Peers(List.of(shown(named(nameOrId))));
    }

    /// Measures every connection anew, waiting a moment for those that answer.
    void probeAll() throws InterruptedException {
        List<CompletableFuture<Duration>> probes = new ArrayList<>();
        for (Connection connection : mesh.connections()) {
            probes.add(connection.probe());
        }
        try {
            CompletableFuture.allOf(probes.toArray(CompletableFuture[]::new))
                    .get(MEASURE.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException | TimeoutException slow) {
            // then what was measured last is shown
        }
    }

    /// Everybody of the book, then who is connected otherwise, then who waits.
    List<Response.Peer> list() {
        Map<PeerId, Response.Peer> all = new LinkedHashMap<>();
        for (PeerBook.Entry entry : book.entries()) {
            all.put(entry.peer(), shown(entry.peer()));
        }
        for (Connection connection : mesh.connections()) {
            all.computeIfAbsent(connection.peer(), this::shown);
        }
        for (PeerId peer : asking()) {
            all.computeIfAbsent(peer, this::shown);
        }
        return new ArrayList<>(all.values());
    }

    /// Who waits to be let in.
    private List<PeerId> asking() {
        synchronized (waiting) {
            return new ArrayList<>(waiting.keySet());
        }
    }

    private Response.Peer shown(PeerId peer) {
        PeerBook.Entry entry = book.entry(peer);
        return shown(
                peer,
                entry == null
                        ? List.of()
                        : entry.addresses().stream().map(Multiaddr::toString).toList());
    }

    private Response.Peer shown(PeerId peer, List<String> addresses) {
        PeerBook.Entry entry = book.entry(peer);
        Connection connection = mesh.connection(peer);
        Waiting asks;
        synchronized (waiting) {
            asks = waiting.get(peer);
        }
        String state;
        if (connection != null) {
            state = "connected";
        } else if (entry != null) {
            state = entry.allowed() ? "allowed" : "denied";
        } else {
            state = asks == null ? "unknown" : "waiting";
        }
        Dialer dialer = dialers.get(peer);
        String problem = connection != null || dialer == null ? null : dialer.problem();
        String name = entry == null ? null : entry.name();
        if (connection == null) {
            return new Response.Peer(
                    name,
                    peer.toString(),
                    state,
                    addresses,
                    null,
                    asks == null ? null : asks.remote(),
                    null,
                    null,
                    null,
                    null,
                    null,
                    asks == null ? null : asks.sinceMillis(),
                    problem);
        }
        Duration latency = connection.roundTrip();
        String agent = connection.info().agent();
        return new Response.Peer(
                name,
                peer.toString(),
                state,
                addresses,
                word(connection.direction()),
                connection.remote().toString(),
                latency.isZero() ? null : latency.toNanos() / 1_000,
                connection.bytesIn(),
                connection.bytesOut(),
                connection.keyFingerprint().equals(ring.keys().getFirst().fingerprint())
                        ? "current"
                        : "previous",
                agent.isEmpty() ? null : agent,
                connection.since().toEpochMilli(),
                problem);
    }

    Response.RoundTrip ping(String nameOrId) throws InterruptedException {
        Connection connection = connect(nameOrId);
        try (Stream stream = connection.open(Ping.PROTOCOL, STREAM)) {
            stream.deadline(STREAM);
            long nanos = Ping.measure(stream, random);
            return new Response.RoundTrip(connection.peer().toString(), nanos);
        } catch (IOException gone) {
            throw broke(nameOrId, gone);
        }
    }

    Response.Throughput perf(String nameOrId, long bytes) throws InterruptedException {
        Connection connection = connect(nameOrId);
        try (Stream stream = connection.open(Perf.PROTOCOL, STREAM)) {
            Perf.Result result = Perf.measure(stream, bytes, bytes);
            return new Response.Throughput(
                    connection.peer().toString(),
                    bytes,
                    result.uploadNanos(),
                    result.downloadNanos());
        } catch (java.net.ProtocolException notServed) {
            throw new SovereignException(
                    PeerError.BROKE,
                    "the peer \"" + nameOrId + "\" does not serve " + Perf.PROTOCOL,
                    "on that machine: `sovereign config set mesh.test-protocols true`, then"
                            + " `sovereign daemon restart`",
                    notServed);
        } catch (IOException gone) {
            throw broke(nameOrId, gone);
        }
    }

    private static SovereignException broke(String name, IOException gone) {
        return new SovereignException(
                PeerError.BROKE,
                "the peer \"" + name + "\" broke off: " + gone.getMessage(),
                null,
                gone);
    }

    Response.Graph map(String format) {
        return new Response.Graph(format, PeerMap.draw(peerId(), list(), format));
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            dialers.values().forEach(Dialer::close);
            Neighbors near = neighbors;
            if (near != null) {
                near.close();
            }
            mesh.close();
        }
    }
}
