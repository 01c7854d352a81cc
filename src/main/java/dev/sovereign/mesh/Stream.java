package dev.sovereign.mesh;

import dev.sovereign.mesh.wire.Duplex;
import dev.sovereign.mesh.yamux.YamuxStream;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;

/// One stream of a connection, on which both sides have agreed what protocol it carries. Blocking;
/// one thread reads and one writes at a time, any thread may reset or close.
public final class Stream implements Duplex {

    private final Connection connection;
    private final YamuxStream stream;
    private final String protocol;

    Stream(Connection connection, YamuxStream stream, String protocol) {
        this.connection = connection;
        this.stream = stream;
        this.protocol = protocol;
    }

    public Connection connection() {
        return connection;
    }

    public String protocol() {
        return protocol;
    }

    /// Reads and writes after `timeout` from now fail with [java.net.SocketTimeoutException]; null
    /// takes the bound away.
    public void deadline(@Nullable Duration timeout) {
        stream.deadline(timeout);
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        return stream.read(into, offset, length);
    }

    /// Waits while the other side does not read. Leaves `from` as it was.
    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        stream.write(from, offset, length);
    }

    public void write(byte[] from) throws IOException {
        stream.write(from, 0, from.length);
    }

    /// Half-close: the other side reads to the end; this side may still read.
    public void closeWrite() throws IOException {
        stream.closeWrite();
    }

    /// Ends both directions in good order: what was written arrives, what comes is thrown away.
    @Override
    public void close() {
        stream.close();
    }

    /// Ends both directions at once; the other side sees a failure, not an end.
    public void reset(String reason) {
        stream.reset(reason);
    }

    /// Whether both directions are over: an answer that is on its way reaches nobody.
    public boolean isOver() {
        return stream.isOver();
    }

    /// The incoming direction; closing it does nothing.
    public InputStream input() {
        return new InputStream() {
            @Override
            public int read() throws IOException {
                byte[] one = new byte[1];
                return stream.read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
            }

            @Override
            public int read(byte[] into, int offset, int length) throws IOException {
                return length == 0 ? 0 : stream.read(into, offset, length);
            }

            @Override
            public int available() {
                return stream.available();
            }
        };
    }

    /// The outgoing direction; closing it is [#closeWrite]. Each write is a frame: give it whole
    /// messages, or wrap it in a buffer.
    public OutputStream output() {
        return new OutputStream() {
            @Override
            public void write(int value) throws IOException {
                stream.write(new byte[] {(byte) value}, 0, 1);
            }

            @Override
            public void write(byte[] from, int offset, int length) throws IOException {
                stream.write(from, offset, length);
            }

            @Override
            public void close() throws IOException {
                stream.closeWrite();
            }
        };
    }
}
