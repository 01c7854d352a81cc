package dev.sovereign.core.store;

import dev.sovereign.error.Diagnostic;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32C;

/// Finds where the log ends, and tells an unfinished write from damage.
///
/// Every record says how much of its file had been forced when it was written. So after the first
/// bytes that are no record: a whole record further on that says it was written when those bytes
/// had already been forced proves that they were whole once, which is damage, and refused. Without
/// such a record they belong to a write that nobody was told had succeeded; they are cut off, and
/// kept in a file aside.
///
/// @param file number of the last log file
/// @param end where its last record ends, not counting a CLOSE
/// @param records in the last file
/// @param lastTx newest transaction of which the last record is there; of packed ones the first of
///   the record
/// @param cutBytes that were kept aside
record LogTail(
        int file, long end, long records, long lastTx, long cutBytes, List<Diagnostic> notes) {

    /// Files kept aside after unfinished writes; beyond this the oldest go.
    static final int MAX_KEPT = 16;

    /// Bytes of one unfinished write that are kept aside.
    static final long MAX_KEPT_BYTES = 16 << 20;

    static final String KEPT = "kept";

    private static final int CHUNK_BYTES = 1 << 20;

    /// Bytes that may be checksummed in the search for a whole record after damage; a file made to
    /// cost more is refused.
    private static final long MAX_SEARCH_BYTES = 1L << 30;

    /// @param kept folder for what is cut off
    /// @param repair false only looks: nothing is cut, nothing is written
    static LogTail find(LogFiles log, Path kept, Instant now, boolean repair) throws IOException {
        List<Integer> numbers = log.numbers();
        for (int i = 0; i < numbers.size(); i++) {
            if (numbers.get(i) != i + 1) {
                throw log.damaged(i + 1, 0, "the file is missing");
            }
        }
        if (numbers.isEmpty()) {
            throw log.damaged(1, 0, "the file is missing");
        }
        int last = numbers.size();
        if (last > 1 && isUnfinishedSuccessor(log, last)) {
            if (repair) {
                log.delete(last);
            }
            last--;
        }
        return scan(log, last, kept, now, repair);
    }

    /// True for a file that was being made when the machine stopped: the one before is not sealed.
    private static boolean isUnfinishedSuccessor(LogFiles log, int last) throws IOException {
        if (hasRecords(log, last)) {
            return false;
        }
        try (FileLayer.File file = log.open(last - 1, FileLayer.Mode.READ)) {
            RecordReader reader = reader(log, last - 1, file);
            int type = 0;
            while (reader.next() == null) {
                type = reader.type();
            }
            return type != LogFormat.SEAL;
        }
    }

    private static boolean hasRecords(LogFiles log, int number) throws IOException {
        return !isBlank(log.files(), log.path(number));
    }

    /// True for a file without any record, whether its header is whole or not.
    static boolean isBlank(FileLayer files, Path path) throws IOException {
        if (files.size(path) < LogFormat.FileHeader.BYTES) {
            return true;
        }
        byte[] bytes = new byte[LogFormat.FileHeader.BYTES];
        try (FileLayer.File file = files.open(path, FileLayer.Mode.READ)) {
            file.read(ByteBuffer.wrap(bytes), 0);
            try {
                byte[] salt = LogFormat.FileHeader.parse(bytes, bytes.length).salt();
                return new RecordReader(
                                        RecordReader.source(file, LogFormat.FileHeader.BYTES),
                                        salt,
                                        LogFormat.FileHeader.BYTES)
                                .next()
                        != null;
            } catch (MalformedException torn) {
                return true;
            }
        }
    }

    private static RecordReader reader(LogFiles log, int number, FileLayer.File file)
            throws IOException {
        return new RecordReader(
                RecordReader.source(file, LogFormat.FileHeader.BYTES),
                log.header(number).salt(),
                LogFormat.FileHeader.BYTES);
    }

    private static LogTail scan(LogFiles log, int number, Path kept, Instant now, boolean repair)
            throws IOException {
        long firstTx = log.header(number).firstTx();
        try (FileLayer.File file =
                log.open(number, repair ? FileLayer.Mode.WRITE : FileLayer.Mode.READ)) {
            RecordReader reader = reader(log, number, file);
            long records = 0;
            long lastTx = firstTx - 1;
            int type = 0;
            String why = reader.next();
            while (why == null) {
                if (reader.number() != records) {
                    throw log.damaged(
                            number,
                            reader.offset(),
                            "record " + reader.number() + " where " + records + " is due");
                }
                records++;
                type = reader.type();
                if (type == LogFormat.PACK
                        || (type == LogFormat.TRANSACTION && reader.has(LogFormat.LAST))) {
                    lastTx = reader.tx();
                }
                why = reader.next();
            }
            long end = reader.nextOffset();
            if (type == LogFormat.SEAL) {
                throw log.damaged(number + 1, 0, "the file is missing");
            }
            return finish(
                    log,
                    number,
                    file,
                    end,
                    records,
                    lastTx,
                    type == LogFormat.CLOSE,
                    kept,
                    now,
                    repair);
        }
    }

    private static LogTail finish(
            LogFiles log,
            int number,
            FileLayer.File file,
            long end,
            long records,
            long lastTx,
            boolean closed,
            Path kept,
            Instant now,
            boolean repair)
            throws IOException {
        long size = file.size();
        long dirtyEnd = lastNonZero(file, end, size);
        if (dirtyEnd > end) {
            // the record that proves damage may itself end in zeros
            long searchEnd = Math.min(size, dirtyEnd + LogFormat.RECORD_HEADER_BYTES);
            refuseDamage(log, number, file, end, searchEnd);
        }
        boolean cutByOthers =
                size % LogFormat.GRAIN_BYTES != 0 && (dirtyEnd > end || (!closed && size == end));
        if (cutByOthers && number == 1 && lastTx == 0) {
            throw log.damaged(number, end, "the file was cut and no transaction is left in it");
        }
        List<Diagnostic> notes = new ArrayList<>();
        Path aside = null;
        if (dirtyEnd > end && repair) {
            aside = keep(log, number, file, end, dirtyEnd, kept, now);
        }
        if (repair) {
            clear(file, end, dirtyEnd, size);
            // What is read now counts as durable from here on, and may be in the page cache only.
            file.force(true);
        }
        String where = "log file \"" + log.name(number) + "\"";
        if (cutByOthers) {
            notes.add(
                    Refusals.note(
                            StoreError.CUT,
                            where
                                    + " was cut at byte "
                                    + size
                                    + " by something other than a crash; what came after is lost",
                            "a backup may have it: `sovereign store restore FILE`"));
        }
        if (dirtyEnd > end) {
            notes.add(
                    Refusals.note(
                            StoreError.TAIL_CUT,
                            where
                                    + " ends in an unfinished write: "
                                    + (dirtyEnd - end)
                                    + " bytes after byte "
                                    + end
                                    + (aside == null ? "" : " were kept in \"" + aside + "\""),
                            null));
        }
        // What is appended next takes the place of a CLOSE, so a log that is cut never looks closed
        // in good order.
        return closed
                ? new LogTail(
                        number,
                        end - LogFormat.RECORD_HEADER_BYTES,
                        records - 1,
                        lastTx,
                        dirtyEnd - end,
                        notes)
                : new LogTail(number, end, records, lastTx, dirtyEnd - end, notes);
    }

    /// Overwrites with zeros: the size stays a multiple of the grain, or becomes one.
    private static void clear(FileLayer.File file, long from, long dirtyEnd, long size)
            throws IOException {
        long end = dirtyEnd;
        if (dirtyEnd > from && size % LogFormat.GRAIN_BYTES != 0) {
            end = (size / LogFormat.GRAIN_BYTES + 1) * LogFormat.GRAIN_BYTES;
        }
        byte[] zeros = new byte[(int) Math.min(CHUNK_BYTES, end - from)];
        for (long at = from; at < end; at += zeros.length) {
            file.write(ByteBuffer.wrap(zeros, 0, (int) Math.min(zeros.length, end - at)), at);
        }
    }

    /// The end of the last byte that is not zero, at least `from`.
    private static long lastNonZero(FileLayer.File file, long from, long size) throws IOException {
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, Math.max(0, size - from))];
        long end = size;
        while (end > from) {
            int length = (int) Math.min(chunk.length, end - from);
            read(file, chunk, length, end - length);
            for (int i = length - 1; i >= 0; i--) {
                if (chunk[i] != 0) {
                    return end - length + i + 1;
                }
            }
            end -= length;
        }
        return from;
    }

    /// @param bad where no record is
    /// @param searchEnd headers of later records are looked for before it
    private static void refuseDamage(
            LogFiles log, int number, FileLayer.File file, long bad, long searchEnd)
            throws IOException {
        byte[] salt = log.header(number).salt();
        CRC32C crc = new CRC32C();
        byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, searchEnd - bad)];
        long searched = 0;
        long start = bad;
        while (searchEnd - start >= LogFormat.RECORD_HEADER_BYTES) {
            int length = (int) Math.min(chunk.length, searchEnd - start);
            read(file, chunk, length, start);
            int headers = length - LogFormat.RECORD_HEADER_BYTES + 1;
            for (int i = 0; i < headers; i++) {
                if (chunk[i] != LogFormat.MAGIC_0 || chunk[i + 1] != LogFormat.MAGIC_1) {
                    continue;
                }
                ByteBuffer header = ByteBuffer.wrap(chunk, i, LogFormat.RECORD_HEADER_BYTES);
                int body = header.getInt(i + 4);
                long forced = Integer.toUnsignedLong(header.getInt(i + LogFormat.FORCED_AT));
                long offset = start + i;
                if (forced <= bad
                        || forced > offset
                        || body < 0
                        || body > LogFormat.MAX_BODY_BYTES) {
                    continue;
                }
                byte[] record = new byte[LogFormat.RECORD_HEADER_BYTES + body];
                searched += record.length;
                if (searched > MAX_SEARCH_BYTES) {
                    throw log.damaged(number, bad, "too much follows that looks like records");
                }
                if (read(file, record, record.length, offset) == record.length
                        && header.getInt(i + LogFormat.CRC_AT)
                                == LogFormat.recordCrc(crc, salt, record, 0, body)) {
                    throw log.damaged(
                            number,
                            bad,
                            "whole records follow, the first at byte "
                                    + offset
                                    + ", that were written later");
                }
            }
            start += headers;
        }
    }

    private static int read(FileLayer.File file, byte[] bytes, int length, long position)
            throws IOException {
        ByteBuffer into = ByteBuffer.wrap(bytes, 0, length);
        while (into.hasRemaining()) {
            if (file.read(into, position + into.position()) <= 0) {
                break;
            }
        }
        return into.position();
    }

    private static @Nullable Path keep(
            LogFiles log,
            int number,
            FileLayer.File from,
            long start,
            long end,
            Path kept,
            Instant now)
            throws IOException {
        FileLayer files = log.files();
        files.createDirectories(kept);
        List<String> names = files.list(kept).stream().filter(n -> n.endsWith(".cut")).toList();
        for (int i = 0; i <= names.size() - MAX_KEPT; i++) {
            files.delete(kept.resolve(names.get(i)));
        }
        Path target = kept.resolve(KeptNames.name(files, kept, now, number + "-" + start + ".cut"));
        try (FileLayer.File to = files.open(target, FileLayer.Mode.CREATE)) {
            byte[] chunk = new byte[(int) Math.min(CHUNK_BYTES, end - start)];
            long stop = Math.min(end, start + MAX_KEPT_BYTES);
            for (long at = start; at < stop; at += chunk.length) {
                int length = (int) Math.min(chunk.length, stop - at);
                read(from, chunk, length, at);
                to.write(ByteBuffer.wrap(chunk, 0, length), at - start);
            }
            to.force(true);
        }
        files.forceDirectory(kept);
        return target;
    }
}
