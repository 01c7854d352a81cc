package dev.sovereign.core.ast;

import dev.sovereign.error.Where;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;

/// One text under the name that its author knows it by. Finds lines and columns of offsets; the
/// index of lines is made once, when the first is asked for. Safe for any number of threads.
public final class Source {

    /// Longest source line that is shown under an error, in chars; a longer one is a generated
    /// file.
    public static final int MAX_SHOWN_LINE = 500;

    private final String name;
    private final String text;

    /// Offsets of the first char of each line. Written once or several times with equal content.
    private int @Nullable [] lineStarts;

    public Source(String name, String text) {
        this.name = name;
        this.text = text;
    }

    /// A path as given, `query`, `assert`, `-`.
    public String name() {
        return name;
    }

    public String text() {
        return text;
    }

    /// The 1-based line of an offset.
    public int line(int offset) {
        int found = Arrays.binarySearch(lineStarts(), offset);
        return found >= 0 ? found + 1 : -found - 1;
    }

    /// The place of `start` (inclusive) to `end` (exclusive), both offsets in chars, cut at the end
    /// of the first line.
    public Where where(int start, int end) {
        int from = Math.clamp(start, 0, text.length());
        int line = line(from);
        int lineStart = lineStarts()[line - 1];
        int lineEnd = line < lineStarts().length ? lineStarts()[line] - 1 : text.length();
        if (lineEnd > lineStart && text.charAt(lineEnd - 1) == '\r') {
            lineEnd--;
        }
        from = Math.min(from, Math.max(lineEnd, lineStart));
        int to = Math.clamp(end, from, Math.max(lineEnd, from));
        int column = text.codePointCount(lineStart, from) + 1;
        int endColumn = column + Math.max(1, text.codePointCount(from, to));
        String shown =
                lineEnd - lineStart <= MAX_SHOWN_LINE ? text.substring(lineStart, lineEnd) : null;
        return new Where(name, line, column, endColumn, shown);
    }

    private int[] lineStarts() {
        int[] starts = lineStarts;
        if (starts == null) {
            starts = new int[16];
            int lines = 1;
            for (int at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) {
                if (lines == starts.length) {
                    starts = Arrays.copyOf(starts, lines * 2);
                }
                starts[lines++] = at + 1;
            }
            starts = Arrays.copyOf(starts, lines);
            lineStarts = starts;
        }
        return starts;
    }

    @Override
    public String toString() {
        return name;
    }
}
