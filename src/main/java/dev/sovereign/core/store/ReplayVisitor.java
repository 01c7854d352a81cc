package dev.sovereign.core.store;

import java.util.function.ToLongFunction;

/// Delivers transactions' changes to a [Replay].
final class ReplayVisitor implements LogVisitor {

    private final PayloadReader reader;
    private final Replay sink;
    private final long throughTx;
    private long tx;

    ReplayVisitor(ToLongFunction<String> symbols, Authors authors, Replay sink, long throughTx) {
        this.reader = new PayloadReader(symbols, authors);
        this.sink = sink;
        this.throughTx = throughTx;
    }

    @Override
    public boolean begin(long number) {
        tx = number;
        reader.begin();
        return number <= throughTx;
    }

    @Override
    public boolean payload(ByteInput slice) throws MalformedException {
        reader.read(slice, tx, sink);
        return true;
    }

    @Override
    public boolean commit(
            long number, TransactionHeader header, boolean hasHashes, boolean forgotten) {
        sink.through(number);
        return number < throughTx;
    }
}
