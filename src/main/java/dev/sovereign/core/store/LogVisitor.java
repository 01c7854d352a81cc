package dev.sovereign.core.store;

import java.io.IOException;

/// Sees transactions as a [LogCursor] comes by them: for each [#begin], then its payload, then
/// [#commit]. Unfinished transactions are never shown.
interface LogVisitor {

    /// @return false to be spared the payload
    boolean begin(long tx) throws IOException;

    /// One slice of the payload, of whole blocks.
    ///
    /// @return false to be spared the rest
    boolean payload(ByteInput slice) throws IOException;

    /// @param hasHashes false when the cursor was told to leave out hashes that would have to be
    ///   computed; those in the header are then zeros
    /// @return false to stop here
    boolean commit(long tx, TransactionHeader header, boolean hasHashes, boolean forgotten)
            throws IOException;

    /// The hash of an author's newest transaction so far, where the log says it; follows a
    /// [#commit] without hashes sooner or later.
    default void tip(String author, byte[] hash) {}

    /// A record begins here, and `tx` is the first transaction that ends at or after it.
    default void passing(long tx, Position position) {}
}
