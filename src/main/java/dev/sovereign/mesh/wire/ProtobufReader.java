package dev.sovereign.mesh.wire;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/// Walks the fields of one protobuf message that lies in memory as a whole. The caller bounds its
/// size before it reads it; nothing here allocates more than the field that is asked for.
///
/// ```java
/// while (reader.next()) {
///     switch (reader.field()) {
///         case 1 -> key = reader.bytes(MAX_KEY_BYTES);
///         default -> reader.skip();
///     }
/// }
/// ```
///
/// Each field must be taken or skipped before the next. Groups (wire types 3 and 4) are refused:
/// libp2p has none.
///
/// @see <a href="https://protobuf.dev/programming-guides/encoding/">protobuf encoding</a>
public final class ProtobufReader {

    private static final int VARINT = 0;
    private static final int FIXED64 = 1;
    private static final int LENGTH_DELIMITED = 2;
    private static final int FIXED32 = 5;

    /// Field numbers take 29 bits.
    private static final long MAX_FIELD = (1 << 29) - 1;

    /// A 64-bit value takes 10 groups; unlike our own varints, protobuf's need not be minimal.
    private static final int MAX_VARINT_BYTES = 10;

    private final ByteBuffer in;
    private int field;
    private int wireType;
    private boolean pending;

    public ProtobufReader(byte[] message) {
        this(ByteBuffer.wrap(message));
    }

    /// @param message what is between position and limit; its own position does not move
    public ProtobufReader(ByteBuffer message) {
        in = message.slice();
    }

    /// Moves to the next field.
    ///
    /// @return false at the end of the message
    public boolean next() throws MalformedException {
        if (pending) {
            throw new IllegalStateException("field " + field + " was neither read nor skipped");
        }
        if (!in.hasRemaining()) {
            return false;
        }
        long tag = rawVarint();
        long number = tag >>> 3;
        if (number < 1 || number > MAX_FIELD) {
            throw new MalformedException("protobuf field number " + number + " is out of range");
        }
        field = (int) number;
        wireType = (int) (tag & 7);
        pending = true;
        return true;
    }

    /// Number of the present field.
    public int field() {
        return field;
    }

    /// The value of a varint field, all 64 bits.
    public long varint() throws MalformedException {
        expect(VARINT);
        return rawVarint();
    }

    /// A copy of the value of a length-delimited field.
    ///
    /// @param max most bytes that are taken
    public byte[] bytes(int max) throws MalformedException {
        ByteBuffer value = message(max);
        byte[] copy = new byte[value.remaining()];
        value.get(copy);
        return copy;
    }

    /// The value of a length-delimited field, not copied: a message within this one.
    ///
    /// @param max most bytes that are taken
    public ByteBuffer message(int max) throws MalformedException {
        expect(LENGTH_DELIMITED);
        int length = length();
        if (length > max) {
            throw new MalformedException(
                    "protobuf field " + field + " has " + length + " bytes, at most " + max);
        }
        ByteBuffer value = in.slice(in.position(), length);
        in.position(in.position() + length);
        return value;
    }

    /// The value of a string field.
    ///
    /// @param maxBytes most bytes of UTF-8 that are taken
    /// @throws MalformedException also if it is not UTF-8
    public String string(int maxBytes) throws MalformedException {
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(message(maxBytes))
                    .toString();
        } catch (CharacterCodingException notUtf8) {
            throw new MalformedException("protobuf field " + field + " is not UTF-8", notUtf8);
        }
    }

    /// Passes over the present field, whatever it holds.
    public void skip() throws MalformedException {
        pending = false;
        switch (wireType) {
            case VARINT -> rawVarint();
            case FIXED64 -> advance(Long.BYTES);
            case FIXED32 -> advance(Integer.BYTES);
            case LENGTH_DELIMITED -> advance(length());
            default ->
                    throw new MalformedException(
                            "protobuf field " + field + " has wire type " + wireType);
        }
    }

    private void expect(int type) throws MalformedException {
        if (!pending) {
            throw new IllegalStateException("no field at hand");
        }
        pending = false;
        if (wireType != type) {
            throw new MalformedException(
                    "protobuf field "
                            + field
                            + " has wire type "
                            + wireType
                            + ", expected "
                            + type);
        }
    }

    private int length() throws MalformedException {
        long length = rawVarint();
        if (length < 0 || length > in.remaining()) {
            throw new MalformedException(
                    "protobuf field "
                            + field
                            + " claims "
                            + Long.toUnsignedString(length)
                            + " bytes, "
                            + in.remaining()
                            + " are left");
        }
        return (int) length;
    }

    private void advance(int bytes) throws MalformedException {
        if (bytes > in.remaining()) {
            throw cut();
        }
        in.position(in.position() + bytes);
    }

    private long rawVarint() throws MalformedException {
        long value = 0;
        for (int i = 0; i < MAX_VARINT_BYTES; i++) {
            if (!in.hasRemaining()) {
                throw cut();
            }
            int next = in.get();
            if (i == MAX_VARINT_BYTES - 1 && (next & 0xfe) != 0) {
                throw new MalformedException("protobuf varint is over 64 bits");
            }
            value |= (long) (next & 0x7f) << (7 * i);
            if (next >= 0) {
                return value;
            }
        }
        throw new MalformedException("protobuf varint is over " + MAX_VARINT_BYTES + " bytes");
    }

    private static MalformedException cut() {
        return new MalformedException("protobuf message ends within a field");
    }
}
