package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Whose transaction has which local number, and where each author's hash chain stands.
///
/// Numbers are kept as runs (an author's sequence numbers that go up together with the local ones),
/// so a store with one author takes a few bytes. Thread-safe by its own lock.
final class Authors {

    /// A transaction as every machine would name it.
    record Name(String author, long sequence) {}

    /// The end of an author's chain.
    ///
    /// @param sequence 0 before the first
    @SuppressWarnings("ArrayRecordComponent") // never compared, never changed
    record Tip(long sequence, byte[] hash) {}

    private static final class Author {
        final int index;
        final String name;
        int[] runs = new int[2]; // indexes into the arrays below, in order
        int runCount;
        long lastSequence;
        byte @Nullable [] lastHash; // null: hash lastHeader
        @Nullable TransactionHeader lastHeader;

        Author(int index, String name) {
            this.index = index;
            this.name = name;
        }
    }

    private final byte[] storeId;
    private final Map<String, Author> byName = new HashMap<>();
    private Author[] byIndex = new Author[0];

    // Runs in order of local numbers; a run ends where the next begins.
    private long[] runTx = new long[4];
    private long[] runSequence = new long[4];
    private int[] runAuthor = new int[4];
    private int runCount;
    private long lastTx;

    Authors(byte[] storeId) {
        this.storeId = storeId;
    }

    synchronized Tip tip(String name) {
        Author author = byName.get(name);
        if (author == null) {
            return new Tip(0, TransactionHeader.origin(storeId, name));
        }
        byte[] hash = author.lastHash;
        if (hash == null) {
            TransactionHeader header = author.lastHeader;
            if (header == null) {
                throw new IllegalStateException("no hash of author " + name);
            }
            hash = header.hash();
            author.lastHash = hash;
            author.lastHeader = null;
        }
        return new Tip(author.lastSequence, hash);
    }

    /// Counts a transaction in, the next after those before.
    ///
    /// @param header whose hash is the new tip, computed when it is asked for
    /// @param hasHashes false when the header's hashes were left out: [#setTip] will be called
    synchronized void add(long tx, TransactionHeader header, boolean hasHashes)
            throws MalformedException {
        if (tx != lastTx + 1) {
            throw new MalformedException(
                    "transaction " + tx + " where " + (lastTx + 1) + " is due");
        }
        Author author = author(header.author());
        if (header.authorSequence() != author.lastSequence + 1) {
            throw new MalformedException(
                    "transaction "
                            + tx
                            + " is number "
                            + header.authorSequence()
                            + " of \""
                            + header.author()
                            + "\" where "
                            + (author.lastSequence + 1)
                            + " is due");
        }
        if (runCount == 0 || runAuthor[runCount - 1] != author.index) {
            run(author, tx, header.authorSequence());
        }
        lastTx = tx;
        author.lastSequence = header.authorSequence();
        author.lastHeader = hasHashes ? header : null;
        author.lastHash = null;
    }

    synchronized void setTip(String name, byte[] hash) {
        author(name).lastHash = hash;
    }

    /// The name of a local number; null when there is none.
    synchronized @Nullable Name name(long tx) {
        if (tx < 1 || tx > lastTx) {
            return null;
        }
        int found = Arrays.binarySearch(runTx, 0, runCount, tx);
        int run = found >= 0 ? found : -found - 2;
        return new Name(byIndex[runAuthor[run]].name, runSequence[run] + tx - runTx[run]);
    }

    /// The local number of a name; 0 when there is none.
    synchronized long tx(String name, long sequence) {
        Author author = byName.get(name);
        if (author == null || sequence < 1 || sequence > author.lastSequence) {
            return 0;
        }
        int low = 0;
        int high = author.runCount - 1;
        while (low < high) { // the last run that begins at or before
            int middle = (low + high + 1) >>> 1;
            if (runSequence[author.runs[middle]] <= sequence) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        int run = author.runs[low];
        return runTx[run] + sequence - runSequence[run];
    }

    /// Everything, for H2.
    synchronized byte[] serialize() {
        ByteOutput out = new ByteOutput(256);
        out.varint(byIndex.length);
        for (Author author : byIndex) {
            out.string(author.name);
            out.varint(author.lastSequence);
            out.bytes(tip(author.name).hash());
        }
        out.varint(runCount);
        for (int i = 0; i < runCount; i++) {
            out.varint(runTx[i] - (i == 0 ? 0 : runTx[i - 1]));
            out.varint(runSequence[i]);
            out.varint(runAuthor[i]);
        }
        out.varint(lastTx);
        return out.toByteArray();
    }

    static Authors parse(byte[] storeId, byte[] bytes) throws MalformedException {
        Authors authors = new Authors(storeId);
        ByteInput in = new ByteInput(bytes);
        int count = in.count(bytes.length, "the number of authors");
        for (int i = 0; i < count; i++) {
            Author author = authors.author(in.string());
            author.lastSequence = in.varint();
            author.lastHash = in.bytes(LogFormat.HASH_BYTES);
        }
        int runs = in.count(bytes.length, "the number of runs");
        long tx = 0;
        for (int i = 0; i < runs; i++) {
            tx += in.varint();
            long sequence = in.varint();
            int index = in.count(count - 1L, "an author");
            authors.run(authors.byIndex[index], tx, sequence);
        }
        authors.lastTx = in.varint();
        return authors;
    }

    private Author author(String name) {
        Author author = byName.get(name);
        if (author == null) {
            author = new Author(byIndex.length, name);
            byName.put(name, author);
            byIndex = Arrays.copyOf(byIndex, byIndex.length + 1);
            byIndex[author.index] = author;
        }
        return author;
    }

    private void run(Author author, long tx, long sequence) {
        if (runCount == runTx.length) {
            runTx = Arrays.copyOf(runTx, runCount * 2);
            runSequence = Arrays.copyOf(runSequence, runCount * 2);
            runAuthor = Arrays.copyOf(runAuthor, runCount * 2);
        }
        runTx[runCount] = tx;
        runSequence[runCount] = sequence;
        runAuthor[runCount] = author.index;
        if (author.runCount == author.runs.length) {
            author.runs = Arrays.copyOf(author.runs, author.runCount * 2);
        }
        author.runs[author.runCount++] = runCount++;
    }
}
