package dev.sovereign.core.parse;

import dev.sovereign.core.ast.Source;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.parse.Token.Kind;

import org.jspecify.annotations.Nullable;

import java.util.Set;

/// Cuts one text into tokens, one at a time. Lines that start with `#` are handed out as they are
/// ([#takePreprocessorLine]). Faults are reported and become [Kind#BAD] or a token that stands for
/// what was meant.
final class Lexer {

    static final Set<String> DIRECTIVES =
            Set.of(
                    "decl",
                    "type",
                    "input",
                    "output",
                    "printsize",
                    "limitsize",
                    "comp",
                    "init",
                    "override",
                    "functor",
                    "pragma",
                    "plan",
                    "lattice",
                    "include",
                    "once",
                    "number_type",
                    "symbol_type");

    private final Source source;
    private final String text;
    private final int end;
    private final Problems problems;

    /// Whether `\` before a line end is white space: in a macro's definition.
    private final boolean continued;

    private int at;

    /// After an unclosed string no other may cross a line end, or each would be looked for to the
    /// end of the text.
    private boolean stringUnclosed;

    private @Nullable Span preprocessorLine;

    Lexer(Source source, Problems problems) {
        this(source, 0, source.text().length(), problems, false);
        if (end > 0 && text.charAt(0) == '\uFEFF') {
            at = 1;
        }
        if (text.startsWith("#!", at)) {
            at = lineEnd(at);
        }
    }

    Lexer(Source source, int start, int end, Problems problems, boolean continued) {
        this.source = source;
        this.text = source.text();
        this.at = start;
        this.end = end;
        this.problems = problems;
        this.continued = continued;
    }

    Source source() {
        return source;
    }

    /// The line that starts with `#` before the last token, from after the `#` to the line's end,
    /// if there is one; that token is then [Kind#END] and not meant. Taken once.
    @Nullable Span takePreprocessorLine() {
        Span line = preprocessorLine;
        preprocessorLine = null;
        return line;
    }

    /// Skips to an offset: after blocks left out by the preprocessor.
    void skipTo(int offset) {
        at = Math.min(offset, end);
    }

    int offset() {
        return at;
    }

    Token next() {
        while (at < end) {
            char c = text.charAt(at);
            if (c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\u000B') {
                at++;
            } else if (c == '/' && peek(1) == '/') {
                at = lineEnd(at);
            } else if (c == '/' && peek(1) == '*') {
                skipBlockComment();
            } else if (c == '\\' && continued && isLineEnd(at + 1)) {
                at++;
            } else if (c == '#' && !continued) {
                int start = at;
                if (startsLine(start)) {
                    at = logicalLineEnd(start);
                    preprocessorLine = new Span(source, start + 1, at);
                    return token(Kind.END, at);
                }
                at = lineEnd(start);
            } else {
                return scan(c);
            }
        }
        return token(Kind.END, at);
    }

