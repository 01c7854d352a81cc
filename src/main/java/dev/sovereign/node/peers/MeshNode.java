package dev.sovereign.node.peers;

import dev.sovereign.core.SystemRelation;
import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.Connection;
import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.node.Exchange;
import dev.sovereign.node.Log;
import dev.sovereign.node.RequestHandler;
import dev.sovereign.node.actor.Supervised;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.node.config.Key;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Stream;

/// The mesh as a part of the node: off without a swarm key, on as soon as there is one, started
/// again when it breaks. Requests run on their own threads; the actor's opens, closes and follows
/// the key files.
public final class MeshNode implements AutoCloseable {

    private static final int MAILBOX = 16;

    /// For the actor to look at the key files when a request asks it to.
    private static final long FOLLOW_MILLIS = 10_000;

    private static final long ASK_AGAIN_MILLIS = 20;

    private final Home home;
    private final Configuration configuration;
    private final Keys keys;
    private final RequestHandler node;
    private final Policy policy;
    private final Refused refused = new Refused();
    private final LongSupplier newestTx;
    private final Supplier<Surroundings> surroundings;
    private final Log log;
    private final Supervised<Follow> actor;
    private final Thread ticker;

    /// Written by the actor's thread; null while the mesh is off or down.
    private volatile @Nullable LiveMesh live;

    /// The files that [#live] was made from; written by the actor's thread.
    private volatile String stamp = "";

    /// What `status` says of the identity file while the mesh is off: reading it anew each time
    /// would derive the key each time.
    private volatile @Nullable Shown shown;

    /// @param stamp the files it was read from
    private record Shown(String stamp, @Nullable String peerId) {}

    /// Looks whether keys have changed.
    ///
    /// @param done completed when that has been dealt with
    private record Follow(CompletableFuture<Void> done) {}

    /// Starts nothing yet: see [#start].
    ///
    /// @param node answers requests of peers that the policy allows
    /// @param knowledge answers what the policy asks
    /// @param newestTx number of the newest transaction
    public MeshNode(
            Home home,
            Configuration configuration,
            RequestHandler node,
            RequestHandler knowledge,
            LongSupplier newestTx,
            Log log) {
        this(home, configuration, node, knowledge, newestTx, Surroundings::ofMachine, log);
    }

    /// @param surroundings made anew each time the mesh opens
    MeshNode(
            Home home,
            Configuration configuration,
            RequestHandler node,
            RequestHandler knowledge,
            LongSupplier newestTx,
            Supplier<Surroundings> surroundings,
            Log log) {
        this.surroundings = surroundings;
        this.home = home;
        this.configuration = configuration;
        this.keys = keys(home, configuration);
        this.node = node;
        this.policy = new Policy(knowledge, log);
        this.newestTx = newestTx;
        this.log = log;
        this.actor =
                Supervised.prepare(
                        "mesh", MAILBOX, Supervised.Policy.USUAL, this::begin, this::failed);
        this.ticker = Thread.ofVirtual().name("mesh-keys").unstarted(this::tick);
    }

    /// Begins; peers may ask from now on.
    public void start() {
        actor.start();
        ticker.start();
    }

    /// The key files of a home, as its configuration wants them treated.
    public static Keys keys(Home home, Configuration configuration) {
        String launcher = System.getProperty("sovereign.launcher");
        Long grace = configuration.number(Key.MESH_KEY_GRACE);
        return new Keys(
                home,
                launcher == null ? null : Path.of(launcher),
                grace == null ? Keys.GRACE : Duration.ofMillis(grace),
                InstantSource.system());
    }

    // --- the actor

    private Supervised.Behavior<Follow> begin() {
        return new Running();
    }

    private void failed(String name, Throwable failure, boolean givenUp) {
        log.error(name + (givenUp ? " failed, given up" : " failed, starting again"), failure);
    }

    private final class Running implements Supervised.Behavior<Follow> {

        Running() {
            open();
        }

