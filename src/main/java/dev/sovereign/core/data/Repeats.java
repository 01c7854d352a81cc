package dev.sovereign.core.data;

import java.util.Arrays;

/// Whether some row of a relation is there twice. Rows are spread over parts small enough for the
/// processor's caches before they are looked at: for millions of rows several times faster than one
/// hash table, which has to be kept as well.
final class Repeats {

    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /// Rows in a part, about: their table takes 64 KiB.
    private static final int PART_BITS = 12;

    /// More parts than these would be written to too many places at once.
    private static final int MOST_BITS = 11;

    private final Column[] columns;
    private final int rows;
    private final MemoryMeter meter;

    /// Whether the number made of a row says all of it.
    private final boolean exact;

    private Repeats(Column[] columns, int rows, MemoryMeter meter) {
        this.columns = columns;
        this.rows = rows;
        this.meter = meter;
        this.exact =
                columns.length == 1
                        || (columns.length == 2 && !columns[0].isWide() && !columns[1].isWide());
    }

    /// False when all rows differ. True when two are equal, or, of wide rows and once in a million
    /// years, only look so.
    static boolean any(Column[] columns, int rows, MemoryMeter meter) {
        return new Repeats(columns, rows, meter).any();
    }

    private boolean any() {
        int bits =
                Math.clamp(
                        Integer.SIZE - Integer.numberOfLeadingZeros(rows >>> PART_BITS),
                        1,
                        MOST_BITS);
        int[] starts = new int[(1 << bits) + 1];
        for (int row = 0; row < rows; row++) {
            pause(row);
            starts[(int) (number(row) >>> (Long.SIZE - bits)) + 1]++;
        }
        int largest = 0;
        for (int part = 0; part < 1 << bits; part++) {
            largest = Math.max(largest, starts[part + 1]);
            starts[part + 1] += starts[part];
        }
        int slots = Integer.highestOneBit(Math.max(1, largest)) * 4;
        meter.allocating(8L * rows + 8L * slots);
        long[] numbers = new long[rows];
        int[] next = Arrays.copyOf(starts, 1 << bits);
        for (int row = 0; row < rows; row++) {
            pause(row);
            long number = number(row);
            numbers[next[(int) (number >>> (Long.SIZE - bits))]++] = number;
        }
        boolean found = false;
        for (int part = 0; part < 1 << bits && !found; part++) {
            found = anyIn(numbers, starts[part], starts[part + 1], bits);
        }
        meter.allocating(-8L * rows - 8L * slots);
        return found;
    }

    private boolean anyIn(long[] numbers, int from, int to, int bits) {
        int length = Integer.highestOneBit(Math.max(1, to - from)) * 4;
        long[] table = new long[length];
        int shift = Long.SIZE - Integer.numberOfTrailingZeros(length);
        boolean zero = false;
        for (int i = from; i < to; i++) {
            long number = numbers[i];
            if (number == 0) {
                if (zero) {
                    return true;
                }
                zero = true;
                continue;
            }
            int slot = (int) ((number << bits) >>> shift);
            for (long entry = table[slot]; entry != 0; entry = table[slot]) {
                if (entry == number) {
                    return true;
                }
                slot = (slot + 1) & (length - 1);
            }
            table[slot] = number;
        }
        return false;
    }

    /// Another one for each row, spread over all numbers.
    private long number(int row) {
        if (exact) {
            long first = columns[0].get(row);
            return SPREAD
                    * (columns.length == 1
                            ? first
                            : first << 32 | (columns[1].get(row) & 0xFFFFFFFFL));
        }
        long hash = 0;
        for (Column column : columns) {
            hash = HashIndex.mix(hash, column.get(row));
        }
        return hash * SPREAD;
    }

    private void pause(int row) {
        if ((row & MemoryMeter.PAUSE_MASK) == MemoryMeter.PAUSE_MASK) {
            meter.allocating(0);
        }
    }
}
