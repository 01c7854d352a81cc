package dev.sovereign.core.data;

import java.util.Arrays;

/// One column: chunks of `int` as far as values fit, of `long` from the first that does not.
///
/// A chunk's rows are in its `int` array up to that array's length and in its `long` array from
/// there on. Arrays are replaced by longer or equal copies, never changed below the rows written,
/// so a reader finds every row that was published to it in whichever array it happens to see.
public final class Column {

    /// Rows in a chunk: 64 KiB of ints; a measured compromise between waste and indirection.
    static final int CHUNK_BITS = 14;

    static final int CHUNK_ROWS = 1 << CHUNK_BITS;
    private static final int MASK = CHUNK_ROWS - 1;

    /// Rows that a new column has room for.
    private static final int FIRST_ROWS = 8;

    private static final int[] NO_INTS = {};
    private static final long[] NO_LONGS = {};

    private final MemoryMeter meter;
    private int[][] ints = {};
    private long[][] longs = {};

    /// Chunks in use.
    private int chunks;

    /// Whether some value does not fit an int.
    private boolean wide;

    Column(MemoryMeter meter) {
        this.meter = meter;
    }

    /// Whether some value does not fit an int.
    public boolean isWide() {
        return wide;
    }

    public long get(int row) {
        int[] chunk = ints[row >>> CHUNK_BITS];
        int offset = row & MASK;
        return offset < chunk.length ? chunk[offset] : longs[row >>> CHUNK_BITS][offset];
    }

    /// Writes the row after the last one.
    void append(int row, long value) {
        int index = row >>> CHUNK_BITS;
        int offset = row & MASK;
        if (index == chunks) {
            startChunk();
        }
        if (offset < ints[index].length) {
            if (value == (int) value) {
                ints[index][offset] = (int) value;
                return;
            }
            widen(index, offset);
        } else if (longs[index].length == 0) {
            if (value == (int) value) {
                meter.allocating(4L * offset);
                ints[index] = Arrays.copyOf(ints[index], Math.max(FIRST_ROWS, 2 * offset));
                ints[index][offset] = (int) value;
                return;
            }
            widen(index, offset);
        } else if (offset >= longs[index].length) {
            meter.allocating(8L * offset);
            longs[index] = Arrays.copyOf(longs[index], 2 * offset);
        }
        longs[index][offset] = value;
    }

    /// Writes rows after the last one.
    void appendAll(int row, int[] values, int count) {
        appendAll(row, values, 0, count);
    }

    /// Writes rows after the last one, from `first` on.
    void appendAll(int row, int[] values, int first, int count) {
        int done = 0;
        while (done < count) {
            int index = (row + done) >>> CHUNK_BITS;
            int offset = (row + done) & MASK;
            if (index < chunks && offset > 0 && offset < ints[index].length) {
                int many = Math.min(count - done, ints[index].length - offset);
                System.arraycopy(values, first + done, ints[index], offset, many);
                done += many;
            } else { // begins or lengthens an array, or is one of longs
                append(row + done, values[first + done]);
                done++;
            }
        }
    }

    /// Writes rows after the last one.
    void appendAll(int row, long[] values, int count) {
        int done = 0;
        while (done < count) {
            int index = (row + done) >>> CHUNK_BITS;
            int offset = (row + done) & MASK;
            int many = 0;
            if (index < chunks && offset > 0) {
                int most = count - done;
                int[] narrow = ints[index];
                long[] whole = longs[index];
                if (offset < narrow.length) {
                    most = Math.min(most, narrow.length - offset);
                    many = narrow(values, done, narrow, offset, most);
                } else if (offset < whole.length) {
                    many = Math.min(most, whole.length - offset);
                    System.arraycopy(values, done, whole, offset, many);
                }
            }
            if (many == 0) { // begins, lengthens or widens an array
                append(row + done, values[done]);
                many = 1;
            }
            done += many;
        }
    }

    /// Copies values as long as they fit an int.
    ///
    /// @return how many did
    private static int narrow(long[] from, int start, int[] to, int offset, int most) {
        for (int i = 0; i < most; i++) {
            long value = from[start + i];
            int small = (int) value;
            if (value != small) {
                return i;
            }
            to[offset + i] = small;
        }
        return most;
    }

    /// Writes the same value into rows after the last one.
    void fill(int row, long value, int count) {
        int done = 0;
        while (done < count) {
            int index = (row + done) >>> CHUNK_BITS;
            int offset = (row + done) & MASK;
            if (value == (int) value
                    && index < chunks
                    && offset > 0
                    && offset < ints[index].length) {
                int many = Math.min(count - done, ints[index].length - offset);
                Arrays.fill(ints[index], offset, offset + many, (int) value);
                done += many;
            } else {
                append(row + done, value);
                done++;
            }
        }
    }

    /// Copies rows, all of which fit ints.
    public void copy(int from, int to, int[] target) {
        int done = 0;
        while (done < to - from) {
            int index = (from + done) >>> CHUNK_BITS;
            int offset = (from + done) & MASK;
            int many = Math.min(to - from - done, CHUNK_ROWS - offset);
            System.arraycopy(ints[index], offset, target, done, many);
            done += many;
        }
    }

    /// Overwrites a row that nobody else has seen with a value that fits an int, as the old one
    /// did.
    void replace(int row, int value) {
        int[] chunk = ints[row >>> CHUNK_BITS];
        int offset = row & MASK;
        if (offset < chunk.length) {
            chunk[offset] = value;
        } else {
            longs[row >>> CHUNK_BITS][offset] = value;
        }
    }

    /// From `offset` on the chunk continues in longs.
    private void widen(int index, int offset) {
        int rows = Math.clamp(2L * offset, FIRST_ROWS, CHUNK_ROWS);
        meter.allocating(8L * rows);
        longs[index] = new long[rows];
        ints[index] = Arrays.copyOf(ints[index], offset);
        wide = true;
    }

    private void startChunk() {
        if (chunks == ints.length) {
            int length = Math.max(4, chunks * 2);
            int[][] moreInts = Arrays.copyOf(ints, length);
            long[][] moreLongs = Arrays.copyOf(longs, length);
            ints = moreInts;
            longs = moreLongs;
        }
        int rows = chunks == 0 ? FIRST_ROWS : CHUNK_ROWS;
        boolean startWide = wide && chunks > 0 && longs[chunks - 1].length > 0;
        meter.allocating(startWide ? 8L * rows : 4L * rows);
        ints[chunks] = startWide ? NO_INTS : new int[rows];
        longs[chunks] = startWide ? new long[rows] : NO_LONGS;
        chunks++;
    }

    long bytes() {
        long bytes = 0;
        for (int i = 0; i < chunks; i++) {
            bytes += 4L * ints[i].length + 8L * longs[i].length;
        }
        return bytes;
    }
}