    private Token scan(char c) {
        int start = at;
        if (isLetter(c)
                || (c == '?'
                        && (isLetter(peek(1)) || peek(1) == '(')
                        && (at == 0 || text.charAt(at - 1) != ')'))) {
            return word();
        }
        if (isDigit(c)) {
            return number();
        }
        return switch (c) {
            case '"' -> string();
            case '(' -> sign(Kind.LEFT_PAREN);
            case ')' -> sign(Kind.RIGHT_PAREN);
            case ',' -> sign(Kind.COMMA);
            case '.' -> dot();
            case '=' -> {
                if (peek(1) == '=') {
                    yield mistaken(2, Kind.EQUAL, "=");
                }
                yield peek(1) == '<' ? mistaken(2, Kind.LESS_OR_EQUAL, "<=") : sign(Kind.EQUAL);
            }
            case '?' -> peek(1) == '-' ? sign(Kind.QUERY_IF) : sign(Kind.QUESTION);
            case ':' ->
                    switch (peek(1)) {
                        case '-' -> sign(Kind.IF);
                        case ':' -> sign(Kind.DOUBLE_COLON);
                        default -> sign(Kind.COLON);
                    };
            case ';' -> sign(Kind.SEMICOLON);
            case '!' -> peek(1) == '=' ? sign(Kind.NOT_EQUAL) : sign(Kind.EXCLAMATION);
            case '<' ->
                    switch (peek(1)) {
                        case '=' -> sign(Kind.LESS_OR_EQUAL);
                        case ':' -> sign(Kind.SUBTYPE);
                        default -> sign(Kind.LESS);
                    };
            case '>' -> peek(1) == '=' ? sign(Kind.GREATER_OR_EQUAL) : sign(Kind.GREATER);
            case '-' -> peek(1) == '>' ? sign(Kind.ARROW) : sign(Kind.MINUS);
            case '+' -> sign(Kind.PLUS);
            case '*' -> sign(Kind.STAR);
            case '/' -> sign(Kind.SLASH);
            case '%' -> sign(Kind.PERCENT);
            case '^' -> sign(Kind.CARET);
            case '[' -> sign(Kind.LEFT_BRACKET);
            case ']' -> sign(Kind.RIGHT_BRACKET);
            case '{' -> sign(Kind.LEFT_BRACE);
            case '}' -> sign(Kind.RIGHT_BRACE);
            case '$' -> sign(Kind.DOLLAR);
            case '#' ->
                    peek(1) == '#'
                            ? sign(Kind.PASTE)
                            : bad(
                                    start,
                                    "unexpected character \"#\"",
                                    "making strings of a macro's arguments is not carried out");
            case '@' -> peek(1) == '!' ? sign(Kind.AT_NOT) : sign(Kind.AT);
            case '|' -> peek(1) == '|' ? mistaken(2, Kind.SEMICOLON, ";") : sign(Kind.PIPE);
            case '&' ->
                    peek(1) == '&'
                            ? mistaken(2, Kind.COMMA, ",")
                            : bad(
                                    start,
                                    "unexpected character \"&\"",
                                    "\"and\" is written \",\", bitwise \"band\"");
            case '\\' ->
                    peek(1) == '+'
                            ? mistaken(2, Kind.EXCLAMATION, "!")
                            : bad(start, "unexpected character \"\\\"", null);
            case '\'' -> quoted();
            default -> unexpected(start);
        };
    }

    private Token word() {
        int start = at;
        int to = at + 1;
        while (to < end && (isWordPart(text.charAt(to)) || isQuestionInWord(to))) {
            to++;
        }
        if (to - start > Limits.TOKEN_CHARS) {
            at = to;
            return bad(
                    start,
                    "an identifier is longer than " + Limits.TOKEN_CHARS + " characters",
                    null);
        }
        at = to;
        if (to - start == 1 && text.charAt(start) == '_') {
            return token(Kind.UNDERSCORE, start);
        }
        if (to - start == 6 && text.startsWith("choice-domain", start) && !isWordPart(peek(7))) {
            at = start + "choice-domain".length();
            return token(Kind.CHOICE_DOMAIN, start);
        }
        String word = text.substring(start, to);
        return switch (word) {
            case "__FILE__" -> new Token(Kind.STRING, source, start, to, source.name(), 0);
            case "__LINE__" -> new Token(Kind.NUMBER, source, start, to, "", source.line(start));
            default -> new Token(Kind.IDENTIFIER, source, start, to, word, 0);
        };
    }

    /// Soufflé's identifiers may hold question marks; one at the end asks, unless the name goes on
    /// to be used.
    private boolean isQuestionInWord(int offset) {
        if (text.charAt(offset) != '?' || offset + 1 >= end) {
            return false;
        }
        char after = text.charAt(offset + 1);
        return isWordPart(after) || ":,(){?".indexOf(after) >= 0;
    }

