package dev.sovereign.cli;

import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Writes one line of JSON: what `--json` prints. The caller keeps names and brackets balanced; the
/// writer puts the commas.
final class JsonLine {

    private static final String HEX = "0123456789abcdef";

    private final StringBuilder text = new StringBuilder(256);
    private boolean comma;

    JsonLine open(char bracket) {
        separate();
        text.append(bracket);
        comma = false;
        return this;
    }

    JsonLine close(char bracket) {
        text.append(bracket);
        comma = true;
        return this;
    }

    JsonLine name(String name) {
        separate();
        string(name);
        text.append(':');
        comma = false;
        return this;
    }

    JsonLine field(String name, @Nullable String value) {
        return name(name).value(value);
    }

    JsonLine field(String name, long value) {
        return name(name).value(value);
    }

    JsonLine field(String name, boolean value) {
        return name(name).value(value);
    }

    JsonLine value(@Nullable String value) {
        separate();
        if (value == null) {
            text.append("null");
        } else {
            string(value);
        }
        return this;
    }

    JsonLine value(long value) {
        separate();
        text.append(value);
        return this;
    }

    JsonLine value(boolean value) {
        separate();
        text.append(value);
        return this;
    }

    JsonLine strings(String name, List<String> values) {
        name(name).open('[');
        for (String value : values) {
            value(value);
        }
        return close(']');
    }

    /// A value of a row: numbers exact, records as arrays, `$Name(…)` as `{"$Name":[…]}`, `nil` as
    /// null. NaN and the infinities, which JSON has not, as strings.
    JsonLine data(@Nullable Object value) {
        switch (value) {
            case null -> value((String) null);
            case String string -> value(string);
            case Double number when number.isNaN() || number.isInfinite() ->
                    value(number.toString());
            case List<?> items -> {
                open('[');
                for (Object item : items) {
                    data(item);
                }
                close(']');
            }
            case Response.Adt(String name, List<@Nullable Object> arguments) -> {
                open('{').name("$" + name).data(arguments);
                close('}');
            }
            default -> {
                separate();
                text.append(value);
            }
        }
        return this;
    }

    /// Starts the next line in the same buffer.
    JsonLine clear() {
        text.setLength(0);
        comma = false;
        return this;
    }

    private void separate() {
        if (comma) {
            text.append(',');
        }
        comma = true;
    }

    private void string(String value) {
        text.append('"');
        int done = 0;
        for (int i = 0; i < value.length(); i++) {
            char c = value.charAt(i);
            if (c >= 0x20
                    && c != '"'
                    && c != '\\'
                    && (c < 0x7f || c > 0x9f)
                    && !isLoneSurrogate(value, i)) {
                continue;
            }
            text.append(value, done, i);
            done = i + 1;
            switch (c) {
                case '"' -> text.append("\\\"");
                case '\\' -> text.append("\\\\");
                case '\n' -> text.append("\\n");
                case '\t' -> text.append("\\t");
                case '\r' -> text.append("\\r");
                default ->
                        text.append("\\u")
                                .append(HEX.charAt(c >> 12))
                                .append(HEX.charAt(c >> 8 & 15))
                                .append(HEX.charAt(c >> 4 & 15))
                                .append(HEX.charAt(c & 15));
            }
        }
        text.append(value, done, value.length()).append('"');
    }

    private static boolean isLoneSurrogate(String value, int at) {
        char c = value.charAt(at);
        if (!Character.isSurrogate(c)) {
            return false;
        }
        return Character.isHighSurrogate(c)
                ? at + 1 == value.length() || !Character.isLowSurrogate(value.charAt(at + 1))
                : at == 0 || !Character.isHighSurrogate(value.charAt(at - 1));
    }

    @Override
    public String toString() {
        return text.toString();
    }
}
