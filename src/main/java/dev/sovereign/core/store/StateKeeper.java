package dev.sovereign.core.store;

import dev.sovereign.error.Diagnostic;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// Brings H2 up to the log when that is worth it, and puts it aside when it is broken. H2's classes
/// cost 200 to 300 ms, so nothing here touches them before the log has grown enough, or the store
/// is closed.
///
/// H2 never stands in the way: a failure of it makes a note, and the next time it is made anew from
/// the log. The database is open only while it is being worked on. Any thread; one at a time works,
/// under `lock`.
final class StateKeeper {

    /// What H2 had.
    ///
    /// @param position where the log goes on after `tx`
    record Loaded(Authors authors, long tx, Position position) {}

    private static final String CHECK = "check";

    private final LogFiles log;
    private final Path kept;
    private final byte[] storeId;
    private final char @Nullable [] password;
    private final StoreOptions options;
    private final Symbols symbols;

    private final ReentrantLock lock = new ReentrantLock();
    private volatile Position applied =
            Position.START; // as far as is known; guarded by lock for writing
    private volatile long knownTx = -1;
    private volatile boolean working;
    private volatile boolean closed;

    StateKeeper(
            LogFiles log,
            Path kept,
            byte[] storeId,
            char @Nullable [] password,
            StoreOptions options,
            Symbols symbols) {
        this.log = log;
        this.kept = kept;
        this.storeId = storeId;
        this.password = password;
        this.options = options;
        this.symbols = symbols;
    }

    private Path base(String name) {
        return log.directory().resolve(name);
    }

    private Path file(String name) {
        return log.directory().resolve(name + State.SUFFIX);
    }

    private State open(String name) throws Exception {
        return State.open(log.files(), base(name), storeId, password);
    }

    /// Delivers what H2 has, if it is worth using.
    ///
    /// @param end of the log
    /// @return null when it is missing or broken, and then the sink may have got a part of it
    @Nullable Loaded load(Position end, Replay sink, List<Diagnostic> notes) throws IOException {
        lock.lock();
        try {
            if (!log.files().exists(file(State.FILE))) {
                return null;
            }
            try (State state = open(State.FILE)) {
                if (end.isBefore(state.position())) {
                    throw new MalformedException(
                            "it holds transaction "
                                    + state.tx()
                                    + ", which is beyond the log's end");
                }
                if (state.tx() == 0) {
                    return null;
                }
                state.load(symbols::intern, sink);
                applied = state.position();
                knownTx = state.tx();
                return new Loaded(state.authors(), state.tx(), state.position());
            } catch (Exception | StackOverflowError broken) {
                notes.add(putAside(broken));
                return null;
            }
        } finally {
            lock.unlock();
        }
    }

    /// Moves H2's file out of the way; a later run makes a new one.
    private Diagnostic putAside(Throwable why) throws IOException {
        FileLayer files = log.files();
        files.createDirectories(kept);
        Path target =
                kept.resolve(
                        KeptNames.name(
                                files, kept, options.clock().instant(), "state" + State.SUFFIX));
        for (String old : keptStates(files)) {
            files.delete(kept.resolve(old)); // one is enough to look into
        }
        if (files.exists(file(State.FILE))) {
            files.move(file(State.FILE), target);
        }
        applied = Position.START;
        knownTx = -1;
        return Refusals.note(
                StoreError.STATE_REBUILT,
                "H2's file \""
                        + file(State.FILE)
                        + "\" was of no use: "
                        + why.getMessage()
                        + "; it was kept as \""
                        + target
                        + "\" and is made anew from the log",
                null);
    }

    private List<String> keptStates(FileLayer files) throws IOException {
        return files.list(kept).stream().filter(n -> n.endsWith("-state" + State.SUFFIX)).toList();
    }

    /// Hears that the log has been forced up to `end`. Starts a thread when H2 is far behind.
    void logGrew(Position end) {
        if (working || closed || distance(applied, end) < options.stateLagBytes()) {
            return;
        }
        if (!lock.tryLock()) {
            return;
        }
        try {
            if (working || closed) {
                return;
            }
            working = true;
            Thread.ofPlatform()
                    .name("store-state")
                    .daemon()
                    .start(() -> {
                        try {
                            catchUp(end, false);
                        } finally {
                            working = false;
                        }
                    });
        } finally {
            lock.unlock();
        }
    }

