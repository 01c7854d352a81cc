package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.zip.CRC32C;

/// Reads the records of one log file, or of a backup, one after the other. Holds one buffer, as
/// large as the largest record met and never larger than a record may be.
final class RecordReader {

    /// Where bytes come from, in order.
    interface Source {
        /// @return bytes read into `bytes`; -1 at the end
        int read(byte[] bytes, int offset, int length) throws IOException;
    }

    private static final int BUFFER_BYTES = 256 << 10;

    private final Source source;
    private final byte[] salt;
    private final CRC32C crc = new CRC32C();
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int at; // of the present record, then of the next
    private int end; // of what was read into the buffer
    private long bufferOffset; // of the buffer's beginning within the file
    private long expectedNumber = -1;

    private int type;
    private int flags;
    private int bodyLength;
    private int epoch;
    private long number;
    private long tx;
    private long forced;
    private long offset;

    /// @param start offset of what `source` gives first
    RecordReader(Source source, byte[] salt, long start) {
        this.source = source;
        this.salt = salt;
        this.bufferOffset = start;
        this.offset = start;
    }

    static Source source(FileLayer.File file, long start) {
        return new Source() {
            private long position = start;

            @Override
            public int read(byte[] bytes, int offset, int length) throws IOException {
                int count = file.read(ByteBuffer.wrap(bytes, offset, length), position);
                position += Math.max(0, count);
                return count;
            }
        };
    }

    /// Reads the next record.
    ///
    /// @return null when there is one; else why the bytes at [#nextOffset] are no record
    @Nullable String next() throws IOException {
        if (!fill(LogFormat.RECORD_HEADER_BYTES)) {
            return end == at ? "the file ends" : "the file ends within the header of a record";
        }
        ByteBuffer header = ByteBuffer.wrap(buffer, at, LogFormat.RECORD_HEADER_BYTES);
        byte magic0 = header.get();
        byte magic1 = header.get();
        int nextType = header.get();
        int nextFlags = header.get();
        int length = header.getInt();
        if (magic0 != LogFormat.MAGIC_0 || magic1 != LogFormat.MAGIC_1) {
            return "there is no record";
        }
        if (length < 0 || length > LogFormat.MAX_BODY_BYTES) {
            return "a record of "
                    + Integer.toUnsignedString(length)
                    + " bytes, at most "
                    + LogFormat.MAX_BODY_BYTES;
        }
        if (!fill(LogFormat.RECORD_HEADER_BYTES + length)) {
            return "the file ends within a record";
        }
        header = ByteBuffer.wrap(buffer, at + 8, LogFormat.RECORD_HEADER_BYTES - 8);
        int nextEpoch = header.getInt();
        long nextNumber = header.getLong();
        long nextTx = header.getLong();
        long nextForced = Integer.toUnsignedLong(header.getInt());
        if (header.getInt() != LogFormat.recordCrc(crc, salt, buffer, at, length)) {
            return "a record fails its checksum";
        }
        if (expectedNumber >= 0 && nextNumber != expectedNumber) {
            return "record " + nextNumber + " where " + expectedNumber + " is due";
        }
        type = nextType;
        flags = nextFlags;
        bodyLength = length;
        epoch = nextEpoch;
        number = nextNumber;
        tx = nextTx;
        forced = nextForced;
        offset = bufferOffset + at;
        at += LogFormat.RECORD_HEADER_BYTES + length;
        expectedNumber = nextNumber + 1;
        return null;
    }

    /// Makes `count` bytes from `at` on available.
    private boolean fill(int count) throws IOException {
        if (end - at >= count) {
            return true;
        }
        if (buffer.length - at < count) {
            byte[] target = count > buffer.length ? new byte[count + BUFFER_BYTES / 4] : buffer;
            System.arraycopy(buffer, at, target, 0, end - at);
            buffer = target;
            bufferOffset += at;
            end -= at;
            at = 0;
        }
        while (end - at < count) {
            int more = source.read(buffer, end, buffer.length - end);
            if (more <= 0) {
                return false;
            }
            end += more;
        }
        return true;
    }

    int type() {
        return type;
    }

    int flags() {
        return flags;
    }

    /// True when bytes after the present record have been read from the source already.
    boolean hasMore() {
        return end > at;
    }

    boolean has(int flag) {
        return (flags & flag) != 0;
    }

    int epoch() {
        return epoch;
    }

    long number() {
        return number;
    }

    long tx() {
        return tx;
    }

    long forced() {
        return forced;
    }

    /// Where the present record begins.
    long offset() {
        return offset;
    }

    /// Where the record after the present one begins.
    long nextOffset() {
        return bufferOffset + at;
    }

    /// The array that holds the present record; overwritten by [#next].
    byte[] array() {
        return buffer;
    }

    int bodyAt() {
        return at - bodyLength;
    }

    int bodyLength() {
        return bodyLength;
    }

    /// The part of the present record's header that encryption binds.
    byte[] bound() {
        int header = at - bodyLength - LogFormat.RECORD_HEADER_BYTES;
        return Arrays.copyOfRange(buffer, header, header + LogFormat.BOUND_BYTES);
    }
}
