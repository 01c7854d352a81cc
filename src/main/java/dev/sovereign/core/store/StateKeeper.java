package dev.sovereign.core.store;

import dev.sovereign.error.Diagnostic;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/// Brings H2 up to the log when that is worth it, and puts it away when it is broken.
final class StateKeeper {

    record Loaded(Authors authors, long tx, Position position) {}

    private final LogFiles log;

    StateKeeper(
            LogFiles log,
            Path kept,
            byte[] storeId,
            char @Nullable [] password,
            StoreOptions options,
            Symbols symbols) {
        this.log = log;
    }

    @Nullable Loaded load(Position end, Replay sink, List<Diagnostic> notes) throws IOException {
        return null;
    }

    void logGrew(Position end) {}

    long bytes() throws IOException {
        return log.files().size(log.directory().resolve("state.mv.db"));
    }

    long knownTx() {
        return -1;
    }

    List<Diagnostic> check(Position end, Progress progress) throws IOException {
        return List.of();
    }

    void rebuild(Position end, Progress progress) {}

    void close(@Nullable Position end) throws IOException {}
}
