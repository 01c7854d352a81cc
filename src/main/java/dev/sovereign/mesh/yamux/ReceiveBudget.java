package dev.sovereign.mesh.yamux;

import java.util.concurrent.atomic.AtomicLong;

/// How many bytes may be kept for readers who have not come yet: a bound for a connection within
/// one for the process. Any thread.
public final class ReceiveBudget {

    private final long limitBytes;
    private final AtomicLong usedBytes = new AtomicLong();

    public ReceiveBudget(long limitBytes) {
        this.limitBytes = limitBytes;
    }

    /// Takes `bytes` if they are there.
    boolean reserve(long bytes) {
        long used = usedBytes.addAndGet(bytes);
        if (used <= limitBytes) {
            return true;
        }
        usedBytes.addAndGet(-bytes);
        return false;
    }

    void release(long bytes) {
        usedBytes.addAndGet(-bytes);
    }

    /// Bytes that are taken at present.
    public long usedBytes() {
        return usedBytes.get();
    }
}
