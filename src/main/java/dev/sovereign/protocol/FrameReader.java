package dev.sovereign.protocol;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ReadableByteChannel;
import java.util.Arrays;

/// Takes frames off a connection: a 4-byte big-endian length, then that many bytes. For one thread.
/// Memory grows with the bytes that have arrived, never with what a length promises.
public final class FrameReader {

    private static final int BUFFER_BYTES = 16 << 10;

    /// The JDK copies through a direct buffer of this size, which it keeps for each thread.
    private static final int READ_BYTES = 64 << 10;

    private final ReadableByteChannel channel;
    private final int limit;
    private byte[] buffer = new byte[BUFFER_BYTES];
    private int from;
    private int to;
    private int length;

    /// @param limit the most bytes of one frame, without its length
    public FrameReader(ReadableByteChannel channel, int limit) {
        this.channel = channel;
        this.limit = limit;
    }

    /// Waits for the next frame; [#bytes], [#offset] and [#length] then say where it is, until the
    /// next call.
    ///
    /// @return false when the other end closed between two frames
    /// @throws ProtocolException when a frame is longer than the limit
    /// @throws EOFException when the other end closed inside a frame
    public boolean next() throws IOException {
        from += length;
        length = 0;
        if (from == to) {
            from = 0;
            to = 0;
            if (buffer.length > BUFFER_BYTES) {
                buffer = new byte[BUFFER_BYTES];
            }
        }
        if (!fill(FrameBuffer.HEADER_BYTES, true)) {
            return false;
        }
        int announced =
                (buffer[from] & 0xff) << 24
                        | (buffer[from + 1] & 0xff) << 16
                        | (buffer[from + 2] & 0xff) << 8
                        | (buffer[from + 3] & 0xff);
        if (announced < 0 || announced > limit) {
            throw new ProtocolException(
                    ProtocolError.FRAME_TOO_LARGE,
                    "a frame of "
                            + Integer.toUnsignedString(announced)
                            + " bytes, at most "
                            + limit
                            + " are allowed");
        }
        from += FrameBuffer.HEADER_BYTES;
        fill(announced, false);
        length = announced;
        return true;
    }

    public byte[] bytes() {
        return buffer;
    }

    public int offset() {
        return from;
    }

    public int length() {
        return length;
    }

    /// Makes `wanted` bytes from `from` on available.
    private boolean fill(int wanted, boolean mayEnd) throws IOException {
        while (to - from < wanted) {
            if (from > 0 && from + wanted > buffer.length) {
                System.arraycopy(buffer, from, buffer, 0, to - from);
                to -= from;
                from = 0;
            }
            if (to == buffer.length) {
                buffer = Arrays.copyOf(buffer, (int) Math.min(2L * to, limit + BUFFER_BYTES));
            }
            int space = Math.min(buffer.length - to, READ_BYTES);
            int count = channel.read(ByteBuffer.wrap(buffer, to, space));
            if (count < 0) {
                if (mayEnd && to == from) {
                    return false;
                }
                throw new EOFException("the connection ended inside a frame");
            }
            to += count;
        }
        return true;
    }
}
