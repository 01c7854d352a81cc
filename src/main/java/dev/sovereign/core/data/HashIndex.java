package dev.sovereign.core.data;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/// Finds the rows of a relation by the values of some of its columns: a hash table of the newest
/// row of each key, and for each row the next older one with an equal key. So a walk sees rows in
/// descending order and can stop at the first that is too old.
///
/// Covers the rows up to the last [#extendTo]. Of a shared relation any thread may extend and read.
public final class HashIndex {

    private static final VarHandle SLOTS = MethodHandles.arrayElementVarHandle(long[].class);

    private static final int FIRST_SLOTS = 16;

    /// Building costs about as much as this many scans.
    private static final int SCANS_BEFORE_BUILDING = 3;

    /// 2^32 divided by the golden ratio: spreads tags over the slots.
    private static final int SPREAD = 0x9E3779B9;

    private final Column[] keys;
    private final boolean shared;
    private final MemoryMeter meter;
    private final IntVector older;

    /// A slot is 0 when empty, else the key's tag in the upper half and the newest row + 1 in the
    /// lower one. Its length is a power of two, at most half of it in use.
    private volatile long[] slots = new long[FIRST_SLOTS];

    /// Distinct keys.
    private int distinct;

    /// Rows covered.
    private volatile int covered;

    /// How often a reader scanned the relation because this index was not there yet. Approximate
    /// where readers race.
    private int scans;

    HashIndex(Column[] keys, boolean shared, MemoryMeter meter) {
        this.keys = keys;
        this.shared = shared;
        this.meter = meter;
        this.older = new IntVector(meter);
    }

    /// Rows that are found: `0..covered()-1`.
    public int covered() {
        return covered;
    }

    /// Distinct keys among the rows covered. Exact for the thread that extends.
    public int distinct() {
        return distinct;
    }

    /// Whether a reader who has to find one key among `rows` rows should rather build the index
    /// than look at all of them: it is there for most, or it was missed a few times before. Counts
    /// as a miss.
    public boolean isWorthBuilding(int rows) {
        return covered >= rows / 2 || ++scans > SCANS_BEFORE_BUILDING;
    }

    /// Covers the rows below `limit`, which must be there.
    public void extendTo(int limit) {
        if (covered >= limit) {
            return;
        }
        synchronized (this) {
            for (int row = covered; row < limit; row++) {
                link(row);
            }
            covered = Math.max(covered, limit);
        }
    }

    /// The newest row whose key column has this value; -1 when there is none. Only for an index
    /// over one column. A shared index may return rows beyond those that the reader asked to be
    /// covered.
    public int first(long key) {
        Column column = keys[0];
        boolean exact = !shared && !column.isWide();
        if (exact && key != (int) key) {
            return -1;
        }
        int tag = fold(key);
        long[] table = slots;
        int mask = table.length - 1;
        for (int slot = start(tag, mask); ; slot = (slot + 1) & mask) {
            long entry = shared ? (long) SLOTS.getAcquire(table, slot) : table[slot];
            if (entry == 0) {
                return -1;
            }
            if ((int) (entry >>> 32) == tag) {
                int row = (int) entry - 1;
                if (exact || column.get(row) == key) {
                    return row;
                }
            }
        }
    }

    /// The newest row whose key columns have these values, given in the order of columns; -1 when
    /// there is none. See [#first(long)].
    public int first(long[] key) {
        if (keys.length == 1) {
            return first(key[0]);
        }
        int tag = tag(key);
        long[] table = slots;
        int mask = table.length - 1;
        for (int slot = start(tag, mask); ; slot = (slot + 1) & mask) {
            long entry = shared ? (long) SLOTS.getAcquire(table, slot) : table[slot];
            if (entry == 0) {
                return -1;
            }
            if ((int) (entry >>> 32) == tag) {
                int row = (int) entry - 1;
                if (matches(row, key)) {
                    return row;
                }
            }
        }
    }

    /// The next older row with the same key; -1 after the last.
    public int next(int row) {
        return older.get(row) - 1;
    }

    long bytes() {
        return 8L * slots.length + older.bytes();
    }

    private boolean matches(int row, long[] key) {
        for (int i = 0; i < keys.length; i++) {
            if (keys[i].get(row) != key[i]) {
                return false;
            }
        }
        return true;
    }

    private void link(int row) {
        int tag = keys.length == 1 ? fold(keys[0].get(row)) : tag(row);
        long[] table = slots;
        if (2 * (distinct + 1) > table.length) {
            table = grow(table);
            slots = table;
        }
        int mask = table.length - 1;
        long mine = (long) tag << 32 | (row + 1);
        for (int slot = start(tag, mask); ; slot = (slot + 1) & mask) {
            long entry = table[slot];
            if (entry == 0) {
                older.append(row, 0);
                distinct++;
            } else if ((int) (entry >>> 32) == tag && sameKey((int) entry - 1, row)) {
                older.append(row, (int) entry);
            } else {
                continue;
            }
            if (shared) {
                SLOTS.setRelease(table, slot, mine);
            } else {
                table[slot] = mine;
            }
            return;
        }
    }

    private boolean sameKey(int one, int other) {
        for (Column column : keys) {
            if (column.get(one) != column.get(other)) {
                return false;
            }
        }
        return true;
    }

    private long[] grow(long[] table) {
        int length = table.length * 2;
        meter.allocating(8L * length);
        long[] larger = new long[length];
        int mask = length - 1;
        for (int i = 0; i < table.length; i++) {
            if ((i & MemoryMeter.PAUSE_MASK) == MemoryMeter.PAUSE_MASK) {
                meter.allocating(0);
            }
            long entry = table[i];
            if (entry != 0) {
                int slot = start((int) (entry >>> 32), mask);
                while (larger[slot] != 0) {
                    slot = (slot + 1) & mask;
                }
                larger[slot] = entry;
            }
        }
        meter.allocating(-8L * table.length);
        return larger;
    }

    private int tag(int row) {
        long hash = 0;
        for (Column column : keys) {
            hash = mix(hash, column.get(row));
        }
        return (int) (hash >>> 32);
    }

    private static int tag(long[] key) {
        long hash = 0;
        for (long value : key) {
            hash = mix(hash, value);
        }
        return (int) (hash >>> 32);
    }

    static long mix(long hash, long value) {
        long mixed = (hash ^ value) * 0x9E3779B97F4A7C15L;
        return mixed ^ (mixed >>> 29);
    }

    /// Different for different ints, negative ones too: what stands above an int is folded in only
    /// as far as it is not just its sign.
    private static int fold(long value) {
        return (int) (value ^ (value >>> 32) ^ (value >> 63));
    }

    private static int start(int tag, int mask) {
        int spread = tag * SPREAD;
        return (spread ^ (spread >>> 15)) & mask;
    }
}
