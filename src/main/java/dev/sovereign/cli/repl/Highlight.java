package dev.sovereign.cli.repl;

import org.jline.reader.Highlighter;
import org.jline.reader.LineReader;
import org.jline.utils.AttributedString;
import org.jline.utils.AttributedStringBuilder;
import org.jline.utils.AttributedStyle;

/// Colors what is being typed: strings, numbers, comments, what begins with a dot, and signs that
/// make rules and questions.
final class Highlight implements Highlighter {

    /// Longer inputs were pasted; coloring them at each key would be felt.
    private static final int MAX_CHARS = 32 << 10;

    private static final AttributedStyle PLAIN = AttributedStyle.DEFAULT;
    private static final AttributedStyle STRING = PLAIN.foreground(AttributedStyle.GREEN);
    private static final AttributedStyle NUMBER = PLAIN.foreground(AttributedStyle.CYAN);
    private static final AttributedStyle COMMENT = PLAIN.foreground(AttributedStyle.BRIGHT);
    private static final AttributedStyle WORD = PLAIN.foreground(AttributedStyle.BLUE).bold();
    private static final AttributedStyle SIGN = PLAIN.foreground(AttributedStyle.MAGENTA);

    @Override
    public AttributedString highlight(LineReader reader, String buffer) {
        if (buffer.length() > MAX_CHARS) {
            return new AttributedString(buffer);
        }
        AttributedStringBuilder styled = new AttributedStringBuilder(buffer.length());
        int i = 0;
        while (i < buffer.length()) {
            int end = i + 1;
            AttributedStyle style = PLAIN;
            char c = buffer.charAt(i);
            if (c == '"') {
                end = stringEnd(buffer, i);
                style = STRING;
            } else if (buffer.startsWith("//", i)) {
                end = until(buffer, "\n", i, 0);
                style = COMMENT;
            } else if (buffer.startsWith("/*", i)) {
                end = until(buffer, "*/", i + 2, 2);
                style = COMMENT;
            } else if (buffer.startsWith(":-", i) || buffer.startsWith("?-", i)) {
                end = i + 2;
                style = SIGN;
            } else if (c == '!' || c == '?') {
                style = SIGN;
            } else if (Splitter.isNamePart(c)) {
                end = nameEnd(buffer, i);
                style = c >= '0' && c <= '9' ? NUMBER : PLAIN;
            } else if (c == '.' && startsWord(buffer, i)) {
                end = nameEnd(buffer, i + 1);
                style = WORD;
            }
            styled.append(buffer.substring(i, end), style);
            i = end;
        }
        return styled.toAttributedString();
    }

    private static boolean startsWord(String text, int dot) {
        boolean lineStart = text.substring(text.lastIndexOf('\n', dot) + 1, dot).isBlank();
        return lineStart && dot + 1 < text.length() && Splitter.isNamePart(text.charAt(dot + 1));
    }

    private static int stringEnd(String text, int start) {
        int i = start + 1;
        while (i < text.length() && text.charAt(i) != '"') {
            i += text.charAt(i) == '\\' ? 2 : 1;
        }
        return Math.min(text.length(), i + 1);
    }

    private static int until(String text, String mark, int from, int length) {
        int found = text.indexOf(mark, from);
        return found < 0 ? text.length() : found + length;
    }

    private static int nameEnd(String text, int start) {
        int end = start;
        while (end < text.length() && Splitter.isNamePart(text.charAt(end))) {
            end++;
        }
        return end;
    }
}
