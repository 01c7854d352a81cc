package dev.sovereign.protocol;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/// Reads one JSON object (RFC 8259, nothing looser) within [Bounds]. Our own because the client
/// reads JSON in every command: jackson-core initializes `BigDecimal` and a hundred classes before
/// its first token, 10 ms of a 50 ms command (measured on JDK 25 with an AOT cache).
///
/// Objects become [Fields], arrays lists, whole numbers Long or BigInteger, others Double.
final class Json {

    /// So many digits always fit 64 bits.
    private static final int LONG_DIGITS = 18;

    private final byte[] bytes;
    private final int end;
    private int position;
    private int tokensLeft;
    private int depth;

    private Json(byte[] bytes, int offset, int length, int tokens) {
        this.bytes = bytes;
        this.position = offset;
        this.end = offset + length;
        this.tokensLeft = tokens;
    }

    /// The object that `bytes` hold, and nothing after it.
    ///
    /// @param tokens values and names it may have
    /// @throws ProtocolException when they hold anything else, or more than the bounds allow
    static Fields read(byte[] bytes, int offset, int length, int tokens) throws ProtocolException {
        Json json = new Json(bytes, offset, length, tokens);
        json.skipBlank();
        if (json.position == json.end || json.bytes[json.position] != '{') {
            throw malformed("a frame does not hold a JSON object");
        }
        Fields fields = json.object();
        json.skipBlank();
        if (json.position != json.end) {
            throw malformed("a frame goes on after its JSON object");
        }
        return fields;
    }

    private @Nullable Object value() throws ProtocolException {
        skipBlank();
        count();
        byte first = peek();
        return switch (first) {
            case '"' -> string();
            case '{' -> object();
            case '[' -> array();
            case 't' -> word("true", true);
            case 'f' -> word("false", false);
            case 'n' -> word("null", null);
            default -> number();
        };
    }

    private Fields object() throws ProtocolException {
        enter();
        Fields fields = new Fields();
        skipBlank();
        if (peek() == '}') {
            leave();
            return fields;
        }
        while (true) {
            skipBlank();
            count();
            if (peek() != '"') {
                throw expected("a name in quotes");
            }
            String name = string();
            if (name.length() > Bounds.NAME_CHARS) {
                throw malformed("a name is longer than " + Bounds.NAME_CHARS + " characters");
            }
            skipBlank();
            if (peek() != ':') {
                throw expected("\":\"");
            }
            position++;
            if (!fields.put(name, value())) {
                throw malformed("the field \"" + name + "\" is there twice");
            }
            skipBlank();
            byte next = peek();
            if (next == '}') {
                leave();
                return fields;
            }
            if (next != ',') {
                throw expected("\",\" or \"}\"");
            }
            position++;
        }
    }

    private List<@Nullable Object> array() throws ProtocolException {
        enter();
        skipBlank();
        if (peek() == ']') {
            leave();
            return new ArrayList<>(0);
        }
        List<@Nullable Object> list = new ArrayList<>(4);
        while (true) {
            list.add(value());
            skipBlank();
            byte next = peek();
            if (next == ']') {
                leave();
                return list;
            }
            if (next != ',') {
                throw expected("\",\" or \"]\"");
            }
            position++;
        }
    }

    private void enter() throws ProtocolException {
        position++;
        if (++depth > Bounds.DEPTH) {
            throw malformed("more than " + Bounds.DEPTH + " arrays and objects in each other");
        }
    }

    private void leave() {
        position++;
        depth--;
    }

    private void count() throws ProtocolException {
        if (--tokensLeft < 0) {
            throw malformed("a frame holds too many values");
        }
    }

    private @Nullable Object word(String word, @Nullable Object meaning) throws ProtocolException {
        for (int i = 0; i < word.length(); i++) {
            if (position == end || bytes[position] != word.charAt(i)) {
                throw expected("a value");
            }
            position++;
        }
        return meaning;
    }

