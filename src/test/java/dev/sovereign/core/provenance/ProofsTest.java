package dev.sovereign.core.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.analyze.Analysis;
import dev.sovereign.core.analyze.Analyzer;
import dev.sovereign.core.analyze.Catalog;
import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;

import org.junit.jupiter.api.Test;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

final class ProofsTest {

    private final SymbolTable symbols = new SymbolTable();

    private static CheckedProgram checked(String text) {
        ParseResult parsed = Parser.parse("p.dl", text, Mode.PROGRAM, SourceResolver.NONE);
        Analysis analysis =
                Analyzer.analyze(List.of(parsed.program()), Catalog.EMPTY, Mode.PROGRAM);
        CheckedProgram program = analysis.program();
        if (program == null) {
            throw new AssertionError(analysis.diagnostics());
        }
        return program;
    }

    private static int relation(CheckedProgram program, String name) {
        return program.relations().stream()
                .filter(relation -> relation.name().equals(name))
                .findFirst()
                .orElseThrow()
                .id();
    }

    private String prove(String text, String name, Object... values) {
        CheckedProgram program = checked(text);
        int relation = relation(program, name);
        try (Control control = Control.unlimited()) {
            Proofs proofs = Proofs.of(program, Set.of(relation), Map.of(), symbols, control);
            long[] tuple = new long[values.length];
            for (int i = 0; i < tuple.length; i++) {
                tuple[i] =
                        values[i] instanceof String symbol
                                ? symbols.intern(symbol)
                                : (Integer) values[i];
            }
            return proofs.least(relation, tuple, Integer.MAX_VALUE).stream()
                    .map(node ->
                            node.id()
                                    + " "
                                    + node.kind()
                                    + " "
                                    + node.text()
                                    + " "
                                    + node.place()
                                    + " "
                                    + node.height()
                                    + node.premises())
                    .collect(Collectors.joining("\n"));
        }
    }

    @Test
    void takesTheShortestWay() {
        assertEquals(
                """
                0 FACT edge(1, 4) null 0[]
                1 RULE path(1, 4) p.dl:5 1[0]
                2 FACT edge(4, 5) null 0[]
                3 RULE path(1, 5) p.dl:6 2[1, 2]\
                """,
                prove(
                        """
                        .decl edge(a: number, b: number)
                        .decl path(a: number, b: number)
                        edge(1, 2). edge(2, 3). edge(3, 4). edge(4, 5). edge(1, 4).
                        edge(5, 1).
                        path(a, b) :- edge(a, b).
                        path(a, c) :- path(a, b), edge(b, c).
                        .output path
                        """,
                        "path",
                        1,
                        5));
    }

    @Test
    void showsWhatWasCheckedAndWhatWildcardsMatched() {
        assertEquals(
                """
                0 FACT person("bob", 41) null 0[]
                1 NEGATION no banned("bob", _) p.dl:5 0[]
                2 CONSTRAINT 41 > 17 p.dl:5 0[]
                3 AGGREGATE count = 2: { likes("bob", _) } p.dl:5 0[]
                4 RULE ok("bob", 3) p.dl:5 1[0, 1, 2, 3]\
                """,
                prove(
                        """
                        .decl person(n: symbol, age: number) .decl banned(n: symbol, why: symbol)
                        .decl likes(a: symbol, b: symbol) .decl ok(n: symbol, k: number)
                        person("bob", 41). person("eve", 30). banned("eve", "spam").
                        likes("bob", "eve"). likes("bob", "ann").
                        ok(n, k + 1) :- person(n, age), !banned(n, _), age > 17, k = count : { likes(n, _) }.
                        .output ok
                        """,
                        "ok",
                        "bob",
                        3));
    }

    /// The recursive way is short in rounds but stands on a high tuple of a lower stratum.
    @Test
    void countsTheHeightOfLowerStrata() {
        String proof =
                prove(
                        """
                        .decl n(x: number) .decl step(x: number, y: number) .decl r(x: number)
                        n(0).
                        n(x + 1) :- n(x), x < 9.
                        step(0, 5) :- n(9).
                        step(0, 1). step(1, 2). step(2, 5).
                        r(0).
                        r(y) :- r(x), step(x, y).
                        .output r
                        """,
                        "r",
                        5);
        assertTrue(proof.endsWith("RULE r(5) p.dl:7 3[4, 5]"), proof);
    }

    @Test
    void aPairOfAnEquivalenceStandsOnThePairsThatLeadToIt() {
        assertEquals(
                """
                0 FACT given(1, 2) null 0[]
                1 RULE same(1, 2) p.dl:4 1[0]
                2 FACT given(3, 2) null 0[]
                3 RULE same(3, 2) p.dl:4 1[2]
                4 CONSTRAINT equivalence: 1 ~ 2 ~ 3 p.dl:2 0[]
                5 RULE same(1, 3) p.dl:2 2[1, 3, 4]\
                """,
                prove(
                        """
                        .decl given(a: number, b: number)
                        .decl same(a: number, b: number) eqrel
                        given(1, 2). given(3, 2). given(4, 5).
                        same(a, b) :- given(a, b).
                        .output same
                        """,
                        "same",
                        1,
                        3));
    }

    @Test
    void aValueIsTheSameAsItselfBecauseItOccurs() {
        String proof =
                prove(
                        """
                        .decl same(a: number, b: number) eqrel
                        same(7, 8).
                        .output same
                        """,
                        "same",
                        8,
                        8);
        assertTrue(proof.contains("equivalence: 8 ~ 8"), proof);
        assertTrue(proof.endsWith("RULE same(8, 8) p.dl:1 1[0, 1]"), proof);
    }

    @Test
    void aNumberFromTheCounterIsTakenAsItIs() {
        String proof =
                prove(
                        """
                        .decl name(x: symbol)
                        .decl id(x: symbol, n: number)
                        name("a").
                        id(x, autoinc()) :- name(x).
                        .output id
                        """,
                        "id",
                        "a",
                        0);
        assertTrue(proof.endsWith("RULE id(\"a\", 0) p.dl:4 1[0]"), proof);
    }
}
