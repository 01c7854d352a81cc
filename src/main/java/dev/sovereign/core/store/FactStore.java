package dev.sovereign.core.store;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;

/// A durable store of transactions, their facts and modules.
///
/// Opening delivers everything to a [Replay]; afterwards the caller holds the state and this object
/// makes changes durable. [#append] puts a transaction in order and gives it its number; it is
/// durable, and may be acknowledged, when [#force] has returned. After a failed write or force
/// every further one is refused until the store is opened anew: what was not forced is gone.
///
/// Any thread may call anything. Locks, in this order: `maintenance` (conversion, check, close),
/// `appendLock` (one transaction at a time), `filesLock` (read: somebody reads log files; write:
/// they are being replaced).
public final class FactStore implements AutoCloseable {

    private final StoreFolder folder;
    private final StoreOptions options;
    private final Symbols symbols;
    private final Closeable lock;

    private final ReentrantLock maintenance = new ReentrantLock();
    private final ReentrantLock appendLock = new ReentrantLock();
    private final ReentrantReadWriteLock filesLock = new ReentrantReadWriteLock();

    // Replaced together, under maintenance, appendLock and filesLock.
    private volatile Generation generation;

    private final Authors authors;
    private final Map<String, List<Column>> relations; // concurrent
    private final TxIndex index = new TxIndex();
    private final Recovery recovery;

    // Guarded by appendLock.
    private final PayloadWriter payloadWriter;
    private final MessageDigest payloadDigest = Hashes.sha256();
    private final ByteOutput header = new ByteOutput(256);
    private final ByteOutput body = new ByteOutput(LogFormat.RECORD_BYTES);
    private boolean closed;

    /// One set of files: what the manifest names.
    private record Generation(
            Manifest manifest, LogFiles log, LogWriter writer, StateKeeper state) {}

    private FactStore(
            StoreFolder folder,
            StoreOptions options,
            Symbols symbols,
            Closeable lock,
            Opening opening) {
        this.folder = folder;
        this.options = options;
        this.symbols = symbols;
        this.lock = lock;
        this.authors = opening.authors();
        this.relations = opening.relations();
        this.recovery = opening.recovery();
        this.payloadWriter = new PayloadWriter(symbols, authors);
        opening.index().forEach(index::add);
        LogTail tail = opening.tail();
        LogWriter writer =
                new LogWriter(
                        opening.log(),
                        options.segmentBytes(),
                        tail.file(),
                        tail.end(),
                        tail.records(),
                        opening.lastTx());
        this.generation =
                new Generation(opening.manifest(), opening.log(), writer, opening.state());
    }

    /// Opens or creates the store in `directory` and delivers what it holds.
    ///
    /// @throws SovereignException with a [StoreError] when it cannot be used; nothing was changed
    ///   then
    public static FactStore open(
            Path directory, StoreOptions options, Symbols symbols, Replay sink) {
        return open(FileLayer.DISK, directory, options, symbols, sink);
    }

    /// Sets up what encryption takes of the JDK, which is half of opening a small encrypted store.
    /// Does nothing where there is no key.
    public static void warmUp(StoreOptions options) {
        if (Files.exists(options.keyFile())) {
            RecordCipher.warmUp();
        }
    }

