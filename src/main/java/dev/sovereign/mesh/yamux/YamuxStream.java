package dev.sovereign.mesh.yamux;

import dev.sovereign.mesh.wire.Duplex;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// One stream of a session. Each direction ends on its own ([#closeWrite], end of stream at
/// [#read]) or both at once ([#reset]).
///
/// One thread reads and one writes at a time; any thread may reset or close. The other side may
/// send only what fits the window that it was granted, and is granted more when we have read.
public final class YamuxStream implements Duplex {

    /// Longest body of a frame: with its header it fills one Noise record. Peers take 64 KiB.
    static final int MAX_BODY_BYTES = 65_519 - FrameHeader.BYTES;

    /// Reading half a window within so many round trips shows that the window is what slows the
    /// sender (go and js have the same number).
    private static final int GROWTH_ROUND_TRIPS = 4;

    private static final long MAX_WINDOW = 0xffff_ffffL;

    private final YamuxSession session;
    private final int id;
    private final boolean inbound;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition readable = lock.newCondition();
    private final Condition writable = lock.newCondition();

    // all guarded by lock
    private final ReceiveBuffer received = new ReceiveBuffer();
    private long reserved;
    private int window = YamuxLimits.INITIAL_WINDOW;
    private long credit = YamuxLimits.INITIAL_WINDOW;
    private int readSinceGrant;
    private long grantedAt = System.nanoTime();
    private boolean remoteFinished;
    private boolean readClosed;
    private long sendCredit = YamuxLimits.INITIAL_WINDOW;
    private int flagsDue;
    private boolean finished;
    private @Nullable IOException failure;
    private boolean acknowledged;
    private boolean removed;
    private boolean freed;
    private boolean ownerDone;
    private long closedAt;

    private volatile long deadline;

    YamuxStream(YamuxSession session, int id, boolean inbound) {
        this.session = session;
        this.id = id;
        this.inbound = inbound;
        this.flagsDue = inbound ? FrameHeader.ACK : FrameHeader.SYN;
        this.acknowledged = inbound;
    }

    int id() {
        return id;
    }

    boolean isInbound() {
        return inbound;
    }

    /// Reads and writes after `timeout` from now fail with [SocketTimeoutException]; null takes the
    /// bound away.
    public void deadline(@Nullable Duration timeout) {
        deadline = timeout == null ? 0 : Math.max(1, System.nanoTime() + timeout.toNanos());
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        int count;
        long grant = 0;
        int flags = 0;
        lock.lock();
        try {
            while (received.size() == 0) {
                if (remoteFinished) {
                    return -1;
                }
                if (failure != null) {
                    throw new IOException(failure.getMessage(), failure);
                }
                if (readClosed) {
                    throw new IOException("this side has closed the stream");
                }
                await(readable);
            }
            count = received.take(into, offset, length);
            readSinceGrant += count;
            if (remoteFinished) {
                releaseWhenRead();
            } else if (failure == null && readSinceGrant >= window / 2) {
                grant = (long) grow() + readSinceGrant;
                credit += grant;
                readSinceGrant = 0;
                flags = takeFlags();
            }
        } finally {
            lock.unlock();
        }
        if (grant > 0) {
            session.outbound().control(FrameHeader.Type.WINDOW_UPDATE, flags, id, (int) grant);
        }
        return count;
    }

    /// Bytes that a [#read] would get without waiting.
    public int available() {
        lock.lock();
        try {
            return received.size();
        } finally {
            lock.unlock();
        }
    }

    /// Doubles the window when it slows the sender and there is memory for it.
    ///
    /// @return by how many bytes it grew
    private int grow() {
        long now = System.nanoTime();
        long roundTrip = session.roundTripNanos();
        boolean fast = roundTrip > 0 && now - grantedAt < GROWTH_ROUND_TRIPS * roundTrip;
        grantedAt = now;
        int more = window;
        if (!fast || window >= session.limits().streamBytes() || !reserveUpTo(2L * window)) {
            return 0;
        }
        window += more;
        return more;
    }

    private boolean reserveUpTo(long bytes) {
        if (bytes <= reserved) {
            return true;
        }
        if (!session.reserve(bytes - reserved)) {
            return false;
        }
        reserved = bytes;
        return true;
    }

