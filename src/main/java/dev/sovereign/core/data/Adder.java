package dev.sovereign.core.data;

/// Where a rule puts the tuples that it finds: a relation itself, or one thread's [Share] of what
/// is found for it.
public abstract class Adder {

    /// Only relations and shares of them.
    Adder() {}

    /// Adds a tuple; true when it is known to be new.
    public abstract boolean addIfAbsent(long... tuple);

    /// [#addIfAbsent] for one column.
    public abstract boolean add(long a);

    /// [#addIfAbsent] for two columns.
    public abstract boolean add(long a, long b);

    /// [#add] of tuples that have one value in common.
    ///
    /// @param column where that one stands
    /// @param others what stands in the other column: the values from `from` to `to - 1`
    /// @return how many are known to be new
    public abstract int addAll(int column, long value, int[] others, int from, int to);
}
