package dev.sovereign.core.store;

/// Finds the newest transaction that is not later than a moment.
final class NewestNotAfter implements LogVisitor {

    private final long timeMillis;
    private long found;

    NewestNotAfter(long timeMillis) {
        this.timeMillis = timeMillis;
    }

    long found() {
        return found;
    }

    @Override
    public boolean begin(long tx) {
        return false;
    }

    @Override
    public boolean payload(ByteInput slice) {
        return false;
    }

    @Override
    public boolean commit(long tx, TransactionHeader header, boolean hasHashes, boolean forgotten) {
        if (header.timeMillis() <= timeMillis) {
            found = tx;
        }
        return true;
    }
}
