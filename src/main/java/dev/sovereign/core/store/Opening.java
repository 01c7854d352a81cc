package dev.sovereign.core.store;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/// What opening a store found.
///
/// @param lastTx newest transaction
/// @param index places of transactions that were come by
record Opening(
        Manifest manifest,
        LogFiles log,
        StateKeeper state,
        LogTail tail,
        long lastTx,
        Authors authors,
        Map<String, List<Column>> relations,
        Map<Long, Position> index,
        Recovery recovery) {

    /// Opens, or makes a store in an empty folder. Whoever calls holds the lock.
    static Opening open(StoreFolder folder, StoreOptions options, Symbols symbols, Replay sink)
            throws IOException {
        List<Diagnostic> notes = new ArrayList<>();
        Manifest manifest = manifest(folder, options);
        tidy(folder, manifest);
        StoreKey key = folder.key(manifest);
        LogFiles log = folder.log(manifest, key);
        LogTail tail = LogTail.find(log, folder.kept(), options.clock().instant(), true);
        notes.addAll(tail.notes());
        StateKeeper state = folder.state(manifest, key, log, options, symbols);
        Recoverer recoverer = new Recoverer(manifest, log, state, symbols, sink);
        Position end = new Position(tail.file(), tail.end());
        boolean fromState = log.bytes() > options.replayBytes() && recoverer.fromState(end, notes);
        if (!fromState) {
            recoverer.fromLog(end);
        }
        return new Opening(
                manifest,
                log,
                state,
                tail,
                recoverer.lastTx(),
                recoverer.authors(),
                recoverer.relations(),
                recoverer.index(),
                new Recovery(fromState, recoverer.replayed(), tail.cutBytes(), notes));
    }

    private static Manifest manifest(StoreFolder folder, StoreOptions options) throws IOException {
        FileLayer files = folder.files();
        Path path = folder.directory().resolve(Manifest.FILE);
        if (files.exists(path)) {
            try {
                Manifest manifest = Manifest.read(files, folder.directory());
                return Migration.run(manifest, folder, Migration.ALL);
            } catch (NewerException newer) {
                throw Refusals.newer(path, newer.version());
            } catch (MalformedException malformed) {
                throw new SovereignException(
                        StoreError.DAMAGED,
                        "\"" + path + "\" is damaged: " + malformed.getMessage(),
                        Refusals.WAY_OUT);
            }
        }
        for (int number : folder.generations()) {
            if (!files.list(folder.generation(number)).isEmpty() && !isUnborn(folder, number)) {
                throw new SovereignException(
                        StoreError.DAMAGED,
                        "\""
                                + path
                                + "\" is missing, and \""
                                + folder.generation(number)
                                + "\" is there",
                        Refusals.WAY_OUT);
            }
        }
        Manifest fresh =
                folder.manifest(StoreFolder.randomBytes(LogFormat.STORE_ID_BYTES), 1, null);
        folder.writeGeneration(fresh, null, options, (_, _) -> {});
        fresh.write(files, folder.directory());
        return fresh;
    }

    /// True when making the store was interrupted before its manifest was written: no record was
    /// ever in it.
    private static boolean isUnborn(StoreFolder folder, int number) throws IOException {
        List<String> names = folder.files().list(folder.generation(number));
        return number == 1
                && names.equals(List.of("000001.log"))
                && LogTail.isBlank(folder.files(), folder.generation(1).resolve("000001.log"));
    }

    /// Finishes or undoes what an interrupted conversion or restore left.
    private static void tidy(StoreFolder folder, Manifest manifest) throws IOException {
        for (int number : folder.generations()) {
            if (number != manifest.generation()) {
                if (!Restore.finishKeeping(folder, number)) {
                    folder.discard(number);
                }
            }
        }
    }

    /// Delivers the content to the sink, and gathers what the store itself must know.
    private static final class Recoverer implements Replay, LogVisitor {

        private final Manifest manifest;
        private final LogFiles log;
        private final StateKeeper state;
        private final Symbols symbols;
        private final Replay sink;
        private Authors authors;
        private final Map<String, List<Column>> relations = new ConcurrentHashMap<>();
        private final Map<Long, Position> index = new TreeMap<>();
        private @Nullable Position indexed;
        private PayloadReader reader;
        private long tx;
        private long replayed;

        Recoverer(
                Manifest manifest, LogFiles log, StateKeeper state, Symbols symbols, Replay sink) {
            this.manifest = manifest;
            this.log = log;
            this.state = state;
            this.symbols = symbols;
            this.sink = sink;
            this.authors = new Authors(manifest.storeId());
            this.reader = new PayloadReader(symbols::intern, authors);
        }

        /// @return false when H2 was of no use and the sink has been told to forget what it got
        boolean fromState(Position end, List<Diagnostic> notes) throws IOException {
            StateKeeper.Loaded loaded = state.load(end, this, notes);
            if (loaded == null) {
                relations.clear();
                sink.restart();
                return false;
            }
            authors = loaded.authors();
            reader = new PayloadReader(symbols::intern, authors);
            tx = loaded.tx();
            walk(loaded.position(), end, loaded.tx() + 1, this);
            sink.through(tx);
            return true;
        }

        void fromLog(Position end) throws IOException {
            try (VisitorBehind behind = new VisitorBehind(this)) {
                begin();
                walk(Position.START, end, 1, behind);
                behind.finish();
            } catch (MalformedException malformed) {
                // again, and one after the other, so that the refusal names the record
                sink.restart();
                begin();
                walk(Position.START, end, 1, this);
            }
            sink.through(tx);
        }

        private void begin() {
            authors = new Authors(manifest.storeId());
            reader = new PayloadReader(symbols::intern, authors);
            relations.clear();
            index.clear();
            indexed = null;
            tx = 0;
            replayed = 0;
        }

        private void walk(Position from, Position end, long expected, LogVisitor visitor)
                throws IOException {
            if (from.isBefore(end)) {
                try (LogCursor cursor = new LogCursor(log, from, end, false, visitor)) {
                    cursor.expecting(expected).run();
                }
            }
        }

        long lastTx() {
            return tx;
        }

        Authors authors() {
            return authors;
        }

        Map<String, List<Column>> relations() {
            return relations;
        }

        Map<Long, Position> index() {
            return index;
        }

        long replayed() {
            return replayed;
        }

        @Override
        public boolean begin(long number) {
            reader.begin();
            return true;
        }

        @Override
        public boolean payload(ByteInput slice) throws MalformedException {
            reader.read(slice, tx + 1, this);
            return true;
        }

        @Override
        public boolean commit(
                long number, TransactionHeader header, boolean hasHashes, boolean forgotten)
                throws MalformedException {
            authors.add(number, header, hasHashes);
            tx = number;
            replayed++;
            return true;
        }

        @Override
        public void tip(String author, byte[] hash) {
            authors.setTip(author, hash);
        }

        @Override
        public void passing(long number, Position position) {
            Position before = indexed;
            if (before == null
                    || before.file() != position.file()
                    || position.offset() - before.offset() >= LogFormat.RECORD_BYTES) {
                index.put(number, position);
                indexed = position;
            }
        }

        @Override
        public void relation(String name, List<Column> columns) {
            relations.put(name, columns);
            sink.relation(name, columns);
        }

        @Override
        public void asserted(String relation, long[][] columns, long[] assertingTx, int count) {
            sink.asserted(relation, columns, assertingTx, count);
        }

        @Override
        public void retracted(
                String relation, long[][] columns, long[] assertingTx, int count, long by) {
            sink.retracted(relation, columns, assertingTx, count, by);
        }

        @Override
        public void module(String name, String text, long by) {
            sink.module(name, text, by);
        }

        @Override
        public void moduleRemoved(String name, long by) {
            sink.moduleRemoved(name, by);
        }

        @Override
        public void through(long number) {}

        @Override
        public void restart() {
            throw new IllegalStateException("only the opening itself restarts");
        }
    }
}
