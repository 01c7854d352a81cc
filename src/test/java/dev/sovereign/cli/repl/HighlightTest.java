package dev.sovereign.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sovereign.cli.Lexis;
import dev.sovereign.core.parse.Lexemes;

import org.jline.utils.AttributedString;
import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.Set;

/// Colors as marks: `s` string, `n` number, `c` comment, `r` relation, `w` word of a command or
/// directive, `g` sign, `x` wrong, `p` bracket with its partner, `-` plain.
final class HighlightTest {

    private static List<Lexis.Token> tokens(String text) {
        return Lexemes.of(text).stream()
                .map(found ->
                        new Lexis.Token(
                                Lexis.Kind.valueOf(found.kind().name()),
                                found.start(),
                                found.end()))
                .toList();
    }

    private final Highlight highlight =
            new Highlight(HighlightTest::tokens, Set.of("help", "query"));

    private String marks(String text, int cursor) {
        AttributedString painted = highlight.painted(text, cursor);
        assertEquals(text, painted.toString());
        StringBuilder marks = new StringBuilder();
        for (int i = 0; i < text.length(); i++) {
            String style = painted.styleAt(i).toAnsi().strip();
            marks.append(
                    switch (style) {
                        case "32" -> 's';
                        case "36" -> 'n';
                        case "90" -> 'c';
                        case "34" -> 'r';
                        case "34;1", "1;34" -> 'w';
                        case "35" -> 'g';
                        case "31" -> 'x';
                        case "4;1" -> 'p';
                        case "" -> '-';
                        default -> throw new AssertionError(style + " in " + text);
                    });
        }
        return marks.toString();
    }

    private String marks(String text) {
        return marks(text, -1);
    }

    @Test
    void datalogIsColoredAsTheLexerSeesIt() {
        assertEquals("rrrr-n--sss--", marks("edge(1, \"a\")."));
        assertEquals("r----gg-gr---", marks("p(x) :- !q(x)"));
        assertEquals("r---g", marks("p(x)?"));
        assertEquals("wwwww-r-----------", marks(".decl p(a: number)"));
        assertEquals("r-n-cccc-r---", marks("p(1 /**/ q(x)"));
        assertEquals("cccc-r", marks("// a\np(").substring(0, 6));
    }

    @Test
    void whatIsNotFinishedHasItsColorAlready() {
        assertEquals("r-ssss", marks("p(\"abc"));
        assertEquals("cccc", marks("/* a"));
        assertEquals("r-ss-ssss", marks("p(\"\",\"a b"));
    }

    @Test
    void theFirstWordOfACommandTellsWhetherThereIsOne() {
        assertEquals("wwwww-----", marks(".help rest"));
        assertEquals("wwwwww-r-n-g", marks(".query p(1)?"));
        assertEquals("xxxxx-----", marks(".halp rest"));
        assertEquals("wwww", marks(".hal")); // not finished
    }

    @Test
    void theBracketAtTheCursorShowsItsPartner() {
        assertEquals("rp-p", marks("p(x)", 4));
        assertEquals("rp-p", marks("p(x)", 1));
        assertEquals("rp-p", marks("p(x)", 3));
        assertEquals("r-rpn-np-", marks("p(f(1,2))", 8));
        assertEquals("r-sss-", marks("p(\")\")", -1));
        assertEquals("r--xx", marks("p(x])", -1));
    }

    @Test
    void anyTextIsPaintedWithoutLosingACharacter() {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        int count = Integer.getInteger("sovereign.fuzz.count", 5_000);
        Random random = new Random(seed);
        String letters = "ab1(.?\"' /*-{}),:\n@_#é\\[]!😀 .help";
        for (int round = 0; round < count; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(24); i > 0; i--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            String line = text.toString();
            AttributedString painted = highlight.painted(line, random.nextInt(line.length() + 1));
            assertEquals(line, painted.toString(), "seed " + seed);
        }
    }
}
