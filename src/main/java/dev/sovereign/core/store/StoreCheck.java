package dev.sovereign.core.store;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Reads a whole log and verifies it: every checksum, every payload's hash, every author's chain,
/// and that every payload can be read.
final class StoreCheck {

    /// Enough to see what happened; a broken disk gives thousands.
    private static final int MAX_PROBLEMS = 50;

    private final LogFiles log;
    private final byte[] storeId;
    private final Progress progress;
    private long lastTx;

    StoreCheck(LogFiles log, byte[] storeId, Progress progress) {
        this.log = log;
        this.storeId = storeId;
        this.progress = progress;
    }

    /// Newest transaction that was verified.
    long lastTx() {
        return lastTx;
    }

    /// @return what is wrong with the log before `end`
    List<Diagnostic> log(Position end) throws IOException {
        List<Diagnostic> problems = new ArrayList<>();
        Position from = Position.START;
        boolean whole = true;
        while (from.isBefore(end) && problems.size() < MAX_PROBLEMS) {
            Chains chains = new Chains(whole);
            try (LogCursor cursor =
                    new LogCursor(
                            log,
                            from,
                            end,
                            true,
                            new ProgressVisitor(chains, "check", log.bytes(), progress))) {
                cursor.run();
                return problems;
            } catch (SovereignException damage) {
                problems.addAll(damage.diagnostics());
            }
            whole = false; // chains cannot be followed over a gap; go on with the next file
            from = new Position(Math.max(from.file(), chains.file) + 1, LogFormat.FileHeader.BYTES);
        }
        return problems;
    }

    private final class Chains implements LogVisitor {
        private final boolean whole;
        private final Authors authors = new Authors(storeId);
        private final PayloadReader reader = new PayloadReader(_ -> 0, authors);
        private long tx;
        private int file;

        Chains(boolean whole) {
            this.whole = whole;
        }

        @Override
        public void passing(long number, Position position) {
            file = position.file();
        }

        @Override
        public boolean begin(long number) {
            tx = number;
            reader.begin();
            return true;
        }

        @Override
        public boolean payload(ByteInput slice) throws MalformedException {
            reader.read(slice, tx, NoReplay.INSTANCE);
            return true;
        }

        @Override
        public boolean commit(
                long number, TransactionHeader header, boolean hasHashes, boolean forgotten)
                throws MalformedException {
            if (whole) {
                if (!Arrays.equals(authors.tip(header.author()).hash(), header.previousHash())) {
                    throw new MalformedException(
                            "transaction "
                                    + number
                                    + " does not follow on the one before of \""
                                    + header.author()
                                    + "\": the hash chain is broken");
                }
                authors.add(number, header, true);
                lastTx = number;
            }
            return true;
        }
    }

    /// Verifies a store that cannot be opened, without changing it.
    static List<Diagnostic> examine(StoreFolder folder, StoreOptions options, Progress progress)
            throws IOException {
        Manifest manifest;
        try {
            manifest = Manifest.read(folder.files(), folder.directory());
        } catch (NewerException newer) {
            throw Refusals.newer(folder.directory().resolve(Manifest.FILE), newer.version());
        } catch (MalformedException damaged) {
            throw new SovereignException(
                    StoreError.DAMAGED,
                    "\""
                            + folder.directory().resolve(Manifest.FILE)
                            + "\" is damaged: "
                            + damaged.getMessage(),
                    Refusals.WAY_OUT);
        }
        LogFiles log = folder.log(manifest, folder.key(manifest));
        List<Diagnostic> problems = new ArrayList<>();
        Position end;
        try {
            LogTail tail = LogTail.find(log, folder.kept(), options.clock().instant(), false);
            problems.addAll(tail.notes());
            end = new Position(tail.file(), tail.end());
        } catch (SovereignException damage) {
            problems.addAll(damage.diagnostics());
            List<Integer> numbers = log.numbers();
            if (numbers.isEmpty()) {
                return problems;
            }
            int last = numbers.getLast();
            end = new Position(last, folder.files().size(log.path(last)));
        }
        for (Diagnostic problem : new StoreCheck(log, manifest.storeId(), progress).log(end)) {
            if (problems.stream().noneMatch(p -> p.message().equals(problem.message()))) {
                problems.add(problem);
            }
        }
        return problems;
    }
}
