package dev.sovereign.node.config;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.Where;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Reads the part of TOML 1.0 that `config.toml` needs, keeping where everything stands: tables,
/// bare, quoted and dotted keys, strings of all four sorts, integers, booleans, arrays of strings,
/// comments. Floats, dates, inline tables and arrays of tables are valid TOML that no key of ours
/// takes; they are refused by name. Goes on with the next line after an error.
final class Toml {

    private static final int MAX_ERRORS = 50;

    /// What a value is, so that a key can say what it expected.
    enum Kind {
        STRING,
        INTEGER,
        BOOLEAN,
        ARRAY
    }

    /// One `key = value`.
    ///
    /// @param path table and key joined by dots
    /// @param text the value as on the command line: strings without quotes, arrays joined by
    ///   commas
    /// @param start offset of the key
    /// @param valueStart offset of the value
    /// @param end offset after the value
    /// @param where the value's place
    /// @param keyWhere the key's place
    record Entry(
            String path,
            Kind kind,
            String text,
            int start,
            int valueStart,
            int end,
            Where where,
            Where keyWhere) {}

    private final String file;
    private final String text;
    private final List<Entry> entries = new ArrayList<>();
    private final Map<String, Integer> tables = new HashMap<>();
    private final Set<String> seen = new HashSet<>();
    private final List<Diagnostic> errors = new ArrayList<>();
    private int position;

    private Toml(String file, String text) {
        this.file = file;
        this.text = text;
    }

    static Toml read(String file, String text) {
        Toml toml = new Toml(file, text);
        toml.all();
        return toml;
    }

    List<Entry> entries() {
        return entries;
    }

    /// Offset after the header line of each table.
    Map<String, Integer> tables() {
        return tables;
    }

    List<Diagnostic> errors() {
        return errors;
    }

    /// A fault of the line being read; ends that line only.
    private static final class Fault extends Exception {
        private static final long serialVersionUID = 1L;

        private final int at;
        private final int end;

        Fault(String message, int at, int end) {
            super(message);
            this.at = at;
            this.end = end;
        }
    }

    private void all() {
        String table = "";
        while (position < text.length() && errors.size() < MAX_ERRORS) {
            try {
                skipBlank();
                if (atLineEnd()) {
                    endLine();
                } else if (peek() == '[') {
                    table = header();
                } else {
                    entry(table);
                }
            } catch (Fault fault) {
                errors.add(
                        Diagnostic.error(
                                ConfigError.SYNTAX,
                                String.valueOf(fault.getMessage()),
                                null,
                                where(fault.at, fault.end)));
                skipLine();
            }
        }
    }

    private String header() throws Fault {
        int start = position++;
        if (peek() == '[') {
            throw new Fault("arrays of tables are not used here", start, start + 2);
        }
        skipBlank();
        String name = key();
        skipBlank();
        expect(']', "\"]\" after the table's name");
        endLine();
        if (tables.putIfAbsent(name, position) != null) {
            throw new Fault("the table \"" + name + "\" is there twice", start, start + 1);
        }
        return name;
    }

    private void entry(String table) throws Fault {
        int start = position;
        String name = key();
        int keyEnd = position;
        skipBlank();
        expect('=', "\"=\" after the key \"" + name + "\"");
        skipBlank();
        String path = table.isEmpty() ? name : table + "." + name;
        int valueStart = position;
        Kind kind;
        String value;
        char first = peek();
        if (first == '"' || first == '\'') {
            kind = Kind.STRING;
            value = string();
        } else if (first == '[') {
            kind = Kind.ARRAY;
            value = array();
        } else {
            value = word(valueStart);
            kind = value.equals("true") || value.equals("false") ? Kind.BOOLEAN : Kind.INTEGER;
        }
        int end = position;
        endLine();
        Where place = where(valueStart, end);
        Where keyPlace = where(start, keyEnd);
        if (!seen.add(path)) {
            errors.add(
                    Diagnostic.error(
                            ConfigError.DUPLICATE_KEY,
                            "the key \"" + path + "\" is there twice",
                            "remove one of them",
                            keyPlace));
            return;
        }
        entries.add(new Entry(path, kind, value, start, valueStart, end, place, keyPlace));
    }

