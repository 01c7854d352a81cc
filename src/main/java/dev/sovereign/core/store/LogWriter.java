package dev.sovereign.core.store;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.concurrent.locks.ReentrantLock;
import java.util.zip.CRC32C;

/// Appends records to the log and makes them durable.
///
/// Records gather in memory; [#force] writes what has gathered and forces it, once for all who
/// wait. The file is extended with zeros, in steps and ahead of the records, so that a force has no
/// metadata to write. A failed write or force erases what came after the last force and refuses
/// everything from then on.
///
/// Locks, always taken in this order: the caller's append lock (around [#record] and [#close]),
/// [#forceLock], this.
final class LogWriter {

    /// What gathers before it is written without being forced.
    private static final int GATHER_BYTES = 1 << 20;

    private static final SecureRandom RANDOM = new SecureRandom();

    private final LogFiles log;
    private final long segmentBytes;
    private final ReentrantLock forceLock = new ReentrantLock();
    private final CRC32C crc = new CRC32C(); // guarded by forceLock

    // Guarded by the caller's append lock.
    private boolean epochBegun;
    private @Nullable RecordCipher cipher;
    private int epoch;
    private final byte[] bound = new byte[LogFormat.BOUND_BYTES];
    private final ByteOutput sealed = new ByteOutput(LogFormat.RECORD_BYTES);

    // Guarded by forceLock.
    private FileLayer.@Nullable File file;
    private byte[] salt = new byte[0];
    private long allocated;
    private ByteOutput spare = new ByteOutput(LogFormat.RECORD_BYTES);
    private boolean touched; // wrote something since opening

    // Guarded by this.
    private ByteOutput gathered = new ByteOutput(LogFormat.RECORD_BYTES);
    private int number; // of the file
    private long written; // bytes of the file written or being written
    private long forced; // bytes of the file forced
    private long records; // number of the next record in the file
    private long forcedRecords; // number of the first record not forced
    private long lastTx; // newest transaction appended
    private long forcedTx; // newest transaction forced
    private @Nullable IOException failure;
    private boolean closed; // with everything forced
    private boolean forcing; // somebody forces for all who wait

    /// @param number of the file to go on in
    /// @param offset where its last record ends
    /// @param records in it
    /// @param lastTx newest whole transaction in it
    LogWriter(LogFiles log, long segmentBytes, int number, long offset, long records, long lastTx) {
        this.log = log;
        this.segmentBytes = segmentBytes;
        this.number = number;
        this.written = offset;
        this.forced = offset;
        this.records = records;
        this.forcedRecords = records;
        this.lastTx = lastTx;
        this.forcedTx = lastTx;
    }

    /// Puts a record at the end. Not yet durable. Append lock.
    ///
    /// @param tx the transaction that it is part of; a record with the flag LAST ends it
    void record(int type, int flags, long tx, byte[] body, int length) {
        int most = LogFormat.RECORD_HEADER_BYTES + length + RecordCipher.TAG_BYTES;
        try {
            beginEpoch(tx);
            if (isFull(most)) {
                rotate(tx);
            }
        } catch (IOException cause) {
            throw fail(cause);
        }
        append(type, flags, tx, body, length);
        boolean much;
        synchronized (this) {
            if ((flags & LogFormat.LAST) != 0) {
                lastTx = tx;
            }
            much = gathered.size() >= GATHER_BYTES;
        }
        if (much) {
            flush(false);
        }
    }

    private synchronized boolean isFull(int more) {
        long end = written + gathered.size();
        return end + more > segmentBytes && end > LogFormat.FileHeader.BYTES + 1024;
    }

    private synchronized void append(int type, int flags, long tx, byte[] body, int length) {
        check();
        RecordCipher encrypt = LogFormat.isEncryptable(type) ? cipher : null;
        int stored = encrypt == null ? length : length + RecordCipher.TAG_BYTES;
        int at = gathered.size();
        gathered.u8(LogFormat.MAGIC_0);
        gathered.u8(LogFormat.MAGIC_1);
        gathered.u8(type);
        gathered.u8(flags);
        gathered.u32(stored);
        gathered.u32(encrypt == null ? 0 : epoch);
        gathered.u64(records);
        gathered.u64(tx);
        gathered.u64(0); // forced and checksum: when it is written
        if (encrypt == null) {
            gathered.bytes(body, 0, length);
        } else {
            System.arraycopy(gathered.array(), at, bound, 0, bound.length);
            sealed.clear(LogFormat.RECORD_BYTES);
            encrypt.seal(body, 0, length, records, bound, sealed);
            gathered.bytes(sealed.array(), 0, sealed.size());
        }
        records++;
    }

