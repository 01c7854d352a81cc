package dev.sovereign.node.peers;

import dev.sovereign.mesh.Stream;
import dev.sovereign.node.daemon.Link;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;

/// A stream of the mesh as a channel of bytes. One thread reads, one writes.
final class StreamLink implements Link {

    /// For a peer that does not read any more.
    private static final Duration LAST_WORD = Duration.ofMillis(500);

    private final Stream stream;
    private volatile boolean open = true;

    StreamLink(Stream stream) {
        this.stream = stream;
    }

    @Override
    public int read(ByteBuffer into) throws IOException {
        byte[] bytes = new byte[into.remaining()];
        int count = stream.read(bytes, 0, bytes.length);
        if (count > 0) {
            into.put(bytes, 0, count);
        }
        return count;
    }

    @Override
    public int write(ByteBuffer from) throws IOException {
        int count = from.remaining();
        if (from.hasArray()) {
            stream.write(from.array(), from.arrayOffset() + from.position(), count);
            from.position(from.limit());
        } else {
            byte[] bytes = new byte[count];
            from.get(bytes);
            stream.write(bytes);
        }
        return count;
    }

    @Override
    public void lastWord(ByteBuffer bytes) throws IOException {
        stream.deadline(LAST_WORD);
        write(bytes);
    }

    @Override
    public boolean isOpen() {
        return open;
    }

    /// What was written arrives; a thread that waits here wakes.
    @Override
    public void close() {
        open = false;
        stream.close();
    }

    /// At once: what is on its way may be lost.
    void reset(String reason) {
        open = false;
        stream.reset(reason);
    }
}
