package dev.sovereign.node.daemon;

import dev.sovereign.protocol.Bounds;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;

/// The bytes of a wanted file on their way from a connection's reader to a handler. The reader only
/// puts and never waits: what the caller may send is bounded by the credit it was granted.
final class Upload extends InputStream {

    /// Grants the caller more, or tells it to stop. Called by the handler's thread; may block.
    interface Caller {
        void grant(long bytes) throws InterruptedException;

        /// @param tell the caller would send more
        void closed(boolean tell);
    }

    private final Caller caller;

    /// Guarded by `this`, like the fields below.
    private final Deque<byte[]> chunks = new ArrayDeque<>();

    private long credit;
    private boolean answered;
    private boolean ended;
    private boolean cancelled;
    private boolean closed;
    private @Nullable String failure;

    /// For the handler's thread: the chunk being read, and bytes read since the last grant.
    private byte[] current = new byte[0];

    private int position;
    private long consumed;

    Upload(Caller caller) {
        this.caller = caller;
    }

    /// Grants the first window.
    void open() throws InterruptedException {
        grant(Bounds.FILE_WINDOW_BYTES);
    }

    /// Takes bytes off the connection.
    ///
    /// @return false when they are more than was granted, which breaks the protocol
    synchronized boolean put(byte[] bytes, boolean end) {
        if (bytes.length > credit || ended) {
            return false;
        }
        credit -= bytes.length;
        answered = true;
        ended = end;
        if (!closed && bytes.length > 0) {
            chunks.add(bytes);
        }
        notifyAll();
        return true;
    }

    synchronized void fail(String reason) {
        failure = reason;
        answered = true;
        notifyAll();
    }

    synchronized void cancel() {
        cancelled = true;
        chunks.clear();
        notifyAll();
    }

    /// Waits for the first bytes.
    ///
    /// @return why the caller cannot read the file; null when it can
    synchronized @Nullable String awaitOpen() throws InterruptedException {
        while (!answered && !cancelled) {
            wait();
        }
        if (cancelled) {
            throw new InterruptedException("cancelled");
        }
        return failure != null && chunks.isEmpty() ? failure : null;
    }

    @Override
    public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        if (length == 0) {
            return 0;
        }
        if (position == current.length && !next()) {
            return -1;
        }
        int count = Math.min(length, current.length - position);
        System.arraycopy(current, position, target, offset, count);
        position += count;
        return count;
    }

    /// Takes the next chunk and grants the caller more when half the window has been read.
    private boolean next() throws IOException {
        consumed += current.length;
        current = new byte[0];
        position = 0;
        try {
            if (consumed >= Bounds.FILE_WINDOW_BYTES / 2) {
                long more = consumed;
                consumed = 0;
                grant(more);
            }
            return take();
        } catch (InterruptedException cancelledNow) {
            throw interrupted();
        }
    }

    private synchronized boolean take() throws IOException, InterruptedException {
        while (chunks.isEmpty() && !ended && failure == null && !cancelled && !closed) {
            wait();
        }
        if (cancelled) {
            throw interrupted();
        }
        if (closed) {
            throw new IOException("closed");
        }
        byte[] chunk = chunks.poll();
        if (chunk != null) {
            current = chunk;
            return true;
        }
        if (failure != null) {
            throw new IOException(failure);
        }
        return false;
    }

    private void grant(long bytes) throws InterruptedException {
        synchronized (this) {
            if (ended || failure != null) {
                return;
            }
            credit += bytes;
        }
        caller.grant(bytes);
    }

    @Override
    public void close() {
        boolean tell;
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
            chunks.clear();
            tell = !ended && failure == null && !cancelled;
            notifyAll();
        }
        caller.closed(tell);
    }

    private static InterruptedIOException interrupted() {
        return new InterruptedIOException("cancelled");
    }
}
