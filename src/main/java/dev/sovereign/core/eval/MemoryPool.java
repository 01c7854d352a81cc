package dev.sovereign.core.eval;

import java.util.concurrent.atomic.AtomicLong;

/// Heap that evaluations share, so that many modest ones cannot exhaust it together. Any thread.
public final class MemoryPool {

    /// Share of the heap that evaluations may take, in percent: tables that grow hold the old one
    /// until they are copied, and the rest of the process needs some (guess, checked by HeapTest
    /// with a small heap).
    private static final int HEAP_PERCENT = 60;

    /// What an evaluation may take from the share that is kept for small ones: enough for a
    /// question about some thousand tuples.
    private static final long SMALL_BYTES = 2 << 20;

    /// The share that is kept for small ones, in percent: so that one without end, which takes all
    /// that it can get, does not stop the others.
    private static final int SMALL_PERCENT = 15;

    /// Of this process: a fixed share of its largest heap.
    public static final MemoryPool PROCESS =
            new MemoryPool(Runtime.getRuntime().maxMemory() / 100 * HEAP_PERCENT);

    private final long capacityBytes;
    private final AtomicLong takenBytes = new AtomicLong();

    public MemoryPool(long capacityBytes) {
        this.capacityBytes = capacityBytes;
    }

    public long capacityBytes() {
        return capacityBytes;
    }

    /// Held by evaluations now.
    public long takenBytes() {
        return takenBytes.get();
    }

    /// What evaluations that are not small may take together.
    public long largeBytes() {
        return capacityBytes / 100 * (100 - SMALL_PERCENT);
    }

    /// False, and nothing taken, when it does not fit.
    ///
    /// @param held by the evaluation already
    boolean take(long bytes, long held) {
        long most = held + bytes <= SMALL_BYTES ? capacityBytes : largeBytes();
        if (takenBytes.addAndGet(bytes) <= most) {
            return true;
        }
        takenBytes.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        takenBytes.addAndGet(-bytes);
    }
}
