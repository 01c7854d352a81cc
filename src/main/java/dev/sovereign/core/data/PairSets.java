package dev.sovereign.core.data;

/// The pairs of a relation, in one set or in as many as threads add to them: which one a pair
/// belongs to follows from its first number. For one thread, or for one thread a set.
final class PairSets {

    private static final int SPREAD = 0x9E3779B9;

    private final PairSet[] sets;
    private final int bits;

    /// @param count a power of two
    PairSets(int count, MemoryMeter meter) {
        this.sets = new PairSet[count];
        this.bits = Integer.numberOfTrailingZeros(count);
        for (int i = 0; i < count; i++) {
            sets[i] = new PairSet(meter);
        }
    }

    PairSet set(int number) {
        return sets[number];
    }

    int count() {
        return sets.length;
    }

    /// The set of pairs with this first number.
    int setOf(int key) {
        return setOf(key, bits);
    }

    /// As [#setOf(int)], for so many bits.
    static int setOf(int key, int bits) {
        return bits == 0
                ? 0
                : (key ^ (((key >> bits) * SPREAD) >>> (Integer.SIZE - bits))) & ((1 << bits) - 1);
    }

    /// What a first number is called in its set: as dense there as it is among all.
    int keyIn(int key) {
        return key >> bits;
    }

    boolean add(int key, int value) {
        return sets[setOf(key)].add(keyIn(key), value);
    }

    boolean contains(int key, int value) {
        return sets[setOf(key)].contains(keyIn(key), value);
    }

    /// First numbers.
    int keys() {
        int keys = 0;
        for (PairSet set : sets) {
            keys += set.keys();
        }
        return keys;
    }

    /// The position of the first number, which is there, among all: those of one set come together.
    int idOf(int key) {
        int set = setOf(key);
        int id = sets[set].idOf(keyIn(key));
        for (int i = 0; i < set; i++) {
            id += sets[i].keys();
        }
        return id;
    }

    long bytes() {
        long bytes = 0;
        for (PairSet set : sets) {
            bytes += set.bytes();
        }
        return bytes;
    }
}
