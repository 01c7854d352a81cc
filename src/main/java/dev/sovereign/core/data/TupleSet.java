package dev.sovereign.core.data;

/// Which tuples a relation holds: a hash set over its rows. One or two columns whose values fit an
/// int are kept packed in the table itself, so that most look-ups touch one cache line; anything
/// else is a tag and the row, compared with the columns.
final class TupleSet {

    private static final int FIRST_SLOTS = 16;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    private final Column[] columns;
    private final MemoryMeter meter;

    /// Packed: the tuple itself. Otherwise: upper half of the hash, row + 1. 0 is an empty slot.
    private long[] slots = new long[FIRST_SLOTS];

    private int shift = 64 - Integer.numberOfTrailingZeros(FIRST_SLOTS);
    private int used;
    private boolean packed;

    /// Whether the tuple that packs to 0 is held.
    private boolean zero;

    TupleSet(Column[] columns, MemoryMeter meter) {
        this.columns = columns;
        this.meter = meter;
        this.packed = columns.length == 1 || columns.length == 2;
    }

    /// Adds a tuple of one column, for the row that is about to be written; false when it is there.
    boolean add(long a, int row) {
        if (packed && a != (int) a) {
            unpack(row);
        }
        return packed
                ? addPacked(Integer.toUnsignedLong((int) a))
                : addHashed(HashIndex.mix(0, a), row, a, 0);
    }

    /// Adds a tuple of two columns.
    boolean add(long a, long b, int row) {
        if (packed) {
            if (a == (int) a && b == (int) b) {
                return addPacked(a << 32 | (b & 0xFFFFFFFFL));
            }
            unpack(row);
        }
        return addHashed(HashIndex.mix(HashIndex.mix(0, a), b), row, a, b);
    }

    /// Adds a tuple of any number of columns.
    boolean add(long[] tuple, int row) {
        if (columns.length == 1) {
            return add(tuple[0], row);
        }
        if (columns.length == 2) {
            return add(tuple[0], tuple[1], row);
        }
        long hash = hash(tuple);
        int slot = find(hash, tuple);
        if (slots[slot] != 0) {
            return false;
        }
        put(slot, (hash & 0xFFFFFFFF00000000L) | (row + 1));
        return true;
    }

    boolean contains(long a) {
        if (packed) {
            return a == (int) a && containsPacked(Integer.toUnsignedLong((int) a));
        }
        return slots[find(HashIndex.mix(0, a), a, 0)] != 0;
    }

    boolean contains(long a, long b) {
        if (packed) {
            return a == (int) a && b == (int) b && containsPacked(a << 32 | (b & 0xFFFFFFFFL));
        }
        return slots[find(HashIndex.mix(HashIndex.mix(0, a), b), a, b)] != 0;
    }

    boolean contains(long[] tuple) {
        return switch (columns.length) {
            case 1 -> contains(tuple[0]);
            case 2 -> contains(tuple[0], tuple[1]);
            default -> slots[find(hash(tuple), tuple)] != 0;
        };
    }

    /// The row of a tuple; -1 when it is not held. Only while the table holds rows.
    int row(long[] tuple) {
        int slot =
                columns.length == 2
                        ? find(
                                HashIndex.mix(HashIndex.mix(0, tuple[0]), tuple[1]),
                                tuple[0],
                                tuple[1])
                        : columns.length == 1
                                ? find(HashIndex.mix(0, tuple[0]), tuple[0], 0)
                                : find(hash(tuple), tuple);
        return (int) slots[slot] - 1;
    }

    /// Whether the table holds the tuples themselves, not rows.
    boolean isPacked() {
        return packed;
    }

    /// Forgets all: another set takes over.
    void clear() {
        meter.allocating(-8L * slots.length);
        slots = new long[0];
    }

    /// Holds the tuples of so many rows again.
    void refill(int rows) {
        int length = FIRST_SLOTS;
        while ((length >>> 3) * 5 <= rows) {
            length *= 2;
        }
        meter.allocating(8L * length);
        slots = new long[length];
        shift = 64 - Integer.numberOfTrailingZeros(length);
        unpack(rows);
    }