    private String key() throws Fault {
        StringBuilder name = new StringBuilder();
        while (true) {
            char c = peek();
            if (c == '"' || c == '\'') {
                name.append(quoted(c));
            } else {
                int start = position;
                while (isBare(peek())) {
                    position++;
                }
                if (position == start) {
                    throw new Fault("expected a key", start, start + 1);
                }
                name.append(text, start, position);
            }
            int after = position;
            skipBlank();
            if (peek() != '.') {
                position = after;
                return name.toString();
            }
            position++;
            skipBlank();
            name.append('.');
        }
    }

    private static boolean isBare(char c) {
        return (c >= 'a' && c <= 'z')
                || (c >= 'A' && c <= 'Z')
                || (c >= '0' && c <= '9')
                || c == '_'
                || c == '-';
    }

    private String word(int start) throws Fault {
        while (!atLineEnd() && !isBlank(peek()) && ",]}".indexOf(peek()) < 0) {
            position++;
        }
        String word = text.substring(start, position);
        if (word.equals("true") || word.equals("false")) {
            return word;
        }
        if (word.isEmpty()) {
            throw new Fault("expected a value", start, start + 1);
        }
        if (word.startsWith("{")) {
            throw new Fault("inline tables are not used here", start, position);
        }
        String digits = word.replace("_", "");
        if (digits.startsWith("+")) {
            digits = digits.substring(1);
        }
        boolean underscoresFit =
                !word.startsWith("_") && !word.endsWith("_") && !word.contains("__");
        try {
            long value;
            if (digits.startsWith("0x")) {
                value = Long.parseLong(digits.substring(2), 16);
            } else if (digits.startsWith("0o")) {
                value = Long.parseLong(digits.substring(2), 8);
            } else if (digits.startsWith("0b")) {
                value = Long.parseLong(digits.substring(2), 2);
            } else {
                value = Long.parseLong(digits);
            }
            if (underscoresFit) {
                return Long.toString(value);
            }
        } catch (NumberFormatException notANumber) {
            // said below
        }
        throw new Fault(
                "\""
                        + word
                        + "\" is neither a string in quotes, nor a whole number, nor true or"
                        + " false",
                start,
                position);
    }

    private String array() throws Fault {
        int start = position++;
        List<String> values = new ArrayList<>();
        while (true) {
            skipBlankLines();
            char c = peek();
            if (c == ']') {
                position++;
                return String.join(",", values);
            }
            if (c != '"' && c != '\'') {
                throw new Fault(
                        position >= text.length()
                                ? "the array is not closed"
                                : "expected a string in quotes",
                        position >= text.length() ? start : position,
                        position + 1);
            }
            values.add(string());
            skipBlankLines();
            if (peek() == ',') {
                position++;
            } else if (peek() != ']') {
                throw new Fault("expected \",\" or \"]\"", position, position + 1);
            }
        }
    }

    private String string() throws Fault {
        char quote = peek();
        String triple = String.valueOf(quote).repeat(3);
        return text.startsWith(triple, position) ? block(triple) : quoted(quote);
    }

    private String quoted(char quote) throws Fault {
        int start = position++;
        StringBuilder value = new StringBuilder();
        while (true) {
            if (atLineEnd0()) {
                throw new Fault("the string is not closed", start, position);
            }
            char c = text.charAt(position++);
            if (c == quote) {
                return value.toString();
            }
            if (c == '\\' && quote == '"') {
                escape(value);
            } else {
                value.append(c);
            }
        }
    }

