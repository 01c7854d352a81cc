package dev.sovereign.mesh.wire;

import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;

/// Bytes both ways, in order: a TCP connection, or a layer above one. Each layer of a connection
/// takes one and is one, so that it can be tested alone.
///
/// One thread reads and one writes at a time; any thread may close. Reads and writes block; what
/// ends them is [#close], after which they throw.
public interface Duplex extends Closeable {

    /// Reads at least one byte and at most `length` (which is over 0).
    ///
    /// @return how many; -1 at the end, when the other side will send no more
    int read(byte[] into, int offset, int length) throws IOException;

    /// Writes all of it. What `from` holds there afterwards is undefined: a cipher works in place.
    void write(byte[] from, int offset, int length) throws IOException;

    /// Ends both directions. Idempotent.
    @Override
    void close();

    /// Reads exactly `length` bytes.
    ///
    /// @throws EOFException if the other side sends fewer
    default void readFully(byte[] into, int offset, int length) throws IOException {
        int end = offset + length;
        int at = offset;
        while (at < end) {
            int count = read(into, at, end - at);
            if (count < 0) {
                throw new EOFException("ended after " + (at - offset) + " of " + length + " bytes");
            }
            at += count;
        }
    }
}
