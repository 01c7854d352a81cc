package dev.sovereign.core.eval;

/// What one evaluation may take. Each figure is at least 0; [Long#MAX_VALUE] is no limit.
///
/// @param timeMillis wall-clock milliseconds from the making of the [Control]
/// @param tuples derived tuples, the demanded and intermediate ones among them
/// @param memoryBytes heap bytes of derived relations, their indexes and new symbols, about
/// @param fuel rows that joins look at: the same on every machine for the same plan and facts
public record Limits(long timeMillis, long tuples, long memoryBytes, long fuel) {

    /// No limit at all.
    public static final Limits NONE =
            new Limits(Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE, Long.MAX_VALUE);

    public Limits {
        if (timeMillis < 0 || tuples < 0 || memoryBytes < 0 || fuel < 0) {
            throw new IllegalArgumentException(
                    "negative limit: "
                            + timeMillis
                            + ", "
                            + tuples
                            + ", "
                            + memoryBytes
                            + ", "
                            + fuel);
        }
    }

    /// The lower of both in each figure.
    public Limits and(Limits other) {
        return new Limits(
                Math.min(timeMillis, other.timeMillis),
                Math.min(tuples, other.tuples),
                Math.min(memoryBytes, other.memoryBytes),
                Math.min(fuel, other.fuel));
    }
}