    static FactStore open(
            FileLayer files, Path directory, StoreOptions options, Symbols symbols, Replay sink) {
        StoreFolder folder = new StoreFolder(files, directory, options.keyFile());
        try {
            Closeable lock = folder.lock();
            try {
                Opening opening = Opening.open(folder, options, symbols, sink);
                return new FactStore(folder, options, symbols, lock, opening);
            } catch (IOException | RuntimeException | Error failure) {
                lock.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw Refusals.unusable(directory, "open", failure);
        }
    }

    /// Replaces the store in `directory`, which nobody has open, by a backup. The backup is
    /// verified completely first; the old store is moved aside.
    ///
    /// @param sourceName what the user calls the backup, for messages
    /// @return where the old store went; null when there was none
    public static @Nullable Path restore(
            Path directory,
            StoreOptions options,
            InputStream backup,
            String sourceName,
            Progress progress)
            throws IOException {
        return restore(FileLayer.DISK, directory, options, backup, sourceName, progress);
    }

    static @Nullable Path restore(
            FileLayer files,
            Path directory,
            StoreOptions options,
            InputStream backup,
            String sourceName,
            Progress progress)
            throws IOException {
        StoreFolder folder = new StoreFolder(files, directory, options.keyFile());
        try (Closeable _ = folder.lock()) {
            return new Restore(folder, options, sourceName, progress).run(backup);
        }
    }

    /// Verifies a store that cannot be opened, without changing it.
    ///
    /// @return what is wrong, with places; empty when all is well
    public static List<Diagnostic> examine(
            Path directory, StoreOptions options, Progress progress) {
        return examine(FileLayer.DISK, directory, options, progress);
    }

    static List<Diagnostic> examine(
            FileLayer files, Path directory, StoreOptions options, Progress progress) {
        StoreFolder folder = new StoreFolder(files, directory, options.keyFile());
        try (Closeable _ = folder.lock()) {
            return StoreCheck.examine(folder, options, progress);
        } catch (SovereignException refusal) {
            return refusal.diagnostics();
        } catch (IOException failure) {
            return Refusals.unusable(directory, "check", failure).diagnostics();
        }
    }

    /// How opening went.
    public Recovery recovery() {
        return recovery;
    }

    /// Number of the newest appended transaction; 0 when there is none.
    public long lastTx() {
        return generation.writer.lastTx();
    }

    /// Number of the newest transaction that is durable.
    public long durableTx() {
        return generation.writer.forcedTx();
    }

    /// Puts a transaction at the end of the log, not yet durable. Large asserts are packed in
    /// several records, yet it is all there after a crash, or nothing of it.
    ///
    /// @return its number
    public long append(Draft draft) {
        try (Appender appender =
                begin(draft.timeMillis(), draft.author(), draft.what(), draft.reason())) {
            for (Change change : draft.changes()) {
                appender.add(change);
            }
            return appender.commit();
        }
    }

    /// Begins a transaction whose changes come piece by piece, as those of a long import do. Its
    /// thread holds the append lock until it is committed or closed.
    public Appender begin(long timeMillis, String author, String what, @Nullable String reason) {
        appendLock.lock();
        try {
            if (closed) {
                throw new SovereignException(StoreError.CLOSED, "the store is closed");
            }
            return new OpenTransaction(timeMillis, author, what, reason);
        } catch (RuntimeException failure) {
            appendLock.unlock();
            throw failure;
        }
    }

    /// A transaction under way. Used by one thread; closing it without a commit drops it.
    public interface Appender extends AutoCloseable {

        void add(Change change);

        /// Puts it in the log. Not durable before [FactStore#force].
        ///
        /// @return its number
        long commit();

        @Override
        void close();
    }

    private final class OpenTransaction implements Appender {

        private final long timeMillis;
        private final String author;
        private final String what;
        private final LogWriter writer = generation.writer;
        private final long tx = writer.lastTx() + 1;
        private final Map<String, List<Column>> declared = new HashMap<>();
        private final Position begin = writer.end();
        private long payloadBytes;
        private boolean spread; // over several records
        private boolean done;

        OpenTransaction(long timeMillis, String author, String what, @Nullable String reason) {
            this.timeMillis = timeMillis;
            this.author = author;
            this.what = what;
            payloadDigest.reset();
            payloadWriter.begin(reason);
        }

        @Override
        public void add(Change change) {
            if (change instanceof Change.Declare(String relation, List<Column> columns)) {
                refuseOtherShape(relation, columns);
                declared.put(relation, columns);
            }
            payloadWriter.add(change, this::columns, this::slice);
        }

        private @Nullable List<Column> columns(String relation) {
            List<Column> own = declared.get(relation);
            return own == null ? relations.get(relation) : own;
        }

        private void refuseOtherShape(String relation, List<Column> columns) {
            List<Column> before = columns(relation);
            if (before != null
                    && !before.stream()
                            .map(Column::kind)
                            .toList()
                            .equals(columns.stream().map(Column::kind).toList())) {
                throw new IllegalArgumentException(
                        "relation " + relation + " is declared as " + before + ", not " + columns);
            }
        }

        private void slice(byte[] bytes, int length) {
            payloadDigest.update(bytes, 0, length);
            payloadBytes += length;
            writer.record(LogFormat.TRANSACTION, spread ? 0 : LogFormat.FIRST, tx, bytes, length);
            spread = true;
        }

        @Override
        public long commit() {
            ByteOutput rest = payloadWriter.rest();
            payloadDigest.update(rest.array(), 0, rest.size());
            payloadBytes += rest.size();
            Authors.Tip tip = authors.tip(author);
            TransactionHeader fields =
                    new TransactionHeader(
                            timeMillis,
                            author,
                            tip.sequence() + 1,
                            what,
                            payloadWriter.asserted(),
                            payloadWriter.retracted(),
                            payloadBytes,
                            tip.hash(),
                            payloadDigest.digest());
            header.clear(256);
            fields.serialize(header);
            body.clear(LogFormat.RECORD_BYTES);
            body.u8(0);
            body.varint(header.size());
            body.bytes(header.array(), 0, header.size());
            body.bytes(rest.array(), 0, rest.size());
            writer.record(
                    LogFormat.TRANSACTION,
                    LogFormat.LAST | (spread ? 0 : LogFormat.FIRST),
                    tx,
                    body.array(),
                    body.size());
            try {
                authors.add(tx, fields, true);
            } catch (MalformedException bug) {
                throw new IllegalStateException(bug);
            }
            relations.putAll(declared);
            index.add(tx, begin);
            done = true;
            appendLock.unlock();
            return tx;
        }

        @Override
        public void close() {
            if (!done) {
                done = true;
                appendLock.unlock();
            }
        }
    }

    /// Makes all that was appended before this call durable. Threads that wait at once share one
    /// force.
    public void force() {
        Generation present = generation;
        present.writer.force();
        present.state.logGrew(present.writer.forcedEnd());
    }

    /// Durable transactions newest first.
    ///
    /// @param before only numbers below this; [Long#MAX_VALUE] starts at the newest
    public List<Transaction> log(long before, int limit) {
        return reading(present -> {
            long newest = Math.min(before - 1, present.writer.forcedTx());
            long oldest = Math.max(1, newest - limit + 1);
            List<Transaction> found = new ArrayList<>();
            if (newest >= oldest && limit > 0) {
                walk(present, oldest, new TransactionCollector(oldest, newest, found));
            }
            Collections.reverse(found);
            return found;
        });
    }

    /// One durable transaction, or null.
    public @Nullable Transaction transaction(long id) {
        if (id < 1 || id == Long.MAX_VALUE) {
            return null;
        }
        List<Transaction> found = log(id + 1, 1);
        return found.isEmpty() || found.getFirst().id() != id ? null : found.getFirst();
    }

    /// The newest durable transaction not later than a moment; 0 when there is none. Reads the
    /// log's headers.
    public long txAt(long timeMillis) {
        return reading(present -> {
            NewestNotAfter visitor = new NewestNotAfter(timeMillis);
            walk(present, 1, visitor);
            return visitor.found();
        });
    }

    /// Which transactions asserted or retracted a fact, oldest first. Reads the log.
    ///
    /// @param tuple symbols as ids of the [Symbols] given to [#open]
    public List<FactEvent> history(String relation, long[] tuple) {
        List<Column> columns = relations.get(relation);
        if (columns == null || columns.size() != tuple.length) {
            return List.of();
        }
        return reading(present -> {
            FactHistory history = new FactHistory(relation, columns, tuple, symbols, authors);
            walk(present, 1, history);
            return history.events();
        });
    }

    /// Delivers everything from the first transaction through `throughTx`, from the log.
    ///
    /// @param symbols may be an overlay of one query: strings of facts that are long gone may be
    ///   new
    public void replay(long throughTx, Symbols symbols, Replay sink) {
        reading(present -> {
            if (throughTx > 0) {
                walk(present, 1, new ReplayVisitor(symbols::intern, authors, sink, throughTx));
            }
            return true;
        });
    }

    private void walk(Generation present, long fromTx, LogVisitor visitor) throws IOException {
        Position end = present.writer.forcedEnd();
        Position from = index.at(present.log, fromTx, end);
        if (!from.isBefore(end)) {
            return;
        }
        try (LogCursor cursor =
                new LogCursor(present.log, from, end, visitor instanceof Hashed, visitor)) {
            cursor.run();
        }
    }

    /// Marks visitors that need every hash.
    interface Hashed {}

    private interface Reading<T> {
        T read(Generation present) throws IOException;
    }

    private <T> T reading(Reading<T> work) {
        filesLock.readLock().lock();
        try {
            return work.read(generation);
        } catch (IOException failure) {
            throw Refusals.unusable(folder.directory(), "read", failure);
        } finally {
            filesLock.readLock().unlock();
        }
    }

    public StoreInfo info() {
        return reading(present ->
                new StoreInfo(
                        folder.directory(),
                        present.log.bytes(),
                        present.state.bytes(),
                        present.manifest.format(),
                        present.manifest.encrypted(),
                        present.manifest.fingerprint(),
                        present.log.numbers().size(),
                        present.writer.lastTx(),
                        present.state.knownTx()));
    }

    /// Reads everything and verifies it: checksums, hash chains, H2 against the log.
    ///
    /// @return what is wrong, with places; empty when all is well
    public List<Diagnostic> check(Progress progress) {
        maintenance.lock();
        try {
            force();
            return reading(present -> {
                Position end = present.writer.forcedEnd();
                StoreCheck check =
                        new StoreCheck(present.log, present.manifest.storeId(), progress);
                List<Diagnostic> problems = new ArrayList<>(check.log(end));
                if (problems.isEmpty()) {
                    problems.addAll(present.state.check(end, progress));
                }
                return problems;
            });
        } finally {
            maintenance.unlock();
        }
    }

    /// Writes all transactions that are durable at this moment to `out`, while appends go on. An
    /// encrypted store gives an encrypted backup under the same key. Does not close `out`.
    ///
    /// @return the newest transaction in it
    public long backup(OutputStream out, Progress progress) throws IOException {
        filesLock.readLock().lock();
        try {
            Generation present = generation;
            StoreKey key = folder.key(present.manifest);
            return BackupFile.write(
                    present.log,
                    present.manifest,
                    key,
                    present.writer.forcedEnd(),
                    options.clock().instant(),
                    out,
                    progress);
        } finally {
            filesLock.readLock().unlock();
        }
    }

    /// Packs the log and rebuilds H2; history and hashes stay. Appends wait meanwhile.
    public void compact(Progress progress) {
        convert(present -> folder.key(present.manifest), () -> {}, progress);
        maintenance.lock();
        try {
            Generation present = generation;
            present.state.rebuild(present.writer.forcedEnd(), progress);
        } finally {
            maintenance.unlock();
        }
    }

    /// Encrypts the whole store under the key file, which is made when there is none.
    public void encrypt(Progress progress) {
        convert(
                present -> {
                    if (present.manifest.encrypted()) {
                        throw new SovereignException(
                                StoreError.KEY_STATE,
                                "the store is encrypted already, with key "
                                        + present.manifest.fingerprint(),
                                "`sovereign store rekey` gives it a new key");
                    }
                    return folder.keyMadeWhenMissing();
                },
                () -> {},
                progress);
    }

    /// Writes the whole store in the clear. The key file stays.
    public void decrypt(Progress progress) {
        convert(
                present -> {
                    refuseUnencrypted(present.manifest);
                    return null;
                },
                () -> {},
                progress);
    }

    /// Encrypts the whole store under a new key. The old key stays beside the key file, named by
    /// its fingerprint, for older backups.
    public void rekey(Progress progress) {
        convert(
                present -> {
                    refuseUnencrypted(present.manifest);
                    return folder.newKey();
                },
                folder::adoptNewKey,
                progress);
    }

    private static void refuseUnencrypted(Manifest manifest) {
        if (!manifest.encrypted()) {
            throw new SovereignException(
                    StoreError.KEY_STATE,
                    "the store is not encrypted",
                    "`sovereign store encrypt` encrypts it");
        }
    }

    private interface KeyChoice {
        @Nullable StoreKey key(Generation present) throws IOException;
    }

    private interface Afterwards {
        void run() throws IOException;
    }

    /// Writes everything anew into the next generation, packed and under `choice`'s key, then lets
    /// the manifest name it.
    private void convert(KeyChoice choice, Afterwards afterwards, Progress progress) {
        maintenance.lock();
        appendLock.lock();
        try {
            if (closed) {
                throw new SovereignException(StoreError.CLOSED, "the store is closed");
            }
            Generation old = generation;
            old.writer.force();
            StoreKey key = choice.key(old);
            int number = old.manifest.generation() + 1;
            Manifest manifest = folder.manifest(old.manifest.storeId(), number, key);
            Position end = old.writer.forcedEnd();
            LogTail tail;
            try {
                tail =
                        folder.writeGeneration(
                                manifest,
                                key,
                                options,
                                (log, writer) -> {
                                    LogCopy copy = new LogCopy(writer::record);
                                    long total = old.log.bytes();
                                    try (LogCursor cursor =
                                            new LogCursor(
                                                    old.log,
                                                    Position.START,
                                                    end,
                                                    true,
                                                    new ProgressVisitor(
                                                            copy, "copy", total, progress))) {
                                        cursor.run();
                                    }
                                    copy.finish();
                                });
            } catch (IOException | RuntimeException failure) {
                folder.discard(number);
                throw failure;
            }
            switchTo(old, manifest, key, tail);
            afterwards.run();
        } catch (IOException failure) {
            throw Refusals.unusable(folder.directory(), "convert", failure);
        } finally {
            appendLock.unlock();
            maintenance.unlock();
        }
    }

    private void switchTo(Generation old, Manifest manifest, @Nullable StoreKey key, LogTail tail)
            throws IOException {
        filesLock.writeLock().lock();
        try {
            LogFiles log = folder.log(manifest, key);
            StateKeeper state = folder.state(manifest, key, log, options, symbols);
            manifest.write(folder.files(), folder.directory());
            long lastTx = old.writer.lastTx();
            old.writer.close();
            old.state.close(null);
            index.clear();
            generation =
                    new Generation(
                            manifest,
                            log,
                            new LogWriter(
                                    log,
                                    options.segmentBytes(),
                                    tail.file(),
                                    tail.end(),
                                    tail.records(),
                                    lastTx),
                            state);
            folder.discard(old.manifest.generation());
        } finally {
            filesLock.writeLock().unlock();
        }
    }

    /// Forces, ends the log in good order, brings H2 up to it, and lets go.
    @Override
    public void close() {
        maintenance.lock();
        appendLock.lock();
        try {
            if (closed) {
                return;
            }
            closed = true;
            Generation present = generation;
            try {
                present.writer.close();
                present.state.close(
                        options.stateOnClose() && !present.writer.failed()
                                ? present.writer.forcedEnd()
                                : null);
            } finally {
                lock.close();
            }
        } catch (IOException failure) {
            throw Refusals.unusable(folder.directory(), "close", failure);
        } finally {
            appendLock.unlock();
            maintenance.unlock();
        }
    }
}
