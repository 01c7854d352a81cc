package dev.sovereign.core.store;

import java.nio.file.Path;
import java.time.InstantSource;

/// How to open a store.
///
/// @param keyFile where `store.key` is, or would be made by [FactStore#encrypt]
/// @param stateOnClose bring H2 up to the log when closing (300 to 500 ms when H2 was not needed
///   before)
/// @param stateLagBytes log bytes that H2 may be behind before the background thread brings it up
/// @param replayBytes a log up to this long is replayed from its start when opening, whatever H2
///   has
/// @param segmentBytes size at which a new log file is begun
/// @param clock for names of files kept aside
public record StoreOptions(
        Path keyFile,
        boolean stateOnClose,
        long stateLagBytes,
        long replayBytes,
        long segmentBytes,
        InstantSource clock) {

    /// Reading 32 MiB of log takes about as long as loading H2's classes.
    public static final long REPLAY_BYTES = 32L << 20;

    /// A guess: keeps H2 out of the memory of a daemon that is asked little.
    public static final long STATE_LAG_BYTES = 8L << 20;

    /// A guess: few files, and yet compaction and checking can speak of parts.
    public static final long SEGMENT_BYTES = 64L << 20;

    /// What a daemon uses.
    public static StoreOptions of(Path keyFile) {
        return new StoreOptions(
                keyFile,
                true,
                STATE_LAG_BYTES,
                REPLAY_BYTES,
                SEGMENT_BYTES,
                InstantSource.system());
    }
}
