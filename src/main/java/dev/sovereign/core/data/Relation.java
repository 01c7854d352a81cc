package dev.sovereign.core.data;

import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;

/// Tuples of one arity in the order in which they were added, as columns. Rows are numbered from 0
/// and never change.
///
/// Used in one of two ways: as a set, through [#addIfAbsent], by an evaluation, which asks for
/// ranges of rows as "what the last round found"; or as the rows of a stored relation, through
/// [#append], where the writer sees to duplicates and removed rows stay behind a [RowFilter].
public final class Relation {

    /// Rows of one relation: what an int can number, less some for tables that number rows from 1.
    public static final int MAX_ROWS = Integer.MAX_VALUE - 16;

    /// Columns that an index can be asked for.
    public static final int MAX_INDEXED_COLUMNS = 64;

    private final Column[] columns;
    private final boolean shared;
    private final MemoryMeter meter;
    private final TupleSet set;
    private final ConcurrentHashMap<Long, HashIndex> indexes = new ConcurrentHashMap<>(4);

    private int size;

    /// Whether a row was written without looking whether it is there.
    private boolean appended;

    /// Rows that were there at the end of each round.
    private int[] roundEnds = {};

    private int rounds;

    /// An empty relation for one thread.
    public Relation(int arity) {
        this(arity, MemoryMeter.NONE);
    }

    /// An empty relation for one thread that reports what it takes.
    public Relation(int arity, MemoryMeter meter) {
        this(arity, false, meter);
    }

    private Relation(int arity, boolean shared, MemoryMeter meter) {
        this.columns = new Column[arity];
        for (int i = 0; i < arity; i++) {
            columns[i] = new Column(meter);
        }
        this.shared = shared;
        this.meter = meter;
        this.set = new TupleSet(columns, meter);
    }

    /// An empty relation that one thread appends to while any thread reads and indexes the rows
    /// that the writer has published.
    public static Relation shared(int arity) {
        return new Relation(arity, true, MemoryMeter.NONE);
    }

    /// The mask of all columns, for [#index].
    public static long allColumns(int arity) {
        return arity >= Long.SIZE ? -1L : (1L << arity) - 1;
    }

    public int arity() {
        return columns.length;
    }

    /// Rows written. Exact for the writer; others go by what was published to them.
    public int size() {
        return size;
    }

    public long value(int column, int row) {
        return columns[column].get(row);
    }

    /// Writes the tuple as the next row, even if it is there already, and returns its number.
    public int append(long... tuple) {
        int row = size;
        room(row);
        appended = true;
        for (int i = 0; i < columns.length; i++) {
            columns[i].append(row, tuple[i]);
        }
        size = row + 1;
        return row;
    }

    /// Writes rows given as columns, as [#append] does.
    public void appendAll(long[][] values, int count) {
        room((long) size + count - 1);
        appended = true;
        for (int i = 0; i < columns.length; i++) {
            Column column = columns[i];
            long[] from = values[i];
            for (int k = 0; k < count; k++) {
                column.append(size + k, from[k]);
            }
        }
        size += count;
    }

    /// Adds the tuple unless it was added before; true when it is new.
    public boolean addIfAbsent(long... tuple) {
        switch (columns.length) {
            case 0:
                if (size > 0) {
                    return false;
                }
                size = 1;
                return true;
            case 1:
                return add(tuple[0]);
            case 2:
                return add(tuple[0], tuple[1]);
            default:
                room(size);
                if (!set.add(tuple, size)) {
                    return false;
                }
                for (int i = 0; i < columns.length; i++) {
                    columns[i].append(size, tuple[i]);
                }
                size++;
                return true;
        }
    }

    /// [#addIfAbsent] of a relation with one column.
    public boolean add(long a) {
        room(size);
        if (!set.add(a, size)) {
            return false;
        }
        columns[0].append(size, a);
        size++;
        return true;
    }

    /// [#addIfAbsent] of a relation with two columns.
    public boolean add(long a, long b) {
        room(size);
        if (!set.add(a, b, size)) {
            return false;
        }
        columns[0].append(size, a);
        columns[1].append(size, b);
        size++;
        return true;
    }

    /// Whether all rows were added by [#addIfAbsent], so that [#contains] knows them.
    public boolean isSet() {
        return !appended;
    }

    /// Whether the tuple was added through [#addIfAbsent].
    public boolean contains(long... tuple) {
        return columns.length == 0 ? size > 0 : set.contains(tuple);
    }

    /// [#contains] for one column.
    public boolean contains(long a) {
        return set.contains(a);
    }

    /// [#contains] for two columns.
    public boolean contains(long a, long b) {
        return set.contains(a, b);
    }

    /// Whether a row holds this tuple.
    public boolean matches(int row, long[] tuple) {
        for (int i = 0; i < columns.length; i++) {
            if (columns[i].get(row) != tuple[i]) {
                return false;
            }
        }
        return true;
    }

    /// The index over the columns whose bits are set, made when first asked for. It covers nothing
    /// until [HashIndex#extendTo]; [Extent#index] does both.
    ///
    /// @param mask at least one column, all below [#MAX_INDEXED_COLUMNS]
    public HashIndex index(long mask) {
        HashIndex found = indexes.get(mask);
        return found != null ? found : indexes.computeIfAbsent(mask, this::newIndex);
    }

    private HashIndex newIndex(long mask) {
        Column[] keys = new Column[Long.bitCount(mask)];
        int count = 0;
        for (int i = 0; i < columns.length && i < MAX_INDEXED_COLUMNS; i++) {
            if ((mask >>> i & 1) != 0) {
                keys[count++] = columns[i];
            }
        }
        if (count == 0 || count != keys.length) {
            throw new IllegalArgumentException("no such columns: " + Long.toBinaryString(mask));
        }
        return new HashIndex(keys, shared, meter);
    }

    /// Notes that the rows so far were there at the end of a round; rounds are numbered from 0.
    public void endRound() {
        if (rounds == roundEnds.length) {
            roundEnds = Arrays.copyOf(roundEnds, Math.max(4, rounds * 2));
        }
        roundEnds[rounds++] = size;
    }

    /// Rounds ended.
    public int rounds() {
        return rounds;
    }

    /// Rows that were there at the end of a round.
    public int roundEnd(int round) {
        return roundEnds[round];
    }

    /// The round in which a row was added; the number of rounds ended when it is still going on.
    public int roundOf(int row) {
        int low = 0;
        int high = rounds;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (roundEnds[middle] <= row) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Bytes held by columns and tables, about.
    public long bytes() {
        long bytes = set.bytes();
        for (Column column : columns) {
            bytes += column.bytes();
        }
        for (HashIndex index : indexes.values()) {
            bytes += index.bytes();
        }
        return bytes;
    }

    private void room(long row) {
        if (row >= MAX_ROWS) {
            throw new IllegalStateException("a relation holds at most " + MAX_ROWS + " rows");
        }
    }
}
