package dev.sovereign.core.data;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// For each value of one column the rows that have it, or, in a relation of two columns, what those
/// rows have in the other one. Ascending by row; so what was found before the last round, and what
/// in it, are stretches of a list.
///
/// Of a relation that is complete all lists lie in one array. For one thread.
public final class Adjacency {

    /// Which part of a list is wanted.
    public enum Part {
        ALL,
        DELTA,
        OLD
    }

    /// Where a key's list is: `list[from..to-1]`.
    public static final class Cursor {
        public int[] list = {};
        public int from;
        public int to;

        /// Whether the list has anything.
        public boolean found() {
            return from < to;
        }

        /// Finds nothing.
        public void clear() {
            from = 0;
            to = 0;
        }
    }

    private static final int FIRST_LIST = 4;

    /// Object header and rounding.
    private static final int ARRAY_BYTES = 20;

    private final Column keys;

    /// What lists hold; null for row numbers.
    private final @Nullable Column values;

    /// The values that lists hold; null for all.
    private final @Nullable KeyIds only;

    private final MemoryMeter meter;
    private final KeyIds ids;

    private int[][] lists = new int[16][];
    private int[] counts = new int[16];

    /// How long a list was before the last round, when its stamp is the current one.
    private int[] before = new int[16];

    private int[] stamps = new int[16];
    private int stamp;
    private long bytes;

    /// Of a complete relation: where lists begin in the one array.
    private int @Nullable [] offsets;

    private int[] packed = {};
    private boolean sorted;
    private boolean repeats;

    private int old;
    private int covered;

    Adjacency(Column keys, @Nullable Column values, MemoryMeter meter) {
        this(keys, values, null, meter);
    }

    /// @param only the values that lists hold, of those that rows have; null for all
    Adjacency(Column keys, @Nullable Column values, @Nullable KeyIds only, MemoryMeter meter) {
        this.only = only;
        this.keys = keys;
        this.values = values;
        this.meter = meter;
        this.ids = new KeyIds(meter);
    }

    /// Rows covered.
    public int covered() {
        return covered;
    }

    /// Distinct keys among the rows covered.
    public int distinct() {
        return ids.count();
    }

    /// Covers the rows below `all`, those from `old` on as what the last round found.
    public void cover(int old, int all) {
        if (covered == all && this.old == old) {
            return;
        }
        if (offsets != null) {
            throw new IllegalStateException("covered as complete");
        }
        for (int row = covered; row < old; row++) {
            append(row);
        }
        stamp++;
        for (int row = Math.max(covered, old); row < all; row++) {
            append(row);
        }
        this.old = old;
        covered = Math.max(covered, all);
    }

    /// Covers the rows of a relation that gets no more.
    public void coverComplete(int all) {
        if (covered == all) {
            return;
        }
        if (covered > 0) {
            cover(covered, all);
            return;
        }
        int[] sizes = new int[16];
        for (int row = 0; row < all; row++) {
            pause(row);
            if (!isHeld(row)) {
                continue;
            }
            int id = ids.idOf(keys.get(row));
            if (id >= sizes.length) {
                meter.allocating(4L * sizes.length);
                sizes = Arrays.copyOf(sizes, 2 * sizes.length);
            }
            sizes[id]++;
        }
        meter.allocating(4L * (all + ids.count()));
        int[] starts = new int[ids.count() + 1];
        for (int id = 0; id < ids.count(); id++) {
            starts[id + 1] = starts[id] + sizes[id];
            sizes[id] = starts[id];
        }
        int[] lists = new int[starts[ids.count()]];
        for (int row = 0; row < all; row++) {
            pause(row);
            if (!isHeld(row)) {
                continue;
            }
            lists[sizes[ids.find(keys.get(row))]++] = values == null ? row : (int) values.get(row);
        }
        meter.allocating(-4L * sizes.length);
        packed = lists;
        offsets = starts;
        covered = all;
    }

