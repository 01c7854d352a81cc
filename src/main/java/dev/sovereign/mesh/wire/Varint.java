package dev.sovereign.mesh.wire;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;

/// Unsigned LEB128, least group of 7 bits first, in its minimal form and of at most [#MAX_BYTES]
/// bytes, so that a value always fits a positive `long`.
///
/// @see <a href="https://github.com/multiformats/unsigned-varint">unsigned-varint</a>
public final class Varint {

    /// From the specification: 9 groups of 7 bits, values up to 2^63 - 1.
    public static final int MAX_BYTES = 9;

    private Varint() {}

    /// Reads one from `in` and advances past it.
    ///
    /// @throws MalformedException if it is cut, too long or not minimal
    public static long read(ByteBuffer in) throws MalformedException {
        long value = 0;
        for (int i = 0; i < MAX_BYTES; i++) {
            if (!in.hasRemaining()) {
                throw new MalformedException("varint ends after " + i + " bytes");
            }
            int next = in.get();
            value |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                return minimal(value, next, i);
            }
        }
        throw tooLong();
    }

    /// Reads one from a stream, byte by byte: nothing behind it is taken.
    ///
    /// @param max largest value that is let through
    /// @throws EOFException at the end of the stream, before or within the varint
    /// @throws MalformedException if it is too long, not minimal or over `max`
    public static long read(InputStream in, long max) throws IOException {
        long value = 0;
        for (int i = 0; i < MAX_BYTES; i++) {
            int next = in.read();
            if (next < 0) {
                throw new EOFException("stream ends after " + i + " bytes of a varint");
            }
            value |= (long) (next & 0x7f) << (7 * i);
            if (next < 0x80) {
                minimal(value, next, i);
            }
            // looked at after each byte: a length over the bound is refused without waiting for
            // more
            if (value > max) {
                throw new MalformedException("varint is over " + max);
            }
            if (next < 0x80) {
                return value;
            }
        }
        throw tooLong();
    }

    private static long minimal(long value, int last, int index) throws MalformedException {
        if (last == 0 && index > 0) {
            throw new MalformedException("varint is not minimal");
        }
        return value;
    }

    private static MalformedException tooLong() {
        return new MalformedException("varint is longer than " + MAX_BYTES + " bytes");
    }

    /// How many bytes `value` takes.
    public static int size(long value) {
        if (value < 0) {
            throw new IllegalArgumentException("not a varint: " + value);
        }
        return value == 0 ? 1 : (Long.SIZE - Long.numberOfLeadingZeros(value) + 6) / 7;
    }

    /// Writes `value` in its minimal form.
    public static void write(ByteBuffer out, long value) {
        if (value < 0) {
            throw new IllegalArgumentException("not a varint: " + value);
        }
        long rest = value;
        while (rest >= 0x80) {
            out.put((byte) (rest | 0x80));
            rest >>>= 7;
        }
        out.put((byte) rest);
    }

    /// The bytes of `value`.
    public static byte[] bytes(long value) {
        ByteBuffer out = ByteBuffer.allocate(size(value));
        write(out, value);
        return out.array();
    }
}
