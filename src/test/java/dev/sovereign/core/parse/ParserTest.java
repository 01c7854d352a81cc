package dev.sovereign.core.parse;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.ast.ConstantKind;
import dev.sovereign.core.ast.FactBlock;
import dev.sovereign.core.ast.Formula;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Source;
import dev.sovereign.core.ast.Term;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.Where;

import org.junit.jupiter.api.Test;

import java.util.List;

class ParserTest {

    private static ParseResult parse(String text, Mode mode) {
        return Parser.parse("text", text, mode, SourceResolver.NONE);
    }

    private static List<Item> items(String text, Mode mode) {
        ParseResult result = parse(text, mode);
        assertEquals(List.of(), result.diagnostics());
        return result.program().items();
    }

    private static Term term(String text) {
        Item.Query query =
                assertInstanceOf(
                        Item.Query.class, items("x = " + text + "?", Mode.QUERY).getFirst());
        return assertInstanceOf(Formula.Compare.class, query.body()).right();
    }

    /// A term with all its parentheses.
    private static String shape(Term term) {
        return switch (term) {
            case Term.Variable(var _, String name) -> name;
            case Term.Constant(var _, var _, long bits, var _) -> Long.toString(bits);
            case Term.Call(var _, String functor, var _, List<Term> arguments) ->
                    arguments.size() == 1
                            ? "(" + functor + " " + shape(arguments.getFirst()) + ")"
                            : "("
                                    + shape(arguments.get(0))
                                    + " "
                                    + functor
                                    + " "
                                    + shape(arguments.get(1))
                                    + ")";
            default -> term.getClass().getSimpleName();
        };
    }

    @Test
    void pointsAfterTheEndOfAQueryThatIsNotClosed() {
        ParseResult result = Parser.parse("query", "path(1,X", Mode.QUERY, SourceResolver.NONE);

        Diagnostic diagnostic = result.diagnostics().getFirst();
        assertEquals("expected \")\" or \",\"", diagnostic.message());
        assertEquals("core.syntax", diagnostic.code());
        assertEquals(new Where("query", 1, 9, 10, "path(1,X"), diagnostic.where());
        assertEquals(1, result.diagnostics().size());
    }

    @Test
    void bindsOperatorsAsSouffleDoes() {
        assertEquals("(1 + (2 * 3))", shape(term("1 + 2 * 3")));
        assertEquals("((1 - 2) - 3)", shape(term("1 - 2 - 3")));
        assertEquals("(2 ^ (3 ^ 2))", shape(term("2 ^ 3 ^ 2")));
        assertEquals("(- (2 ^ 2))", shape(term("-2 ^ 2")));
        assertEquals("((- a) * b)", shape(term("-a * b")));
        assertEquals(
                "(1 lor (2 land (3 bor (4 band (5 bshl (6 + 7))))))",
                shape(term("1 lor 2 land 3 bor 4 band 5 bshl 6 + 7")));
        assertEquals("((1 + 2) * 3)", shape(term("(1 + 2) * 3")));
        assertEquals("(bnot 1)", shape(term("bnot 1")));
    }

    @Test
    void readsLiterals() {
        assertEquals("-9223372036854775808", shape(term("-9223372036854775808")));
        assertEquals("255", shape(term("0xff")));
        assertEquals("5", shape(term("0b101")));
        assertEquals("2130706433", shape(term("127.0.0.1")));
        Term.Constant large = assertInstanceOf(Term.Constant.class, term("18446744073709551615"));
        assertEquals(ConstantKind.UNSIGNED, large.kind());
        assertEquals(-1, large.bits());
        Term.Constant real = assertInstanceOf(Term.Constant.class, term("-1.5e3"));
        assertEquals(-1500.0, Double.longBitsToDouble(real.bits()));
        Term.Constant string = assertInstanceOf(Term.Constant.class, term("\"a\\\"\\\\\\n\\t\""));
        assertEquals("a\"\\\n\t", string.symbol());
    }

    @Test
    void asksInSeveralSpellings() {
        for (String text :
                List.of(
                        "path(1, X), X > 2?",
                        "path(1, X), X > 2",
                        "path(1, X), X > 2.",
                        "?- path(1, X), X > 2.",
                        "?- path(1, X), X > 2",
                        "?- path(1, X), X > 2?")) {
            List<Item> items = items(text, Mode.QUERY);
            assertEquals(1, items.size(), text);
            assertInstanceOf(Item.Query.class, items.getFirst(), text);
        }
    }