    /// Puts each list in ascending order of its values, once, and leaves out what it has already;
    /// of a relation that gets no more rows.
    public void sort() {
        if (sorted) {
            return;
        }
        int[] starts = offsets;
        int kept = 0;
        for (int id = 0; id < ids.count(); id++) {
            pause(id);
            if (starts != null) {
                int from = starts[id];
                Arrays.sort(packed, from, starts[id + 1]);
                starts[id] = kept;
                kept = distinct(packed, from, starts[id + 1], kept);
            } else {
                Arrays.sort(lists[id], 0, counts[id]);
                counts[id] = distinct(lists[id], 0, counts[id], 0);
            }
        }
        if (starts != null) {
            starts[ids.count()] = kept;
        }
        sorted = true;
    }

    /// Moves the values from `from` to `to - 1` to `target`, each once; returns where they end.
    private int distinct(int[] list, int from, int to, int target) {
        int end = target;
        for (int i = from; i < to; i++) {
            if (i == from || list[i] != list[i - 1]) {
                list[end++] = list[i];
            }
        }
        repeats |= end - target < to - from;
        return end;
    }

    /// Whether some list had a value more than once before it was sorted.
    public boolean isRepeating() {
        return repeats;
    }

    public boolean isSorted() {
        return sorted;
    }

    /// Points the cursor at what the key has; false when it has nothing.
    public boolean seek(long key, Part part, Cursor cursor) {
        int id = ids.find(key);
        if (id < 0) {
            cursor.clear();
            return false;
        }
        int[] starts = offsets;
        if (starts != null) {
            cursor.list = packed;
            cursor.from = starts[id];
            cursor.to = starts[id + 1];
            return true;
        }
        cursor.list = lists[id];
        int count = counts[id];
        int split = stamps[id] == stamp ? before[id] : count;
        cursor.from = part == Part.DELTA ? split : 0;
        cursor.to = part == Part.OLD ? split : count;
        return cursor.found();
    }

    long bytes() {
        int[] starts = offsets;
        KeyIds held = only;
        return ids.bytes()
                + (held == null ? 0 : held.bytes())
                + (starts == null
                        ? bytes + 16L * counts.length
                        : 4L * (starts.length + packed.length));
    }

    private boolean isHeld(int row) {
        KeyIds held = only;
        Column column = values;
        return held == null || column == null || held.find(column.get(row)) >= 0;
    }

    private void append(int row) {
        pause(row);
        if (!isHeld(row)) {
            return;
        }
        int id = ids.idOf(keys.get(row));
        if (id >= counts.length) {
            int length = 2 * counts.length;
            meter.allocating(8L * length);
            lists = Arrays.copyOf(lists, length);
            before = Arrays.copyOf(before, length);
            stamps = Arrays.copyOf(stamps, length);
            counts = Arrays.copyOf(counts, length);
        }
        int count = counts[id];
        int[] list = lists[id];
        if (list == null) {
            list = new int[FIRST_LIST];
            allocated(FIRST_LIST);
            lists[id] = list;
        } else if (count == list.length) {
            int length =
                    (int) Math.min(Relation.MAX_ROWS, count + (count < 64 ? count : count / 2L));
            allocated(length - count);
            list = Arrays.copyOf(list, length);
            lists[id] = list;
        }
        list[count] = values == null ? row : (int) values.get(row);
        if (stamps[id] != stamp) {
            stamps[id] = stamp;
            before[id] = count;
        }
        counts[id] = count + 1;
    }

    private void allocated(int words) {
        meter.allocating(4L * words + (words == FIRST_LIST ? ARRAY_BYTES : 0));
        bytes += 4L * words + (words == FIRST_LIST ? ARRAY_BYTES : 0);
    }

    private void pause(int row) {
        if ((row & MemoryMeter.PAUSE_MASK) == MemoryMeter.PAUSE_MASK) {
            meter.allocating(0);
        }
    }
}
