package dev.sovereign.cli.repl;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.Where;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// One input as it was typed or read.
///
/// @param name what errors call it: `input`, `-` for standard input, or a file
/// @param text without a line end after the last line
/// @param firstLine number of its first line in `name`, 1 or more
/// @param promptCells cells of the prompt that stands before its only line on the screen, so that a
///   caret can be drawn below; 0 when something else stands there
record Typed(String name, String text, int firstLine, int promptCells) {

    /// What the daemon calls the texts that we send: our own name for them, and the names that it
    /// gives to those without one.
    private static final List<String> NAMES = List.of("input", "query", "assert");

    /// The name of the programs that are cut out of an input.
    static final String INPUT = "input";

    /// The whole text with everything but some statements blanked out, so that every place in it is
    /// the place where it was typed.
    String only(List<Statement> statements) {
        StringBuilder kept = new StringBuilder(text.length());
        int at = 0;
        for (Statement statement : statements) {
            blank(kept, at, statement.start());
            kept.append(text, statement.start(), statement.end());
            at = statement.end();
        }
        return kept.toString();
    }

    private void blank(StringBuilder to, int from, int end) {
        for (int i = from; i < end; ) {
            int codePoint = text.codePointAt(i);
            // places count code points, so that two chars of one become one blank
            to.append(codePoint == '\n' || codePoint == '\t' ? (char) codePoint : ' ');
            i += Character.charCount(codePoint);
        }
    }

    /// Puts the places of a diagnostic into what was typed.
    Diagnostic placed(Diagnostic fault) {
        List<Diagnostic.Note> notes = new ArrayList<>();
        for (Diagnostic.Note note : fault.notes()) {
            notes.add(new Diagnostic.Note(note.message(), placed(note.where())));
        }
        return new Diagnostic(
                fault.severity(),
                fault.code(),
                fault.kind(),
                fault.message(),
                fault.hint(),
                placed(fault.where()),
                notes);
    }

    private @Nullable Where placed(@Nullable Where where) {
        if (where == null || !NAMES.contains(where.file())) {
            return where;
        }
        String line = where.line() == 0 ? null : line(where.line());
        return new Where(
                name,
                where.line() == 0 ? 0 : where.line() + firstLine - 1,
                where.column(),
                where.endColumn(),
                line == null ? where.text() : line);
    }

    /// A line of the text; null when there is none of that number.
    ///
    /// @param number 1-based
    private @Nullable String line(int number) {
        int from = 0;
        for (int i = 1; i < number; i++) {
            from = text.indexOf('\n', from) + 1;
            if (from == 0) {
                return null;
            }
        }
        int end = text.indexOf('\n', from);
        String line = text.substring(from, end < 0 ? text.length() : end);
        return line.endsWith("\r") ? line.substring(0, line.length() - 1) : line;
    }
}