    @Test
    void tellsFactsFromQuestions() {
        List<Item> items =
                items("edge(1, 2). p(X) :- edge(X, _). p(X)? edge(1, X). edge(1, 2)", Mode.QUERY);

        assertInstanceOf(FactBlock.class, items.get(0));
        assertInstanceOf(Item.Rule.class, items.get(1));
        assertInstanceOf(Item.Query.class, items.get(2));
        assertInstanceOf(Item.Query.class, items.get(3));
        assertInstanceOf(Item.Query.class, items.get(4));
        assertInstanceOf(FactBlock.class, items("edge(1, 2).", Mode.PROMPT).getFirst());
        assertInstanceOf(Item.Query.class, items("edge(1, 2).", Mode.QUERY).getFirst());
        assertInstanceOf(Item.Rule.class, items("edge(1, X)", Mode.FACTS).getFirst());
    }

    @Test
    void gathersFactsThatLookAlike() {
        List<Item> items =
                items("a(1, \"x\"). b(1). a(2, \"y\"). b(-2). a(3, \"x\"). a(4, 5).", Mode.PROGRAM);

        assertEquals(3, items.size());
        FactBlock block = assertInstanceOf(FactBlock.class, items.getFirst());
        assertEquals(3, block.count());
        assertEquals(2, block.column(0)[1]);
        assertEquals("x", block.symbols().get((int) block.column(1)[2]));
        assertEquals("a(2, \"y\")", text(block, 1));
    }

    private static String text(FactBlock block, int fact) {
        var span = block.span(fact);
        return span.source().text().substring(span.start(), span.end());
    }

    @Test
    void saysWhetherMoreIsNeeded() {
        assertTrue(parse("p(X) :-", Mode.PROMPT).incomplete());
        assertTrue(parse("p(X) :- q(X),\n  r(X)", Mode.PROMPT).incomplete());
        assertTrue(parse("p(1", Mode.PROMPT).incomplete());
        assertFalse(parse("p(1)) .", Mode.PROMPT).incomplete());
        assertFalse(parse("p(1).", Mode.PROMPT).incomplete());
        assertFalse(parse("p(. q(1", Mode.PROMPT).incomplete());
    }

    @Test
    void keepsColumnsInCodePoints() {
        Where where = parse("a(\"😀\" x).", Mode.PROGRAM).diagnostics().getFirst().where();

        assertNotNull(where);
        assertEquals(7, where.column());
    }

    @Test
    void includesOnce() {
        SourceResolver includes =
                (_, path) -> new Source(path, ".once\n" + path.charAt(0) + "(1).\n");
        ParseResult result =
                Parser.parse(
                        "text",
                        ".include \"b\"\n.include \"b\"\n#include \"c\"\na(x) :- b(x).",
                        Mode.PROGRAM,
                        includes);

        assertEquals(List.of(), result.diagnostics());
        assertEquals(3, result.program().items().size());
        assertEquals("b", result.program().items().getFirst().span().source().name());
    }

    @Test
    void readsDeepNestingWithoutDeepStack() {
        int many = 100_000;
        for (String piece :
                List.of(
                        "(",
                        "[",
                        "!",
                        "-",
                        "{",
                        "a(",
                        "count : {",
                        "x = (",
                        ".comp A {",
                        "/*",
                        "$A(",
                        "1+(")) {
            ParseResult result = parse("a(x) :- " + piece.repeat(many), Mode.PROGRAM);
            assertTrue(result.hasErrors(), piece);
        }
        assertTrue(parse("a(" + "1+".repeat(many) + "1).", Mode.PROGRAM).hasErrors());
        assertFalse(parse("a(x) :- a(x)" + ", a(x)".repeat(9_000) + ".", Mode.PROGRAM).hasErrors());
    }

    @Test
    void readsManyFactsIntoOneBlock() {
        int count = 200_000;
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < count; i++) {
            text.append("edge(").append(i).append(", \"s").append(i % 100).append("\").\n");
        }
        FactBlock block =
                assertInstanceOf(FactBlock.class, items(text.toString(), Mode.FACTS).getFirst());
        assertEquals(count, block.count());
        assertEquals(100, block.symbols().size());
    }
}
