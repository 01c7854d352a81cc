package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds the transactions that asserted or retracted one fact.
final class FactHistory implements LogVisitor, Replay, FactStore.Hashed {

    /// Stands for every string that the fact does not have; no caller's id is negative.
    private static final long OTHER = -1;

    private final String relation;
    private final long[] tuple;
    private final PayloadReader reader;
    private final List<FactEvent> events = new ArrayList<>();
    private long tx;
    private boolean first;
    private boolean asserted;
    private boolean retracted;
    private @Nullable String reason;

    FactHistory(
            String relation, List<Column> columns, long[] tuple, Symbols symbols, Authors authors) {
        this.relation = relation;
        this.tuple = tuple.clone();
        Map<String, Long> ids = new HashMap<>();
        for (int c = 0; c < tuple.length; c++) {
            if (columns.get(c).kind() == ColumnKind.SYMBOL) {
                ids.put(symbols.text(tuple[c]), tuple[c]);
            }
        }
        this.reader = new PayloadReader(text -> ids.getOrDefault(text, OTHER), authors);
    }

    List<FactEvent> events() {
        return events;
    }

    @Override
    public boolean begin(long number) {
        tx = number;
        first = true;
        asserted = false;
        retracted = false;
        reason = null;
        reader.begin();
        return true;
    }

    @Override
    public boolean payload(ByteInput slice) throws MalformedException {
        if (first) {
            first = false;
            reason =
                    PayloadReader.reason(
                            new ByteInput(slice.array(), slice.position(), slice.remaining()));
        }
        reader.read(slice, tx, this);
        return true;
    }

    @Override
    public boolean commit(
            long number, TransactionHeader header, boolean hasHashes, boolean forgotten) {
        if (retracted) {
            events.add(new FactEvent(header.toTransaction(number, reason, forgotten), false));
        }
        if (asserted) {
            events.add(new FactEvent(header.toTransaction(number, reason, forgotten), true));
        }
        return true;
    }

    private boolean contains(long[][] columns, int count) {
        if (columns.length != tuple.length) {
            return false;
        }
        for (int r = 0; r < count; r++) {
            int c = 0;
            while (c < tuple.length && columns[c][r] == tuple[c]) {
                c++;
            }
            if (c == tuple.length) {
                return true;
            }
        }
        return false;
    }

    @Override
    public void asserted(String name, long[][] columns, long[] assertingTx, int count) {
        asserted |= name.equals(relation) && contains(columns, count);
    }

    @Override
    public void retracted(String name, long[][] columns, long[] assertingTx, int count, long by) {
        retracted |= name.equals(relation) && contains(columns, count);
    }

    @Override
    public void relation(String name, List<Column> columns) {}

    @Override
    public void module(String name, String text, long by) {}

    @Override
    public void moduleRemoved(String name, long by) {}

    @Override
    public void through(long number) {}

    @Override
    public void restart() {}
}
