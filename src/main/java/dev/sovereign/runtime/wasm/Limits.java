package dev.sovereign.runtime.wasm;

import java.time.Duration;

/// What one run may use at most.
///
/// @param fuel units of fuel, at least 0; what a unit buys: [Charges]
/// @param memoryPages pages of 64 KiB, at most [#MAX_MEMORY_PAGES]
/// @param tableEntries entries of each table, at most [#MAX_TABLE_ENTRIES]
/// @param depth calls that may be open at once, at most [#MAX_DEPTH]
/// @param timeout from the start of a call to its end, host calls included
public record Limits(long fuel, int memoryPages, int tableEntries, int depth, Duration timeout) {

    /// 1.5 GiB less a page: one Java array holds a memory, and addresses stay below 2 GiB.
    public static final int MAX_MEMORY_PAGES = 24_575;

    /// 40 MB of entries; ten times what the largest programs of today need.
    public static final int MAX_TABLE_ENTRIES = 10_000_000;

    /// The stack of the run's thread is reserved for it: about 1 GiB of address space for the
    /// largest frames.
    public static final int MAX_DEPTH = 20_000;

    /// A guess that is larger than any real budget, and small enough that sums of charges do not
    /// overflow.
    public static final long MAX_FUEL = 1L << 60;

    /// What a skill gets when nobody asks for less.
    public static final Limits DEFAULT =
            new Limits(1_000_000_000, 1024, 65_536, 1000, Duration.ofSeconds(10));

    public Limits {
        if (fuel < 0 || fuel > MAX_FUEL) {
            throw new IllegalArgumentException("fuel " + fuel + ", expected 0 to " + MAX_FUEL);
        }
        if (memoryPages < 0 || memoryPages > MAX_MEMORY_PAGES) {
            throw new IllegalArgumentException(
                    "memory of " + memoryPages + " pages, expected 0 to " + MAX_MEMORY_PAGES);
        }
        if (tableEntries < 0 || tableEntries > MAX_TABLE_ENTRIES) {
            throw new IllegalArgumentException(
                    "table of " + tableEntries + ", expected 0 to " + MAX_TABLE_ENTRIES);
        }
        if (depth < 1 || depth > MAX_DEPTH) {
            throw new IllegalArgumentException("depth " + depth + ", expected 1 to " + MAX_DEPTH);
        }
        if (timeout.isNegative() || timeout.isZero()) {
            throw new IllegalArgumentException("timeout " + timeout + ", expected more than none");
        }
    }

    public Limits withFuel(long units) {
        return new Limits(units, memoryPages, tableEntries, depth, timeout);
    }

    public Limits withTimeout(Duration duration) {
        return new Limits(fuel, memoryPages, tableEntries, depth, duration);
    }
}
