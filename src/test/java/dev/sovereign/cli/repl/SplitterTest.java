package dev.sovereign.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.cli.repl.Statement.Kind;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;

final class SplitterTest {

    /// The kinds and texts of all statements, one a line.
    private static String cut(String text) {
        return Splitter.split(text).stream()
                .map(s -> s.kind() + " " + s.in(text).replace("\n", "⏎"))
                .collect(Collectors.joining("\n"));
    }

    @Test
    void tellsFactsRulesAndQuestionsApart() {
        assertEquals("FACT edge(1,2).\nFACT edge(2,3).", cut("edge(1,2). edge(2,3)."));
        assertEquals("RULE path(x,y) :- edge(x,y).", cut("path(x,y) :- edge(x,y)."));
        assertEquals("QUERY path(1,x)?", cut("path(1,x)?"));
        assertEquals("QUERY path(1,x), x > 2 ?", cut("  path(1,x), x > 2 ?  "));
        assertEquals("QUERY ?- path(1,x), x > 2.", cut("?- path(1,x), x > 2."));
        assertEquals("QUERY ?- path(1,x)?", cut("?- path(1,x)?"));
        assertEquals("FACT p(1).\nQUERY p(x)?\nQUERY q(y)?", cut("p(1).p(x)?q(y)?"));
        assertEquals("QUERY p(x)?.", cut("p(x)?."));
    }

    @Test
    void aDotInANumberAStringOrANameEndsNothing() {
        assertEquals("FACT p(1.5).", cut("p(1.5)."));
        assertEquals("RULE p(x) :- x = 1.5.", cut("p(x) :- x = 1.5."));
        assertEquals("FACT p(\"a. b?\\\" c\").", cut("p(\"a. b?\\\" c\")."));
        assertEquals("QUERY @m.path(1,x)?", cut("@m.path(1,x)?"));
        assertEquals("RULE p(x) :- a.q(x), @m.r(x).", cut("p(x) :- a.q(x), @m.r(x)."));
        assertEquals("RULE p(x) :- x = 127.0.0.1.", cut("p(x) :- x = 127.0.0.1."));
        assertEquals("RULE p(x) :- x = 2.\nFACT q(1).", cut("p(x) :- x = 2. q(1)."));
    }

    @Test
    void aQuestionMarkCanBeginAVariable() {
        assertEquals("QUERY p(?x)?", cut("p(?x)?"));
        assertEquals("QUERY p(?x), ?x > 2?", cut("p(?x), ?x > 2?"));
    }

    @Test
    void commentsAreNoStatements() {
        assertEquals("", cut("// p(1).\n /* q(1). */ "));
        assertEquals("FACT p(1). \nFACT q(2).".replace(" \n", "\n"), cut("p(1). // one.\nq(2)."));
        assertEquals("RULE p(x) :- // why?⏎ q(x).", cut("p(x) :- // why?\n q(x)."));
    }

    @Test
    void knowsWhatIsUnfinished() {
        for (String text :
                List.of(
                        "p(1)",
                        "p(1,",
                        "p(x) :-",
                        "p(x) :- q(x),\n r(x)",
                        "p(\"a",
                        "/* no end",
                        "p(1). q(",
                        ".decl p(x:number,",
                        ".decl p",
                        ".type T = A |",
                        ".comp C { .decl p(x:number)",
                        "p(x) :- n = sum x : { q(x). }")) {
            assertFalse(Splitter.isComplete(text), text);
        }
        for (String text :
                List.of(
                        "",
                        "  \n",
                        "p(1).",
                        "// only a comment",
                        ".relations",
                        ".decl p(x:number)",
                        ".decl p(x:number) input",
                        ".comp C { .decl p(x:number)\n p(1). }",
                        "p(x) :- n = sum x : { q(x) }, x = n.")) {
            assertTrue(Splitter.isComplete(text), text);
        }
    }

    @Test
    void doesNotWaitForABracketThatCannotCome() {
        assertEquals("QUERY path(1,X?", cut("path(1,X?"));
        assertEquals("FACT p(1.", cut("p(1."));
        assertEquals("FACT p(1.\nFACT q(2).", cut("p(1.\nq(2)."));
    }