    /// Before the first record of this opening: opens the file, and begins an epoch when records
    /// are encrypted.
    private void beginEpoch(long tx) throws IOException {
        if (epochBegun) {
            return;
        }
        int present;
        synchronized (this) {
            check();
            present = number;
        }
        forceLock.lock();
        try {
            FileLayer.File opened = log.open(present, FileLayer.Mode.WRITE);
            file = opened;
            allocated = opened.size();
            salt = log.header(present).salt();
        } finally {
            forceLock.unlock();
        }
        epochBegun = true;
        if (log.encrypted()) {
            byte[] epochSalt = new byte[LogFormat.SALT_BYTES];
            RANDOM.nextBytes(epochSalt);
            synchronized (this) {
                epoch = (int) (written + gathered.size());
            }
            append(LogFormat.EPOCH, 0, tx, epochSalt, epochSalt.length);
            cipher = log.cipher(epochSalt);
        }
    }

    /// Goes on in a new file. The new one is durable before the old one is sealed, so a sealed file
    /// always has a successor.
    private void rotate(long tx) throws IOException {
        flush(true);
        int next;
        synchronized (this) {
            next = number + 1;
        }
        forceLock.lock();
        try {
            FileLayer.File created = log.create(next, tx);
            try {
                append(LogFormat.SEAL, 0, tx, salt, 0);
                flush(true);
                FileLayer.File old = file;
                if (old != null) {
                    synchronized (this) {
                        old.truncate(written);
                    }
                    old.close();
                }
            } catch (IOException | RuntimeException broken) {
                created.close();
                throw broken;
            }
            file = created;
            salt = log.header(next).salt();
            allocated = created.size();
            synchronized (this) {
                number = next;
                written = LogFormat.FileHeader.BYTES;
                forced = written;
                records = 0;
                forcedRecords = 0;
            }
            epoch = 0;
            cipher = log.cipher(salt);
        } finally {
            forceLock.unlock();
        }
    }

    /// Makes every record appended before this call durable. One of those who wait forces for all
    /// that has been appended by then; the others sleep until it is done, rather than queue for a
    /// lock, so that they come back together and share the next force too.
    void force() {
        synchronized (this) {
            if (closed && failure == null) {
                return; // closing forced everything
            }
            check();
            long target = records;
            int targetFile = number;
            boolean interrupted = false;
            while (forcing && number == targetFile && forcedRecords < target) {
                try {
                    wait();
                } catch (InterruptedException later) {
                    interrupted = true; // put off: the outcome of a transaction must become known
                }
            }
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (number > targetFile || forcedRecords >= target) {
                return;
            }
            check();
            forcing = true;
        }
        try {
            flush(true);
        } finally {
            synchronized (this) {
                forcing = false;
                notifyAll();
            }
        }
    }

    private void flush(boolean force) {
        forceLock.lock();
        try {
            ByteOutput taken;
            long start;
            long recordsTaken;
            long txTaken;
            long forcedBefore;
            synchronized (this) {
                check();
                taken = gathered;
                gathered = spare;
                spare = taken;
                start = written;
                written += taken.size();
                recordsTaken = records;
                txTaken = lastTx;
                forcedBefore = forced;
            }
            FileLayer.File open = file;
            if (open == null) {
                return; // nothing was ever appended
            }
            try {
                finish(taken, (int) forcedBefore);
                allocate(open, start + taken.size());
                touched = true;
                open.write(ByteBuffer.wrap(taken.array(), 0, taken.size()), start);
                if (force) {
                    open.force(false);
                    synchronized (this) {
                        forced = start + taken.size();
                        forcedRecords = recordsTaken;
                        forcedTx = txTaken;
                    }
                }
            } catch (IOException cause) {
                throw fail(cause);
            }
            taken.clear(LogFormat.RECORD_BYTES);
        } finally {
            forceLock.unlock();
        }
    }

    /// Fills in what is known only now: how much had been forced, and the checksum.
    private void finish(ByteOutput batch, int forcedBefore) {
        byte[] bytes = batch.array();
        int at = 0;
        while (at < batch.size()) {
            int length = ByteBuffer.wrap(bytes, at, 8).getInt(at + 4);
            batch.u32At(at + LogFormat.FORCED_AT, forcedBefore);
            batch.u32At(at + LogFormat.CRC_AT, LogFormat.recordCrc(crc, salt, bytes, at, length));
            at += LogFormat.RECORD_HEADER_BYTES + length;
        }
    }

