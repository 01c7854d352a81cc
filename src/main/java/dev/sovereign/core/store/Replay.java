package dev.sovereign.core.store;

import java.util.List;

/// Receives what a store holds, in packed blocks, on the calling thread.
///
/// Arrays belong to the store and are overwritten after the call. The result is the same set of
/// (tuple, asserting transaction) whichever way the store chose to come by it: from H2's blocks the
/// live ones arrive in one go, from the log each transaction's changes arrive in its order, and
/// some rows are retracted again.
public interface Replay {

    /// A relation exists from here on, or has new names for its columns.
    void relation(String name, List<Column> columns);

    /// Tuples that hold as far as is known so far.
    ///
    /// @param columns one array a column; rows are 0 to `count` - 1
    /// @param assertingTx which transaction asserted each row
    void asserted(String relation, long[][] columns, long[] assertingTx, int count);

    /// Transaction `tx` takes back earlier assertions: row `r` as asserted by `assertingTx[r]`. One
    /// that is not there any more is no fault.
    void retracted(String relation, long[][] columns, long[] assertingTx, int count, long tx);

    /// A module's text as of transaction `tx`.
    void module(String name, String text, long tx);

    void moduleRemoved(String name, long tx);

    /// Everything through this transaction has been delivered; called at least after the last one.
    /// Not every transaction is announced.
    void through(long tx);

    /// Forget everything delivered so far, it starts over: what H2 had turned out not to fit the
    /// log half-way. Interned symbols may stay. Happens only within [FactStore#open], at most once.
    void restart();
}
