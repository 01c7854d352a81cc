package dev.sovereign.core.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// Packs some tuples column by column. The order of the tuples is not kept: they are sorted first, where
/// that can be done on one `long` a tuple, so that columns hold small differences.
///
///     varint rows, varint columns, then for each column a byte that says how, and
///     0 CONSTANT   zigzag value
///     1 PACKED     zigzag least, byte width w (1 to 56), rows × w bits of (value − least), least bit first
///     2 DELTA      rows × zigzag varint of the difference to the row before (the first: to 0)
///     3 RAW        rows × 8 bytes, big-endian
///
/// Keeps its scratch arrays; not thread-safe.
final class TupleCodec {

    /// Rows that a writer puts in one block: small enough to sort within a processor's cache.
    static final int ROWS = 16_384;

    /// Columns that a relation may have. A guess far above any sensible program.
    static final int MAX_COLUMNS = 1_000;

    /// Values in one block; bounds what decoding allocates to 8 MiB.
    static final int MAX_CELLS = 1 << 20;

    private static final int CONSTANT = 0;
    private static final int PACKED = 1;
    private static final int DELTA = 2;
    private static final int RAW = 3;

    private static final int MAX_WIDTH = 56;

    private static final VarHandle LONG_LE =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private long[][] sorted = new long[0][];
    private long[] keys = new long[0];

    /// Rows of `columns` columns that fit in one block.
    static int rowsFor(int columns) {
        return Math.min(ROWS, MAX_CELLS / Math.max(1, columns));
    }

    /// Writes rows `from` to `from + count - 1`.
    ///
    /// @param count at most [#rowsFor] the number of columns
    void encode(ByteOutput out, long[][] columns, int from, int count) {
        out.varint(count);
        out.varint(columns.length);
        if (count == 0 || columns.length == 0) {
            return;
        }
        boolean isSorted = sort(columns, from, count);
        for (int c = 0; c < columns.length; c++) {
            if (isSorted) {
                column(out, sorted[c], 0, count);
            } else {
                column(out, columns[c], from, count);
            }
        }
    }

    private static void column(ByteOutput out, long[] values, int from, int count) {
        long least = values[from];
        long most = least;
        long before = 0;
        long deltaBytes = 0;
        for (int i = from; i < from + count; i++) {
            long value = values[i];
            least = Math.min(least, value);
            most = Math.max(most, value);
            long delta = value - before;
            deltaBytes += ByteOutput.varintSize(delta << 1 ^ delta >> 63);
            before = value;
        }
        if (least == most) {
            out.u8(CONSTANT);
            out.zigzag(least);
            return;
        }
        int width = 64 - Long.numberOfLeadingZeros(most - least);
        long packedBytes =
                width > MAX_WIDTH ? Long.MAX_VALUE : ((long) count * width + 7) / 8 + 1 + 10;
        if (packedBytes <= deltaBytes && packedBytes <= 8L * count) {
            out.u8(PACKED);
            out.zigzag(least);
            out.u8(width);
            pack(out, values, from, count, least, width);
        } else if (deltaBytes < 8L * count) {
            out.u8(DELTA);
            out.reserve((int) deltaBytes);
            before = 0;
            for (int i = from; i < from + count; i++) {
                out.zigzag(values[i] - before);
                before = values[i];
            }
        } else {
            out.u8(RAW);
            for (int i = from; i < from + count; i++) {
                out.u64(values[i]);
            }
        }
    }

    private static void pack(
            ByteOutput out, long[] values, int from, int count, long least, int width) {
        int bytes = (int) (((long) count * width + 7) / 8);
        out.reserve(bytes + 8); // whole longs are stored; what follows overwrites the excess
        byte[] array = out.array();
        int at = out.size();
        long buffer = 0;
        int bits = 0; // fewer than 8 between values
        for (int i = from; i < from + count; i++) {
            buffer |= (values[i] - least) << bits;
            bits += width;
            LONG_LE.set(array, at, buffer);
            int whole = bits >>> 3;
            at += whole;
            bits &= 7;
            buffer >>>= whole << 3; // at most 7 bytes: width and rest are at most 63 bits
        }
        out.skip(bytes);
    }

