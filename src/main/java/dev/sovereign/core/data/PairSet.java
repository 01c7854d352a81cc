package dev.sovereign.core.data;

import java.util.Arrays;

/// Pairs of ints: for each first one the set of its second ones, in a small array, a hash table or
/// a bitmap, whichever its numbers make smallest. Pairs with the same first number lie together, so
/// that a join that adds one after the other stays within the processor's caches. For one thread.
final class PairSet {

    /// Second numbers that are kept in a list.
    private static final int LIST = 7;

    private static final int SPREAD = 0x9E3779B9;

    /// Turns the one number that is not allowed, the smallest, into the mark of an empty slot.
    private static final int FLIP = Integer.MIN_VALUE;

    /// Object header and rounding.
    private static final int ARRAY_BYTES = 20;

    private static final int[] NOTHING = {0, 0};

    private final MemoryMeter meter;
    private final KeyIds ids;

    /// By id of the first number. Word 0 counts; the rest is a list (up to [#LIST]), a hash table
    /// (a power of two), or, when word 0 is negative (the complement of the count), bits.
    private int[][] tables = new int[16][];

    private long bytes;

    // the last first number that was added to
    private int lastKey;
    private int[] lastTable = {};
    private int lastId = -1;
    private int reached;

    PairSet(MemoryMeter meter) {
        this.meter = meter;
        this.ids = new KeyIds(meter);
    }

    /// Whether such a number may stand in a pair.
    static boolean holds(long value) {
        return value == (int) value && value != Integer.MIN_VALUE;
    }

    /// Adds a pair; false when it is there.
    boolean add(int key, int value) {
        if (key != lastKey || lastId < 0) {
            open(key);
        }
        int[] table = lastTable;
        int head = table[0];
        if (head < 0) {
            int word = (value >> 5) + 1;
            if (word > 0 && word < table.length) {
                int bit = 1 << value;
                int bits = table[word];
                if ((bits & bit) != 0) {
                    return false;
                }
                table[word] = bits | bit;
                table[0] = head - 1;
                return true;
            }
            return outside(table, ~head, value);
        }
        int wanted = value ^ FLIP;
        if (table.length <= LIST + 1) {
            for (int i = 1; i <= head; i++) {
                if (table[i] == wanted) {
                    return false;
                }
            }
            if (head + 1 < table.length) {
                table[head + 1] = wanted;
                table[0] = head + 1;
                return true;
            }
            return longer(table, head, wanted);
        }
        int mask = table.length - 2;
        int slot = start(wanted, mask);
        for (int entry = table[slot + 1]; entry != 0; entry = table[slot + 1]) {
            if (entry == wanted) {
                return false;
            }
            slot = (slot + 1) & mask;
        }
        table[slot + 1] = wanted;
        table[0] = head + 1;
        if (3 * (head + 1) > 2 * mask) {
            grow(table, head + 1);
        }
        return true;
    }

    /// Adds pairs of one first number with many second ones.
    ///
    /// @param fresh gets the second ones that were not there; room for all
    /// @param first where those go
    /// @return how many those are; up to which one it came is [#reached]: it stops at one that it
    ///   cannot hold
    int addAll(int key, int[] values, int from, int to, int[] fresh, int first) {
        int added = first;
        int at = from;
        while (at < to) {
            int value = values[at];
            if (value == Integer.MIN_VALUE) {
                break;
            }
            at++;
            if (add(key, value)) {
                fresh[added++] = value;
            }
            int[] bits = lastTable;
            if (bits[0] >= 0) {
                continue;
            }
            // most of what is added is there already, and most sets are bits by then
            int before = added;
            for (; at < to; at++) {
                int next = values[at];
                int word = (next >> 5) + 1;
                if (word <= 0 || word >= bits.length) {
                    break;
                }
                int bit = 1 << next;
                if ((bits[word] & bit) == 0) {
                    bits[word] |= bit;
                    fresh[added++] = next;
                }
            }
            bits[0] -= added - before;
        }
        reached = at;
        return added - first;
    }

    /// Where the last [#addAll] stopped.
    int reached() {
        return reached;
    }

    /// Of many second numbers those that do not stand beside a first one. Any thread, while none
    /// adds.
    ///
    /// @param missing gets them; room for all
    /// @param first where they go
    /// @return how many those are
    int missing(int key, int[] values, int from, int to, int[] missing, int first) {
        int found = first;
        int id = ids.find(key);
        int[] table = id < 0 ? NOTHING : tables[id];
        if (table[0] < 0) {
            for (int at = from; at < to; at++) {
                int value = values[at];
                int word = (value >> 5) + 1;
                missing[found] = value;
                found += word > 0 && word < table.length ? ~(table[word] >>> value) & 1 : 1;
            }
            return found - first;
        }
        for (int at = from; at < to; at++) {
            if (!holds(table, values[at])) {
                missing[found++] = values[at];
            }
        }
        return found - first;
    }

