package dev.sovereign.error;

import org.jspecify.annotations.Nullable;

/// A place in a text that somebody wrote.
///
/// @param file the name the user knows the text by: a path as given, `query`, `-`
/// @param line 1-based; 0 when only the file is known
/// @param column 1-based, in code points; 0 when only the line is known
/// @param endColumn the column after the last character of the span on the same line; at least
///   `column`
/// @param text the source line for the caret, without its line end; null when it is not at hand
public record Where(String file, int line, int column, int endColumn, @Nullable String text) {

    public Where {
        if (line < 0 || column < 0 || endColumn < column) {
            throw new IllegalArgumentException(
                    "not a place: " + line + ":" + column + "-" + endColumn);
        }
    }

    /// The place without its source line: `file:line:column`, or as much of it as is known.
    public String label() {
        return line == 0
                ? file
                : column == 0 ? file + ":" + line : file + ":" + line + ":" + column;
    }
}
