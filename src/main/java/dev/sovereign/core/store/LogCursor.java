package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Walks the log from one position to another and shows a [LogVisitor] the transactions in it.
/// Everything is verified on the way: checksums, the order of records and numbers, and with
/// `hashes` also the hash of each payload. Opens its own files, so any thread may walk while
/// another appends. Not thread-safe itself.
final class LogCursor implements Closeable {

    private static final byte[] NO_HASH = new byte[LogFormat.HASH_BYTES];

    private final LogFiles log;
    private final Position to;
    private final boolean hashes;
    private final LogVisitor visitor;
    private final Inflater inflater = new Inflater(true);

    private int number;
    private FileLayer.@Nullable File file;
    private @Nullable RecordReader records;
    private @Nullable RecordDecryption decryption;

    private byte[] plain = new byte[0];
    private byte[] inflated = new byte[0];

    // The transaction under way, when its payload spans records.
    private boolean inTransaction;
    private boolean skipping; // an unfinished one
    private boolean wanted; // the visitor wants payload
    private final MessageDigest payloadDigest = Hashes.sha256();
    private long payloadBytes;
    private long lastTx = -1;
    private boolean stopped;
    private Position resume; // everything before has been shown, or will never be

    /// @param to end of what is known to be whole
    /// @param hashes compute hashes that packed records leave out, and verify payload hashes
    LogCursor(LogFiles log, Position from, Position to, boolean hashes, LogVisitor visitor)
            throws IOException {
        this.log = log;
        this.to = to;
        this.hashes = hashes;
        this.visitor = visitor;
        this.skipping =
                !from.equals(Position.START); // a file may begin in the midst of a transaction
        this.resume = from;
        open(from.file(), from.offset());
    }

    /// Where another cursor can go on later, when the log has grown: a transaction that was
    /// unfinished at the end may have got its last record by then.
    Position resume() {
        return resume;
    }

    /// The next transaction must have this number.
    LogCursor expecting(long tx) {
        lastTx = tx - 1;
        return this;
    }

    private void open(int next, long offset) throws IOException {
        close();
        number = next;
        LogFormat.FileHeader header = log.header(next);
        FileLayer.File opened = log.open(next, FileLayer.Mode.READ);
        file = opened;
        records = new RecordReader(RecordReader.source(opened, offset), header.salt(), offset);
        decryption = log.decryption(next);
    }

    /// Walks to the end, or until the visitor has enough.
    void run() throws IOException {
        while (!stopped && step()) {}
    }

    private boolean step() throws IOException {
        RecordReader record = java.util.Objects.requireNonNull(records);
        if (number == to.file() && record.nextOffset() >= to.offset()) {
            return false;
        }
        String why = record.next();
        if (why != null) {
            throw log.damaged(number, record.nextOffset(), why);
        }
        try {
            switch (record.type()) {
                case LogFormat.EPOCH, LogFormat.CLOSE -> {}
                case LogFormat.SEAL -> {
                    if (number == to.file()) {
                        return false;
                    }
                    open(number + 1, LogFormat.FileHeader.BYTES);
                }
                case LogFormat.TRANSACTION -> transaction(record);
                case LogFormat.PACK -> pack(record);
                default ->
                        throw new MalformedException("a record of unknown type " + record.type());
            }
        } catch (NewerException newer) {
            throw newer;
        } catch (MalformedException malformed) {
            throw log.damaged(number, record.offset(), malformed.getMessage());
        }
        if (!skipping && !inTransaction && !stopped) {
            resume = new Position(number, java.util.Objects.requireNonNull(records).nextOffset());
        }
        return true;
    }

