package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;

/// Everything that the store asks of a file system, so that a test can put one beneath it that
/// loses, tears and reorders what was not forced.
///
/// What is promised is what POSIX promises and no more: a write is durable after [File#force]; a
/// created, moved or deleted name is durable after [#forceDirectory] of its folder.
interface FileLayer {

    /// The disk.
    FileLayer DISK = new DiskFiles();

    enum Mode {
        /// Must exist.
        READ,
        /// Must exist.
        WRITE,
        /// Must not exist. Readable by the owner only.
        CREATE
    }

    /// One open file. Any thread.
    interface File extends Closeable {

        /// Reads up to what `into` has room for.
        ///
        /// @return bytes read; -1 at or after the end
        int read(ByteBuffer into, long position) throws IOException;

        /// Writes all of `from`, or throws with an unknown part of it written.
        void write(ByteBuffer from, long position) throws IOException;

        long size() throws IOException;

        /// Shortens.
        void truncate(long size) throws IOException;

        /// @param metadata false leaves out what reading the bytes back does not need
        void force(boolean metadata) throws IOException;

        @Override
        void close() throws IOException;
    }

    File open(Path path, Mode mode) throws IOException;

    boolean exists(Path path);

    /// Size in bytes; 0 when there is no such file.
    long size(Path path) throws IOException;

    /// Names in a folder, sorted; empty when there is none.
    List<String> list(Path directory) throws IOException;

    /// Makes a folder, and those above it; only the owner may enter the ones made.
    void createDirectories(Path directory) throws IOException;

    /// Renames atomically, replacing a file that has the name `to`.
    void move(Path from, Path to) throws IOException;

    /// Deletes a file, or a folder with all that is in it. No such file is no fault.
    void delete(Path path) throws IOException;

    void forceDirectory(Path directory) throws IOException;

    /// True when another user than the owner may read the file.
    boolean othersCanRead(Path path) throws IOException;

    /// Holds a lock against other processes and other stores of this one, until closed.
    ///
    /// @return null when somebody else holds it
    @Nullable Closeable lock(Path path) throws IOException;

    /// How H2 is told about a database file in this layer: what follows `jdbc:h2:`.
    String h2Name(Path path);
}