    private void releaseWhenRead() {
        if (received.size() == 0) {
            received.clear();
            session.release(reserved);
            reserved = 0;
        }
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int count;
            int flags;
            lock.lock();
            try {
                while (sendCredit == 0 && failure == null && !finished) {
                    await(writable);
                }
                checkWritable();
                count = (int) Math.min(Math.min(end - at, sendCredit), MAX_BODY_BYTES);
                sendCredit -= count;
                flags = takeFlags();
            } finally {
                lock.unlock();
            }
            boolean sent = false;
            try {
                session.outbound().data(flags, id, from, at, count, deadline);
                sent = true;
            } finally {
                afterAppending(sent ? 0 : count, sent ? 0 : flags);
            }
            at += count;
        }
    }

    private void checkWritable() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        if (finished) {
            throw new IOException("this side has finished writing");
        }
    }

    /// Takes back what was not sent. A reset that came in between may have overtaken our frame: it
    /// is said again.
    private void afterAppending(int unsent, int flags) {
        boolean overtaken;
        lock.lock();
        try {
            sendCredit += unsent;
            flagsDue |= flags;
            overtaken = failure instanceof StreamResetException reset && reset.byUs();
        } finally {
            lock.unlock();
        }
        if (overtaken) {
            session.offerReset(id);
        }
    }

    private int takeFlags() {
        int flags = flagsDue;
        flagsDue = 0;
        return flags;
    }

    /// Half-close: the other side reads to the end; this side may still read.
    public void closeWrite() throws IOException {
        int flags;
        lock.lock();
        try {
            if (finished || failure != null) {
                return;
            }
            finished = true;
            flags = takeFlags() | FrameHeader.FIN;
            writable.signalAll();
        } finally {
            lock.unlock();
        }
        session.outbound().control(FrameHeader.Type.WINDOW_UPDATE, flags, id, 0);
        settle();
    }

    /// Ends both directions in good order: what was written arrives, what comes is thrown away.
    @Override
    public void close() {
        try {
            closeWrite();
        } catch (IOException broken) {
            reset("the stream could not be closed: " + broken.getMessage());
        }
        lock.lock();
        try {
            readClosed = true;
            ownerDone = true;
            closedAt = System.nanoTime();
            received.clear();
            session.release(reserved);
            reserved = 0;
            readable.signalAll();
        } finally {
            lock.unlock();
        }
        settle();
    }

    /// Ends both directions at once; what was not read or sent is lost.
    ///
    /// @param reason for whoever still reads or writes here; the other side is not told
    public void reset(String reason) {
        boolean first;
        boolean known;
        lock.lock();
        try {
            first = failure == null && !(finished && remoteFinished);
            // a stream whose SYN was never sent has nothing to reset
            known = (flagsDue & FrameHeader.SYN) == 0;
            ownerDone = true;
        } finally {
            lock.unlock();
        }
        if (first) {
            fail(new StreamResetException(reason, true), true);
            if (known) {
                session.offerReset(id);
            }
        }
        settle();
    }

    /// Whether nothing can be written any more.
    public boolean isOver() {
        lock.lock();
        try {
            return failure != null || (finished && remoteFinished);
        } finally {
            lock.unlock();
        }
    }

    // --- what the session's reader tells us; it never waits

    /// Takes `length` from the credit of the other side.
    ///
    /// @return false if it has less
    boolean charge(long length) {
        lock.lock();
        try {
            if (length > credit) {
                return false;
            }
            credit -= length;
            return true;
        } finally {
            lock.unlock();
        }
    }

    void receive(byte[] from, int offset, int count) {
        boolean full = false;
        lock.lock();
        try {
            if (readClosed || failure != null) {
                return;
            }
            if (reserveUpTo(received.capacityFor(count))) {
                received.put(from, offset, count);
                readable.signal();
            } else {
                full = true;
            }
        } finally {
            lock.unlock();
        }
        if (full) {
            reset("more was received than this node has memory for");
        }
    }

    void remoteFinish() {
        lock.lock();
        try {
            remoteFinished = true;
            releaseWhenRead();
            readable.signalAll();
        } finally {
            lock.unlock();
        }
        settle();
    }

    void remoteReset() {
        fail(new StreamResetException("the other side has reset the stream", false), true);
        settle();
    }

    /// @return false if the window would be larger than any may be
    boolean addCredit(long more) {
        lock.lock();
        try {
            if (sendCredit + more > MAX_WINDOW) {
                return false;
            }
            sendCredit += more;
            writable.signal();
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// @return true the first time, for a stream that we opened
    boolean acknowledge() {
        lock.lock();
        try {
            boolean first = !acknowledged;
            acknowledged = true;
            return first;
        } finally {
            lock.unlock();
        }
    }

    /// The connection is gone. What had arrived can still be read.
    void connectionLost(IOException cause) {
        fail(cause, false);
    }

    private void fail(IOException cause, boolean dropReceived) {
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
            }
            if (dropReceived) {
                received.clear();
                session.release(reserved);
                reserved = 0;
            }
            readable.signalAll();
            writable.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// Whether it was closed by us `nanos` ago, and the other side has not ended it since.
    boolean lingers(long nanos) {
        lock.lock();
        try {
            return closedAt != 0
                    && failure == null
                    && !remoteFinished
                    && System.nanoTime() - closedAt > nanos;
        } finally {
            lock.unlock();
        }
    }

    /// Leaves the session once both directions are over, and gives its place to another once its
    /// owner has also let go: a stream that was reset still occupies whoever serves it.
    private void settle() {
        boolean leaves;
        boolean frees;
        long open;
        lock.lock();
        try {
            boolean over = failure != null || (finished && remoteFinished);
            leaves = over && !removed;
            removed |= over;
            frees = removed && (ownerDone || !inbound) && !freed;
            freed |= frees;
            open = remoteFinished ? 0 : credit;
        } finally {
            lock.unlock();
        }
        if (leaves) {
            session.remove(this, open);
        }
        if (frees) {
            session.free(this);
        }
    }

    /// The lock is held; callers look again at what they wait for.
    @SuppressWarnings("WaitNotInLoop")
    private void await(Condition condition) throws IOException {
        long until = deadline;
        try {
            if (until == 0) {
                condition.await();
            } else if (condition.awaitNanos(until - System.nanoTime()) <= 0) {
                throw new SocketTimeoutException("nothing came until the deadline");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            InterruptedIOException passed = new InterruptedIOException("interrupted");
            passed.initCause(interrupted);
            throw passed;
        }
    }
}