    private Token dot() {
        int start = at;
        int to = at + 1;
        while (to < end && isWordPart(text.charAt(to))) {
            to++;
        }
        if (to > start + 1 && to - start < 16 && (to == end || isSpace(text.charAt(to)))) {
            String word = text.substring(start + 1, to);
            if (DIRECTIVES.contains(word)) {
                at = to;
                return new Token(Kind.DIRECTIVE, source, start, to, word, 0);
            }
        }
        return sign(Kind.DOT);
    }

    private Token number() {
        int start = at;
        int radix = 10;
        if (text.charAt(start) == '0'
                && (peek(1) == 'x' || peek(1) == 'b')
                && digit(peek(2), peek(1) == 'x' ? 16 : 2) >= 0) {
            radix = peek(1) == 'x' ? 16 : 2;
            at += 2;
        }
        int digits = at;
        while (at < end && digit(text.charAt(at), radix) >= 0) {
            at++;
        }
        if (radix == 10 && peek(0) == '.' && isDigit(peek(1))) {
            return floatOrAddress(start);
        }
        long value = 0;
        boolean overflow = false;
        for (int i = digits; i < at; i++) {
            int digit = digit(text.charAt(i), radix);
            if (Long.compareUnsigned(value, Long.divideUnsigned(-1L - digit, radix)) > 0) {
                overflow = true;
                break;
            }
            value = value * radix + digit;
        }
        Kind kind = Kind.NUMBER;
        if (peek(0) == 'u' && !isWordPart(peek(1))) {
            at++;
            kind = Kind.UNSIGNED;
        }
        if (isWordPart(peek(0))) {
            while (at < end && isWordPart(text.charAt(at))) {
                at++;
            }
            problems.error(
                    SyntaxCode.LITERAL,
                    new Span(source, start, at),
                    "\""
                            + shorten(text.substring(start, at))
                            + "\" is neither a number nor an identifier",
                    "a symbol stands in quotes, an identifier starts with a letter");
            return new Token(Kind.NUMBER, source, start, at, "", 0);
        }
        if (overflow) {
            problems.error(
                    SyntaxCode.LITERAL,
                    new Span(source, start, at),
                    "number " + shorten(text.substring(start, at)) + " does not fit into 64 bits",
                    "the largest number is 9223372036854775807, the largest unsigned"
                            + " 18446744073709551615u");
            value = 0;
        }
        return new Token(kind, source, start, at, "", value);
    }

    /// At the dot after the first digits: `1.5`, `1.5e-3` or `127.0.0.1`.
    private Token floatOrAddress(int start) {
        int dots = 0;
        while (at < end
                && (isDigit(text.charAt(at)) || (text.charAt(at) == '.' && isDigit(peek(1))))) {
            if (text.charAt(at) == '.') {
                dots++;
            }
            at++;
        }
        if (dots == 3) {
            return address(start);
        }
        if ((peek(0) == 'e' || peek(0) == 'E')
                && (isDigit(peek(1)) || ((peek(1) == '-' || peek(1) == '+') && isDigit(peek(2))))) {
            at += 2;
            while (at < end && isDigit(text.charAt(at))) {
                at++;
            }
        }
        String written = text.substring(start, at);
        if (dots != 1 || isWordPart(peek(0)) || written.length() > 1_000) {
            while (at < end && isWordPart(text.charAt(at))) {
                at++;
            }
            problems.error(
                    SyntaxCode.LITERAL,
                    new Span(source, start, at),
                    "\"" + shorten(text.substring(start, at)) + "\" is not a float",
                    "a float is written like 1.5 or 1.5e-3");
            return new Token(Kind.FLOAT, source, start, at, "", 0);
        }
        double value = Double.parseDouble(written);
        if (Double.isInfinite(value)) {
            problems.error(
                    SyntaxCode.LITERAL,
                    new Span(source, start, at),
                    "float "
                            + shorten(written)
                            + " is larger than the largest, 1.7976931348623157e308",
                    null);
        }
        return new Token(Kind.FLOAT, source, start, at, "", Double.doubleToRawLongBits(value));
    }

