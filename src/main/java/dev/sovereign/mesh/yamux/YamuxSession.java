package dev.sovereign.mesh.yamux;

import dev.sovereign.mesh.wire.Duplex;
import dev.sovereign.mesh.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.io.Serial;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Many streams over one connection. One virtual thread reads frames and never waits for anything
/// else, one sends what has gathered; any thread may open streams.
///
/// @see <a href="https://github.com/libp2p/specs/blob/master/yamux/README.md">libp2p yamux</a>
public final class YamuxSession {

    /// The name under which both sides agree on this muxer.
    public static final String PROTOCOL = "/yamux/1.0.0";

    /// Why a session ends, as GO_AWAY says it.
    private static final int NORMAL = 0;

    private static final int PROTOCOL_ERROR = 1;
    private static final int INTERNAL_ERROR = 2;

    /// Streams of ours that may wait for their ACK; go blocks there too.
    private static final int MAX_UNACKNOWLEDGED = 256;

    /// Answers to pings that may wait; more are dropped, as go does.
    private static final int MAX_WAITING_PONGS = 32;

    /// Streams refused within [#REFUSAL_NANOS] before the connection ends; ours.
    private static final int MAX_REFUSALS = 1_000;

    private static final long REFUSAL_NANOS = TimeUnit.SECONDS.toNanos(10);

    /// Bytes and frames for streams that are gone; ours. What a peer was still allowed to send when
    /// a stream ended comes on top, and some frames for each stream.
    private static final long MAX_LATE_BYTES = 1 << 20;

    private static final long MAX_LATE_FRAMES = 10_000;
    private static final int LATE_FRAMES_A_STREAM = 64;

    /// A stream that we closed and the other side never ends is reset after this time.
    private static final long LINGER_NANOS = TimeUnit.SECONDS.toNanos(60);

    /// How long a last GO_AWAY may take: the connection is over within a second whatever the other
    /// side does.
    private static final Duration LAST_WORDS = Duration.ofMillis(500);

    private static final int FIRST_BUFFER_BYTES = 2_048;
    private static final int MAX_BUFFER_BYTES = 65_536;

    /// Reads in a row that used less than a quarter of the buffer before it shrinks.
    private static final int SMALL_READS = 64;

    /// What the owner of a session is told, on the reader's thread: it must not wait.
    public interface Owner {

        /// The other side has opened a stream.
        void opened(YamuxStream stream);

        /// The session is over; its streams have failed.
        void ended(String reason);
    }

    private final Duplex connection;
    private final boolean dialer;
    private final YamuxLimits limits;
    private final ReceiveBudget budget;
    private final ReceiveBudget processBudget;
    private final ScheduledExecutorService timer;
    private final Owner owner;
    private final Outbound outbound;
    private final Map<Integer, YamuxStream> streams = new ConcurrentHashMap<>();
    private final AtomicInteger inboundPlaces = new AtomicInteger();
    private final AtomicBoolean over = new AtomicBoolean();

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();

    // guarded by lock
    private long nextId;
    private int unacknowledged;
    private int outboundPlaces;
    private boolean closing;
    private @Nullable String reason;
    private @Nullable CompletableFuture<Long> ping;
    private int pingValue;
    private long pingSentAt;
    private long lateByteAllowance = MAX_LATE_BYTES;

    private volatile long roundTripNanos;
    private volatile @Nullable Thread sender;
    private volatile @Nullable ScheduledFuture<?> keepAlive;

    // the reader's own
    private byte[] in = new byte[FIRST_BUFFER_BYTES];
    private int inAt;
    private int inEnd;
    private int smallReads;
    private long lateBytes;
    private long lateFrames;
    private long streamsSeen;
    private int refusals;
    private long refusalsSince;

    /// @param dialer whether this side dialed: its streams are odd then
    /// @param processBudget receive memory of all sessions together
    /// @param timer runs short tasks that do not wait
    public YamuxSession(
            Duplex connection,
            boolean dialer,
            YamuxLimits limits,
            ReceiveBudget processBudget,
            ScheduledExecutorService timer,
            Owner owner) {
        this.connection = connection;
        this.dialer = dialer;
        this.limits = limits;
        this.budget = new ReceiveBudget(limits.connectionBytes());
        this.processBudget = processBudget;
        this.timer = timer;
        this.owner = owner;
        this.outbound = new Outbound(connection);
        this.nextId = dialer ? 1 : 2;
    }

    /// Starts the two threads and measures the first round trip.
    ///
    /// @param name for the threads
    public void start(String name) {
        keepAlive =
                timer.scheduleWithFixedDelay(
                        this::keepAlive, 0, limits.keepAlive().toNanos(), TimeUnit.NANOSECONDS);
        sender = Thread.ofVirtual().name("mesh-send " + name).start(this::send);
        Thread.ofVirtual().name("mesh-read " + name).start(this::read);
    }

