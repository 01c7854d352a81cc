package dev.sovereign.mesh;

import dev.sovereign.mesh.identify.IdentifyMessage;
import dev.sovereign.mesh.identify.SignedRecord;
import dev.sovereign.mesh.multistream.Multistream;
import dev.sovereign.mesh.noise.NoiseConnection;
import dev.sovereign.mesh.noise.NoiseHandshake;
import dev.sovereign.mesh.noise.PeerRefusedException;
import dev.sovereign.mesh.noise.X25519Key;
import dev.sovereign.mesh.perf.Perf;
import dev.sovereign.mesh.ping.Ping;
import dev.sovereign.mesh.pnet.PnetConnection;
import dev.sovereign.mesh.probe.Probe;
import dev.sovereign.mesh.wire.MalformedException;
import dev.sovereign.mesh.yamux.ReceiveBudget;
import dev.sovereign.mesh.yamux.YamuxSession;
import dev.sovereign.mesh.yamux.YamuxStream;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.Serial;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Predicate;

/// This node on its private network: dials, listens, opens streams and serves protocols.
///
/// ```java
/// Mesh mesh = Mesh.start(MeshOptions.of(identity, key).withGate(allowed::contains));
/// mesh.serve("/sovereign/ipc/1.0.0", 16, stream -> answer(stream));
/// mesh.listen(Multiaddr.of("/ip4/0.0.0.0/tcp/4747"));
/// Connection peer = mesh.dial(address, Duration.ofSeconds(5));
/// try (Stream stream = peer.open("/sovereign/ipc/1.0.0", Duration.ofSeconds(10))) { … }
/// ```
///
/// Any thread may call; calls that reach the network wait, on a virtual thread at no cost.
public final class Mesh implements AutoCloseable {

    private static final String NOISE = "/noise";

    private static final List<String> MUXERS = List.of(YamuxSession.PROTOCOL);

    /// For the first identify of a peer, all of it.
    private static final Duration IDENTIFY = Duration.ofSeconds(5);

    /// Two connections made within this time, one by either side, are simultaneous dials.
    private static final Duration SIMULTANEOUS = Duration.ofSeconds(10);

    /// js-libp2p sends a body as large as its window, and its XSalsa20 (npm xsalsa20 1.2.0) ends
    /// the process sooner or later once one is over 640 KiB. Seen with js-libp2p 3.3.11.
    private static final String FRAGILE_AGENT = "js-libp2p";

    private static final int FRAGILE_WINDOW = 512 * 1_024;

    /// Connections that may wait to be accepted.
    private static final int BACKLOG = 256;

    /// Pause when the process has no descriptor left for a connection that waits.
    private static final Duration NO_DESCRIPTOR = Duration.ofMillis(50);

    private record Service(int mostForOneConnection, ProtocolHandler handler) {}

    private final Identity identity;
    private final Predicate<PeerId> gate;
    private final MeshListener listener;
    private final MeshLimits limits;
    private final String agent;
    private final SecureRandom random = new SecureRandom();
    private final X25519Key statics = X25519Key.generate(random);
    private final byte[] noisePayload;

    /// The key pair of the next handshake, made while nobody waits for it; each is used once.
    private final AtomicReference<@Nullable X25519Key> nextEphemeral = new AtomicReference<>();

    private final SignedRecord signedRecord = new SignedRecord();
    private final ScheduledThreadPoolExecutor timer;
    private final ReceiveBudget receiveBudget;
    private final Map<String, Service> services = new ConcurrentHashMap<>();
    private final List<ServerSocketChannel> listeners = new CopyOnWriteArrayList<>();
    private final List<Multiaddr> listening = new CopyOnWriteArrayList<>();
    private final AtomicLong recordSequence = new AtomicLong(System.currentTimeMillis());
    private final AtomicLong refused = new AtomicLong();
    private volatile List<SwarmKey> swarmKeys;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition gone = lock.newCondition();

    // guarded by lock
    private final Set<TcpConnection> inHandshake = ConcurrentHashMap.newKeySet();
    private final Set<SocketChannel> dialing = new HashSet<>();
    private final Map<InetAddress, Integer> handshakesOf = new ConcurrentHashMap<>();
    private final List<Connection> open = new CopyOnWriteArrayList<>();
    private int inboundHandshakes;
    private boolean closed;

