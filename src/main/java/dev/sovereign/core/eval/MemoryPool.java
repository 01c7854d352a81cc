package dev.sovereign.core.eval;

import java.util.concurrent.atomic.AtomicLong;

/// Heap that evaluations share, so that many modest ones cannot exhaust it together. Any thread.
public final class MemoryPool {

    /// Share of the heap that evaluations may take, in percent: tables that grow hold the old one
    /// until they are copied, and the rest of the process needs some (guess, checked by
    /// MemoryLimitTest with a small heap).
    private static final int HEAP_PERCENT = 60;

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

    /// False, and nothing taken, when it does not fit.
    boolean take(long bytes) {
        if (takenBytes.addAndGet(bytes) <= capacityBytes) {
            return true;
        }
        takenBytes.addAndGet(-bytes);
        return false;
    }

    void giveBack(long bytes) {
        takenBytes.addAndGet(-bytes);
    }
}
