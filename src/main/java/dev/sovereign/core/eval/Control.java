package dev.sovereign.core.eval;

import dev.sovereign.core.ast.Span;
import dev.sovereign.core.data.MemoryMeter;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.LongSupplier;

/// Stops one evaluation: when it is cancelled, or at a limit. The evaluating thread counts here and
/// looks up every [#CREDIT] rows, far more often than every 50 ms; any thread may [#cancel]. Where
/// several threads evaluate, each counts in a [#lane] of its own, and they share what is left.
///
/// Closing gives back the memory that the evaluation counted in its pool: when its results are no
/// longer used.
public final class Control implements MemoryMeter, AutoCloseable {

    /// Rows between two looks at the clock and the flag: some 20 to 200 microseconds.
    private static final int CREDIT = 4096;

    /// Memory is taken from the pool in pieces, to touch what threads share rarely: as much again
    /// as is held, from the first figure to the second.
    private static final long FIRST_PIECE_BYTES = 1 << 16;

    private static final long PIECE_BYTES = 1 << 20;

    private final Limits limits;
    private final MemoryPool pool;
    private final LongSupplier nanoClock;
    private final long startNanos;
    private volatile boolean cancelled;
    private volatile @Nullable Runnable hook;
    private volatile OuterFunctors functors = OuterFunctors.NONE;

    /// The evaluation that this is one lane of; itself when it is none.
    private final Control whole;

    /// Whether lanes are at work: then allocations of any of them are counted under this lock.
    private boolean divided;

    /// Set when a lane was stopped, which is to stop the others.
    private volatile boolean stopped;

    /// The most tuples that [#tuples] may come to.
    private long mostTuples;

    // the evaluating thread's
    private int credit;
    private int granted;
    private long fuelUsed;
    private long tuples;
    private long bytes;
    private long reservedBytes;
    private @Nullable Span rule;
    private String doing = "";

    /// Counts from now, in the memory of this process.
    public Control(Limits limits) {
        this(limits, MemoryPool.PROCESS, System::nanoTime);
    }

    /// @param nanoClock as [System#nanoTime]
    public Control(Limits limits, MemoryPool pool, LongSupplier nanoClock) {
        this.limits = limits;
        this.pool = pool;
        this.nanoClock = nanoClock;
        this.startNanos = nanoClock.getAsLong();
        this.whole = this;
        this.mostTuples = limits.tuples();
        grant();
    }

    private Control(Control whole) {
        this.limits = whole.limits;
        this.pool = whole.pool;
        this.nanoClock = whole.nanoClock;
        this.startNanos = whole.startNanos;
        this.whole = whole;
    }

    /// The control of one of several threads that work on this evaluation at the same time, between
    /// [#divide] and [#gather].
    Control lane() {
        return new Control(this);
    }

    /// From here on lanes work.
    void divide(List<Control> lanes) {
        divided = true;
        for (Control lane : lanes) {
            lane.mostTuples = limits.tuples() - tuples;
        }
    }

    /// Ends the work of lanes soon: one was stopped.
    void stopLanes() {
        stopped = true;
    }

    /// Takes over what lanes counted.
    void gather(List<Control> lanes) {
        divided = false;
        for (Control lane : lanes) {
            fuelUsed += lane.granted - lane.credit;
            lane.granted = 0;
            lane.credit = 0;
            tuples += lane.tuples;
            lane.tuples = 0;
        }
        derived(0);
    }

    /// Tuples that may still be derived.
    long tuplesLeft() {
        return mostTuples - tuples;
    }

    /// So many tuples were found that are not counted yet.
    void pending(int more) {
        if (more > tuplesLeft()) {
            derived(more);
        }
    }

    /// Stops a lane because another one was stopped, which says why.
    static final class LaneStopped extends RuntimeException {
        private static final long serialVersionUID = 1;

        LaneStopped() {
            super("another lane was stopped", null, false, false);
        }
    }

    /// Stops only at [#cancel] and before the heap is exhausted.
    public static Control unlimited() {
        return new Control(Limits.NONE);
    }

    /// Ends the evaluation soon with `core.cancelled`. Any thread, any number of times.
    public void cancel() {
        cancelled = true;
        Runnable waiting = hook;
        if (waiting != null) {
            waiting.run();
        }
    }

    /// Who else is told of a cancellation, at once when it has happened: whatever the evaluating
    /// thread waits for. Null when it no longer waits.
    public void onCancel(@Nullable Runnable told) {
        hook = told;
        if (told != null && cancelled) {
            told.run();
        }
    }

    /// Lends the evaluation functors from outside; to be called before it begins.
    public void lend(OuterFunctors lent) {
        functors = lent;
    }