    // --- for any thread

    /// Opens a stream; the other side learns of it with the first write.
    ///
    /// @param timeout how long to wait while too many streams are open or not acknowledged
    public YamuxStream open(Duration timeout) throws IOException {
        lock.lock();
        try {
            long left = timeout.toNanos();
            while (!closing
                    && (unacknowledged >= MAX_UNACKNOWLEDGED
                            || outboundPlaces >= limits.outboundStreams())) {
                if (left <= 0) {
                    throw new SocketTimeoutException(
                            outboundPlaces
                                    + " streams are open, "
                                    + unacknowledged
                                    + " not acknowledged");
                }
                left = changed.awaitNanos(left);
            }
            if (closing) {
                throw new IOException(
                        "the connection is over: " + (reason == null ? "closing" : reason));
            }
            if (nextId > 0xffff_ffffL) {
                throw new IOException("the connection has used up its stream numbers");
            }
            YamuxStream stream = new YamuxStream(this, (int) nextId, false);
            nextId += 2;
            unacknowledged++;
            outboundPlaces++;
            streams.put(stream.id(), stream);
            return stream;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            InterruptedIOException passed = new InterruptedIOException("interrupted");
            passed.initCause(interrupted);
            throw passed;
        } finally {
            lock.unlock();
        }
    }

    /// The last round trip that was measured; 0 before the first.
    public long roundTripNanos() {
        return roundTripNanos;
    }

    /// Measures a round trip below the streams; nanoseconds. Who asks while one is under way gets
    /// its result.
    public CompletableFuture<Long> ping() {
        CompletableFuture<Long> asked;
        int value;
        lock.lock();
        try {
            if (ping != null) {
                return ping;
            }
            asked = new CompletableFuture<>();
            if (closing && reason != null) {
                asked.completeExceptionally(new IOException("the connection is over: " + reason));
                return asked;
            }
            ping = asked;
            value = ++pingValue;
            pingSentAt = System.nanoTime();
        } finally {
            lock.unlock();
        }
        if (!outbound.offer(FrameHeader.Type.PING, FrameHeader.SYN, 0, value)) {
            end("the other side does not read");
        }
        ScheduledFuture<?> timeout =
                timer.schedule(
                        () -> pingTimedOut(asked),
                        limits.pingTimeout().toNanos(),
                        TimeUnit.NANOSECONDS);
        // a task that is waiting would keep the session in memory
        var _ = asked.whenComplete((_, _) -> timeout.cancel(false));
        return asked;
    }

    private void pingTimedOut(CompletableFuture<Long> asked) {
        if (!asked.isDone()) {
            end("no answer to a ping for " + limits.pingTimeout().toMillis() + " ms");
        }
    }

    private void keepAlive() {
        for (YamuxStream stream : streams.values()) {
            if (stream.lingers(LINGER_NANOS)) {
                stream.reset("the other side never finished");
            }
        }
        var _ = ping();
    }

    /// Number of streams that are open.
    public int streamCount() {
        return streams.size();
    }