    private Mesh(MeshOptions options) {
        this.identity = options.identity();
        this.swarmKeys = options.swarmKeys();
        this.noisePayload = NoiseHandshake.payload(identity, statics, MUXERS);
        this.gate = options.gate();
        this.listener = options.listener();
        this.limits = options.limits();
        this.agent = options.agent();
        this.receiveBudget = new ReceiveBudget(limits.receiveBytes());
        this.timer =
                new ScheduledThreadPoolExecutor(
                        1,
                        Thread.ofPlatform().name("mesh-timer").daemon().factory(),
                        // only after close(), which closes whatever a deadline would have closed
                        (_, _) -> {});
        timer.setRemoveOnCancelPolicy(true);
        serve(IdentifyMessage.IDENTIFY, 4, this::serveIdentify);
        serve(IdentifyMessage.PUSH, 2, this::servePush);
        serve(Ping.PROTOCOL, Ping.MAX_INBOUND, Ping::serve);
    }

    /// Makes a node that neither listens nor dials yet.
    public static Mesh start(MeshOptions options) {
        return new Mesh(options);
    }

    public PeerId peer() {
        return identity.peerId();
    }

    /// Serves a protocol, on connections that exist too.
    ///
    /// @param mostForOneConnection streams of it that one connection may have; more are reset
    public void serve(String protocol, int mostForOneConnection, ProtocolHandler handler) {
        services.put(protocol, new Service(mostForOneConnection, handler));
        pushIdentify();
    }

    /// Serves what tests and measurements use: perf, and echo, digest and sink of our own.
    public void serveTestProtocols() {
        serve(Perf.PROTOCOL, Perf.MAX_INBOUND, Perf::serve);
        serve(Probe.ECHO, Probe.MAX_INBOUND, Probe::echo);
        serve(Probe.DIGEST, Probe.MAX_INBOUND, Probe::digest);
        serve(Probe.SINK, Probe.MAX_INBOUND, Probe::sink);
    }

