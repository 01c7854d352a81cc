package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Collects what the log says about a range of transactions.
final class TransactionCollector implements LogVisitor, FactStore.Hashed {

    private final long oldest;
    private final long newest;
    private final List<Transaction> found;
    private @Nullable String reason;

    TransactionCollector(long oldest, long newest, List<Transaction> found) {
        this.oldest = oldest;
        this.newest = newest;
        this.found = found;
    }

    @Override
    public boolean begin(long tx) {
        reason = null;
        return tx >= oldest;
    }

    @Override
    public boolean payload(ByteInput slice) throws MalformedException {
        reason = PayloadReader.reason(slice);
        return false;
    }

    @Override
    public boolean commit(long tx, TransactionHeader header, boolean hasHashes, boolean forgotten) {
        if (tx >= oldest && tx <= newest) {
            found.add(header.toTransaction(tx, reason, forgotten));
        }
        return tx < newest;
    }
}
