package dev.sovereign.node.daemon;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;

/// What carries the frames of a [Connection]: the local socket, or a stream of the mesh. Closing it
/// wakes a thread that reads or writes.
public interface Link extends ByteChannel {

    /// Writes what is taken without waiting long for a caller that does not read.
    void lastWord(ByteBuffer bytes) throws IOException;
}