    private long distance(Position from, Position to) {
        return (to.file() - from.file()) * options.segmentBytes() + to.offset() - from.offset();
    }

    /// Brings H2 up to `end`; makes it anew when it is broken.
    ///
    /// @return a note when it was; null when all went well
    private @Nullable Diagnostic catchUp(Position end, boolean evenClosed) {
        lock.lock();
        try {
            if ((closed && !evenClosed) || !applied.isBefore(end)) {
                return null;
            }
            try {
                applyTo(State.FILE, end, false);
                return null;
            } catch (Exception | StackOverflowError broken) {
                Diagnostic note = putAside(broken);
                applyTo(State.FILE, end, false);
                return note;
            }
        } catch (Exception stillBroken) {
            return Refusals.note(
                    StoreError.CHECK,
                    "H2 could not be brought up to the log: "
                            + stillBroken.getMessage()
                            + "; the log has everything",
                    null);
        } finally {
            lock.unlock();
        }
    }

    private void applyTo(String name, Position end, boolean compact) throws Exception {
        State state = open(name);
        boolean done = false;
        try {
            if (end.isBefore(state.position())) {
                throw new MalformedException(
                        "it holds transaction " + state.tx() + ", which is beyond the log's end");
            }
            state.apply(log, end, symbols);
            if (name.equals(State.FILE)) {
                applied = state.position();
                knownTx = state.tx();
            }
            done = true;
            state.close(compact);
        } finally {
            if (!done) {
                state.close();
            }
        }
    }

    long bytes() throws IOException {
        return log.files().size(file(State.FILE));
    }

    /// Newest transaction that H2 is known to hold; -1 when it was not looked at.
    long knownTx() {
        return knownTx;
    }

    /// Brings H2 up to the log and compares it with one made from the log alone.
    List<Diagnostic> check(Position end, Progress progress) throws IOException {
        lock.lock();
        try {
            List<Diagnostic> problems = new ArrayList<>();
            progress.at("check H2", 0, 0);
            Diagnostic note = catchUp(end, true);
            if (note != null) {
                problems.add(note);
                return problems;
            }
            if (!Position.START.isBefore(end) || !log.files().exists(file(State.FILE))) {
                return problems;
            }
            log.files().delete(file(CHECK));
            try {
                applyTo(CHECK, end, false);
                long fresh = digest(CHECK);
                long present;
                try {
                    present = digest(State.FILE);
                } catch (Exception broken) {
                    problems.add(putAside(broken));
                    return problems;
                }
                if (fresh != present) {
                    problems.add(
                            putAside(new MalformedException("it holds other facts than the log")));
                }
            } finally {
                log.files().delete(file(CHECK));
            }
            return problems;
        } catch (IOException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IOException("H2 cannot be checked: " + failure.getMessage(), failure);
        } finally {
            lock.unlock();
        }
    }

    private long digest(String name) throws Exception {
        try (State state = open(name)) {
            StateDigest digest = new StateDigest();
            state.load(digest::symbol, digest);
            return digest.value() + state.tx();
        }
    }

    /// Makes H2 anew from the log, as small as can be.
    void rebuild(Position end, Progress progress) {
        lock.lock();
        try {
            progress.at("rebuild H2", 0, 0);
            log.files().delete(file(State.FILE));
            applied = Position.START;
            if (Position.START.isBefore(end)) {
                applyTo(State.FILE, end, true);
            }
        } catch (Exception broken) {
            // H2 is behind then, which opening and the next run deal with.
            applied = Position.START;
            knownTx = -1;
        } finally {
            lock.unlock();
        }
    }

    /// Waits for work under way and starts none after.
    ///
    /// @param end brings H2 up to here first; null leaves it as it is
    void close(@Nullable Position end) {
        closed = true;
        lock.lock();
        try {
            if (end != null) {
                catchUp(end, true);
            }
        } finally {
            lock.unlock();
        }
    }
}
