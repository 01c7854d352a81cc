package dev.sovereign.runtime.wasm;

/// The fuel of a run that no slice has yet, and the two other reasons to stop: the deadline and
/// cancellation. Looked at whenever a slice is used up.
final class Meter {

    /// Fuel given out at a time: some 10 ms of work, so that a run stops that soon.
    static final long SLICE = 10_000_000;

    private final long budget;
    private long reserve;
    private long deadlineNanos = Long.MAX_VALUE;
    private boolean hasDeadline;
    private volatile boolean cancelled;

    Meter(long budget) {
        this.budget = budget;
        this.reserve = budget;
    }

    void deadline(long nanos) {
        deadlineNanos = nanos;
        hasDeadline = true;
    }

    long deadlineNanos() {
        return hasDeadline ? deadlineNanos : System.nanoTime() + Long.MAX_VALUE / 2;
    }

    void cancel() {
        cancelled = true;
    }

    boolean isCancelled() {
        return cancelled;
    }

    /// Adds slices until `left` is not below zero.
    ///
    /// @throws Stopped when that cannot be; nothing is taken then
    long more(long left) {
        check();
        if (left + reserve < 0) {
            throw new Stopped(Stopped.Why.FUEL);
        }
        long wanted = Math.max(SLICE, -left);
        long taken = Math.min(wanted, reserve);
        reserve -= taken;
        return left + taken;
    }

    /// @throws Stopped when the run must end now
    void check() {
        if (cancelled) {
            throw new Stopped(Stopped.Why.CANCELLED);
        }
        if (hasDeadline && System.nanoTime() - deadlineNanos >= 0) {
            throw new Stopped(Stopped.Why.TIMEOUT);
        }
    }

    /// @param left of the present slice
    long remaining(long left) {
        return left + reserve;
    }

    /// What has been charged, at most the budget.
    long used(long left) {
        return Math.min(budget, budget - reserve - left);
    }
}