    OuterFunctors functors() {
        return functors;
    }

    public boolean isCancelled() {
        return cancelled;
    }

    /// Rows looked at so far.
    public long fuelUsed() {
        return fuelUsed + granted - Math.max(credit, 0);
    }

    /// Tuples derived so far.
    public long tuples() {
        return tuples;
    }

    /// Bytes held now, about.
    public long bytes() {
        return bytes;
    }

    /// Names what is evaluated from here on, for messages.
    ///
    /// @param what such as the name of the relation
    /// @param rule where it is written; null for none
    public void enter(String what, @Nullable Span rule) {
        this.doing = what;
        this.rule = rule;
    }

    /// One row was looked at.
    public void step() {
        if (--credit < 0) {
            credit++;
            refill();
            credit--;
        }
    }

    /// Some rows were looked at.
    public void steps(int rows) {
        while (rows > credit) {
            rows -= credit;
            credit = 0;
            refill();
        }
        credit -= rows;
    }

    /// Other work was done, as much as looking at so many rows.
    public void worked(long rows) {
        for (long left = rows; left > 0; left -= Integer.MAX_VALUE) {
            steps((int) Math.min(left, Integer.MAX_VALUE));
        }
    }

    /// One tuple was derived.
    public void derived() {
        derived(1);
    }

    /// Some tuples were derived.
    public void derived(int more) {
        tuples += more;
        if (tuples > mostTuples) {
            throw stop(
                    EvalError.LIMIT_TUPLES,
                    "more than " + limits.tuples() + " tuples were derived",
                    "ask a narrower question, or raise --max-tuples");
        }
    }

    /// Looks at the clock and at the flag now: inside long work that looks at no rows.
    public void check() {
        if (whole.stopped) {
            throw new LaneStopped();
        }
        if (whole.cancelled) {
            throw stop(EvalError.CANCELLED, "cancelled", null);
        }
        if (limits.timeMillis() != Long.MAX_VALUE
                && (nanoClock.getAsLong() - startNanos) / 1_000_000 >= limits.timeMillis()) {
            throw stop(
                    EvalError.LIMIT_TIME,
                    "not done after " + limits.timeMillis() + " ms",
                    "ask a narrower question, or raise --timeout");
        }
    }

    @Override
    public void allocating(long more) {
        Control all = whole;
        if (all.divided) {
            synchronized (all) {
                all.count(more);
            }
        } else {
            all.count(more);
        }
        check();
    }

    private void count(long more) {
        if (bytes + more > limits.memoryBytes() && more > 0) {
            throw stop(
                    EvalError.LIMIT_MEMORY,
                    "more than " + limits.memoryBytes() + " bytes of memory are needed",
                    "ask a narrower question, or raise --max-memory");
        }
        if (bytes + more > reservedBytes) {
            long piece =
                    Math.max(
                            Math.clamp(reservedBytes, FIRST_PIECE_BYTES, PIECE_BYTES),
                            bytes + more - reservedBytes);
            if (!pool.take(piece, reservedBytes)) {
                throw stop(
                        EvalError.LIMIT_MEMORY,
                        "more than the "
                                + pool.largeBytes()
                                + " bytes of memory that evaluations may share are needed",
                        "ask a narrower question, or give the program a larger heap");
            }
            reservedBytes += piece;
        }
        bytes += more;
    }

    /// Gives the memory back to the pool.
    @Override
    public void close() {
        pool.giveBack(reservedBytes);
        reservedBytes = 0;
        bytes = 0;
    }

    private void refill() {
        Control all = whole;
        if (all.divided) {
            synchronized (all) {
                all.fuelUsed += granted;
                granted = 0;
                refill(all.fuelUsed);
            }
        } else {
            fuelUsed += granted;
            granted = 0;
            refill(fuelUsed);
        }
    }

    private void refill(long used) {
        if (used >= limits.fuel()) {
            throw stop(
                    EvalError.LIMIT_FUEL,
                    "more than " + limits.fuel() + " rows were looked at",
                    "ask a narrower question, or raise --fuel");
        }
        check();
        grant();
    }

    private void grant() {
        granted = (int) Math.min(CREDIT, limits.fuel() - whole.fuelUsed);
        credit = granted;
    }

    private SovereignException stop(EvalError code, String message, @Nullable String hint) {
        Span rule = whole.rule;
        String doing = whole.doing;
        String where =
                doing.isEmpty() ? "" : " in " + doing + (rule == null ? "" : " at " + rule.label());
        return new SovereignException(
                List.of(
                        Diagnostic.error(
                                code, message + where, hint, rule == null ? null : rule.where())));
    }
}
