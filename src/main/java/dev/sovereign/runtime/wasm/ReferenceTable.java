package dev.sovereign.runtime.wasm;

import java.util.Arrays;

/// A table: handles of references, [ValueType#NULL] for none. Owned by the run's thread.
final class ReferenceTable {

    int[] entries;
    final ValueType type;
    private final int limit;
    final long declaredMax;

    /// @param limit entries that growing may reach
    /// @param declaredMax what the module says, for linking; -1 when it says nothing
    ReferenceTable(ValueType type, int size, int limit, long declaredMax) {
        this.type = type;
        this.entries = new int[size];
        this.limit = limit;
        this.declaredMax = declaredMax;
        Arrays.fill(entries, ValueType.NULL);
    }

    int size() {
        return entries.length;
    }

    /// Adds entries, or returns -1 and changes nothing where the limit would be passed.
    int grow(int delta, int value) {
        int before = entries.length;
        if (delta < 0 || delta > limit - before) {
            return -1;
        }
        entries = Arrays.copyOf(entries, before + delta);
        Arrays.fill(entries, before, before + delta, value);
        return before;
    }

    int get(int index) {
        if (index < 0 || index >= entries.length) {
            throw outOfBounds();
        }
        return entries[index];
    }

    void set(int index, int value) {
        if (index < 0 || index >= entries.length) {
            throw outOfBounds();
        }
        entries[index] = value;
    }

    void check(int index, int length) {
        if (index < 0 || length < 0 || (long) index + length > entries.length) {
            throw outOfBounds();
        }
    }

    static WasmTrap outOfBounds() {
        return new WasmTrap("out of bounds table access");
    }
}
