package dev.sovereign.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.Test;

import java.util.List;

final class WordsTest {

    private static List<String> cut(String line) {
        return Words.split(line).stream().map(Words.Word::text).toList();
    }

    @Test
    void datalogNeedsNoQuotes() {
        assertEquals(List.of("query", "path(1, X)?"), cut("query path(1, X)?"));
        assertEquals(
                List.of("query", "trusts(\"alice b\", x)?"), cut("query trusts(\"alice b\", x)?"));
    }

    @Test
    void quotesAroundAWordAreTheShells() {
        assertEquals(List.of("query", "path(1, X)?"), cut("query 'path(1, X)?'"));
        assertEquals(List.of("import", "my file.csv"), cut("import \"my file.csv\""));
        assertEquals(List.of("x", "a\"b\\c"), cut("x \"a\\\"b\\\\c\""));
        assertEquals(
                List.of("assert", "--reason=met in person"),
                cut("assert --reason='met in person'"));
    }

    @Test
    void anUnclosedQuoteIsRefused() {
        for (String line : List.of("assert 'p(1).", "query p(\"a", "x \"")) {
            SovereignException refused =
                    assertThrows(SovereignException.class, () -> Words.split(line));
            assertEquals("repl.quote", refused.first().code());
        }
    }

    @Test
    void blanksInDatalogAreNoBoundaries() {
        assertEquals(
                List.of("-f", "a b.dl", "path(1,X), X > 2?", "--limit", "3", "q(x)?"),
                Words.joinDatalog(
                        Words.split("-f 'a b.dl' path(1,X), X > 2? --limit 3 'q(x)?'"),
                        word -> word.startsWith("-"),
                        word -> true));
    }

    @Test
    void completionSeesTheLastWord() {
        assertEquals("", Words.splitForCompletion("rules ").getLast().text());
        assertEquals("li", Words.splitForCompletion("rules li").getLast().text());
        assertEquals("my fi", Words.splitForCompletion("import 'my fi").getLast().text());
        assertEquals(1, Words.splitForCompletion("").size());
    }
}
