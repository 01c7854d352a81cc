package dev.sovereign.runtime.wasm;

import dev.sovereign.runtime.wasm.ModuleRejected.Reason;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/// Reads the binary format: bounded, exact about LEB128 (no unused bits, no byte too many).
final class ByteReader {

    final byte[] bytes;
    int at;
    int end;

    ByteReader(byte[] bytes, int at, int end) {
        this.bytes = bytes;
        this.at = at;
        this.end = end;
    }

    int remaining() {
        return end - at;
    }

    ModuleRejected malformed(String message) {
        return new ModuleRejected(Reason.MALFORMED, message + " at byte " + at);
    }

    int u8() throws ModuleRejected {
        if (at >= end) {
            throw malformed("unexpected end");
        }
        return bytes[at++] & 0xff;
    }

    int peek() throws ModuleRejected {
        if (at >= end) {
            throw malformed("unexpected end");
        }
        return bytes[at] & 0xff;
    }

    /// An unsigned 32-bit number, in an int.
    int u32() throws ModuleRejected {
        int result = 0;
        for (int shift = 0; ; shift += 7) {
            int b = u8();
            if (shift == 28 && (b & 0xf0) != 0) {
                throw malformed((b & 0x80) != 0 ? "number is too long" : "number is too large");
            }
            result |= (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                return result;
            }
        }
    }

    /// An index or size that must be below 2^31 to be any use, since nothing here is longer.
    int index() throws ModuleRejected {
        int value = u32();
        if (value < 0) {
            throw new ModuleRejected(
                    Reason.INVALID,
                    "index " + Integer.toUnsignedLong(value) + " is out of range at byte " + at);
        }
        return value;
    }

    /// How many elements follow, each of at least one byte: never more than bytes are present, so
    /// that a count can be trusted before anything is allocated for it.
    int count() throws ModuleRejected {
        int value = u32();
        if (value < 0 || value > remaining()) {
            throw malformed(
                    "count "
                            + Integer.toUnsignedLong(value)
                            + " is more than the "
                            + remaining()
                            + " bytes that are left");
        }
        return value;
    }

    int s32() throws ModuleRejected {
        int result = 0;
        for (int shift = 0; ; shift += 7) {
            int b = u8();
            if (shift == 28) {
                int high = b & 0x78;
                if ((b & 0x80) != 0 || (high != 0 && high != 0x78)) {
                    throw malformed((b & 0x80) != 0 ? "number is too long" : "number is too large");
                }
                return result | b << 28;
            }
            result |= (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                int unused = 25 - shift;
                return result << unused >> unused;
            }
        }
    }

    /// A signed 33-bit number, as block types use.
    long s33() throws ModuleRejected {
        long result = 0;
        for (int shift = 0; ; shift += 7) {
            int b = u8();
            if (shift == 28) {
                int high = b & 0x70;
                if ((b & 0x80) != 0 || (high != 0 && high != 0x70)) {
                    throw malformed((b & 0x80) != 0 ? "number is too long" : "number is too large");
                }
            }
            result |= (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                int unused = 57 - shift;
                return result << unused >> unused;
            }
        }
    }

    long s64() throws ModuleRejected {
        long result = 0;
        for (int shift = 0; ; shift += 7) {
            int b = u8();
            if (shift == 63) {
                if (b != 0 && b != 0x7f) {
                    throw malformed((b & 0x80) != 0 ? "number is too long" : "number is too large");
                }
                return result | (long) b << 63;
            }
            result |= (long) (b & 0x7f) << shift;
            if ((b & 0x80) == 0) {
                int unused = 57 - shift;
                return result << unused >> unused;
            }
        }
    }

    int fixed32() throws ModuleRejected {
        need(4);
        int value =
                (bytes[at] & 0xff)
                        | ((bytes[at + 1] & 0xff) << 8)
                        | ((bytes[at + 2] & 0xff) << 16)
                        | (bytes[at + 3] << 24);
        at += 4;
        return value;
    }

    long fixed64() throws ModuleRejected {
        long low = fixed32() & 0xffff_ffffL;
        return low | (long) fixed32() << 32;
    }

    void skip(int length) throws ModuleRejected {
        need(length);
        at += length;
    }

    private void need(int length) throws ModuleRejected {
        if (length < 0 || length > remaining()) {
            throw malformed("unexpected end");
        }
    }

    String name() throws ModuleRejected {
        int length = count();
        try {
            String text =
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(bytes, at, length))
                            .toString();
            at += length;
            return text;
        } catch (CharacterCodingException notUtf8) {
            throw malformed("name is not UTF-8");
        }
    }
}
