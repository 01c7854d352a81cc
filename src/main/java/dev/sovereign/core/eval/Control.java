package dev.sovereign.core.eval;

import dev.sovereign.core.ast.Span;
import dev.sovereign.core.data.MemoryMeter;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.function.LongSupplier;

/// Stops one evaluation: when it is cancelled, or at a limit. The evaluating thread counts here and
/// looks up every [#CREDIT] rows, far more often than every 50 ms; any thread may [#cancel].
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
        grant();
    }

    /// Stops only at [#cancel] and before the heap is exhausted.
    public static Control unlimited() {
        return new Control(Limits.NONE);
    }

    /// Ends the evaluation soon with `core.cancelled`. Any thread, any number of times.
    public void cancel() {
        cancelled = true;
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

    /// One tuple was derived.
    public void derived() {
        derived(1);
    }

    /// Some tuples were derived.
    public void derived(int more) {
        tuples += more;
        if (tuples > limits.tuples()) {
            throw stop(
                    EvalError.LIMIT_TUPLES,
                    "more than " + limits.tuples() + " tuples were derived",
                    "ask a narrower question, or raise --max-tuples");
        }
    }

    /// Looks at the clock and at the flag now: inside long work that looks at no rows.
    public void check() {
        if (cancelled) {
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
        check();
    }

    /// Gives the memory back to the pool.
    @Override
    public void close() {
        pool.giveBack(reservedBytes);
        reservedBytes = 0;
        bytes = 0;
    }

    private void refill() {
        fuelUsed += granted;
        granted = 0;
        if (fuelUsed >= limits.fuel()) {
            throw stop(
                    EvalError.LIMIT_FUEL,
                    "more than " + limits.fuel() + " rows were looked at",
                    "ask a narrower question, or raise --fuel");
        }
        check();
        grant();
    }

    private void grant() {
        granted = (int) Math.min(CREDIT, limits.fuel() - fuelUsed);
        credit = granted;
    }

    private SovereignException stop(EvalError code, String message, @Nullable String hint) {
        String where =
                doing.isEmpty() ? "" : " in " + doing + (rule == null ? "" : " at " + rule.label());
        return new SovereignException(
                List.of(
                        Diagnostic.error(
                                code, message + where, hint, rule == null ? null : rule.where())));
    }
}
