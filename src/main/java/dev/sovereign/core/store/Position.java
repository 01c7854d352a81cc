package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

/// A place in the log: the beginning of a record, or the end.
///
/// @param file number of the log file, from 1
/// @param offset bytes from its beginning
record Position(int file, long offset) implements Comparable<Position> {

    static final Position START = new Position(1, LogFormat.FileHeader.BYTES);

    @Override
    public int compareTo(Position other) {
        return file != other.file
                ? Integer.compare(file, other.file)
                : Long.compare(offset, other.offset);
    }

    /// Written out, as [#hashCode]: what the language makes is put together at its first use, which
    /// takes longer than reading a small log.
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Position(int otherFile, long otherOffset)
                && file == otherFile
                && offset == otherOffset;
    }

    @Override
    public int hashCode() {
        return 31 * file + Long.hashCode(offset);
    }

    boolean isBefore(Position other) {
        return compareTo(other) < 0;
    }
}