    /// Sorts into [#sorted] where one `long` can hold a whole tuple, or the first column and a
    /// position.
    private boolean sort(long[][] columns, int from, int count) {
        if (count == 1) {
            return false;
        }
        long[] least = new long[columns.length];
        int[] width = new int[columns.length];
        int total = 0;
        for (int c = 0; c < columns.length; c++) {
            long low = columns[c][from];
            long high = low;
            for (int i = from; i < from + count; i++) {
                low = Math.min(low, columns[c][i]);
                high = Math.max(high, columns[c][i]);
            }
            least[c] = low;
            width[c] = high == low ? 0 : 64 - Long.numberOfLeadingZeros(high - low);
            total += width[c];
        }
        if (total <= 63) {
            sortWhole(columns, from, count, least, width);
            return true;
        }
        int positionBits = 32 - Integer.numberOfLeadingZeros(count - 1);
        if (width[0] + positionBits <= 63) {
            sortByFirst(columns, from, count, least[0], positionBits);
            return true;
        }
        return false;
    }

    private void sortWhole(long[][] columns, int from, int count, long[] least, int[] width) {
        reserve(columns.length, count);
        Arrays.fill(keys, 0, count, 0);
        for (int c = 0; c < columns.length; c++) {
            long[] column = columns[c];
            for (int i = 0; i < count; i++) {
                keys[i] = (keys[i] << width[c]) | (column[from + i] - least[c]);
            }
        }
        Arrays.sort(keys, 0, count);
        int shift = 0;
        for (int c = columns.length - 1; c >= 0; c--) {
            long mask = (1L << width[c]) - 1;
            long[] column = sorted[c];
            for (int i = 0; i < count; i++) {
                column[i] = (keys[i] >>> shift & mask) + least[c];
            }
            shift += width[c];
        }
    }

    private void sortByFirst(long[][] columns, int from, int count, long least, int positionBits) {
        reserve(columns.length, count);
        for (int i = 0; i < count; i++) {
            keys[i] = ((columns[0][from + i] - least) << positionBits) | i;
        }
        Arrays.sort(keys, 0, count);
        int mask = (1 << positionBits) - 1;
        for (int c = 0; c < columns.length; c++) {
            for (int i = 0; i < count; i++) {
                sorted[c][i] = columns[c][from + (int) (keys[i] & mask)];
            }
        }
    }

    private void reserve(int columns, int count) {
        if (sorted.length < columns || keys.length < count) {
            int rows = Math.max(keys.length, count);
            sorted = new long[Math.max(sorted.length, columns)][rows];
            keys = new long[rows];
        }
    }

    /// Reads one block into `columns`, which has as many arrays as the block must have columns;
    /// arrays that are too short are replaced by longer ones.
    ///
    /// @return rows
    static int decode(ByteInput in, long[][] columns) throws MalformedException {
        int count = in.count(MAX_CELLS / Math.max(1, columns.length), "the number of tuples");
        int width = in.count(MAX_COLUMNS, "the number of columns");
        if (width != columns.length) {
            throw new MalformedException(
                    "tuples have " + width + " columns, expected " + columns.length);
        }
        if (count == 0) {
            return 0;
        }
        for (int c = 0; c < width; c++) {
            if (columns[c].length < count) {
                columns[c] = new long[Math.max(count, Math.min(ROWS, columns[c].length * 2))];
            }
            column(in, columns[c], count);
        }
        return count;
    }

    private static void column(ByteInput in, long[] values, int count) throws MalformedException {
        int how = in.u8();
        switch (how) {
            case CONSTANT -> Arrays.fill(values, 0, count, in.zigzag());
            case PACKED -> unpack(in, values, count);
            case DELTA -> in.deltas(values, count);
            case RAW -> {
                for (int i = 0; i < count; i++) {
                    values[i] = in.u64();
                }
            }
            default -> throw new MalformedException("a column is packed in unknown way " + how);
        }
    }

    private static void unpack(ByteInput in, long[] values, int count) throws MalformedException {
        long least = in.zigzag();
        int width = in.u8();
        if (width < 1 || width > MAX_WIDTH) {
            throw new MalformedException("a column is packed in " + width + " bits a value");
        }
        int at = in.position();
        in.skip((int) (((long) count * width + 7) / 8));
        byte[] array = in.array();
        long mask = (1L << width) - 1;
        long buffer = 0;
        int bits = 0; // fewer than 8 between values, so that 63 are the most
        // byte by byte: a store is opened by an interpreter, to which a view of longs costs more
        for (int i = 0; i < count; i++) {
            while (bits < width) {
                buffer |= (array[at++] & 0xffL) << bits;
                bits += 8;
            }
            values[i] = (buffer & mask) + least;
            buffer >>>= width;
            bits -= width;
        }
    }
}