    /// Takes other swarm keys for connections from now on, newest first.
    public void swarmKeys(List<SwarmKey> keys) {
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("a mesh without a swarm key is open to everybody");
        }
        swarmKeys = List.copyOf(keys);
    }

    /// Connections that are open.
    public List<Connection> connections() {
        return List.copyOf(open);
    }

    /// A connection to `peer`, if there is one.
    public @Nullable Connection connection(PeerId peer) {
        for (Connection connection : open) {
            if (connection.peer().equals(peer)) {
                return connection;
            }
        }
        return null;
    }

    boolean holds(Connection connection) {
        return open.contains(connection);
    }

    /// How many were not let in since the start.
    public long refusedCount() {
        return refused.get();
    }

    /// Bytes that are kept for readers, of all connections.
    public long receivedBytes() {
        return receiveBudget.usedBytes();
    }

    // --- listening

    /// Listens at an address; port 0 takes any that is free.
    ///
    /// @return the address with its port and our PeerId
    public Multiaddr listen(Multiaddr address) throws IOException {
        Multiaddr.Endpoint endpoint = address.endpoint();
        if (endpoint == null) {
            throw new IOException("\"" + address + "\" is no address to listen at");
        }
        InetAddress host = InetAddress.getByName(endpoint.host());
        // of the address' own family: another one would call 0.0.0.0 "::", and be announced as that
        ServerSocketChannel server =
                ServerSocketChannel.open(
                        host instanceof Inet4Address
                                ? StandardProtocolFamily.INET
                                : StandardProtocolFamily.INET6);
        boolean bound = false;
        try {
            server.setOption(java.net.StandardSocketOptions.SO_REUSEADDR, true);
            server.bind(new InetSocketAddress(host, endpoint.port()), BACKLOG);
            bound = true;
        } finally {
            if (!bound) {
                server.close();
            }
        }
        InetSocketAddress local = (InetSocketAddress) server.getLocalAddress();
        Multiaddr actual = Multiaddr.tcp(local.getAddress(), local.getPort());
        listeners.add(server);
        listening.add(actual);
        recordSequence.incrementAndGet();
        Thread.ofVirtual().name("mesh-accept " + actual).start(() -> accept(server));
        pushIdentify();
        return actual.withPeer(identity.peerId());
    }

    /// Where this node listens, without its PeerId; `/ip4/0.0.0.0` as itself.
    public List<Multiaddr> listening() {
        return List.copyOf(listening);
    }

    /// Where others may reach it: each interface's address for `/ip4/0.0.0.0`.
    public List<Multiaddr> announced() {
        return Interfaces.expand(listening);
    }

    private void accept(ServerSocketChannel server) {
        while (server.isOpen()) {
            SocketChannel channel;
            try {
                channel = server.accept();
            } catch (IOException none) {
                if (server.isOpen() && !pause()) {
                    return;
                }
                continue;
            }
            try {
                TcpConnection tcp = new TcpConnection(channel);
                if (admit(tcp)) {
                    Thread.ofVirtual()
                            .name("mesh-handshake " + tcp.remote())
                            .start(() -> inbound(tcp));
                } else {
                    tcp.close();
                    refuse(Refusal.Stage.ACCEPT, tcp, null, "too many connections");
                }
            } catch (IOException alreadyGone) {
                closeQuietly(channel);
            }
        }
    }

    private static void closeQuietly(SocketChannel channel) {
        try {
            channel.close();
        } catch (IOException gone) {
            // it was gone before
        }
    }

    private static boolean pause() {
        try {
            Thread.sleep(NO_DESCRIPTOR);
            return true;
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /// The gate of addresses: whether there is room for one more handshake.
    private boolean admit(TcpConnection tcp) {
        InetAddress address = tcp.remote().getAddress();
        lock.lock();
        try {
            int ofAddress = handshakesOf.getOrDefault(address, 0);
            if (closed
                    || inboundHandshakes >= limits.handshakes()
                    || ofAddress >= limits.handshakesPerAddress()
                    || open.size() + inboundHandshakes >= limits.connections()) {
                return false;
            }
            inboundHandshakes++;
            handshakesOf.put(address, ofAddress + 1);
            inHandshake.add(tcp);
            return true;
        } finally {
            lock.unlock();
        }
    }

    private void leaveHandshake(TcpConnection tcp) {
        InetAddress address = tcp.remote().getAddress();
        lock.lock();
        try {
            inboundHandshakes--;
            handshakesOf.computeIfPresent(address, (_, count) -> count == 1 ? null : count - 1);
            inHandshake.remove(tcp);
        } finally {
            lock.unlock();
        }
    }

    private void inbound(TcpConnection tcp) {
        long start = System.nanoTime();
        Refusal.Stage stage = Refusal.Stage.PNET;
        ScheduledFuture<?> deadline = closeAfter(tcp, limits.handshake());
        try {
            PnetConnection pnet =
                    PnetConnection.accept(tcp, swarmKeys, nonce(), Multistream.header());
            stage = Refusal.Stage.NOISE;
            Multistream.respondAfterHeader(pnet, NOISE::equals);
            NoiseConnection noise =
                    new NoiseHandshake(
                                    pnet, statics, ephemeral(), this::mayStay, MUXERS, noisePayload)
                            .respond();
            if (noise.muxer() == null) {
                Multistream.respond(noise, YamuxSession.PROTOCOL::equals);
            }
            stage = Refusal.Stage.GATE;
            Duration took = Duration.ofNanos(System.nanoTime() - start);
            Connection connection =
                    connection(tcp, pnet, noise, Connection.Direction.INBOUND, took);
            deadline.cancel(false);
            Connection kept = register(connection);
            if (kept == null) {
                tcp.close();
                refuse(stage, tcp, noise.peer(), "too many connections");
            } else {
                begin(connection, kept);
            }
        } catch (PeerRefusedException notAllowed) {
            tcp.close();
            refuse(
                    Refusal.Stage.GATE,
                    tcp,
                    notAllowed.peer(),
                    String.valueOf(notAllowed.getMessage()));
        } catch (IOException failed) {
            tcp.close();
            refuse(stage, tcp, null, String.valueOf(failed.getMessage()));
        } finally {
            deadline.cancel(false);
            leaveHandshake(tcp);
        }
    }

    private boolean mayStay(PeerId peer) {
        return !peer.equals(identity.peerId()) && gate.test(peer);
    }

    private void refuse(
            Refusal.Stage stage, TcpConnection tcp, @Nullable PeerId peer, String reason) {
        refused.incrementAndGet();
        listener.refused(new Refusal(stage, tcp.remote(), peer, reason));
    }

    private X25519Key ephemeral() {
        X25519Key made = nextEphemeral.getAndSet(null);
        return made == null ? X25519Key.generate(random) : made;
    }

    /// Off the path of any handshake: a multiplication is a tenth of one.
    private void makeEphemeral() {
        if (nextEphemeral.get() == null) {
            nextEphemeral.compareAndSet(null, X25519Key.generate(random));
        }
    }

    private byte[] nonce() {
        byte[] nonce = new byte[PnetConnection.NONCE_BYTES];
        random.nextBytes(nonce);
        return nonce;
    }

    private ScheduledFuture<?> closeAfter(TcpConnection tcp, Duration time) {
        return timer.schedule(tcp::close, time.toNanos(), TimeUnit.NANOSECONDS);
    }

    // --- dialing

    /// Connects. With `/p2p/PEER` in the address, only that peer will do.
    ///
    /// @param timeout for all of it; at most the limit of a handshake counts once connected
    /// @throws PeerRefusedException if somebody else answers, or the gate does not let it stay
    /// @throws SocketTimeoutException if it takes too long
    public Connection dial(Multiaddr address, Duration timeout) throws IOException {
        Multiaddr.Endpoint endpoint = address.endpoint();
        if (endpoint == null) {
            throw new IOException("\"" + address + "\" is no address that can be dialed");
        }
        long until = System.nanoTime() + timeout.toNanos();
        InetSocketAddress target =
                new InetSocketAddress(InetAddress.getByName(endpoint.host()), endpoint.port());
        List<SwarmKey> keys = swarmKeys;
        for (int i = 0; ; i++) {
            try {
                return dial(target, address.peer(), keys.get(i), i, until);
            } catch (KeyNotSharedException otherKey) {
                if (i + 1 == keys.size()) {
                    throw new IOException(
                            "no answer from \"" + address + "\" under our swarm key", otherKey);
                }
            }
        }
    }

    /// The other side ended, or spoke something else, before anything of ours was answered.
    private static final class KeyNotSharedException extends IOException {

        @Serial private static final long serialVersionUID = 1L;

        KeyNotSharedException(IOException cause) {
            super(cause.getMessage(), cause);
        }
    }

    private Connection dial(
            InetSocketAddress target,
            @Nullable PeerId expected,
            SwarmKey key,
            int keyIndex,
            long until)
            throws IOException {
        SocketChannel channel = dialing();
        ScheduledFuture<?> deadline =
                timer.schedule(
                        () -> closeQuietly(channel),
                        until - System.nanoTime(),
                        TimeUnit.NANOSECONDS);
        boolean done = false;
        try {
            channel.connect(target);
            TcpConnection tcp = new TcpConnection(channel);
            long start = System.nanoTime();
            ScheduledFuture<?> handshake = closeAfter(tcp, limits.handshake());
            try {
                Connection connection = outbound(tcp, expected, key, keyIndex, start);
                // from here on the session owns the socket
                deadline.cancel(false);
                handshake.cancel(false);
                done = true;
                return enter(connection);
            } finally {
                handshake.cancel(false);
            }
        } catch (PeerRefusedException | KeyNotSharedException known) {
            if (known instanceof KeyNotSharedException && System.nanoTime() - until >= 0) {
                throw late(known);
            }
            throw known;
        } catch (IOException failed) {
            throw System.nanoTime() - until >= 0 ? late(failed) : failed;
        } finally {
            deadline.cancel(false);
            dialed(channel);
            if (!done) {
                closeQuietly(channel);
            }
        }
    }

    /// A socket for dialing, which [#close] closes as long as it is not [#dialed].
    private SocketChannel dialing() throws IOException {
        lock.lock();
        try {
            if (closed) {
                throw new IOException("this node is shutting down");
            }
            SocketChannel channel = SocketChannel.open();
            dialing.add(channel);
            return channel;
        } finally {
            lock.unlock();
        }
    }

    private void dialed(SocketChannel channel) {
        lock.lock();
        try {
            dialing.remove(channel);
        } finally {
            lock.unlock();
        }
    }

    private static SocketTimeoutException late(IOException cause) {
        SocketTimeoutException late = new SocketTimeoutException("no answer in time");
        late.initCause(cause);
        return late;
    }

    private Connection outbound(
            TcpConnection tcp, @Nullable PeerId expected, SwarmKey key, int keyIndex, long start)
            throws IOException {
        PnetConnection pnet;
        String agreed;
        try {
            pnet = PnetConnection.dial(tcp, key, nonce());
            agreed = Multistream.propose(pnet, List.of(NOISE));
        } catch (IOException noAnswer) {
            throw new KeyNotSharedException(noAnswer);
        }
        if (agreed == null) {
            throw new MalformedException("the other side does not speak " + NOISE);
        }
        NoiseConnection noise =
                new NoiseHandshake(pnet, statics, ephemeral(), this::mayStay, MUXERS, noisePayload)
                        .initiate(expected);
        if (noise.muxer() == null && Multistream.propose(noise, MUXERS) == null) {
            throw new MalformedException("the other side does not speak yamux");
        }
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        return connection(tcp, pnet, noise, Connection.Direction.OUTBOUND, took, keyIndex);
    }

    private Connection enter(Connection connection) throws IOException {
        Connection kept = register(connection);
        if (kept == null) {
            connection.tcp().close();
            throw new IOException("too many connections");
        }
        begin(connection, kept);
        return kept;
    }

    // --- the life of a connection

    private Connection connection(
            TcpConnection tcp,
            PnetConnection pnet,
            NoiseConnection noise,
            Connection.Direction direction,
            Duration took) {
        return connection(tcp, pnet, noise, direction, took, pnet.keyIndex());
    }

    private Connection connection(
            TcpConnection tcp,
            PnetConnection pnet,
            NoiseConnection noise,
            Connection.Direction direction,
            Duration took,
            int keyIndex) {
        return new Connection(
                this,
                tcp,
                noise.peer(),
                direction,
                pnet.key(),
                keyIndex,
                took,
                connection ->
                        new YamuxSession(
                                noise,
                                direction == Connection.Direction.OUTBOUND,
                                limits.session(),
                                receiveBudget,
                                timer,
                                new Owner(connection)));
    }

    private final class Owner implements YamuxSession.Owner {

        private final Connection connection;

        Owner(Connection connection) {
            this.connection = connection;
        }

        @Override
        public void opened(YamuxStream stream) {
            Thread.ofVirtual().name("mesh-stream").start(() -> serve(connection, stream));
        }

        @Override
        public void ended(String reason) {
            leave(connection, reason);
        }
    }

    /// Gives a connection its place.
    ///
    /// @return the connection to use: another one when both sides have dialed at the same time;
    ///   null if there is no room
    private @Nullable Connection register(Connection connection) {
        lock.lock();
        try {
            int ofPeer = 0;
            Connection better = null;
            for (Connection other : open) {
                if (other.peer().equals(connection.peer())) {
                    ofPeer++;
                    if (simultaneous(other, connection) && isBetter(other)) {
                        better = other;
                    }
                }
            }
            if (closed
                    || ofPeer >= limits.connectionsPerPeer()
                    || open.size() >= limits.connections()) {
                return null;
            }
            open.add(connection);
            return better == null ? connection : better;
        } finally {
            lock.unlock();
        }
    }

    private static boolean simultaneous(Connection one, Connection other) {
        return one.direction() != other.direction()
                && Duration.between(one.since(), other.since()).abs().compareTo(SIMULTANEOUS) < 0;
    }

    /// Of two simultaneous connections the one stays that the smaller PeerId has dialed: both sides
    /// come to the same result without a word.
    private boolean isBetter(Connection connection) {
        boolean weAreSmaller = identity.peerId().compareTo(connection.peer()) < 0;
        return weAreSmaller == (connection.direction() == Connection.Direction.OUTBOUND);
    }

    private void begin(Connection connection, Connection kept) {
        listener.connected(connection);
        connection.session().start(connection.peer().toString());
        Thread.ofVirtual().name("mesh-identify").start(() -> identify(connection));
        if (kept != connection) {
            connection.end("the other side has dialed too");
            return;
        }
        for (Connection other : open) {
            if (other != connection
                    && other.peer().equals(connection.peer())
                    && simultaneous(other, connection)
                    && !isBetter(other)) {
                other.end("the other side has dialed too");
            }
        }
    }

    private void leave(Connection connection, String reason) {
        lock.lock();
        try {
            open.remove(connection);
            gone.signalAll();
        } finally {
            lock.unlock();
        }
        connection
                .identified()
                .completeExceptionally(new IOException("the connection is over: " + reason));
        listener.disconnected(connection, reason);
    }

    private void serve(Connection connection, YamuxStream stream) {
        try {
            stream.deadline(limits.negotiation());
            String protocol = Multistream.respond(stream, services::containsKey);
            stream.deadline(null);
            Service service = services.get(protocol);
            if (service == null) {
                stream.reset("the protocol was taken away");
                return;
            }
            var serving = connection.serving(protocol);
            try {
                if (serving.incrementAndGet() > service.mostForOneConnection()) {
                    stream.reset("too many streams of " + protocol);
                    return;
                }
                service.handler().handle(new Stream(connection, stream, protocol));
                stream.close();
            } finally {
                serving.decrementAndGet();
            }
        } catch (IOException failed) {
            stream.reset(String.valueOf(failed.getMessage()));
        } catch (RuntimeException | Error bug) {
            stream.reset("internal error");
            throw bug;
        }
    }

    // --- identify

    private byte[] ownMessage(Connection connection) {
        return IdentifyMessage.framed(
                IdentifyMessage.own(
                        identity,
                        announced(),
                        services.keySet().stream().sorted().toList(),
                        connection.remote(),
                        agent,
                        recordSequence.get(),
                        signedRecord));
    }

    private void serveIdentify(Stream stream) throws IOException {
        stream.deadline(IDENTIFY);
        stream.write(ownMessage(stream.connection()));
    }

    private void servePush(Stream stream) throws IOException {
        stream.deadline(IDENTIFY);
        learn(stream);
    }

    private void identify(Connection connection) {
        ask(connection);
        makeEphemeral();
    }

    private void ask(Connection connection) {
        try (Stream stream = connection.open(IdentifyMessage.IDENTIFY, IDENTIFY)) {
            stream.deadline(IDENTIFY);
            stream.closeWrite();
            learn(stream);
        } catch (IOException refusedOrGone) {
            connection.identified().completeExceptionally(refusedOrGone);
        }
    }

    private void learn(Stream stream) throws IOException {
        Connection connection = stream.connection();
        IdentifyMessage message = IdentifyMessage.read(stream, stream.input());
        try {
            connection.identified(message.merge(connection.peer(), connection.info()));
        } catch (MalformedException lie) {
            connection.end("identify: " + lie.getMessage());
            throw lie;
        }
        if (connection.info().agent().startsWith(FRAGILE_AGENT)) {
            connection.session().limitWindows(FRAGILE_WINDOW);
        }
        listener.identified(connection, connection.info());
    }

    /// Tells those who listen to it that something about this node has changed.
    private void pushIdentify() {
        for (Connection connection : open) {
            if (connection.info().protocols().contains(IdentifyMessage.PUSH)) {
                Thread.ofVirtual().name("mesh-push").start(() -> push(connection));
            }
        }
    }

    private void push(Connection connection) {
        try (Stream stream = connection.open(IdentifyMessage.PUSH, IDENTIFY)) {
            stream.deadline(IDENTIFY);
            stream.write(ownMessage(connection));
        } catch (IOException refusedOrGone) {
            // what the peer does not want to know, or cannot any more, it asks for next time
        }
    }

    // --- the end

    /// Stops listening and ends all connections in good order; returns when they are gone.
    @Override
    public void close() {
        List<TcpConnection> unfinished;
        List<SocketChannel> unconnected;
        lock.lock();
        try {
            closed = true;
            unfinished = new ArrayList<>(inHandshake);
            unconnected = new ArrayList<>(dialing);
        } finally {
            lock.unlock();
        }
        for (ServerSocketChannel server : listeners) {
            try {
                server.close();
            } catch (IOException gone) {
                // it accepts nothing any more, which is what was wanted
            }
        }
        unfinished.forEach(TcpConnection::close);
        unconnected.forEach(Mesh::closeQuietly);
        for (Connection connection : open) {
            Thread.ofVirtual()
                    .name("mesh-close")
                    .start(() -> connection.close("this node is shutting down"));
        }
        long left = limits.session().closeGrace().plus(Duration.ofSeconds(2)).toNanos();
        lock.lock();
        try {
            while (!open.isEmpty() && left > 0) {
                left = gone.awaitNanos(left);
            }
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        for (Connection connection : open) {
            connection.tcp().close(); // it had its time; nothing is left to wait for
        }
        timer.shutdownNow();
    }
}
