package dev.sovereign.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.analyze.Analysis;
import dev.sovereign.core.analyze.Analyzer;
import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.ast.Program;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;
import dev.sovereign.core.store.Column;
import dev.sovereign.core.store.ColumnKind;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;

class PlainFactsTest {

    private final FactState state = new FactState();

    PlainFactsTest() {
        relation("n", ColumnKind.NUMBER);
        relation("edge", ColumnKind.NUMBER, ColumnKind.NUMBER);
        relation("likes", ColumnKind.SYMBOL, ColumnKind.SYMBOL);
        relation("mixed", ColumnKind.UNSIGNED, ColumnKind.FLOAT, ColumnKind.SYMBOL);
        relation("flag");
        state.publish(0);
    }

    private void relation(String name, ColumnKind... kinds) {
        List<Column> columns = new ArrayList<>();
        for (ColumnKind kind : kinds) {
            columns.add(
                    new Column(
                            "c" + columns.size(),
                            kind.name().toLowerCase(java.util.Locale.ROOT),
                            kind));
        }
        state.relation(name, columns);
    }

    private static Program parsed(String text) {
        ParseResult parsed = Parser.parse("assert", text, Mode.FACTS, SourceResolver.NONE);
        assertTrue(!parsed.hasErrors(), () -> text + ": " + parsed.diagnostics());
        return parsed.program();
    }

    private @Nullable List<FactWriter.Batch> plain(String text) {
        return PlainFacts.of(List.of(parsed(text)), state.published());
    }

    @Test
    void constantsOfTheColumnsKindsArePlain() {
        assertNotNull(plain("edge(1, -2). n(3). edge(4, 5)."));
        assertNotNull(plain("likes(\"a\", \"b\"). mixed(1u, 2.5, \"x\"). flag()."));
    }

    @Test
    void whateverMayNeedAWordIsLeftToTheAnalyzer() {
        for (String text :
                List.of(
                        "new(1).", // makes a relation
                        "n(1, 2).", // too many arguments
                        "likes(1, 2).", // another kind
                        "mixed(1, 2, \"x\").", // numbers that stand for other kinds
                        "n(1 + 2).",
                        "n(x).",
                        "n(_).",
                        "n(1) :- edge(1, 2).",
                        "n(1). n(1)?",
                        ".decl n(a: number) n(1).")) {
            ParseResult parsed = Parser.parse("assert", text, Mode.FACTS, SourceResolver.NONE);
            if (!parsed.hasErrors()) {
                assertNull(PlainFacts.of(List.of(parsed.program()), state.published()), text);
            }
        }
    }

    @Test
    void whatIsPlainIsWhatTheAnalyzerMakesOfIt() {
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        String[] names = {"n", "edge", "likes", "mixed", "flag", "other"};
        String[] constants = {"1", "-7", "3u", "2.5", "\"a\"", "\"b\"", "9223372036854775807"};
        int taken = 0;
        for (int round = 0; round < 3_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int facts = 1 + random.nextInt(3); facts > 0; facts--) {
                text.append(names[random.nextInt(names.length)]).append('(');
                for (int i = random.nextInt(4); i > 0; i--) {
                    text.append(constants[random.nextInt(constants.length)])
                            .append(i > 1 ? ", " : "");
                }
                text.append("). ");
            }
            Program program = parsed(text.toString());
            List<FactWriter.Batch> plain = PlainFacts.of(List.of(program), state.published());
            if (plain != null) {
                taken++;
                same(plain, program, "seed " + seed + ": " + text);
            }
        }
        assertTrue(taken > 20, "seed " + seed + ": only " + taken + " were plain");
    }

    private void same(List<FactWriter.Batch> plain, Program program, String context) {
        Snapshot now = state.published();
        Analysis analysis =
                Analyzer.analyze(
                        List.of(program),
                        new dev.sovereign.core.analyze.Catalog() {
                            @Override
                            public @Nullable Known find(String relation) {
                                StoredRelation stored = now.relations().get(relation);
                                return stored == null
                                        ? null
                                        : new Known(
                                                relation, KnowledgeCatalog.columns(stored), false);
                            }

                            @Override
                            public java.util.Collection<String> names() {
                                return now.relations().keySet();
                            }
                        },
                        Mode.FACTS);
        CheckedProgram checked =
                Objects.requireNonNull(
                        analysis.program(), () -> context + ": " + analysis.diagnostics());
        assertEquals(checked.facts().size(), plain.size(), context);
        for (int i = 0; i < plain.size(); i++) {
            CheckedProgram.Facts facts = checked.facts().get(i);
            FactWriter.Batch batch = plain.get(i);
            CheckedProgram.Relation relation = checked.relations().get(facts.relation());
            assertEquals(relation.name(), batch.relation(), context);
            assertEquals(relation.columns(), batch.columns(), context);
            assertEquals(facts.symbols(), batch.symbols(), context);
            assertEquals(facts.count(), batch.count(), context);
            for (int column = 0; column < relation.arity(); column++) {
                assertArrayEquals(
                        Arrays.copyOf(facts.columns().get(column), facts.count()),
                        Arrays.copyOf(batch.values()[column], batch.count()),
                        context);
            }
        }
    }
}