        @Override
        public boolean receive(Follow follow) {
            try {
                String now = keys.stamp();
                if (!now.equals(stamp)) {
                    LiveMesh running = live;
                    if (running == null || !running.takes(keys.ring(), keys.identity())) {
                        close();
                        open();
                    } else {
                        stamp = now;
                    }
                }
                follow.done().complete(null);
                return true;
            } catch (RuntimeException refused) {
                follow.done().completeExceptionally(refused);
                throw refused;
            }
        }

        /// The stamp is set last: who sees it also sees what was made of it.
        private void open() {
            try {
                live = opened();
            } finally {
                stamp = keys.stamp();
            }
        }

        private @Nullable LiveMesh opened() {
            Keys.Ring ring = keys.ring();
            if (ring.keys().isEmpty()) {
                if ("1".equals(System.getenv("LIBP2P_FORCE_PNET"))) {
                    throw new SovereignException(
                            PeerError.FORCED,
                            "LIBP2P_FORCE_PNET is 1 and there is no swarm key",
                            "`sovereign key new` makes one, or copy that of your network to "
                                    + home.config().resolve("swarm.key"));
                }
                return null;
            }
            IpcService ipc =
                    new IpcService(node, policy, refused, newestTx, InstantSource.system(), log);
            return LiveMesh.open(
                    keys.identity(),
                    ring,
                    PeerBook.load(home.data().resolve("peers")),
                    configuration,
                    ipc,
                    surroundings.get(),
                    log);
        }

        @Override
        public void close() {
            LiveMesh running = live;
            live = null;
            if (running != null) {
                running.close();
            }
        }
    }

    private void tick() {
        try {
            while (true) {
                Thread.sleep(Surroundings.PERIOD);
                actor.offer(new Follow(new CompletableFuture<>()));
                LiveMesh running = live;
                if (running != null) {
                    running.lookAround();
                }
            }
        } catch (InterruptedException closing) {
            // by close()
        }
    }

    /// Lets the actor look at the key files now, so that what was just made counts.
    private void follow() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(FOLLOW_MILLIS);
        while (!keys.stamp().equals(stamp) && System.nanoTime() - until < 0) {
            if (actor.state().phase() == Supervised.Phase.FAILED) {
                actor.retry(); // something is different: that is worth a try
            }
            CompletableFuture<Void> done = new CompletableFuture<>();
            actor.offer(new Follow(done));
            try {
                done.get(ASK_AGAIN_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException notYet) {
                // it is starting, and a start forgets what was in its mailbox
            } catch (ExecutionException refused) {
                return; // the state says why
            }
        }
    }

    private LiveMesh live() throws InterruptedException {
        follow();
        LiveMesh running = live;
        if (running != null) {
            return running;
        }
        Supervised.State state = actor.state();
        Throwable failure = state.lastFailure();
        if (failure instanceof SovereignException refusal
                && state.phase() != Supervised.Phase.RUNNING) {
            throw refusal;
        }
        if (state.phase() != Supervised.Phase.RUNNING && failure != null) {
            throw new SovereignException(
                    PeerError.DOWN,
                    "the mesh is down: " + failure.getMessage(),
                    "`sovereign status` says how it is doing",
                    failure);
        }
        throw new SovereignException(
                PeerError.OFF,
                "the mesh is off: there is no swarm key",
                "`sovereign key new` begins a network; to join one, copy its swarm.key to "
                        + home.config().resolve("swarm.key"));
    }

    // --- requests

    /// Answers requests about peers, and passes on those for a peer.
    public Response.Closing handle(Request<?> request, Exchange exchange)
            throws InterruptedException {
        LiveMesh mesh = live();
        return switch (request) {
            case Request.PeerList _ -> {
                mesh.probeAll();
                yield new Response.Peers(mesh.list());
            }
            case Request.PeerAdd add -> mesh.add(add.name(), Multiaddr.of(add.multiaddr()));
            case Request.PeerMeet meet -> mesh.meet(meet.multiaddr());
            case Request.PeerDiscover discover -> mesh.discover(discover.waitMillis());
            case Request.PeerRemove remove -> mesh.remove(remove.peer());
            case Request.PeerAllow allow -> mesh.allow(allow.peer(), allow.name());
            case Request.PeerDeny deny -> mesh.deny(deny.peer());
            case Request.PeerShow show -> mesh.show(show.peer());
            case Request.PeerPing ping -> mesh.ping(ping.peer());
            case Request.PeerPerf perf -> mesh.perf(perf.peer(), perf.bytes());
            case Request.PeerMap map -> mesh.map(map.format());
            case Request.At at -> IpcCaller.ask(mesh.connect(at.peer()), at.request(), exchange);
            default -> throw new IllegalArgumentException("not about peers: " + request);
        };
    }

