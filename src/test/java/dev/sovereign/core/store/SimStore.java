package dev.sovereign.core.store;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;

/// Where simulated stores live, and small things to put in them.
final class SimStore {

    static final Path DIRECTORY = Path.of("/sim/store");
    static final Path KEY = Path.of("/sim/store.key");
    static final StoreOptions OPTIONS =
            new StoreOptions(
                    KEY,
                    false,
                    StoreOptions.STATE_LAG_BYTES,
                    StoreOptions.REPLAY_BYTES,
                    StoreOptions.SEGMENT_BYTES,
                    InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000L)));

    private SimStore() {}

    static FactStore open(SimFiles files, Symbols symbols, Replay sink) {
        return FactStore.open(files, DIRECTORY, OPTIONS, symbols, sink);
    }

    static StoreOptions withState(long replayBytes) {
        return new StoreOptions(
                KEY,
                true,
                OPTIONS.stateLagBytes(),
                replayBytes,
                OPTIONS.segmentBytes(),
                OPTIONS.clock());
    }

    static StoreOptions withSegments(long segmentBytes) {
        return new StoreOptions(
                KEY,
                false,
                OPTIONS.stateLagBytes(),
                OPTIONS.replayBytes(),
                segmentBytes,
                OPTIONS.clock());
    }

    static Draft edges(long... fromTo) {
        long[][] columns = new long[2][fromTo.length / 2];
        for (int i = 0; i < fromTo.length; i++) {
            columns[i % 2][i / 2] = fromTo[i];
        }
        return new Draft(
                1000,
                "node",
                "assert",
                null,
                List.of(
                        new Change.Declare("edge", RandomDrafts.EDGE),
                        new Change.Assert("edge", columns, fromTo.length / 2)));
    }

    /// Transactions `edge(i, i + 1)`, each forced.
    static void fill(FactStore store, int from, int to) {
        for (int i = from; i <= to; i++) {
            store.append(edges(i, i + 1));
            store.force();
        }
    }
}