    @Test
    void aDotAtTheBeginningIsACommandOrADirective() {
        assertEquals("COMMAND .relations", cut(".relations"));
        assertEquals("COMMAND .query path(1,X)?\nFACT p(1).", cut(".query path(1,X)?\np(1)."));
        assertEquals("DIRECTIVE .decl p(x:number)", cut(".decl p(x:number)"));
        assertEquals("DIRECTIVE .decl p(x:number)\nFACT p(1).", cut(".decl p(x:number)\np(1)."));
        assertEquals("DIRECTIVE .decl p(x:number)\nFACT p(1).", cut(".decl p(x:number) p(1)."));
        assertEquals(
                "DIRECTIVE .decl p(x:number) input\nDIRECTIVE .decl q(x:number)",
                cut(".decl p(x:number) input .decl q(x:number)"));
        assertEquals(
                "DIRECTIVE .decl p(x:number,⏎  y:symbol)", cut(".decl p(x:number,\n  y:symbol)"));
        assertEquals(
                "DIRECTIVE .type T = A { x: number }⏎  | B {}\nFACT p(1).",
                cut(".type T = A { x: number }\n  | B {}\np(1)."));
        assertEquals(
                "DIRECTIVE .comp C { p(x) :- q(x). }\nDIRECTIVE .init c = C",
                cut(".comp C { p(x) :- q(x). }\n.init c = C"));
        assertEquals(
                "DIRECTIVE .input edge(IO=file, filename=\"e.csv\")",
                cut(".input edge(IO=file, filename=\"e.csv\")"));
        assertEquals("DIRECTIVE #define N 3", cut("#define N 3"));
    }

    @Test
    void aPlanBelongsToItsRule() {
        assertEquals(
                "RULE p(x) :- q(x), r(x).⏎.plan 0:(2,1)\nFACT q(1).",
                cut("p(x) :- q(x), r(x).\n.plan 0:(2,1)\nq(1)."));
        assertEquals("DIRECTIVE .plan 0:(1)", cut(".plan 0:(1)"));
    }

    /// Whatever the text: no crash, statements in order, everything that is no blank or comment is
    /// in one of them, and only the last can be unfinished.
    @Test
    void cutsAnyText() {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        int rounds = Integer.getInteger("sovereign.fuzz.count", 20_000);
        Random random = new Random(seed);
        String[] pieces = {
            "p(",
            ")",
            ".",
            "?",
            "?-",
            ":-",
            "\"",
            "\\",
            "//",
            "/*",
            "*/",
            "\n",
            " ",
            "{",
            "}",
            "[",
            "]",
            ",",
            ".decl ",
            ".comp C",
            ".type ",
            ".plan ",
            ".rules",
            "1.5",
            "x",
            "?x",
            "@m.q",
            "#",
            "|",
            "=",
            "\t",
            "é",
            "𝄞",
            "\u0000",
            "count : ",
            "!",
            "<=",
            "-",
            "'"
        };
        for (int round = 0; round < rounds; round++) {
            StringBuilder text = new StringBuilder();
            int count = random.nextInt(20);
            for (int i = 0; i < count; i++) {
                text.append(pieces[random.nextInt(pieces.length)]);
            }
            check(text.toString(), "seed " + seed + ", round " + round + ": " + text);
        }
    }

    private static void check(String text, String context) {
        List<Statement> statements = Splitter.split(text);
        int at = 0;
        for (Statement statement : statements) {
            assertTrue(statement.start() >= at, context);
            assertTrue(statement.end() > statement.start(), context);
            at = statement.end();
            boolean last = statement.equals(statements.getLast());
            assertTrue(last || statement.kind() != Kind.UNFINISHED, context);
        }
        assertTrue(at <= text.length(), context);
        Typed typed = new Typed("input", text, 1, 0);
        String kept = typed.only(statements);
        assertEquals(kept.codePointCount(0, kept.length()), text.codePointCount(0, at), context);
    }

    @Test
    void takesTimeInProportion() {
        String text = "edge(1, 2). // a fact\n".repeat(50_000) + "p(x) :- q(x), ".repeat(50_000);
        assertEquals(50_001, Splitter.split(text).size());
    }
}