    // --- what the node shows

    /// What peers are called, and those without a name by their id; measures nothing.
    public Stream<String> names() throws InterruptedException {
        return live().list().stream()
                .map(peer -> peer.name() == null ? peer.peerId() : peer.name());
    }

    /// For `status`.
    public Response.Mesh heartbeat() throws InterruptedException {
        follow();
        LiveMesh running = live;
        return running == null
                ? new Response.Mesh(false, List.of(), 0, 0, null, List.of())
                : running.heartbeat();
    }

    /// For `status`; null when this node has no identity yet.
    public @Nullable String peerId() {
        LiveMesh running = live;
        if (running != null) {
            return running.peerId().toString();
        }
        Shown known = shown;
        String now = stamp;
        if (known == null || !known.stamp().equals(now)) {
            known = new Shown(now, storedPeerId());
            shown = known;
        }
        return known.peerId();
    }

    private @Nullable String storedPeerId() {
        try {
            Identity identity = keys.identityIfThere();
            return identity == null ? null : identity.peerId().toString();
        } catch (SovereignException unusable) {
            return null; // the mesh says why, as soon as it is needed
        }
    }

    /// Running but without a key is off, for everybody who looks at it.
    public Supervised.State state() {
        Supervised.State state = actor.state();
        return live == null && state.phase() == Supervised.Phase.RUNNING
                ? new Supervised.State(
                        state.name(), Supervised.Phase.OFF, state.restarts(), state.lastFailure())
                : state;
    }

    /// Whether peers may need this node.
    public boolean isOn() {
        return live != null;
    }

    /// What rules see of the mesh.
    public List<SystemRelation> relations() {
        return List.of(
                new SystemRelation(
                        "sys_peer",
                        List.of(
                                SystemRelation.symbol("peer"),
                                SystemRelation.symbol("name"),
                                SystemRelation.symbol("state")),
                        row -> {
                            for (Response.Peer peer : peers()) {
                                String name = peer.name();
                                row.accept(
                                        new Object[] {
                                            peer.peerId(), name == null ? "" : name, peer.state()
                                        });
                            }
                        }),
                new SystemRelation(
                        "sys_connection",
                        List.of(
                                SystemRelation.symbol("peer"),
                                SystemRelation.symbol("address"),
                                SystemRelation.symbol("direction"),
                                SystemRelation.number("since")),
                        row -> {
                            for (Connection connection : connections()) {
                                row.accept(
                                        new Object[] {
                                            connection.peer().toString(),
                                            connection.remote().toString(),
                                            LiveMesh.word(connection.direction()),
                                            connection.since().toEpochMilli()
                                        });
                            }
                        }),
                new SystemRelation(
                        "sys_refusal",
                        List.of(
                                SystemRelation.number("time"),
                                SystemRelation.symbol("peer"),
                                SystemRelation.symbol("request"),
                                SystemRelation.symbol("relation"),
                                SystemRelation.symbol("code")),
                        row -> {
                            for (Refused.Row refusal : refused.rows()) {
                                row.accept(
                                        new Object[] {
                                            refusal.timeMillis(),
                                            refusal.peer().toString(),
                                            refusal.request(),
                                            refusal.relation(),
                                            refusal.code()
                                        });
                            }
                        }));
    }

    private List<Response.Peer> peers() {
        LiveMesh running = live;
        return running == null ? List.of() : running.list();
    }

    private List<Connection> connections() {
        LiveMesh running = live;
        return running == null ? List.of() : new ArrayList<>(running.connections());
    }

    @Override
    public void close() {
        ticker.interrupt();
        actor.close();
    }
}
