package dev.sovereign.core.store;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// Reads what [ByteOutput] wrote, from a slice of an array that is not trusted: every read is
/// within the slice, and nothing is allocated for a length that the slice does not have.
final class ByteInput {

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final byte[] bytes;
    private final int end;
    private int at;

    ByteInput(byte[] bytes, int offset, int length) {
        this.bytes = bytes;
        this.at = offset;
        this.end = offset + length;
    }

    ByteInput(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    byte[] array() {
        return bytes;
    }

    int position() {
        return at;
    }

    int remaining() {
        return end - at;
    }

    boolean hasRemaining() {
        return at < end;
    }

    private void need(long count, String what) throws MalformedException {
        if (count > end - at) {
            throw new MalformedException(
                    what + " needs " + count + " bytes where " + (end - at) + " are left");
        }
    }

    int u8() throws MalformedException {
        need(1, "a byte");
        return bytes[at++] & 0xff;
    }

    int u16() throws MalformedException {
        return u8() << 8 | u8();
    }

    int u32() throws MalformedException {
        need(4, "a 32-bit number");
        int value = (int) INT.get(bytes, at);
        at += 4;
        return value;
    }

    long u64() throws MalformedException {
        need(8, "a 64-bit number");
        long value = (long) LONG.get(bytes, at);
        at += 8;
        return value;
    }

    long varint() throws MalformedException {
        long value = 0;
        for (int shift = 0; shift < 64; shift += 7) {
            need(1, "a varint");
            byte b = bytes[at++];
            value |= (b & 0x7fL) << shift;
            if (b >= 0) {
                if (shift == 63 && b > 1) {
                    break;
                }
                return value;
            }
        }
        throw new MalformedException("a varint is longer than 64 bits");
    }

    long zigzag() throws MalformedException {
        long value = varint();
        return value >>> 1 ^ -(value & 1);
    }

    /// Sums of zigzag numbers: what each adds to the one before, the first to 0.
    void deltas(long[] into, int count) throws MalformedException {
        long value = 0;
        for (int i = 0; i < count; i++) {
            byte first = at < end ? bytes[at] : -1;
            if (first >= 0) { // most are one byte
                at++;
                value += first >>> 1 ^ -(first & 1);
            } else {
                value += zigzag();
            }
            into[i] = value;
        }
    }

    /// A varint that counts something.
    ///
    /// @param most the largest that is allowed
    int count(long most, String what) throws MalformedException {
        long value = varint();
        if (value < 0 || value > most) {
            throw new MalformedException(
                    what + " is " + Long.toUnsignedString(value) + ", at most " + most);
        }
        return (int) value;
    }

    byte[] bytes(int length) throws MalformedException {
        need(length, "a field");
        byte[] copy = Arrays.copyOfRange(bytes, at, at + length);
        at += length;
        return copy;
    }

    void skip(int length) throws MalformedException {
        need(length, "a field");
        at += length;
    }

    /// The next `length` bytes as an input of their own.
    ByteInput slice(int length) throws MalformedException {
        need(length, "a block");
        ByteInput slice = new ByteInput(bytes, at, length);
        at += length;
        return slice;
    }

    String string() throws MalformedException {
        long coded = varint();
        int length = stringBytes(coded);
        String text;
        if ((coded & 1) == 0) {
            text = utf8(at, length);
        } else {
            if ((length & 1) != 0) {
                throw new MalformedException("a UTF-16 string of " + length + " bytes");
            }
            char[] chars = new char[length / 2]; // a charset decoder would replace half pairs
            for (int i = 0; i < chars.length; i++) {
                chars[i] = (char) (bytes[at + 2 * i] << 8 | (bytes[at + 2 * i + 1] & 0xff));
            }
            text = new String(chars);
        }
        at += length;
        return text;
    }

    void skipString() throws MalformedException {
        int length = stringBytes(varint()); // which moves on, so not within "at +="
        at += length;
    }

    private int stringBytes(long coded) throws MalformedException {
        long length = coded >>> 1;
        need(length, "a string");
        return (int) length;
    }

    private String utf8(int offset, int length) throws MalformedException {
        String text = new String(bytes, offset, length, StandardCharsets.UTF_8);
        if (text.indexOf('\uFFFD') >= 0) { // either honest, or the mark of bad bytes
            try {
                StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, offset, length));
            } catch (CharacterCodingException notUtf8) {
                throw new MalformedException("a string is not UTF-8");
            }
        }
        return text;
    }
}