    private void transaction(RecordReader record) throws IOException {
        boolean first = record.has(LogFormat.FIRST);
        boolean last = record.has(LogFormat.LAST);
        if (first) {
            skipping = !last && !isFinished(record);
            inTransaction = !skipping;
            if (skipping) {
                return;
            }
            due(record.tx());
            visitor.passing(record.tx(), new Position(number, record.offset()));
            payloadDigest.reset();
            payloadBytes = 0;
            wanted = visitor.begin(record.tx());
        } else if (skipping) {
            return;
        } else if (!inTransaction) {
            throw new MalformedException("a transaction goes on that did not begin");
        }
        if (!last && !wanted && !hashes) {
            return;
        }
        ByteInput body = body(record);
        int flags = 0;
        TransactionHeader header = null;
        if (last) {
            flags = body.u8();
            ByteInput head = body.slice(body.count(body.remaining(), "the length of a header"));
            header = TransactionHeader.parse(head, null, null);
        }
        slice(body);
        if (header != null) {
            boolean forgotten = (flags & TransactionFlags.FORGOTTEN) != 0;
            if (hashes && !forgotten) {
                verifyPayload(record.tx(), header, payloadDigest.digest());
            }
            commit(record.tx(), header, true, forgotten);
        }
    }

    private void slice(ByteInput body) throws IOException {
        if (hashes) {
            payloadDigest.update(body.array(), body.position(), body.remaining());
            payloadBytes += body.remaining();
        }
        if (wanted) {
            wanted = visitor.payload(body);
        }
    }

    private void verifyPayload(long tx, TransactionHeader header, byte[] digest)
            throws MalformedException {
        if (payloadBytes != header.payloadBytes() || !Arrays.equals(digest, header.payloadHash())) {
            throw new MalformedException("the payload of transaction " + tx + " fails its hash");
        }
    }

    private void commit(long tx, TransactionHeader header, boolean hasHashes, boolean forgotten)
            throws IOException {
        inTransaction = false;
        lastTx = tx;
        stopped = !visitor.commit(tx, header, hasHashes, forgotten);
    }

    private void due(long tx) throws MalformedException {
        if (lastTx >= 0 && tx != lastTx + 1) {
            throw new MalformedException(
                    "transaction " + tx + " where " + (lastTx + 1) + " is due");
        }
    }

    /// Several small transactions in one record (LogCopy writes it):
    ///
    ///     varint count, then for each
    ///       1 byte flags (TransactionFlags), varint length of the header's fields, these, the hashes that are not
    ///       left out, varint length of the payload, this
    ///     varint authors, then for each: string name, 32 bytes hash of the last of his transactions here
    ///     32 bytes SHA-256 of all transactions' hashes in order
    private void pack(RecordReader record) throws IOException {
        skipping = false;
        inTransaction = false;
        due(record.tx());
        visitor.passing(record.tx(), new Position(number, record.offset()));
        ByteInput body = body(record);
        int count = body.count(body.remaining(), "the number of transactions");
        Map<String, byte[]> tips = new HashMap<>();
        MessageDigest all = Hashes.sha256();
        for (int i = 0; i < count; i++) {
            long tx = record.tx() + i;
            int flags = body.u8();
            boolean forgotten = (flags & TransactionFlags.FORGOTTEN) != 0;
            ByteInput fields = body.slice(body.count(body.remaining(), "the length of a header"));
            byte[] previous =
                    (flags & TransactionFlags.NO_PREVIOUS) == 0
                            ? body.bytes(LogFormat.HASH_BYTES)
                            : null;
            byte[] payloadHash =
                    (flags & TransactionFlags.NO_PAYLOAD_HASH) == 0
                            ? body.bytes(LogFormat.HASH_BYTES)
                            : null;
            ByteInput payload = body.slice(body.count(body.remaining(), "the length of a payload"));
            if (hashes) {
                payloadDigest.reset();
                payloadDigest.update(payload.array(), payload.position(), payload.remaining());
                payloadBytes = payload.remaining();
                byte[] digest = payloadDigest.digest();
                TransactionHeader header =
                        TransactionHeader.parse(
                                fields, previous, payloadHash == null ? digest : payloadHash, tips);
                if (!forgotten) {
                    verifyPayload(tx, header, digest);
                }
                byte[] hash = header.hash();
                tips.put(header.author(), hash);
                all.update(hash);
                show(tx, payload, header, true, forgotten);
            } else {
                TransactionHeader header =
                        TransactionHeader.parse(
                                fields,
                                previous == null ? NO_HASH : previous,
                                payloadHash == null ? NO_HASH : payloadHash);
                show(tx, payload, header, previous != null && payloadHash != null, forgotten);
            }
            if (stopped) {
                return;
            }
        }
        footer(body, hashes ? tips : null, all);
    }

