package dev.sovereign.protocol;

import java.math.BigInteger;
import java.util.Base64;

/// Writes one JSON value into a frame. For one thread. Ours for the reason given at [Json].
final class JsonWriter {

    private static final byte[] HEX = {
        '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
    };

    private final FrameBuffer out;
    private int depth;
    private boolean first = true;

    JsonWriter(FrameBuffer out) {
        this.out = out;
    }

    void beginObject() {
        begin('{');
    }

    void endObject() {
        end('}');
    }

    void beginArray() {
        begin('[');
    }

    void endArray() {
        end(']');
    }

    /// The name of the value that is written next. Names are ours: ASCII, nothing to escape.
    void name(String name) {
        separate();
        out.write('"');
        ascii(name);
        out.write('"');
        out.write(':');
        first = true;
    }

    void field(String name, String value) {
        name(name);
        string(value);
    }

    void field(String name, long value) {
        name(name);
        number(value);
    }

    void field(String name, boolean value) {
        name(name);
        separate();
        ascii(value ? "true" : "false");
    }

    void field(String name, byte[] value) {
        name(name);
        separate();
        out.write('"');
        byte[] base64 = Base64.getEncoder().encode(value);
        out.write(base64, 0, base64.length);
        out.write('"');
    }

    void nothing() {
        separate();
        ascii("null");
    }

    void number(long value) {
        separate();
        ascii(Long.toString(value));
    }

    void number(BigInteger value) {
        separate();
        ascii(value.toString());
    }

    /// @param value finite
    void number(double value) {
        separate();
        ascii(Double.toString(value));
    }

    void string(String value) {
        separate();
        out.write('"');
        int length = value.length();
        int from = 0;
        for (int i = 0; i < length; i++) {
            char c = value.charAt(i);
            if (c < ' ' || c == '"' || c == '\\') {
                ascii(value, from, i);
                escape(c);
                from = i + 1;
            } else if (c >= 0x80) {
                ascii(value, from, i);
                boolean pair =
                        Character.isHighSurrogate(c)
                                && i + 1 < length
                                && Character.isLowSurrogate(value.charAt(i + 1));
                if (pair) {
                    utf8(Character.toCodePoint(c, value.charAt(++i)));
                } else if (Character.isSurrogate(c)) {
                    unicode(c);
                } else {
                    utf8(c);
                }
                from = i + 1;
            }
        }
        ascii(value, from, length);
        out.write('"');
    }

    private void begin(char bracket) {
        separate();
        if (++depth > Bounds.DEPTH) {
            throw new TooDeep();
        }
        out.write(bracket);
        first = true;
    }

    private void end(char bracket) {
        out.write(bracket);
        depth--;
        first = false;
    }

    private void separate() {
        if (!first) {
            out.write(',');
        }
        first = false;
    }

    private void escape(char c) {
        out.write('\\');
        switch (c) {
            case '"', '\\' -> out.write(c);
            case '\n' -> out.write('n');
            case '\r' -> out.write('r');
            case '\t' -> out.write('t');
            default -> {
                out.write('u');
                hex(c);
            }
        }
    }

    private void unicode(char c) {
        out.write('\\');
        out.write('u');
        hex(c);
    }

    private void hex(char c) {
        for (int shift = 12; shift >= 0; shift -= 4) {
            out.write(HEX[(c >> shift) & 0xf]);
        }
    }

    private void utf8(int code) {
        if (code < 0x800) {
            out.write(0xc0 | code >> 6);
        } else {
            if (code < 0x10000) {
                out.write(0xe0 | code >> 12);
            } else {
                out.write(0xf0 | code >> 18);
                out.write(0x80 | ((code >> 12) & 0x3f));
            }
            out.write(0x80 | ((code >> 6) & 0x3f));
        }
        out.write(0x80 | (code & 0x3f));
    }

    private void ascii(String text) {
        ascii(text, 0, text.length());
    }

    private void ascii(String text, int from, int to) {
        if (to > from) {
            out.writeAscii(text, from, to);
        }
    }

    /// The value nests deeper than the other end reads; ends in [Codec].
    static final class TooDeep extends RuntimeException {
        private static final long serialVersionUID = 1L;

        TooDeep() {
            super("too deep", null, false, false);
        }
    }
}