    boolean contains(int key, int value) {
        int[] table;
        if (key == lastKey && lastId >= 0) {
            table = lastTable;
        } else {
            int id = ids.find(key);
            if (id < 0) {
                return false;
            }
            table = tables[id];
        }
        return holds(table, value);
    }

    private static boolean holds(int[] table, int value) {
        int head = table[0];
        if (head < 0) {
            int word = (value >> 5) + 1;
            return word > 0 && word < table.length && (table[word] >>> value & 1) != 0;
        }
        int wanted = value ^ FLIP;
        if (table.length <= LIST + 1) {
            for (int i = 1; i <= head; i++) {
                if (table[i] == wanted) {
                    return true;
                }
            }
            return false;
        }
        int mask = table.length - 2;
        int slot = start(wanted, mask);
        for (int entry = table[slot + 1]; entry != 0; entry = table[slot + 1]) {
            if (entry == wanted) {
                return true;
            }
            slot = (slot + 1) & mask;
        }
        return false;
    }

    /// First numbers.
    int keys() {
        return ids.count();
    }

    /// The position of a first number among all; -1 for none.
    int idOf(int key) {
        return ids.find(key);
    }

    long bytes() {
        return bytes + 4L * tables.length + ids.bytes();
    }

    private void open(int key) {
        int id = ids.idOf(key);
        if (id >= tables.length) {
            meter.allocating(4L * tables.length);
            tables = Arrays.copyOf(tables, 2 * tables.length);
        }
        int[] table = tables[id];
        if (table == null) {
            table = new int[4];
            allocated(4);
            tables[id] = table;
        }
        lastKey = key;
        lastTable = table;
        lastId = id;
    }

    private void allocated(int words) {
        meter.allocating(4L * words + ARRAY_BYTES);
        bytes += 4L * words + ARRAY_BYTES;
    }

    private void replace(int[] old, int[] table) {
        tables[lastId] = table;
        lastTable = table;
        meter.allocating(-4L * old.length - ARRAY_BYTES);
        bytes -= 4L * old.length + ARRAY_BYTES;
    }

    /// A full list gets longer, or becomes a table.
    private boolean longer(int[] list, int count, int wanted) {
        if (count < LIST) {
            allocated(LIST + 1);
            int[] larger = Arrays.copyOf(list, LIST + 1);
            larger[count + 1] = wanted;
            larger[0] = count + 1;
            replace(list, larger);
            return true;
        }
        grow(list, count);
        return add(lastKey, wanted ^ FLIP);
    }

    /// Makes room: bits, when those take no more than a table twice as large.
    private void grow(int[] old, int count) {
        boolean list = old.length <= LIST + 1;
        int slots = list ? 2 * (LIST + 1) : 2 * (old.length - 1);
        int most = 0;
        boolean negative = false;
        for (int i = 1; i < old.length; i++) {
            if (old[i] != 0) {
                int value = old[i] ^ FLIP;
                most = Math.max(most, value);
                negative |= value < 0;
            }
        }
        if (!negative && (most >> 5) + 2 <= slots) {
            int[] bits = new int[(most >> 5) + 2];
            allocated(bits.length);
            for (int i = 1; i < old.length; i++) {
                if (old[i] != 0) {
                    int value = old[i] ^ FLIP;
                    bits[(value >> 5) + 1] |= 1 << value;
                }
            }
            bits[0] = ~count;
            replace(old, bits);
            return;
        }
        int[] table = new int[slots + 1];
        allocated(table.length);
        for (int i = 1; i < old.length; i++) {
            if (old[i] != 0) {
                put(table, old[i]);
            }
        }
        table[0] = count;
        replace(old, table);
    }

    /// A number beyond the bits that are there: more of them, or a hash table.
    private boolean outside(int[] bits, int count, int value) {
        int words = (value >> 5) + 2;
        if (value >= 0 && words <= 2 * Math.max(bits.length, count)) {
            int length = Math.max(words, Math.min(bits.length + bits.length / 2, 2 * count));
            allocated(length);
            int[] larger = Arrays.copyOf(bits, length);
            larger[(value >> 5) + 1] |= 1 << value;
            larger[0] = ~(count + 1);
            replace(bits, larger);
            return true;
        }
        int slots = 2 * (LIST + 1);
        while (slots < 2 * (count + 1)) {
            slots *= 2;
        }
        int[] table = new int[slots + 1];
        allocated(table.length);
        for (int word = 1; word < bits.length; word++) {
            for (int left = bits[word]; left != 0; left &= left - 1) {
                put(table, (((word - 1) << 5) | Integer.numberOfTrailingZeros(left)) ^ FLIP);
            }
        }
        table[0] = count;
        replace(bits, table);
        return add(lastKey, value);
    }

    private static void put(int[] table, int entry) {
        int mask = table.length - 2;
        int slot = start(entry, mask);
        while (table[slot + 1] != 0) {
            slot = (slot + 1) & mask;
        }
        table[slot + 1] = entry;
    }

    private static int start(int entry, int mask) {
        return (entry * SPREAD) >>> Integer.numberOfLeadingZeros(mask);
    }
}
