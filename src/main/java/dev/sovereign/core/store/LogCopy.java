package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.zip.Deflater;

/// Writes transactions anew, packed: several small ones in one compressed record without the hashes
/// that can be computed again, large ones in compressed records of their own. Payload and header
/// bytes stay as they are, and so do all hashes. Compaction, encryption, decryption and backup are
/// this with different records to write.
final class LogCopy implements LogVisitor {

    /// Takes finished records.
    interface Records {
        void record(int type, int flags, long tx, byte[] body, int length) throws IOException;
    }

    /// Payload that makes a record of its own; smaller ones are packed together.
    private static final int LARGE_BYTES = LogFormat.RECORD_BYTES / 2;

    /// Transactions in one packed record, which bounds what reading one of them costs.
    private static final int MAX_PACKED = 1024;

    private final Records records;
    private final ByteOutput pack = new ByteOutput(LogFormat.RECORD_BYTES * 2);
    private final ByteOutput body = new ByteOutput(LogFormat.RECORD_BYTES * 2);
    private final ByteOutput payload = new ByteOutput(LogFormat.RECORD_BYTES * 2);
    private final ByteOutput fields = new ByteOutput(256);
    private final Deflater deflater = new Deflater(Deflater.BEST_SPEED + 3, true);

    private long packFirst;
    private int packed;
    private final Map<String, byte[]> tips = new LinkedHashMap<>();
    private MessageDigest all = Hashes.sha256();
    private boolean large; // the present transaction has begun records of its own
    private long lastTx;

    LogCopy(Records records) {
        this.records = records;
    }

    /// Newest transaction that was copied.
    long lastTx() {
        return lastTx;
    }

    @Override
    public boolean begin(long tx) {
        payload.clear(LogFormat.RECORD_BYTES * 2);
        large = false;
        return true;
    }

    @Override
    public boolean payload(ByteInput slice) throws IOException {
        if (payload.size() > 0 && payload.size() + slice.remaining() > LogFormat.RECORD_BYTES) {
            flushPack();
            write(
                    LogFormat.TRANSACTION,
                    large ? 0 : LogFormat.FIRST,
                    lastTx + 1,
                    payload.array(),
                    payload.size());
            large = true;
            payload.clear(LogFormat.RECORD_BYTES * 2);
        }
        payload.bytes(slice.array(), slice.position(), slice.remaining());
        return true;
    }

    @Override
    public boolean commit(long tx, TransactionHeader header, boolean hasHashes, boolean forgotten)
            throws IOException {
        if (!hasHashes) {
            throw new IllegalStateException("copied without hashes");
        }
        if (large || payload.size() > LARGE_BYTES) {
            flushPack();
            fields.clear(256);
            header.serialize(fields);
            body.clear(LogFormat.RECORD_BYTES * 2);
            body.u8(forgotten ? TransactionFlags.FORGOTTEN : 0);
            body.varint(fields.size());
            body.bytes(fields.array(), 0, fields.size());
            body.bytes(payload.array(), 0, payload.size());
            write(
                    LogFormat.TRANSACTION,
                    LogFormat.LAST | (large ? 0 : LogFormat.FIRST),
                    tx,
                    body.array(),
                    body.size());
        } else {
            pack(tx, header, forgotten);
        }
        lastTx = tx;
        return true;
    }

    private void pack(long tx, TransactionHeader header, boolean forgotten) throws IOException {
        if (packed == 0) {
            packFirst = tx;
        }
        byte[] tip = tips.get(header.author());
        boolean chained = tip != null && Arrays.equals(tip, header.previousHash());
        int flags = forgotten ? TransactionFlags.FORGOTTEN : TransactionFlags.NO_PAYLOAD_HASH;
        if (chained) {
            flags |= TransactionFlags.NO_PREVIOUS;
        }
        fields.clear(256);
        header.serializeFields(fields);
        pack.u8(flags);
        pack.varint(fields.size());
        pack.bytes(fields.array(), 0, fields.size());
        if (!chained) {
            pack.bytes(header.previousHash());
        }
        if (forgotten) {
            pack.bytes(header.payloadHash());
        }
        pack.varint(payload.size());
        pack.bytes(payload.array(), 0, payload.size());
        byte[] hash = header.hash();
        tips.put(header.author(), hash);
        all.update(hash);
        packed++;
        if (pack.size() >= LogFormat.RECORD_BYTES || packed == MAX_PACKED) {
            flushPack();
        }
    }

    /// Writes what is still held back.
    void finish() throws IOException {
        flushPack();
        deflater.end();
    }

    private void flushPack() throws IOException {
        if (packed == 0) {
            return;
        }
        ByteOutput out = new ByteOutput(pack.size() + 1024);
        out.varint(packed);
        out.bytes(pack.array(), 0, pack.size());
        out.varint(tips.size());
        tips.forEach((author, hash) -> {
            out.string(author);
            out.bytes(hash);
        });
        out.bytes(all.digest());
        write(LogFormat.PACK, LogFormat.FIRST | LogFormat.LAST, packFirst, out.array(), out.size());
        pack.clear(LogFormat.RECORD_BYTES * 2);
        packed = 0;
        tips.clear();
        all = Hashes.sha256();
    }

    /// Compressed when that makes it smaller.
    private void write(int type, int flags, long tx, byte[] bytes, int length) throws IOException {
        byte @Nullable [] smaller = null;
        int size = 0;
        if (length > 64) {
            byte[] target = new byte[length];
            target[0] = (byte) (length >>> 24);
            target[1] = (byte) (length >>> 16);
            target[2] = (byte) (length >>> 8);
            target[3] = (byte) length;
            deflater.reset();
            deflater.setInput(bytes, 0, length);
            deflater.finish();
            size = 4 + deflater.deflate(target, 4, length - 4);
            if (deflater.finished() && size < length) {
                smaller = target;
            }
        }
        if (smaller == null) {
            records.record(type, flags, tx, bytes, length);
        } else {
            records.record(type, flags | LogFormat.COMPRESSED, tx, smaller, size);
        }
    }
}