    private Token address(int start) {
        long value = 0;
        for (String part : text.substring(start, at).split("\\.", -1)) {
            if (part.length() > 3 || Integer.parseInt(part) > 255) {
                problems.error(
                        SyntaxCode.LITERAL,
                        new Span(source, start, at),
                        "\""
                                + shorten(text.substring(start, at))
                                + "\" is not an IPv4 address: a part is over 255",
                        null);
                return new Token(Kind.NUMBER, source, start, at, "", 0);
            }
            value = value << 8 | Integer.parseInt(part);
        }
        // Soufflé reads an address as a 32-bit number; here it is never negative.
        return new Token(Kind.NUMBER, source, start, at, "", value);
    }

    private Token string() {
        int start = at;
        int to = start + 1;
        boolean escapes = false;
        while (to < end) {
            char c = text.charAt(to);
            if (c == '"') {
                break;
            }
            if (c == '\\') {
                escapes = true;
                to++;
            } else if (c == '\n' && stringUnclosed) {
                break;
            }
            to++;
        }
        if (to >= end || text.charAt(to) != '"') {
            stringUnclosed = true;
            at = Math.min(lineEnd(start), end);
            problems.error(
                    SyntaxCode.SYNTAX,
                    new Span(source, start, Math.min(start + 1, end)),
                    "this string is not closed",
                    "close it with \"");
            return token(Kind.BAD, start);
        }
        at = to + 1;
        if (to - start > Limits.TOKEN_CHARS) {
            return bad(
                    start,
                    "a string is longer than " + Limits.TOKEN_CHARS + " characters",
                    "import it from a file");
        }
        String value = escapes ? unescape(start + 1, to) : text.substring(start + 1, to);
        return new Token(Kind.STRING, source, start, at, value, 0);
    }

    private String unescape(int from, int to) {
        StringBuilder result = new StringBuilder(to - from);
        int i = from;
        while (i < to) {
            char c = text.charAt(i);
            if (c != '\\') {
                result.append(c);
                i++;
                continue;
            }
            char escaped = text.charAt(i + 1);
            switch (escaped) {
                case '"', '\'', '\\' -> result.append(escaped);
                case 'a' -> result.append('\u0007');
                case 'b' -> result.append('\b');
                case 'f' -> result.append('\f');
                case 'n' -> result.append('\n');
                case 'r' -> result.append('\r');
                case 't' -> result.append('\t');
                case 'v' -> result.append('\u000B');
                default -> {
                    int length = Character.charCount(text.codePointAt(i + 1));
                    problems.error(
                            SyntaxCode.LITERAL,
                            new Span(source, i, Math.min(i + 1 + length, to)),
                            "unknown escape \\"
                                    + printable(text.codePointAt(i + 1)).replace("\"", ""),
                            "a backslash itself is written \\\\");
                    result.append(escaped);
                }
            }
            i += 2;
        }
        return result.toString();
    }

    /// `'text'`: not a string here, though it is elsewhere.
    private Token quoted() {
        int start = at;
        int line = lineEnd(start);
        int close = text.indexOf('\'', start + 1);
        if (close < 0 || close >= line) {
            return bad(start, "unexpected character \"'\"", "symbols stand in double quotes");
        }
        at = close + 1;
        String inner = text.substring(start + 1, close);
        problems.error(
                SyntaxCode.SYNTAX,
                new Span(source, start, at),
                "symbols stand in double quotes",
                "write \"" + shorten(inner) + "\"");
        return new Token(Kind.STRING, source, start, at, inner, 0);
    }

