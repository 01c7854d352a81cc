package dev.sovereign.runtime;

import dev.sovereign.runtime.pack.Manifest;
import dev.sovereign.runtime.wasm.Limits;
import dev.sovereign.runtime.wasm.Memory;

import org.jspecify.annotations.Nullable;

import java.time.Duration;

/// What this node gives a run at most; manifests and callers can only ask for less.
///
/// @param fuel units
/// @param memoryMib of linear memory
/// @param table entries
/// @param depth open calls
/// @param timeoutMillis from start to end
/// @param outputKib of standard output
public record Maximum(
        long fuel, int memoryMib, int table, int depth, long timeoutMillis, int outputKib) {

    /// The limits of specs/skills.md, section 1: a few seconds of one core.
    public static final Maximum STANDARD =
            new Maximum(1_000_000_000, 64, 65_536, 1_000, 10_000, 1_024);

    /// As a manifest asks.
    public Maximum lowered(Manifest.Limits asked) {
        return lowered(asked, null, null);
    }

    /// @param fuel asked for by whoever runs it; null asks for nothing
    /// @param timeoutMillis likewise
    Maximum lowered(Manifest.Limits asked, @Nullable Long fuel, @Nullable Long timeoutMillis) {
        return new Maximum(
                least(least(this.fuel, asked.fuel()), fuel),
                (int) least(memoryMib, asked.memoryMib()),
                (int) least(table, asked.table()),
                (int) least(depth, asked.depth()),
                least(least(this.timeoutMillis, asked.timeoutMillis()), timeoutMillis),
                (int) least(outputKib, asked.outputKib()));
    }

    private static long least(long ours, @Nullable Number theirs) {
        return theirs == null ? ours : Math.min(ours, theirs.longValue());
    }

    Limits limits() {
        return new Limits(
                fuel,
                (int) ((long) memoryMib * (1 << 20) / Memory.PAGE_BYTES),
                table,
                depth,
                Duration.ofMillis(timeoutMillis));
    }
}
