package dev.sovereign.core.store;

import java.util.List;

/// One thing that a transaction does. Tuples are columnar: `columns[c][r]` for row `r` below
/// `count`; their order does not matter and is not kept.
public sealed interface Change {

    /// Makes a relation known. Must come before the first tuple of it, in the same transaction or
    /// an earlier one. Declaring a relation again replaces its columns' names and types; their
    /// number and kinds must stay.
    record Declare(String relation, List<Column> columns) implements Change {
        public Declare {
            columns = List.copyOf(columns);
        }
    }

    /// Adds tuples, asserted by the transaction that this is part of.
    ///
    /// @param columns one array a column, each at least `count` long; read during the call only
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Assert(String relation, long[][] columns, int count) implements Change {}

    /// Takes back single assertions (observed-remove): tuple `r` as asserted by transaction
    /// `assertingTx[r]`. A tuple that several transactions asserted holds until all are taken back.
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Retract(String relation, long[][] columns, long[] assertingTx, int count)
            implements Change {}

    /// Stores a module of rules, replacing the one of that name.
    record PutModule(String name, String text) implements Change {}

    record RemoveModule(String name) implements Change {}
}
