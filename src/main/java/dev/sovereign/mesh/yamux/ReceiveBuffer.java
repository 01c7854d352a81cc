package dev.sovereign.mesh.yamux;

/// Bytes of one stream that have arrived and were not read: a ring that doubles when it is full, so
/// that neither the number of frames nor their size costs anything beyond the bytes themselves.
/// Guarded by the stream's lock.
final class ReceiveBuffer {

    private static final int FIRST_BYTES = 1_024;

    private byte[] ring = {};
    private int head;
    private int size;

    int size() {
        return size;
    }

    /// What the ring has to be for `count` more bytes.
    int capacityFor(int count) {
        int needed = size + count;
        return needed <= ring.length
                ? ring.length
                : Math.max(FIRST_BYTES, Integer.highestOneBit(needed - 1) << 1);
    }

    int capacity() {
        return ring.length;
    }

    void put(byte[] from, int offset, int count) {
        int capacity = capacityFor(count);
        if (capacity > ring.length) {
            byte[] larger = new byte[capacity];
            int kept = size;
            copyOut(larger, 0, kept);
            ring = larger;
            head = 0;
            size = kept;
        }
        int tail = (head + size) & (ring.length - 1);
        int first = Math.min(count, ring.length - tail);
        System.arraycopy(from, offset, ring, tail, first);
        System.arraycopy(from, offset + first, ring, 0, count - first);
        size += count;
    }

    /// Moves up to `count` bytes to `into`.
    int take(byte[] into, int offset, int count) {
        int taken = Math.min(count, size);
        copyOut(into, offset, taken);
        size -= taken;
        head = size == 0 ? 0 : (head + taken) & (ring.length - 1);
        return taken;
    }

    private void copyOut(byte[] into, int offset, int count) {
        int first = Math.min(count, ring.length - head);
        System.arraycopy(ring, head, into, offset, first);
        System.arraycopy(ring, 0, into, offset + first, count - first);
    }

    /// Forgets what was not read.
    void clear() {
        ring = new byte[0];
        head = 0;
        size = 0;
    }
}