    private String block(String triple) throws Fault {
        int start = position;
        position += 3;
        if (peek() == '\n') {
            position++;
        } else if (text.startsWith("\r\n", position)) {
            position += 2;
        }
        StringBuilder value = new StringBuilder();
        while (!text.startsWith(triple, position)) {
            if (position >= text.length()) {
                throw new Fault("the string is not closed", start, start + 3);
            }
            char c = text.charAt(position++);
            if (c == '\\' && triple.charAt(0) == '"') {
                if (atLineEnd()) {
                    while (position < text.length() && text.charAt(position) <= ' ') {
                        position++;
                    }
                } else {
                    escape(value);
                }
            } else {
                value.append(c);
            }
        }
        position += 3;
        return value.toString();
    }

    private void escape(StringBuilder value) throws Fault {
        int start = position - 1;
        char c = peek();
        position++;
        switch (c) {
            case 'b' -> value.append('\b');
            case 't' -> value.append('\t');
            case 'n' -> value.append('\n');
            case 'f' -> value.append('\f');
            case 'r' -> value.append('\r');
            case '"', '\\' -> value.append(c);
            case 'u' -> codePoint(value, start, 4);
            case 'U' -> codePoint(value, start, 8);
            default -> throw new Fault("this escape does not exist", start, start + 2);
        }
    }

    private void codePoint(StringBuilder value, int start, int digits) throws Fault {
        int end = Math.min(text.length(), position + digits);
        try {
            int code = Integer.parseInt(text, position, end, 16);
            if (Character.isValidCodePoint(code) && (code < 0xd800 || code > 0xdfff)) {
                value.appendCodePoint(code);
                position = end;
                return;
            }
        } catch (NumberFormatException | IndexOutOfBoundsException notHex) {
            // said below
        }
        throw new Fault("this escape is not a character", start, end);
    }

    private char peek() {
        return position < text.length() ? text.charAt(position) : '\0';
    }

    private void expect(char c, String what) throws Fault {
        if (peek() != c) {
            throw new Fault("expected " + what, position, position + 1);
        }
        position++;
    }

    private static boolean isBlank(char c) {
        return c == ' ' || c == '\t';
    }

    private void skipBlank() {
        while (isBlank(peek())) {
            position++;
        }
    }

    /// Within an array: blanks, comments and line ends.
    private void skipBlankLines() {
        while (true) {
            skipBlank();
            if (peek() == '#') {
                skipLine();
            } else if (position < text.length() && (peek() == '\n' || peek() == '\r')) {
                position++;
            } else {
                return;
            }
        }
    }

    private boolean atLineEnd() {
        return atLineEnd0() || text.charAt(position) == '#';
    }

    private boolean atLineEnd0() {
        return position >= text.length()
                || text.charAt(position) == '\n'
                || text.startsWith("\r\n", position);
    }

    private void endLine() throws Fault {
        skipBlank();
        if (!atLineEnd()) {
            throw new Fault("expected the end of the line", position, position + 1);
        }
        skipLine();
    }

    private void skipLine() {
        int end = text.indexOf('\n', position);
        position = end < 0 ? text.length() : end + 1;
    }

    private Where where(int start, int end) {
        int lineStart = text.lastIndexOf('\n', start - 1) + 1;
        int lineEnd = text.indexOf('\n', start);
        if (lineEnd < 0) {
            lineEnd = text.length();
        }
        int line = 1;
        for (int i = 0; i < lineStart; i++) {
            if (text.charAt(i) == '\n') {
                line++;
            }
        }
        int column = text.codePointCount(lineStart, Math.min(start, text.length())) + 1;
        int last = Math.max(Math.min(end, lineEnd), Math.min(start, lineEnd));
        int endColumn = text.codePointCount(lineStart, last) + 1;
        return new Where(
                file,
                line,
                column,
                Math.max(endColumn, column + 1),
                text.substring(lineStart, lineEnd).stripTrailing());
    }
}
