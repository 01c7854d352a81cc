package dev.sovereign.core.data;

import java.util.Arrays;

/// A growing sequence of ints in chunks. Elements that were written may be read by other threads as
/// [Column]'s are.
final class IntVector {

    private static final int BITS = Column.CHUNK_BITS;
    private static final int LENGTH = 1 << BITS;
    private static final int MASK = LENGTH - 1;

    private final MemoryMeter meter;
    private int[][] chunks = {};
    private int used;

    IntVector(MemoryMeter meter) {
        this.meter = meter;
    }

    int get(int position) {
        return chunks[position >>> BITS][position & MASK];
    }

    /// Writes at or before the end: positions come in order.
    void append(int position, int value) {
        int index = position >>> BITS;
        int offset = position & MASK;
        if (index == used) {
            if (used == chunks.length) {
                chunks = Arrays.copyOf(chunks, Math.max(4, 2 * used));
            }
            int length = used == 0 ? 16 : LENGTH;
            meter.allocating(4L * length);
            chunks[used++] = new int[length];
        } else if (offset >= chunks[index].length) {
            meter.allocating(4L * offset);
            chunks[index] = Arrays.copyOf(chunks[index], 2 * offset);
        }
        chunks[index][offset] = value;
    }

    long bytes() {
        long bytes = 0;
        for (int i = 0; i < used; i++) {
            bytes += 4L * chunks[i].length;
        }
        return bytes;
    }
}
