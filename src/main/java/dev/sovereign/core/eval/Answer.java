package dev.sovereign.core.eval;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.SymbolTable;

import java.util.List;

/// The rows that answer one query, without order until [#sort].
///
/// @param columns in order of first use; none: the answer is yes (one row) or no
/// @param extent the rows
/// @param symbols what decodes symbols
/// @param records what takes records and branches apart
public record Answer(
        List<Column> columns, Extent extent, SymbolTable symbols, RecordTable records) {

    public Answer {
        columns = List.copyOf(columns);
    }

    /// The visible rows in their documented order: column by column from the left, numbers by value
    /// (unsigned ones too), floats as [Double#compare], symbols by code point, records and branches
    /// by what is in them. Read row `i` of the answer as [#bits] of `sort(…)[i]`.
    ///
    /// @param program whose query this answers
    public int[] sort(CheckedProgram program, Control control) {
        return RowOrder.sorted(extent, columns, symbols, records, program, control);
    }

    /// One cell: see [dev.sovereign.core.analyze.Kind] for what the bits mean.
    public long bits(int column, int row) {
        return extent.value(column, row);
    }

    /// One cell of a symbol column.
    public String text(int column, int row) {
        return symbols.text(extent.value(column, row));
    }
}
