package dev.sovereign.core.store;

/// The byte before a transaction's header in a record.
final class TransactionFlags {

    /// The payload has been erased; the header still proves what its hash was.
    static final int FORGOTTEN = 1;

    /// Packed only: the hash of the author's transaction before is that of his last one in this
    /// record.
    static final int NO_PREVIOUS = 2;

    /// Packed only: the payload is there, so its hash need not be.
    static final int NO_PAYLOAD_HASH = 4;

    private TransactionFlags() {}
}