    private void show(
            long tx,
            ByteInput payload,
            TransactionHeader header,
            boolean hasHashes,
            boolean forgotten)
            throws IOException {
        if (visitor.begin(tx) && payload.hasRemaining()) {
            visitor.payload(payload);
        }
        commit(tx, header, hasHashes, forgotten);
    }

    private void footer(ByteInput body, @Nullable Map<String, byte[]> computed, MessageDigest all)
            throws MalformedException {
        int authors = body.count(body.remaining(), "the number of authors");
        for (int i = 0; i < authors; i++) {
            String author = body.string();
            byte[] hash = body.bytes(LogFormat.HASH_BYTES);
            if (computed != null && !Arrays.equals(hash, computed.get(author))) {
                throw new MalformedException(
                        "the hash chain of author \"" + author + "\" is broken");
            }
            visitor.tip(author, hash);
        }
        byte[] digest = body.bytes(LogFormat.HASH_BYTES);
        if (computed != null && !Arrays.equals(digest, all.digest())) {
            throw new MalformedException("packed transactions fail their hash");
        }
        if (body.hasRemaining()) {
            throw new MalformedException(
                    "packed transactions with " + body.remaining() + " bytes too many");
        }
    }

    /// The body in the clear and unpacked; overwritten by the next call.
    private ByteInput body(RecordReader record) throws IOException {
        byte[] bytes = record.array();
        int at = record.bodyAt();
        int length = record.bodyLength();
        RecordDecryption decrypt = decryption;
        if (decrypt != null) {
            if (plain.length < length) {
                plain = new byte[length + length / 4];
            }
            length = decrypt.open(record, this::epochSalt, plain);
            bytes = plain;
            at = 0;
        }
        if (!record.has(LogFormat.COMPRESSED)) {
            return new ByteInput(bytes, at, length);
        }
        int size = new ByteInput(bytes, at, length).u32();
        if (size < 0 || size > LogFormat.MAX_BODY_BYTES) {
            throw new MalformedException(
                    "a record unpacks to " + Integer.toUnsignedString(size) + " bytes");
        }
        if (inflated.length < size) {
            inflated = new byte[size + size / 4];
        }
        inflater.reset();
        inflater.setInput(bytes, at + 4, length - 4);
        try {
            int done = 0;
            while (done < size) {
                int more = inflater.inflate(inflated, done, size - done);
                if (more == 0) {
                    throw new MalformedException("a packed record ends early");
                }
                done += more;
            }
        } catch (DataFormatException malformed) {
            throw new MalformedException("a packed record does not unpack");
        }
        return new ByteInput(inflated, 0, size);
    }

    private byte[] epochSalt(int offset) throws IOException {
        return LogEpochs.salt(log, number, Integer.toUnsignedLong(offset));
    }

    /// Hops from header to header to see whether the transaction that began gets its last record.
    private boolean isFinished(RecordReader begun) throws IOException {
        try (LogHop hop = new LogHop(log, new Position(number, begun.nextOffset()), to)) {
            while (hop.next()) {
                if (hop.type() == LogFormat.PACK) {
                    return false;
                }
                if (hop.type() == LogFormat.TRANSACTION) {
                    if (hop.has(LogFormat.FIRST)) {
                        return false;
                    }
                    if (hop.has(LogFormat.LAST)) {
                        return true;
                    }
                }
            }
            return false;
        }
    }

    @Override
    public void close() throws IOException {
        FileLayer.File opened = file;
        file = null;
        if (opened != null) {
            opened.close();
        }
    }
}