    private Object number() throws ProtocolException {
        int start = position;
        boolean negative = bytes[position] == '-';
        if (negative) {
            position++;
        }
        int digitsStart = position;
        digits();
        int digits = position - digitsStart;
        if (digits > 1 && bytes[digitsStart] == '0') {
            throw malformed("a number begins with 0");
        }
        boolean whole = true;
        if (position < end && bytes[position] == '.') {
            whole = false;
            position++;
            digits();
        }
        if (position < end && (bytes[position] == 'e' || bytes[position] == 'E')) {
            whole = false;
            position++;
            if (position < end && (bytes[position] == '+' || bytes[position] == '-')) {
                position++;
            }
            digits();
        }
        if (position - start > Bounds.NUMBER_CHARS) {
            throw malformed("a number is longer than " + Bounds.NUMBER_CHARS + " characters");
        }
        if (whole && digits <= LONG_DIGITS) {
            long value = 0;
            for (int i = digitsStart; i < position; i++) {
                value = 10 * value + (bytes[i] - '0');
            }
            return negative ? -value : value;
        }
        String text = new String(bytes, start, position - start, StandardCharsets.ISO_8859_1);
        if (!whole) {
            return Double.valueOf(text);
        }
        BigInteger exact = new BigInteger(text);
        return exact.bitLength() < Long.SIZE ? (Object) exact.longValue() : exact;
    }

    /// One digit or more.
    private void digits() throws ProtocolException {
        int start = position;
        while (position < end && bytes[position] >= '0' && bytes[position] <= '9') {
            position++;
        }
        if (position == start) {
            throw expected("a value");
        }
    }

    private String string() throws ProtocolException {
        int start = ++position;
        boolean ascii = true;
        while (position < end) {
            byte b = bytes[position];
            if (b == '"') {
                String text = text(start, position, ascii);
                position++;
                return text;
            }
            if (b == '\\') {
                return escaped(start, ascii);
            }
            if (b < 0) {
                ascii = false;
            } else if (b < ' ') {
                throw malformed("a string holds a control character");
            }
            position++;
        }
        throw malformed("a frame ends inside a string");
    }

    /// A string with escapes, the first of them at the position.
    private String escaped(int start, boolean asciiSoFar) throws ProtocolException {
        StringBuilder text = new StringBuilder();
        int from = start;
        boolean ascii = asciiSoFar;
        while (position < end) {
            byte b = bytes[position];
            if (b == '"') {
                text.append(text(from, position, ascii));
                position++;
                return text.toString();
            }
            if (b == '\\') {
                text.append(text(from, position, ascii));
                position++;
                text.append(escape());
                from = position;
                ascii = true;
                continue;
            }
            if (b < 0) {
                ascii = false;
            } else if (b < ' ') {
                throw malformed("a string holds a control character");
            }
            position++;
        }
        throw malformed("a frame ends inside a string");
    }

    private char escape() throws ProtocolException {
        byte b = peek();
        position++;
        return switch (b) {
            case '"', '\\', '/' -> (char) b;
            case 'b' -> '\b';
            case 'f' -> '\f';
            case 'n' -> '\n';
            case 'r' -> '\r';
            case 't' -> '\t';
            case 'u' -> unicode();
            default -> throw malformed("a string holds an escape that does not exist");
        };
    }

    private char unicode() throws ProtocolException {
        int value = 0;
        for (int i = 0; i < 4; i++) {
            int digit = Character.digit(peek(), 16);
            if (digit < 0) {
                throw malformed("a string holds an escape that does not exist");
            }
            value = value << 4 | digit;
            position++;
        }
        return (char) value;
    }

    private String text(int from, int to, boolean ascii) throws ProtocolException {
        if (ascii) {
            return new String(bytes, from, to - from, StandardCharsets.ISO_8859_1);
        }
        String text = new String(bytes, from, to - from, StandardCharsets.UTF_8);
        if (text.indexOf('\ufffd') >= 0) {
            checkUtf8(from, to);
        }
        return text;
    }

    /// The replacement character was sent, or stands for bytes that are no UTF-8.
    private void checkUtf8(int from, int to) throws ProtocolException {
        try {
            StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(bytes, from, to - from));
        } catch (CharacterCodingException notUtf8) {
            throw malformed("a string is not UTF-8");
        }
    }

    private void skipBlank() {
        while (position < end) {
            byte b = bytes[position];
            if (b != ' ' && b != '\n' && b != '\r' && b != '\t') {
                return;
            }
            position++;
        }
    }

    private byte peek() throws ProtocolException {
        if (position == end) {
            throw malformed("a frame ends inside its JSON object");
        }
        return bytes[position];
    }

    private static ProtocolException expected(String what) {
        return malformed("a frame is not JSON: expected " + what);
    }

    private static ProtocolException malformed(String message) {
        return new ProtocolException(ProtocolError.MALFORMED, message);
    }
}
