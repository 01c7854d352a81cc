package dev.sovereign.core.ast;

import java.util.List;

/// Facts of one relation whose arguments are constants written in the same way, as columns. Facts
/// of one program that look alike are in one block, wherever they stand, in the order written.
/// Immutable by convention: the arrays are shared and must not be written to.
public final class FactBlock implements Item {

    private final Name relation;
    private final List<ConstantKind> kinds;
    private final List<String> symbols;
    private final int count;
    private final long[][] columns;
    private final int[] starts;
    private final int[] ends;

    /// @param relation as in the first fact
    /// @param kinds how each column is written; its size is the arity
    /// @param symbols what values of symbol columns are positions of; shared by all blocks of a
    ///   text
    /// @param count facts; at least 1
    /// @param columns a column an array of at least `count` values
    /// @param starts offsets of the facts in the text of `relation`'s span
    /// @param ends offsets after their closing parentheses
    public FactBlock(
            Name relation,
            List<ConstantKind> kinds,
            List<String> symbols,
            int count,
            long[][] columns,
            int[] starts,
            int[] ends) {
        this.relation = relation;
        this.kinds = List.copyOf(kinds);
        this.symbols = symbols;
        this.count = count;
        this.columns = columns;
        this.starts = starts;
        this.ends = ends;
    }

    public Name relation() {
        return relation;
    }

    public int arity() {
        return kinds.size();
    }

    public int count() {
        return count;
    }

    /// How a column is written.
    public List<ConstantKind> kinds() {
        return kinds;
    }

    /// Values of one column; only the first [#count] count. Numbers as they are, floats as bits,
    /// symbols as positions in [#symbols].
    public long[] column(int column) {
        return columns[column];
    }

    /// Distinct symbols of the text.
    public List<String> symbols() {
        return symbols;
    }

    /// Where a fact stands.
    public Span span(int fact) {
        return new Span(relation.span().source(), starts[fact], ends[fact]);
    }

    @Override
    public Span span() {
        return span(0);
    }
}