    long bytes() {
        return 8L * slots.length;
    }

    private boolean addPacked(long key) {
        if (key == 0) {
            boolean added = !zero;
            zero = true;
            return added;
        }
        long[] table = slots;
        int mask = table.length - 1;
        int slot = (int) ((key * SPREAD) >>> shift);
        for (long entry = table[slot]; entry != 0; entry = table[slot]) {
            if (entry == key) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        put(slot, key);
        return true;
    }

    private boolean containsPacked(long key) {
        if (key == 0) {
            return zero;
        }
        long[] table = slots;
        int mask = table.length - 1;
        int slot = (int) ((key * SPREAD) >>> shift);
        for (long entry = table[slot]; entry != 0; entry = table[slot]) {
            if (entry == key) {
                return true;
            }
            slot = (slot + 1) & mask;
        }
        return false;
    }

    private boolean addHashed(long hash, int row, long a, long b) {
        int slot = find(hash, a, b);
        if (slots[slot] != 0) {
            return false;
        }
        put(slot, (hash & 0xFFFFFFFF00000000L) | (row + 1));
        return true;
    }

    /// The slot of the tuple, or the empty one where it belongs.
    private int find(long hash, long a, long b) {
        long[] table = slots;
        int mask = table.length - 1;
        int slot = start(hash);
        for (long entry = table[slot]; entry != 0; entry = table[slot]) {
            if ((entry ^ hash) >>> 32 == 0) {
                int row = (int) entry - 1;
                if (columns[0].get(row) == a && (columns.length == 1 || columns[1].get(row) == b)) {
                    return slot;
                }
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private int find(long hash, long[] tuple) {
        long[] table = slots;
        int mask = table.length - 1;
        int slot = start(hash);
        for (long entry = table[slot]; entry != 0; entry = table[slot]) {
            if ((entry ^ hash) >>> 32 == 0 && matches((int) entry - 1, tuple)) {
                return slot;
            }
            slot = (slot + 1) & mask;
        }
        return slot;
    }

    private boolean matches(int row, long[] tuple) {
        for (int i = 0; i < columns.length; i++) {
            if (columns[i].get(row) != tuple[i]) {
                return false;
            }
        }
        return true;
    }

    private void put(int slot, long entry) {
        slots[slot] = entry;
        // at most 5/8 full: linear probing stays within a cache line or two
        if (++used > (slots.length >>> 3) * 5) {
            grow();
        }
    }

    private void grow() {
        long[] old = slots;
        meter.allocating(16L * old.length);
        long[] larger = new long[old.length * 2];
        int mask = larger.length - 1;
        int largerShift = shift - 1;
        for (int i = 0; i < old.length; i++) {
            if ((i & MemoryMeter.PAUSE_MASK) == MemoryMeter.PAUSE_MASK) {
                meter.allocating(0);
            }
            long entry = old[i];
            if (entry != 0) {
                long spread = (packed ? entry : entry >>> 32) * SPREAD;
                int slot = (int) (spread >>> largerShift);
                while (larger[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                larger[slot] = entry;
            }
        }
        slots = larger;
        shift = largerShift;
        meter.allocating(-8L * old.length);
    }

    /// From packed tuples to tags, before the first tuple that does not pack.
    private void unpack(int rows) {
        packed = false;
        used = 0;
        java.util.Arrays.fill(slots, 0);
        for (int row = 0; row < rows; row++) {
            if (columns.length == 1) {
                long a = columns[0].get(row);
                addHashed(HashIndex.mix(0, a), row, a, 0);
            } else {
                long a = columns[0].get(row);
                long b = columns[1].get(row);
                addHashed(HashIndex.mix(HashIndex.mix(0, a), b), row, a, b);
            }
        }
    }

    /// Depends on the upper half only: that is all that a slot keeps of a hash.
    private int start(long hash) {
        return (int) (((hash >>> 32) * SPREAD) >>> shift);
    }

    private static long hash(long[] tuple) {
        long hash = 0;
        for (long value : tuple) {
            hash = HashIndex.mix(hash, value);
        }
        return hash;
    }
}
