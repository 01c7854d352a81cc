package dev.sovereign.core.data;

import java.util.Arrays;

/// For each value of some columns of a relation one row, which may be replaced by a newer one: the
/// best so far. For one thread.
public final class BestRows {

    private static final int FIRST_SLOTS = 16;

    private final Relation rows;
    private final int[] keys;
    private final MemoryMeter meter;

    /// Row + 1; 0 is empty.
    private int[] slots = new int[FIRST_SLOTS];

    private int used;

    /// @param keys columns that a row is found by
    public BestRows(Relation rows, int[] keys, MemoryMeter meter) {
        this.rows = rows;
        this.keys = keys.clone();
        this.meter = meter;
    }

    /// The place of the key that this tuple has; good until the next [#put].
    public int place(long[] tuple) {
        int[] table = slots;
        int mask = table.length - 1;
        int slot = hash(tuple) & mask;
        while (table[slot] != 0 && !matches(table[slot] - 1, tuple)) {
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    /// The row at a place; -1 for none yet.
    public int row(int place) {
        return slots[place] - 1;
    }

    /// Puts a row, which is written already, at the place of its key.
    public void put(int place, int row) {
        if (slots[place] == 0) {
            used++;
        }
        slots[place] = row + 1;
        if (2 * used > slots.length) {
            grow();
        }
    }

    private boolean matches(int row, long[] tuple) {
        for (int column : keys) {
            if (rows.value(column, row) != tuple[column]) {
                return false;
            }
        }
        return true;
    }

    private void grow() {
        meter.allocating(8L * slots.length);
        int[] old = slots;
        int[] table = new int[2 * old.length];
        int mask = table.length - 1;
        long[] tuple = new long[rows.arity()];
        for (int i = 0; i < old.length; i++) {
            if ((i & MemoryMeter.PAUSE_MASK) == MemoryMeter.PAUSE_MASK) {
                meter.allocating(0);
            }
            if (old[i] != 0) {
                for (int column : keys) {
                    tuple[column] = rows.value(column, old[i] - 1);
                }
                int slot = hash(tuple) & mask;
                while (table[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                table[slot] = old[i];
            }
        }
        slots = table;
        meter.allocating(-4L * old.length);
    }

    private int hash(long[] tuple) {
        long hash = 0;
        for (int column : keys) {
            hash = HashIndex.mix(hash, tuple[column]);
        }
        return (int) (hash >>> 32);
    }

    @Override
    public String toString() {
        return used + " best rows by " + Arrays.toString(keys);
    }
}
