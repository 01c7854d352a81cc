package dev.sovereign.core.eval;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.SymbolTable;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Sorts tuples by value. Symbols are decoded and compared once each, not once a comparison: a
/// column of them is sorted by rank.
public final class RowOrder {

    private RowOrder() {}

    /// The visible rows of an extent, sorted by columns from the left.
    ///
    /// @param columns of the extent
    /// @param program whose types the records are of
    public static int[] sorted(
            Extent extent,
            List<Column> columns,
            SymbolTable symbols,
            RecordTable records,
            CheckedProgram program,
            Control control) {
        int count = 0;
        control.allocating(4L * extent.limit());
        int[] rows = new int[Math.max(16, extent.filter() == null ? extent.limit() : 16)];
        for (int row = 0; row < extent.limit(); row++) {
            control.step();
            if (extent.visible(row)) {
                if (count == rows.length) {
                    rows = Arrays.copyOf(rows, 2 * count);
                }
                rows[count++] = row;
            }
        }
        rows = Arrays.copyOf(rows, count);
        control.allocating(8L * count * (columns.size() + 2));
        RecordOrder structured = new RecordOrder(program, symbols, records, control);
        long[][] keys = new long[columns.size()][];
        for (int column = 0; column < keys.length; column++) {
            keys[column] = keys(extent, column, columns.get(column).kind(), rows, symbols, control);
            if (columns.get(column).kind().isStructured()) {
                Column of = columns.get(column);
                rank(keys[column], (one, other) -> structured.compare(of, one, other), control);
            }
        }
        int[] order = sort(count, keys, control);
        int[] sorted = new int[count];
        for (int i = 0; i < count; i++) {
            sorted[i] = rows[order[i]];
        }
        control.allocating(-4L * extent.limit() - 8L * count * (columns.size() + 2));
        return sorted;
    }

    /// Numbers that sort as the values of a column do.
    private static long[] keys(
            Extent extent,
            int column,
            Kind kind,
            int[] rows,
            SymbolTable symbols,
            Control control) {
        long[] keys = new long[rows.length];
        for (int i = 0; i < rows.length; i++) {
            long bits = extent.value(column, rows[i]);
            keys[i] =
                    switch (kind) {
                        case NUMBER, SYMBOL, RECORD, ADT -> bits;
                        case UNSIGNED -> bits ^ Long.MIN_VALUE;
                        // negative floats in reverse, below the others
                        case FLOAT -> bits ^ (bits >> 63 & Long.MAX_VALUE);
                    };
        }
        if (kind == Kind.SYMBOL) {
            rank(keys, symbols, control);
        }
        return keys;
    }

    /// Replaces ids by the position of their strings among all that occur.
    private static void rank(long[] ids, SymbolTable symbols, Control control) {
        record Ranked(long id, String text) {}
        long[] distinct = Arrays.stream(ids).sorted().distinct().toArray();
        control.steps(ids.length);
        Ranked[] ranked = new Ranked[distinct.length];
        for (int i = 0; i < distinct.length; i++) {
            ranked[i] = new Ranked(distinct[i], symbols.text(distinct[i]));
        }
        Arrays.sort(
                ranked,
                Comparator.comparing(
                        Ranked::text,
                        (one, other) -> {
                            control.step();
                            return SymbolTable.compare(one, other);
                        }));
        Map<Long, Integer> ranks = HashMap.newHashMap(ranked.length);
        for (int i = 0; i < ranked.length; i++) {
            ranks.put(ranked[i].id(), i);
        }
        for (int i = 0; i < ids.length; i++) {
            Integer rank = ranks.get(ids[i]);
            ids[i] = rank == null ? -1 : rank;
        }
    }

    /// Replaces ids of records by their position among all that occur.
    private static void rank(long[] ids, LongComparator order, Control control) {
        control.steps(ids.length);
        Long[] distinct = Arrays.stream(ids).sorted().distinct().boxed().toArray(Long[]::new);
        Arrays.sort(distinct, (one, other) -> order.compare(one, other));
        Map<Long, Integer> ranks = HashMap.newHashMap(distinct.length);
        for (int i = 0; i < distinct.length; i++) {
            ranks.put(distinct[i], i);
        }
        for (int i = 0; i < ids.length; i++) {
            Integer rank = ranks.get(ids[i]);
            ids[i] = rank == null ? -1 : rank;
        }
    }

    private interface LongComparator {
        int compare(long one, long other);
    }

    /// Bottom-up merge sort: stable, and n log n whatever the input.
    private static int[] sort(int count, long[][] keys, Control control) {
        int[] from = new int[count];
        int[] to = new int[count];
        Arrays.setAll(from, i -> i);
        for (long width = 1; width < count; width *= 2) {
            for (long start = 0; start < count; start += 2 * width) {
                int left = (int) start;
                int middle = (int) Math.min(start + width, count);
                int right = (int) Math.min(start + 2 * width, count);
                control.steps(right - left);
                merge(from, to, left, middle, right, keys);
            }
            int[] swap = from;
            from = to;
            to = swap;
        }
        return from;
    }

    private static void merge(
            int[] from, int[] to, int left, int middle, int right, long[][] keys) {
        int i = left;
        int j = middle;
        for (int k = left; k < right; k++) {
            to[k] =
                    j == right || (i < middle && !less(from[j], from[i], keys))
                            ? from[i++]
                            : from[j++];
        }
    }

    private static boolean less(int one, int other, long[][] keys) {
        for (long[] key : keys) {
            if (key[one] != key[other]) {
                return key[one] < key[other];
            }
        }
        return false;
    }
}
