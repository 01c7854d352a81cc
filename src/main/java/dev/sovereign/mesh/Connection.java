package dev.sovereign.mesh;

import dev.sovereign.mesh.identify.PeerInfo;
import dev.sovereign.mesh.multistream.Multistream;
import dev.sovereign.mesh.yamux.YamuxSession;
import dev.sovereign.mesh.yamux.YamuxStream;

import java.io.IOException;
import java.net.ProtocolException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/// A connection to one peer whose identity is proven. Any thread.
public final class Connection {

    /// Who dialed.
    public enum Direction {
        INBOUND,
        OUTBOUND
    }

    private final Mesh mesh;
    private final TcpConnection tcp;
    private final PeerId peer;
    private final Direction direction;
    private final String keyFingerprint;
    private final int keyIndex;
    private final Duration handshake;
    private final Instant since = Instant.now();
    private final YamuxSession session;
    private final CompletableFuture<PeerInfo> identified = new CompletableFuture<>();
    private final Map<String, AtomicInteger> serving = new ConcurrentHashMap<>();
    private volatile PeerInfo info = PeerInfo.UNKNOWN;

    /// @param keyIndex which of the swarm keys of that moment it uses; 0 is the newest
    Connection(
            Mesh mesh,
            TcpConnection tcp,
            PeerId peer,
            Direction direction,
            SwarmKey key,
            int keyIndex,
            Duration handshake,
            java.util.function.Function<Connection, YamuxSession> session) {
        this.mesh = mesh;
        this.tcp = tcp;
        this.peer = peer;
        this.direction = direction;
        this.keyFingerprint = key.fingerprint();
        this.keyIndex = keyIndex;
        this.handshake = handshake;
        this.session = session.apply(this);
    }

    public PeerId peer() {
        return peer;
    }

    /// The address of the socket at the other end.
    public Multiaddr remote() {
        return Multiaddr.tcp(tcp.remote().getAddress(), tcp.remote().getPort());
    }

    public Direction direction() {
        return direction;
    }

    /// Fingerprint of the swarm key that it uses.
    public String keyFingerprint() {
        return keyFingerprint;
    }

    /// Place of that key in the list of its time: 0 is the newest, 1 the one before.
    public int keyIndex() {
        return keyIndex;
    }

    public Instant since() {
        return since;
    }

    /// From accepting or connecting to the secured connection.
    public Duration handshake() {
        return handshake;
    }

    /// The last round trip measured; zero before the first.
    public Duration roundTrip() {
        return Duration.ofNanos(session.roundTripNanos());
    }

    /// Measures a round trip now; fails when the connection does.
    public CompletableFuture<Duration> probe() {
        return session.ping().thenApply(Duration::ofNanos);
    }

    public long bytesIn() {
        return tcp.bytesIn();
    }

    public long bytesOut() {
        return tcp.bytesOut();
    }

    /// What the peer has told about itself so far.
    public PeerInfo info() {
        return info;
    }

    /// Completes when the peer has told about itself the first time.
    public CompletableFuture<PeerInfo> identified() {
        return identified;
    }

    void identified(PeerInfo newInfo) {
        info = newInfo;
        identified.complete(newInfo);
    }

    /// Opens a stream and agrees on a protocol: the first of `protocols` that the peer serves.
    ///
    /// @throws ProtocolException if it serves none of them
    public Stream open(List<String> protocols, Duration timeout) throws IOException {
        YamuxStream stream = session.open(timeout);
        boolean agreed = false;
        try {
            stream.deadline(timeout);
            String protocol = Multistream.propose(stream, protocols);
            if (protocol == null) {
                throw new ProtocolException("\"" + peer + "\" serves none of " + protocols);
            }
            stream.deadline(null);
            agreed = true;
            return new Stream(this, stream, protocol);
        } finally {
            if (!agreed) {
                stream.reset("no protocol was agreed on");
            }
        }
    }

    public Stream open(String protocol, Duration timeout) throws IOException {
        return open(List.of(protocol), timeout);
    }

    /// Ends in good order: streams may go on for up to 5 s. Waits for that.
    public void close(String reason) {
        session.close(reason);
    }

    /// Ends at once.
    public void end(String reason) {
        session.end(reason);
    }

    public boolean isOpen() {
        return mesh.holds(this);
    }

    /// Streams that are open.
    public int streams() {
        return session.streamCount();
    }

    YamuxSession session() {
        return session;
    }

    TcpConnection tcp() {
        return tcp;
    }

    /// How many streams of one protocol the peer has here.
    AtomicInteger serving(String protocol) {
        return serving.computeIfAbsent(protocol, _ -> new AtomicInteger());
    }

    @Override
    public String toString() {
        return direction + " " + peer + " " + remote();
    }
}
