package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;

/// Goes from record header to record header without reading bodies, across files. Verifies no
/// checksums: who acts on what a record holds reads it again with [RecordReader].
final class LogHop implements Closeable {

    private final LogFiles log;
    private final Position to;
    private final ByteBuffer header = ByteBuffer.allocate(LogFormat.RECORD_HEADER_BYTES);
    private int number;
    private long offset;
    private long nextOffset;
    private FileLayer.@Nullable File file;
    private boolean sealed;

    LogHop(LogFiles log, Position from, Position to) throws IOException {
        this.log = log;
        this.to = to;
        this.number = from.file();
        this.nextOffset = from.offset();
        this.file = log.open(number, FileLayer.Mode.READ);
    }

    /// @return false at the end, or where there is no record
    boolean next() throws IOException {
        FileLayer.File open = file;
        if (sealed) {
            close();
            open = log.open(++number, FileLayer.Mode.READ);
            file = open;
            nextOffset = LogFormat.FileHeader.BYTES;
            sealed = false;
        }
        offset = nextOffset;
        if (open == null || !position().isBefore(to)) {
            return false;
        }
        header.clear();
        while (header.hasRemaining()) {
            if (open.read(header, offset + header.position()) <= 0) {
                return false;
            }
        }
        int length = header.getInt(4);
        if (header.get(0) != LogFormat.MAGIC_0
                || header.get(1) != LogFormat.MAGIC_1
                || length < 0
                || length > LogFormat.MAX_BODY_BYTES) {
            return false;
        }
        nextOffset = offset + LogFormat.RECORD_HEADER_BYTES + length;
        sealed = type() == LogFormat.SEAL && number < to.file();
        return true;
    }

    int type() {
        return header.get(2);
    }

    boolean has(int flag) {
        return (header.get(3) & flag) != 0;
    }

    long tx() {
        return header.getLong(20);
    }

    /// Of the present record.
    Position position() {
        return new Position(number, offset);
    }

    /// Where the record after the present one begins.
    long nextOffset() {
        return nextOffset;
    }

    @Override
    public void close() throws IOException {
        FileLayer.File open = file;
        file = null;
        if (open != null) {
            open.close();
        }
    }
}
