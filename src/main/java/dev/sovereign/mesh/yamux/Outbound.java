package dev.sovereign.mesh.yamux;

import dev.sovereign.mesh.wire.Duplex;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.SocketTimeoutException;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// Frames on their way out, in order. Whoever has something to say appends it; one thread sends
/// what has gathered in one go. Whoever brings data waits while too much of it is there; the reader
/// of the session never waits, because two sides that wait for each other to read would be stuck.
final class Outbound {

    /// Data that may gather: four of the largest records of the layer below.
    private static final int MAX_DATA_BYTES = 4 * 65_519;

    /// Frames without a body that may gather; from specs/mesh.md, 5. They have room of their own.
    static final int MAX_CONTROL_FRAMES = 1_024;

    private static final int FIRST_BYTES = 1_024;

    /// Batches in a row that used less than a quarter of a buffer before it shrinks.
    private static final int SMALL_BATCHES = 64;

    private final Duplex connection;
    private final ReentrantLock lock = new ReentrantLock();
    private final Condition something = lock.newCondition();
    private final Condition room = lock.newCondition();

    // all guarded by lock
    private byte[] filling = new byte[FIRST_BYTES];
    private int filled;
    private int controls;
    private int pingAnswers;
    private boolean ending;
    private @Nullable IOException failure;

    /// The sender's own.
    private byte[] sending = new byte[FIRST_BYTES];

    private int smallBatches;

    Outbound(Duplex connection) {
        this.connection = connection;
    }

    /// Appends a frame with a body, once there is room.
    ///
    /// @param deadline in [System#nanoTime]; 0 for none
    void data(int flags, int stream, byte[] from, int offset, int length, long deadline)
            throws IOException {
        lock.lock();
        try {
            while (failure == null && !ending && filled + length > MAX_DATA_BYTES && filled > 0) {
                await(room, deadline, "nothing was taken from us");
            }
            check();
            int at = append(FrameHeader.Type.DATA, flags, stream, length, length);
            System.arraycopy(from, offset, filling, at, length);
        } finally {
            lock.unlock();
        }
    }

    /// Appends a frame without a body, once there is room: for those who may wait.
    void control(FrameHeader.Type type, int flags, int stream, int length) throws IOException {
        lock.lock();
        try {
            while (failure == null && !ending && controls >= MAX_CONTROL_FRAMES / 2) {
                await(room, 0, "");
            }
            check();
            controls++;
            append(type, flags, stream, length, 0);
        } finally {
            lock.unlock();
        }
    }

    /// Appends a frame without a body at once.
    ///
    /// @return false if too many are waiting: the other side does not read
    boolean offer(FrameHeader.Type type, int flags, int stream, int length) {
        lock.lock();
        try {
            if (failure != null || ending) {
                return true;
            }
            if (controls >= MAX_CONTROL_FRAMES) {
                return false;
            }
            controls++;
            append(type, flags, stream, length, 0);
            return true;
        } finally {
            lock.unlock();
        }
    }

    /// Answers a ping, unless `most` answers are waiting already.
    boolean offerPong(int value, int most) {
        lock.lock();
        try {
            if (pingAnswers >= most) {
                return true;
            }
            pingAnswers++;
            return offer(FrameHeader.Type.PING, FrameHeader.ACK, 0, value);
        } finally {
            lock.unlock();
        }
    }

    /// Appends a last frame; what is waiting is sent, nothing more is taken.
    void end(int goAwayReason) {
        lock.lock();
        try {
            if (failure == null && !ending) {
                append(FrameHeader.Type.GO_AWAY, 0, 0, goAwayReason, 0);
                ending = true;
                room.signalAll();
            }
        } finally {
            lock.unlock();
        }
    }

    /// Whoever waits fails with `cause`; nothing more is sent.
    void fail(IOException cause) {
        lock.lock();
        try {
            if (failure == null) {
                failure = cause;
            }
            something.signalAll();
            room.signalAll();
        } finally {
            lock.unlock();
        }
    }

    /// The sender's life; returns after the last frame was sent or something failed.
    void send() throws IOException {
        int count;
        while ((count = take()) > 0) {
            connection.write(sending, 0, count);
        }
    }

    private int take() throws IOException {
        lock.lock();
        try {
            while (filled == 0 && failure == null && !ending) {
                something.awaitUninterruptibly();
            }
            if (failure != null) {
                return 0;
            }
            byte[] full = filling;
            int count = filled;
            filling = emptyBuffer(count);
            sending = full;
            filled = 0;
            controls = 0;
            pingAnswers = 0;
            room.signalAll();
            return count;
        } finally {
            lock.unlock();
        }
    }

    private byte[] emptyBuffer(int lastCount) {
        smallBatches = lastCount < sending.length / 4 ? smallBatches + 1 : 0;
        if (smallBatches > SMALL_BATCHES && sending.length > FIRST_BYTES) {
            smallBatches = 0;
            return new byte[FIRST_BYTES];
        }
        return sending;
    }

    private void check() throws IOException {
        if (failure != null) {
            throw new IOException(failure.getMessage(), failure);
        }
        if (ending) {
            throw new IOException("the connection is ending");
        }
    }

    /// Writes a header and makes room for `body` bytes; wakes the sender.
    ///
    /// @return where the body belongs
    private int append(FrameHeader.Type type, int flags, int stream, int length, int body) {
        int needed = filled + FrameHeader.BYTES + body;
        if (needed > filling.length) {
            byte[] larger = new byte[Math.max(needed, filling.length * 2)];
            System.arraycopy(filling, 0, larger, 0, filled);
            filling = larger;
        }
        FrameHeader.write(filling, filled, type, flags, stream, length);
        int at = filled + FrameHeader.BYTES;
        if (filled == 0) {
            something.signal();
        }
        filled = needed;
        return at;
    }

    /// Waits on `condition`, at most until `deadline`. The lock is held; callers look again at what
    /// they wait for.
    @SuppressWarnings("WaitNotInLoop")
    private static void await(Condition condition, long deadline, String late) throws IOException {
        try {
            if (deadline == 0) {
                condition.await();
            } else if (condition.awaitNanos(deadline - System.nanoTime()) <= 0) {
                throw new SocketTimeoutException(late + " until the deadline");
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            InterruptedIOException passed = new InterruptedIOException("interrupted");
            passed.initCause(interrupted);
            throw passed;
        }
    }
}
