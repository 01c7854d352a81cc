package dev.sovereign.core.parse;

import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.ast.Source;
import dev.sovereign.core.ast.Span;

import java.util.List;

/// Reads a text into a [Program].
public final class Parser {

    private Parser() {}

    /// Parses `text`. Never throws on bad text.
    ///
    /// @param name what errors call the text: a path as given, `query`, `assert`, `-`
    /// @param includes finds what `.include` and `#include` name
    public static ParseResult parse(String name, String text, Mode mode, SourceResolver includes) {
        Source source = new Source(name, text);
        Problems problems = new Problems();
        problems.text(source);
        if (text.length() > Limits.TEXT_CHARS) {
            problems.error(
                    SyntaxCode.TOO_LARGE,
                    new Span(source, 0, 0),
                    "the text is longer than " + Limits.TEXT_CHARS + " characters",
                    "import facts from a file with `sovereign import`, or read them with .input");
            return new ParseResult(new Program(source, null, List.of()), problems.sorted(), false);
        }
        Cursor cursor = new Cursor(source, includes, problems);
        List<Item> items = new Items(cursor, mode).program();
        if (mode == Mode.QUERY && !problems.hasErrors() && items.isEmpty()) {
            problems.error(
                    SyntaxCode.SYNTAX,
                    new Span(source, 0, 0),
                    "expected a query",
                    "such as path(1, X)?");
        }
        return new ParseResult(
                new Program(source, null, items),
                problems.sorted(),
                problems.errors() == 1 && cursor.failedAtEnd());
    }
}
