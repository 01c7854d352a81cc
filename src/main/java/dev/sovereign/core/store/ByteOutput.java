package dev.sovereign.core.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// A growing byte array. Fixed-width numbers are big-endian; varints are LEB128 of 64 bits.
final class ByteOutput {

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private byte[] bytes;
    private int size;

    ByteOutput(int capacity) {
        bytes = new byte[capacity];
    }

    /// The array itself; only [#size] bytes of it count.
    byte[] array() {
        return bytes;
    }

    int size() {
        return size;
    }

    byte[] toByteArray() {
        return Arrays.copyOf(bytes, size);
    }

    /// Empties it, and lets go of an array that became much larger than `keep`.
    void clear(int keep) {
        size = 0;
        if (bytes.length > 4L * keep) {
            bytes = new byte[keep];
        }
    }

    void truncate(int newSize) {
        size = newSize;
    }

    /// Makes room for `more` bytes and counts them in; their content is what was there.
    ///
    /// @return where they begin
    int skip(int more) {
        reserve(more);
        int at = size;
        size += more;
        return at;
    }

    void reserve(int more) {
        if (bytes.length - size < more) {
            long wanted = Math.max((long) size + more, bytes.length * 2L);
            if ((long) size + more > Integer.MAX_VALUE - 16) {
                throw new IllegalStateException("more than 2 GiB in one buffer");
            }
            bytes = Arrays.copyOf(bytes, (int) Math.min(wanted, Integer.MAX_VALUE - 16));
        }
    }

    void u8(int value) {
        reserve(1);
        bytes[size++] = (byte) value;
    }

    void u16(int value) {
        u8(value >>> 8);
        u8(value);
    }

    void u32(int value) {
        reserve(4);
        INT.set(bytes, size, value);
        size += 4;
    }

    void u64(long value) {
        reserve(8);
        LONG.set(bytes, size, value);
        size += 8;
    }

    void u32At(int at, int value) {
        INT.set(bytes, at, value);
    }

    void u64At(int at, long value) {
        LONG.set(bytes, at, value);
    }

    void varint(long value) {
        reserve(10);
        long rest = value;
        while ((rest & ~0x7fL) != 0) {
            bytes[size++] = (byte) (rest | 0x80);
            rest >>>= 7;
        }
        bytes[size++] = (byte) rest;
    }

    void zigzag(long value) {
        varint(value << 1 ^ value >> 63);
    }

    void bytes(byte[] from, int offset, int length) {
        reserve(length);
        System.arraycopy(from, offset, bytes, size, length);
        size += length;
    }

    void bytes(byte[] from) {
        bytes(from, 0, from.length);
    }

    /// A string: varint of twice its length in bytes, plus one when it is UTF-16BE instead of UTF-8
    /// because it holds half a surrogate pair; then the bytes.
    void string(String text) {
        if (isWellFormed(text)) {
            byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
            varint((long) utf8.length << 1);
            bytes(utf8);
        } else {
            varint((long) text.length() << 2 | 1);
            for (int i = 0; i < text.length(); i++) {
                u16(text.charAt(i));
            }
        }
    }

    private static boolean isWellFormed(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (Character.isSurrogate(c)) {
                if (Character.isLowSurrogate(c)
                        || i + 1 == text.length()
                        || !Character.isLowSurrogate(text.charAt(i + 1))) {
                    return false;
                }
                i++;
            }
        }
        return true;
    }

    /// Bytes that [#varint] takes.
    static int varintSize(long value) {
        return (70 - Long.numberOfLeadingZeros(value | 1)) / 7;
    }
}
