package dev.sovereign.core.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A number for everything that is delivered to it, whatever the order and the ids of symbols.
final class StateDigest implements Replay {

    private final List<Long> symbolHashes = new ArrayList<>();
    private final Map<String, List<Column>> relations = new HashMap<>();
    private long sum;

    long value() {
        return sum;
    }

    /// @return an id for the symbol
    long symbol(String text) {
        symbolHashes.add(hash(text));
        return symbolHashes.size() - 1L;
    }

    private static long hash(String text) {
        long h = 0xcbf29ce484222325L;
        for (int i = 0; i < text.length(); i++) {
            h = (h ^ text.charAt(i)) * 0x100000001b3L;
        }
        return mix(h);
    }

    private static long mix(long value) {
        long h = (value ^ (value >>> 32)) * 0xD6E8FEB86659FD93L;
        h = (h ^ (h >>> 32)) * 0xD6E8FEB86659FD93L;
        return h ^ (h >>> 32);
    }

    @Override
    public void relation(String name, List<Column> columns) {
        relations.put(name, columns);
        sum += mix(hash(name + columns));
    }

    @Override
    public void asserted(String relation, long[][] columns, long[] assertingTx, int count) {
        long name = hash(relation);
        List<Column> declared = relations.getOrDefault(relation, List.of());
        for (int r = 0; r < count; r++) {
            long h = mix(name + assertingTx[r]);
            for (int c = 0; c < columns.length; c++) {
                long value = columns[c][r];
                h =
                        mix(
                                h * 31
                                        + (declared.get(c).kind() == ColumnKind.SYMBOL
                                                ? symbolHashes.get((int) value)
                                                : value));
            }
            sum += h;
        }
    }

    @Override
    public void retracted(
            String relation, long[][] columns, long[] assertingTx, int count, long tx) {
        throw new IllegalStateException("H2 holds what is live only");
    }

    @Override
    public void module(String name, String text, long tx) {
        sum += mix(hash(name) + 31 * hash(text) + tx);
    }

    @Override
    public void moduleRemoved(String name, long tx) {}

    @Override
    public void through(long tx) {}

    @Override
    public void restart() {}
}
