package dev.sovereign.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.eval.Control;
import dev.sovereign.core.store.StoreOptions;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class KnowledgeBaseTest {

    @TempDir Path folder;

    private KnowledgeBase knowledge;

    @BeforeEach
    void open() {
        knowledge =
                KnowledgeBase.open(
                        folder.resolve("store"),
                        StoreOptions.of(folder.resolve("store.key")),
                        () -> Map.of("a.key", "v"),
                        List.of(
                                new SystemRelation(
                                        "sys_guest",
                                        List.of(
                                                SystemRelation.symbol("name"),
                                                SystemRelation.number("age")),
                                        row -> row.accept(new Object[] {"ann", 41L}))));
    }

    @AfterEach
    void close() {
        knowledge.close();
    }

    @Test
    void rulesSeeWhatOthersFill() throws Exception {
        assertEquals(List.of(List.of(42L)), ask("next(x + 1) :- sys_guest(_, x). next(x)?"));
    }

    private void reopen() {
        knowledge.close();
        open();
    }

    private Committed add(String... facts) throws Exception {
        return knowledge.add(texts(facts), KnowledgeBase.NODE, null);
    }

    private static List<KnowledgeBase.Text> texts(String... texts) {
        List<KnowledgeBase.Text> named = new ArrayList<>();
        for (String text : texts) {
            named.add(new KnowledgeBase.Text("assert", text));
        }
        return named;
    }

    private List<List<@Nullable Object>> ask(String query) throws Exception {
        return ask(query, null);
    }

    private List<List<@Nullable Object>> ask(
            String query, @Nullable String asOf, String... programs) throws Exception {
        Rows rows = new Rows();
        answered = run(query, asOf, rows, programs);
        notes = rows.notes;
        return rows.all;
    }

    private Answered run(String query, @Nullable String asOf, AnswerSink sink, String... programs)
            throws Exception {
        List<KnowledgeBase.Text> texts = new ArrayList<>();
        for (String program : programs) {
            texts.add(new KnowledgeBase.Text("program.dl", program));
        }
        try (Control control = Control.unlimited()) {
            return knowledge.ask(
                    new Question(
                            new KnowledgeBase.Text("query", query),
                            texts,
                            asOf,
                            Long.MAX_VALUE,
                            false),
                    (name, _) -> {
                        if (name.equals("edge.facts")) {
                            return new ByteArrayInputStream(
                                    "7\t8\n8\t9\n".getBytes(StandardCharsets.UTF_8));
                        }
                        throw new IOException("no file " + name);
                    },
                    sink,
                    control);
        }
    }

    @Test
    void aProgramIncludesFromTheFoldersThatComeWithIt() throws Exception {
        Rows rows = new Rows();
        List<String> opened = new ArrayList<>();
        try (Control control = Control.unlimited()) {
            knowledge.ask(
                    new Question(
                            new KnowledgeBase.Text("query", "p(X)?"),
                            List.of(
                                    new KnowledgeBase.Text(
                                            "app/main.dl",
                                            ".include \"facts.dl\"",
                                            List.of("lib"))),
                            null,
                            Long.MAX_VALUE,
                            false),
                    (name, _) -> {
                        opened.add(name);
                        if (name.startsWith("lib/")) {
                            return new ByteArrayInputStream(
                                    "p(7).".getBytes(StandardCharsets.UTF_8));
                        }
                        throw new IOException("no file " + name);
                    },
                    rows,
                    control);
        }
        assertEquals(List.of(List.of(7L)), rows.all);
        assertEquals(List.of("app/facts.dl", "lib/facts.dl"), opened);
    }

    private Answered answered = new Answered(0, false, null, null, 0);
    private List<Diagnostic> notes = List.of();

    private static final class Rows implements AnswerSink {
        private final List<List<@Nullable Object>> all = new ArrayList<>();
        private final List<Diagnostic> notes = new ArrayList<>();

        @Override
        public void columns(String query, List<String> names, List<String> types) {}

        @Override
        public void rows(List<List<@Nullable Object>> rows) {
            all.addAll(rows);
        }

        @Override
        public void note(Diagnostic note) {
            notes.add(note);
        }
    }

    private static SovereignException refused(
            String code, org.junit.jupiter.api.function.Executable work) {
        SovereignException refused = assertThrows(SovereignException.class, work);
        assertEquals(code, refused.first().code(), refused.getMessage());
        return refused;
    }

    @Test
    void answersFromFactsThroughRules() throws Exception {
        assertEquals(new Committed(1, 2, 0, 0), add("edge(1,2).", "edge(2,3)."));

        assertEquals(
                List.of(List.of(2L), List.of(3L)),
                ask("path(x,y) :- edge(x,y). path(x,z) :- path(x,y), edge(y,z). path(1, X)?"));
        assertEquals(1, answered.tx());
    }

    @Test
    void assertsOnlyWhatIsNew() throws Exception {
        add("p(1).", "p(2).");

        assertEquals(new Committed(2, 1, 0, 2), add("p(2). p(3). p(3)."));
        assertEquals(new Committed(0, 0, 0, 1), add("p(3)."));
    }

    @Test
    void computesArgumentsOfFacts() throws Exception {
        add("size(cat(\"a\", \"b\"), 3 * 1024).");

        assertEquals(List.of(List.of("ab", 3072L)), ask("size(n, s)?"));
    }

    @Test
    void factsSurviveAReopening() throws Exception {
        add("likes(\"ann\", \"bob\"). weight(\"ann\", 61.5). flag().");
        knowledge.remove(texts("likes(\"ann\", \"bob\")"), false, KnowledgeBase.NODE, null);
        add("likes(\"bob\", \"cy\").");
        reopen();

        assertEquals(List.of(List.of("bob", "cy")), ask("likes(x, y)?"));
        assertEquals(List.of(List.of(61.5)), ask("weight(\"ann\", w)?"));
        ask("flag()?");
        assertEquals(true, answered.answer());
    }

    @Test
    void asksAsOfAnEarlierMoment() throws Exception {
        add("p(1).");
        knowledge.remove(texts("p(1)"), false, KnowledgeBase.NODE, null);
        add("p(2).");

        assertEquals(List.of(List.of(1L)), ask("p(x)?", "1"));
        assertEquals(List.of(), ask("p(x)?", "2"));
        assertEquals(List.of(List.of(2L)), ask("p(x)?", "3"));
        reopen();
        assertEquals(List.of(List.of(1L)), ask("p(x)?", "1"));
        refused("core.as-of", () -> ask("p(x)?", "9"));
        refused("core.as-of", () -> ask("p(x)?", "yesterday"));
    }

    @Test
    void retractsPatternsOnlyWhenAskedTo() throws Exception {
        add("p(1, 1). p(1, 2). p(2, 2).");

        refused(
                "core.pattern",
                () -> knowledge.remove(texts("p(x, x)"), false, KnowledgeBase.NODE, null));
        assertEquals(
                2, knowledge.remove(texts("p(x, x)"), true, KnowledgeBase.NODE, null).retracted());
        assertEquals(List.of(List.of(1L, 2L)), ask("p(x, y)?"));
    }

    @Test
    void refusesAFactOfOtherTypes() throws Exception {
        add("p(1).");

        assertThrows(SovereignException.class, () -> add("p(\"one\")."));
        assertThrows(SovereignException.class, () -> add("p(1, 2)."));
        assertEquals(1, knowledge.counts().facts());
    }

    @Test
    void refusesVariablesAndSystemRelationsInFacts() {
        refused("core.not-a-fact", () -> add("p(x)."));
        assertThrows(SovereignException.class, () -> add("sys_tx(1, 2, \"a\", \"b\")."));
        assertEquals(0, knowledge.counts().tx());
    }

    @Test
    void modulesDeriveFromStoredFacts() throws Exception {
        add("parent(\"ann\", \"bob\"). parent(\"bob\", \"cy\").");
        knowledge
                .modules()
                .add(
                        "family",
                        new KnowledgeBase.Text(
                                "family.dl", "grand(x, z) :- parent(x, y), parent(y, z)."),
                        KnowledgeBase.NODE,
                        _ -> {});

        assertEquals(List.of(List.of("cy")), ask("grand(\"ann\", who)?"));
        assertEquals(List.of(List.of("cy")), ask("@family.grand(\"ann\", who)?"));
        reopen();
        assertEquals(List.of(List.of("cy")), ask("grand(\"ann\", who)?"));
        assertEquals("family", knowledge.modules().list().getFirst().name());
        assertEquals(List.of("grand"), knowledge.modules().list().getFirst().relations());
        assertTrue(knowledge.modules().graph(null, "tree").contains("parent"));

        knowledge.modules().remove("family", KnowledgeBase.NODE);
        assertThrows(SovereignException.class, () -> ask("grand(\"ann\", who)?"));
    }

    @Test
    void aFaultyModuleChangesNothing() {
        assertThrows(
                SovereignException.class,
                () ->
                        knowledge
                                .modules()
                                .add(
                                        "bad",
                                        new KnowledgeBase.Text("bad.dl", "p(x) :- q(y)."),
                                        KnowledgeBase.NODE,
                                        _ -> {}));
        assertEquals(0, knowledge.counts().tx());
        assertTrue(knowledge.modules().list().isEmpty());
    }

    @Test
    void readsInputOfAProgramFromTheAsker() throws Exception {
        add("edge(1, 2).");

        assertEquals(
                List.of(List.of(8L), List.of(9L)),
                ask(
                        "path(7, x)?",
                        null,
                        """
                        .decl edge(a:number, b:number)
                        .input edge
                        .decl path(a:number, b:number)
                        path(x,y) :- edge(x,y).
                        path(x,z) :- path(x,y), edge(y,z).
                        """));
    }

    @Test
    void knowsWhenAFactHeld() throws Exception {
        add("p(1).");
        knowledge.remove(texts("p(1)"), false, KnowledgeBase.NODE, "spring cleaning");
        add("p(1).");

        KnowledgeBase.FactHistory history =
                knowledge.history(new KnowledgeBase.Text("fact", "p(1)"));
        assertTrue(history.holds());
        assertEquals(
                List.of(true, false, true),
                history.events().stream().map(e -> e.asserted()).toList());
        assertEquals("spring cleaning", history.events().get(1).transaction().reason());
        assertFalse(knowledge.history(new KnowledgeBase.Text("fact", "p(2)")).holds());
    }

    @Test
    void systemRelationsAreAskedLikeOthers() throws Exception {
        add("p(1).");
        add("p(\"x\").".replace("p", "q"));

        assertEquals(
                List.of(List.of(1L, "node"), List.of(2L, "node")),
                ask("sys_tx(tx, _, author, _)?"));
        assertEquals(List.of(List.of("p", 1L), List.of("q", 2L)), ask("sys_fact(r, tx, _, _)?"));
        assertEquals(List.of(List.of("p"), List.of("q")), ask("sys_relation(r, 1, 1)?"));
        assertEquals(List.of(List.of("v")), ask("sys_config(\"a.key\", value)?"));
    }

    @Test
    void saysWhenQuotesWereMostLikelyForgotten() throws Exception {
        add("likes(\"ann\", \"bob\"). likes(\"cy\", \"ann\").");

        assertEquals(2, ask("likes(ann, y)?").size());
        assertEquals("core.unquoted", notes.getFirst().code());
        ask("likes(x, y)?");
        assertEquals(List.of(), notes);
    }

    @Test
    void exportsARelationByItsName() throws Exception {
        add("p(1, \"a\").");

        assertTrue(knowledge.isRelationName("p"));
        assertFalse(knowledge.isRelationName("p(x, y)"));
        assertEquals(List.of(List.of(1L, "a")), ask(knowledge.everyTuple("p")));
        refused("core.no-relation", () -> knowledge.everyTuple("nothing"));
    }
}
