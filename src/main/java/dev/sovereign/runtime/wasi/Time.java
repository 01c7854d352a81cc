package dev.sovereign.runtime.wasi;

import org.jspecify.annotations.Nullable;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/// The clocks of a run. Fixed ones stand still and move on by exactly what the program sleeps, so
/// that a program that waits for a time comes to it, in no time and always at the same reading.
final class Time {

    private static final long SECOND = 1_000_000_000;

    private final @Nullable Long fixedSeconds;
    private final InstantSource source;
    private final long startNanos = System.nanoTime();
    private long slept;

    Time(@Nullable Long fixedSeconds, InstantSource source) {
        this.fixedSeconds = fixedSeconds;
        this.source = source;
    }

    boolean isReal() {
        return fixedSeconds == null;
    }

    /// Nanoseconds since the epoch.
    long wallNanos() {
        Long fixed = fixedSeconds;
        if (fixed != null) {
            return fixed * SECOND + slept;
        }
        Instant now = source.instant();
        return now.getEpochSecond() * SECOND + now.getNano();
    }

    /// Nanoseconds since a second before the run began: programs take 0 for a broken clock.
    long monotonicNanos() {
        return SECOND + (isReal() ? System.nanoTime() - startNanos : slept);
    }

    /// What a clock can tell apart.
    long resolutionNanos() {
        return isReal() ? 1_000 : 1;
    }

    /// Waits, but not past a deadline.
    ///
    /// @param deadlineNanos as `System.nanoTime`
    void sleep(long nanos, long deadlineNanos) throws InterruptedException {
        if (!isReal()) {
            slept = slept + nanos < 0 ? Long.MAX_VALUE / 2 : slept + nanos;
            return;
        }
        long left = deadlineNanos - System.nanoTime();
        TimeUnit.NANOSECONDS.sleep(Math.max(0, Math.min(nanos, left)));
    }
}