    /// Extends the file by zeros, durably, when it would be too short.
    private void allocate(FileLayer.File open, long needed) throws IOException {
        if (needed <= allocated) {
            return;
        }
        long step = Math.clamp(allocated, LogFormat.GRAIN_BYTES, LogFormat.MAX_STEP_BYTES);
        long wanted = Math.max(needed, allocated + step);
        long size =
                (wanted + LogFormat.GRAIN_BYTES - 1)
                        / LogFormat.GRAIN_BYTES
                        * LogFormat.GRAIN_BYTES;
        ByteBuffer zeros = ByteBuffer.allocate((int) Math.min(size - allocated, 1 << 20));
        long at = allocated;
        while (at < size) {
            zeros.clear().limit((int) Math.min(zeros.capacity(), size - at));
            open.write(zeros, at);
            at += zeros.limit();
        }
        open.force(true);
        allocated = size;
    }

    private void check() {
        if (failure != null) {
            throw new SovereignException(
                    StoreError.FAILED_BEFORE,
                    "the store in \""
                            + log.directory().getParent()
                            + "\" failed before: "
                            + failure.getMessage(),
                    "nothing is written until it is opened anew: `sovereign daemon restart`",
                    failure);
        }
        if (closed) {
            throw new SovereignException(StoreError.CLOSED, "the store is closed");
        }
    }

    /// Erases what was not forced and lets nothing more happen.
    private SovereignException fail(IOException cause) {
        forceLock.lock();
        try {
            long keep;
            long tried;
            synchronized (this) {
                if (failure != null) {
                    return Refusals.writeFailed(parent(), failure);
                }
                failure = cause;
                keep = forced;
                tried = written;
                written = forced;
                records = forcedRecords;
                lastTx = forcedTx;
                gathered.clear(LogFormat.RECORD_BYTES);
            }
            FileLayer.File open = file;
            if (open != null) {
                try {
                    erase(open, keep, Math.min(tried, open.size()));
                } catch (IOException alsoBroken) {
                    cause.addSuppressed(alsoBroken); // then recovery cuts
                }
            }
            return Refusals.writeFailed(parent(), cause);
        } finally {
            forceLock.unlock();
        }
    }

    /// Overwrites in place, which a full device allows.
    private static void erase(FileLayer.File open, long from, long to) throws IOException {
        byte[] zeros = new byte[Math.clamp(to - from, 0, GATHER_BYTES)];
        for (long at = from; at < to; at += zeros.length) {
            open.write(ByteBuffer.wrap(zeros, 0, (int) Math.min(zeros.length, to - at)), at);
        }
        open.force(false);
    }

    private java.nio.file.Path parent() {
        java.nio.file.Path parent = log.directory().getParent();
        return parent == null ? log.directory() : parent;
    }

    private void writeClose(FileLayer.File open, long offset, long record) throws IOException {
        ByteOutput out = new ByteOutput(LogFormat.RECORD_HEADER_BYTES);
        out.u8(LogFormat.MAGIC_0);
        out.u8(LogFormat.MAGIC_1);
        out.u8(LogFormat.CLOSE);
        out.u8(0);
        out.u32(0);
        out.u32(0);
        out.u64(record);
        synchronized (this) {
            out.u64(lastTx + 1);
        }
        out.u64(0);
        finish(out, (int) offset);
        open.write(ByteBuffer.wrap(out.array(), 0, out.size()), offset);
        open.force(true);
    }

    /// Forces, marks the end as orderly and gives back what was allocated ahead. Append lock.
    void close() throws IOException {
        forceLock.lock();
        try {
            FileLayer.File open = file;
            if (open == null) {
                synchronized (this) {
                    closed = true;
                }
                return;
            }
            boolean broken;
            synchronized (this) {
                broken = failure != null;
            }
            try {
                if (!broken) {
                    flush(true);
                    if (touched) {
                        long end;
                        long record;
                        synchronized (this) {
                            end = written;
                            record = records;
                        }
                        allocate(open, end + LogFormat.RECORD_HEADER_BYTES);
                        writeClose(open, end, record);
                        open.truncate(end + LogFormat.RECORD_HEADER_BYTES);
                        open.force(true);
                    }
                }
            } finally {
                file = null;
                open.close();
                synchronized (this) {
                    closed = true;
                }
            }
        } finally {
            forceLock.unlock();
        }
    }

    synchronized long lastTx() {
        return lastTx;
    }

    synchronized long forcedTx() {
        return forcedTx;
    }

    /// Where the next record will begin.
    synchronized Position end() {
        return new Position(number, written + gathered.size());
    }

    /// Everything before this can be read from the file and will stay.
    synchronized Position forcedEnd() {
        return new Position(number, forced);
    }

    synchronized boolean failed() {
        return failure != null;
    }
}
