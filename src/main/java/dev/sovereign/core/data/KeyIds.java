package dev.sovereign.core.data;

import java.util.Arrays;

/// Numbers keys from 0 in the order in which they come: through an array where keys are small and
/// dense (ids of symbols, numbered nodes), else through a hash table. For one thread.
final class KeyIds {

    private static final int FIRST_SLOTS = 64;
    private static final long SPREAD = 0x9E3779B97F4A7C15L;

    /// An array may have this many entries besides [#SPARSE] for each key.
    private static final int FREE_ENTRIES = 1024;

    private static final int SPARSE = 8;

    private static final int[] NONE = {};

    private final MemoryMeter meter;

    /// Id + 1 by key, 0 for none; null when keys are hashed.
    private int @org.jspecify.annotations.Nullable [] direct = new int[FIRST_SLOTS];

    // when hashed: id + 1 by slot, and the key of each id
    private int[] slots = NONE;
    private long[] keys = {};

    private int count;
    private long largest;
    private boolean negative;

    KeyIds(MemoryMeter meter) {
        this.meter = meter;
    }

    /// Keys numbered.
    int count() {
        return count;
    }

    /// The number of a key; -1 when it has none.
    int find(long key) {
        int[] ids = direct;
        if (ids != null) {
            return key >= 0 && key < ids.length ? ids[(int) key] - 1 : -1;
        }
        return findHashed(key);
    }

    /// The number of a key, which gets the next one when it has none.
    int idOf(long key) {
        int[] ids = direct;
        if (ids != null && key >= 0 && key < ids.length) {
            int id = ids[(int) key];
            if (id != 0) {
                return id - 1;
            }
            ids[(int) key] = ++count;
            largest = Math.max(largest, key);
            return count - 1;
        }
        int found = ids != null ? -1 : findHashed(key);
        return found >= 0 ? found : add(key);
    }

    long bytes() {
        int[] ids = direct;
        return ids != null ? 4L * ids.length : 4L * slots.length + 8L * keys.length;
    }

    private int findHashed(long key) {
        int[] table = slots;
        int mask = table.length - 1;
        for (int slot = start(key, table.length); ; slot = (slot + 1) & mask) {
            int id = table[slot];
            if (id == 0) {
                return -1;
            }
            if (keys[id - 1] == key) {
                return id - 1;
            }
        }
    }

    private int add(long key) {
        negative |= key < 0;
        largest = Math.max(largest, key);
        int[] ids = direct;
        if (ids != null) {
            if (isDense(count + 1)) {
                int length =
                        (int) Math.min(Integer.MAX_VALUE - 16, Math.max(key + 1, 2L * ids.length));
                meter.allocating(4L * (length - ids.length));
                ids = Arrays.copyOf(ids, length);
                direct = ids;
                ids[(int) key] = ++count;
                return count - 1;
            }
            hash(ids);
        } else if (2 * (count + 1) > slots.length) {
            if (isDense(count + 1)) {
                unhash();
                return idOf(key);
            }
            rehash(slots.length * 2);
        }
        if (count == keys.length) {
            meter.allocating(8L * count);
            keys = Arrays.copyOf(keys, 2 * count);
        }
        keys[count] = key;
        put(count++);
        return count - 1;
    }

    private boolean isDense(int many) {
        return !negative && largest < FREE_ENTRIES + (long) SPARSE * many;
    }

    private void hash(int[] ids) {
        int length = FIRST_SLOTS;
        while (length < 4 * (count + 1)) {
            length *= 2;
        }
        meter.allocating(8L * length);
        long[] known = new long[length / 2];
        for (int key = 0; key < ids.length; key++) {
            if (ids[key] != 0) {
                known[ids[key] - 1] = key;
            }
        }
        keys = known;
        direct = null;
        meter.allocating(-4L * ids.length);
        rehash(length);
    }

    private void unhash() {
        int length = (int) Math.min(Integer.MAX_VALUE - 16, largest + 1);
        meter.allocating(4L * length);
        int[] ids = new int[length];
        for (int id = 0; id < count; id++) {
            ids[(int) keys[id]] = id + 1;
        }
        meter.allocating(-bytes());
        direct = ids;
        keys = new long[0];
        slots = NONE;
    }

    private void rehash(int length) {
        meter.allocating(4L * (length - slots.length));
        slots = new int[length];
        for (int id = 0; id < count; id++) {
            put(id);
        }
    }

    private void put(int id) {
        int[] table = slots;
        int mask = table.length - 1;
        int slot = start(keys[id], table.length);
        while (table[slot] != 0) {
            slot = (slot + 1) & mask;
        }
        table[slot] = id + 1;
    }

    private static int start(long key, int length) {
        return (int) ((key * SPREAD) >>> (Long.numberOfLeadingZeros(length) + 1));
    }
}