    /// Ends in good order: no new streams; those that are open may go on for a while.
    public void close(String why) {
        lock.lock();
        try {
            if (!closing) {
                closing = true;
                changed.signalAll();
            }
            long left = limits.closeGrace().toNanos();
            while (!streams.isEmpty() && left > 0 && reason == null) {
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        } finally {
            lock.unlock();
        }
        end(why);
    }

    /// Ends at once; never waits.
    public void end(String why) {
        end(why, NORMAL);
    }

    private void end(String why, int goAwayReason) {
        lock.lock();
        try {
            closing = true;
            if (reason != null) {
                return;
            }
            reason = why;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        outbound.end(goAwayReason);
        var _ = timer.schedule(connection::close, LAST_WORDS.toNanos(), TimeUnit.NANOSECONDS);
    }

    // --- for the streams

    Outbound outbound() {
        return outbound;
    }

    YamuxLimits limits() {
        return limits;
    }

    boolean reserve(long bytes) {
        if (!budget.reserve(bytes)) {
            return false;
        }
        if (!processBudget.reserve(bytes)) {
            budget.release(bytes);
            return false;
        }
        return true;
    }

    void release(long bytes) {
        if (bytes > 0) {
            budget.release(bytes);
            processBudget.release(bytes);
        }
    }

    void offerReset(int stream) {
        if (!outbound.offer(FrameHeader.Type.WINDOW_UPDATE, FrameHeader.RST, stream, 0)) {
            end("the other side does not read", INTERNAL_ERROR);
        }
    }

    /// Both directions of a stream are over.
    ///
    /// @param credit what the other side may still send for it
    void remove(YamuxStream stream, long credit) {
        streams.remove(stream.id(), stream);
        lock.lock();
        try {
            lateByteAllowance += credit;
            if (!stream.isInbound() && stream.acknowledge()) {
                unacknowledged--;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// A stream and its owner have let go of each other.
    void free(YamuxStream stream) {
        if (stream.isInbound()) {
            inboundPlaces.decrementAndGet();
            return;
        }
        lock.lock();
        try {
            outboundPlaces--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    // --- the sender

    private void send() {
        try {
            outbound.send();
        } catch (IOException broken) {
            outbound.fail(broken);
        } finally {
            connection.close();
        }
    }

    // --- the reader

    private void read() {
        String why = "internal error";
        try {
            why = readFrames();
        } catch (MalformedException violation) {
            why = "protocol error: " + violation.getMessage();
            end(why, PROTOCOL_ERROR);
        } catch (OverloadException overload) {
            why = "overload: " + overload.getMessage();
            end(why, INTERNAL_ERROR);
        } catch (IOException broken) {
            why = "connection lost: " + broken.getMessage();
        } finally {
            finish(why);
        }
    }

    private void finish(String why) {
        lock.lock();
        try {
            closing = true;
            if (reason == null) {
                reason = why;
                outbound.fail(new IOException(why));
            } else {
                why = reason;
            }
            changed.signalAll();
        } finally {
            lock.unlock();
        }
        Thread sending = sender;
        try {
            if (sending != null) {
                sending.join(LAST_WORDS);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        connection.close();
        if (!over.compareAndSet(false, true)) {
            return;
        }
        ScheduledFuture<?> ticking = keepAlive;
        if (ticking != null) {
            ticking.cancel(false);
        }
        IOException cause = new IOException("the connection is over: " + why);
        outbound.fail(cause);
        CompletableFuture<Long> asked;
        lock.lock();
        try {
            asked = ping;
            ping = null;
        } finally {
            lock.unlock();
        }
        if (asked != null) {
            asked.completeExceptionally(cause);
        }
        for (YamuxStream stream : new ArrayList<>(streams.values())) {
            stream.connectionLost(cause);
        }
        streams.clear();
        owner.ended(why);
    }

    /// @return why there are no more
    private String readFrames() throws IOException {
        while (need(FrameHeader.BYTES)) {
            FrameHeader frame = FrameHeader.parse(in, inAt);
            inAt += FrameHeader.BYTES;
            switch (frame.type()) {
                case DATA, WINDOW_UPDATE -> {
                    if (frame.stream() == 0) {
                        throw new MalformedException(frame.type() + " on stream 0");
                    }
                    onStream(frame);
                }
                case PING -> onPing(frame);
                case GO_AWAY -> {
                    if (frame.stream() != 0) {
                        throw new MalformedException("GO_AWAY on a stream");
                    }
                    return "the other side has closed ("
                            + Integer.toUnsignedLong(frame.length())
                            + ")";
                }
            }
        }
        return "the other side has gone";
    }

    private void onPing(FrameHeader frame) throws IOException {
        if (frame.stream() != 0) {
            throw new MalformedException("PING on a stream");
        }
        if (frame.has(FrameHeader.SYN)) {
            if (!outbound.offerPong(frame.length(), MAX_WAITING_PONGS)) {
                throw new OverloadException("the other side asks and does not read");
            }
            return;
        }
        CompletableFuture<Long> asked = null;
        long nanos = 0;
        lock.lock();
        try {
            if (ping != null && pingValue == frame.length()) {
                asked = ping;
                ping = null;
                nanos = Math.max(1, System.nanoTime() - pingSentAt);
                roundTripNanos = nanos;
            }
        } finally {
            lock.unlock();
        }
        if (asked != null) {
            asked.complete(nanos);
        }
    }

    private void onStream(FrameHeader frame) throws IOException {
        long length = Integer.toUnsignedLong(frame.length());
        boolean isData = frame.type() == FrameHeader.Type.DATA;
        if (frame.has(FrameHeader.SYN)) {
            boolean odd = (frame.stream() & 1) != 0;
            if (odd == dialer) {
                throw new MalformedException("SYN with a stream number of ours");
            }
            if (streams.containsKey(frame.stream())) {
                throw new MalformedException("SYN on a stream that is open");
            }
            if (!accept(frame)) {
                // what travels with a refused SYN may be a first window at most
                if (isData) {
                    if (length > YamuxLimits.INITIAL_WINDOW) {
                        throw new MalformedException(
                                "a body of " + length + " bytes, over the window");
                    }
                    skip(length);
                }
                return;
            }
        }
        YamuxStream stream = streams.get(frame.stream());
        if (stream == null) {
            late(isData ? length : 0);
            return;
        }
        if (frame.has(FrameHeader.ACK) && !stream.isInbound() && stream.acknowledge()) {
            acknowledged();
        }
        if (isData) {
            if (!stream.charge(length)) {
                throw new MalformedException("a body of " + length + " bytes, over the window");
            }
            deliver(stream, length);
        }
        if (frame.has(FrameHeader.RST)) {
            // here go puts an error code into the length: no credit
            stream.remoteReset();
            return;
        }
        if (!isData && length > 0 && !stream.addCredit(length)) {
            throw new MalformedException("a window of more than 2^32 - 1 bytes");
        }
        if (frame.has(FrameHeader.FIN)) {
            stream.remoteFinish();
        }
    }

    private void acknowledged() {
        lock.lock();
        try {
            unacknowledged--;
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Makes a stream of the other side; false if it was refused.
    private boolean accept(FrameHeader frame) throws IOException {
        boolean refuse;
        lock.lock();
        try {
            refuse = closing;
        } finally {
            lock.unlock();
        }
        streamsSeen++;
        if (refuse || inboundPlaces.get() >= limits.inboundStreams()) {
            long now = System.nanoTime();
            if (refusals == 0 || now - refusalsSince > REFUSAL_NANOS) {
                refusals = 0;
                refusalsSince = now;
            }
            if (++refusals >= MAX_REFUSALS) {
                throw new OverloadException(refusals + " streams over the limit");
            }
            if (!outbound.offer(
                    FrameHeader.Type.WINDOW_UPDATE, FrameHeader.RST, frame.stream(), 0)) {
                throw new OverloadException("the other side opens streams and does not read");
            }
            return false;
        }
        inboundPlaces.incrementAndGet();
        YamuxStream stream = new YamuxStream(this, frame.stream(), true);
        streams.put(frame.stream(), stream);
        owner.opened(stream);
        return true;
    }

    /// A frame for a stream that we no longer know: normal after a reset that crossed it, and
    /// counted, because it costs the sender little.
    private void late(long length) throws IOException {
        lateFrames++;
        lateBytes += length;
        long allowance;
        lock.lock();
        try {
            allowance = lateByteAllowance;
            if (lateFrames > MAX_LATE_FRAMES + LATE_FRAMES_A_STREAM * (streamsSeen + nextId / 2)) {
                throw new MalformedException(lateFrames + " frames for streams that are gone");
            }
        } finally {
            lock.unlock();
        }
        if (lateBytes > allowance) {
            throw new MalformedException(lateBytes + " bytes for streams that are gone");
        }
        skip(length);
    }

    private void deliver(YamuxStream stream, long length) throws IOException {
        long left = length;
        while (left > 0) {
            if (inAt == inEnd && !refill()) {
                throw new EOFException("ended within a body");
            }
            int count = (int) Math.min(left, inEnd - inAt);
            stream.receive(in, inAt, count);
            inAt += count;
            left -= count;
        }
    }

    private void skip(long length) throws IOException {
        long left = length;
        while (left > 0) {
            if (inAt == inEnd && !refill()) {
                throw new EOFException("ended within a body");
            }
            int count = (int) Math.min(left, inEnd - inAt);
            inAt += count;
            left -= count;
        }
    }

    /// Makes `count` bytes available; false at the end before the first of them.
    private boolean need(int count) throws IOException {
        while (inEnd - inAt < count) {
            boolean none = inAt == inEnd;
            if (!refill()) {
                if (none) {
                    return false;
                }
                throw new EOFException("ended within a frame header");
            }
        }
        return true;
    }

    /// Reads once; what was there is kept.
    private boolean refill() throws IOException {
        int kept = inEnd - inAt;
        if (smallReads > SMALL_READS
                && in.length > FIRST_BUFFER_BYTES
                && kept < FIRST_BUFFER_BYTES) {
            byte[] smaller = new byte[FIRST_BUFFER_BYTES];
            System.arraycopy(in, inAt, smaller, 0, kept);
            in = smaller;
            smallReads = 0;
        } else if (kept > 0) {
            System.arraycopy(in, inAt, in, 0, kept);
        }
        inAt = 0;
        inEnd = kept;
        int room = in.length - kept;
        int count = connection.read(in, kept, room);
        if (count < 0) {
            return false;
        }
        inEnd = kept + count;
        smallReads = inEnd < in.length / 4 ? smallReads + 1 : 0;
        if (count == room && in.length < MAX_BUFFER_BYTES) {
            byte[] larger = new byte[Math.min(MAX_BUFFER_BYTES, in.length * 4)];
            System.arraycopy(in, 0, larger, 0, inEnd);
            in = larger;
        }
        return true;
    }

    /// The other side asks for more than we serve.
    private static final class OverloadException extends IOException {

        @Serial private static final long serialVersionUID = 1L;

        OverloadException(String message) {
            super(message);
        }
    }
}
