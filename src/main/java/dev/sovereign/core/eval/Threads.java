package dev.sovereign.core.eval;

/// How many threads carry out a plan: the calling one and helpers. What is found is the same with
/// any number of them.
///
/// @param count as many are used as the largest power of two that is not above, and not above
///   [Lanes#MAX]
/// @param fewRows with fewer rows in the outer loop of a rule one thread does it all
public record Threads(int count, int fewRows) {

    /// With fewer rows, waking up and waiting costs more than it gains (measured: some 20
    /// microseconds, in which one thread goes through about as many rows).
    private static final int FEW_ROWS = 2048;

    /// The calling one.
    public static final Threads ONE = of(1);

    public Threads {
        if (count < 1 || fewRows < 1) {
            throw new IllegalArgumentException(count + " threads for " + fewRows + " rows");
        }
    }

    public static Threads of(int count) {
        return new Threads(count, FEW_ROWS);
    }

    /// All cores but one: for a process that others wait for too.
    public static Threads allCoresButOne() {
        return of(Math.max(1, Runtime.getRuntime().availableProcessors() - 1));
    }
}