    private Token unexpected(int start) {
        int c = text.codePointAt(start);
        String hint =
                switch (c) {
                    case '\u201C', '\u201D', '\u201E', '\u00AB', '\u00BB' ->
                            "strings stand in plain quotes: \"";
                    case '\u2018', '\u2019' -> "symbols stand in plain double quotes: \"";
                    case '\u00A0' -> "this is a no-break space; use a plain one";
                    default ->
                            Character.isLetter(c)
                                    ? "identifiers are made of a-z, A-Z, 0-9 and _; symbols stand"
                                            + " in quotes"
                                    : null;
                };
        at = start + Character.charCount(c);
        // a run of them is one fault
        while (at < end && text.codePointAt(at) > 0x7F && at - start < 1_000) {
            at += Character.charCount(text.codePointAt(at));
        }
        at = Math.min(at, end);
        return bad(start, "unexpected character " + printable(c), hint);
    }

    private void skipBlockComment() {
        int start = at;
        int close = text.indexOf("*/", start + 2);
        if (close < 0 || close + 2 > end) {
            at = end;
            problems.error(
                    SyntaxCode.SYNTAX,
                    new Span(source, start, start + 2),
                    "this comment is not closed",
                    "close it with */");
        } else {
            at = close + 2;
        }
    }

    /// A sign of another language: reported, and understood as what is meant.
    private Token mistaken(int length, Kind meant, String sign) {
        int start = at;
        at += length;
        problems.error(
                SyntaxCode.SYNTAX,
                new Span(source, start, at),
                "unexpected \"" + text.substring(start, at) + "\"",
                "write \"" + sign + "\"");
        return token(meant, start);
    }

    private Token bad(int start, String message, @Nullable String hint) {
        if (at == start) {
            at++;
        }
        problems.error(SyntaxCode.SYNTAX, new Span(source, start, at), message, hint);
        return token(Kind.BAD, start);
    }

    private Token sign(Kind kind) {
        int start = at;
        at = Math.min(end, start + kind.sign().length());
        return token(kind, start);
    }

    private Token token(Kind kind, int start) {
        return new Token(kind, source, start, at, "", 0);
    }

    private char peek(int ahead) {
        return at + ahead < end ? text.charAt(at + ahead) : '\0';
    }

    private boolean startsLine(int offset) {
        for (int i = offset - 1; i >= 0; i--) {
            char c = text.charAt(i);
            if (c == '\n') {
                return true;
            }
            if (!isSpace(c) && c != '\uFEFF') {
                return false;
            }
        }
        return true;
    }

    private int lineEnd(int from) {
        int found = text.indexOf('\n', from);
        return found < 0 || found > end ? end : found;
    }

    private int logicalLineEnd(int from) {
        int found = lineEnd(from);
        while (found < end
                && (text.charAt(found - 1) == '\\'
                        || (text.charAt(found - 1) == '\r'
                                && found >= 2
                                && text.charAt(found - 2) == '\\'))) {
            found = lineEnd(found + 1);
        }
        return found;
    }

    private boolean isLineEnd(int offset) {
        return offset < end
                && (text.charAt(offset) == '\n'
                        || (text.charAt(offset) == '\r'
                                && offset + 1 < end
                                && text.charAt(offset + 1) == '\n'));
    }

    private static String shorten(String text) {
        return text.length() <= 40 ? text : text.substring(0, 37) + "…";
    }

    private static String printable(int c) {
        return c < 0x20
                        || c == 0x7F
                        || Character.getType(c) == Character.UNASSIGNED
                        || Character.getType(c) == Character.SURROGATE
                        || Character.getType(c) == Character.CONTROL
                        || Character.getType(c) == Character.FORMAT
                ? "U+%04X".formatted(c)
                : "\"" + Character.toString(c) + "\"";
    }

    private static boolean isSpace(char c) {
        return c == ' ' || c == '\n' || c == '\t' || c == '\r' || c == '\f' || c == '\u000B';
    }

    private static boolean isLetter(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    }

    private static boolean isDigit(char c) {
        return c >= '0' && c <= '9';
    }

    static boolean isWordPart(char c) {
        return isLetter(c) || isDigit(c);
    }

    private static int digit(char c, int radix) {
        return c > 0x7F ? -1 : Character.digit(c, radix);
    }
}
