package dev.sovereign.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.AnswerSink;
import dev.sovereign.core.KnowledgeBase;
import dev.sovereign.core.Question;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.store.StoreOptions;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.node.machine.MachineRelations;
import dev.sovereign.protocol.Home;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

class FirstRunTest {

    @TempDir Path folder;

    private Home home(String name) {
        return Home.of(folder.resolve(name).toString(), Map.of());
    }

    @Test
    void greetsOnceInAHomeAndNeverAgain() {
        assertTrue(FirstRun.begins(home("new")));
        assertFalse(FirstRun.begins(home("new")));
        assertTrue(FirstRun.begins(home("other")));
    }

    @Test
    void whoHasAStoreIsNoNewcomer() throws IOException {
        Files.createDirectories(home("old").store());
        assertFalse(FirstRun.begins(home("old")));
    }

    @Test
    void aHomeThatCannotBeMadeIsNotGreeted() throws IOException {
        Files.writeString(folder.resolve("file"), "not a folder");
        assertFalse(FirstRun.begins(home("file/below")));
    }

    @Test
    void itIsSixLinesThatFitATerminalAndNameWhatToTry() {
        assertEquals(6, FirstRun.lines().size());
        for (String line : FirstRun.lines()) {
            assertTrue(line.length() <= 80, line);
        }
        for (String one : FirstRun.TRIES) {
            assertTrue(FirstRun.lines().stream().anyMatch(line -> line.contains(one)), one);
        }
    }

    @Test
    void eachThingToTryWorksOnTheSample() throws Exception {
        try (KnowledgeBase base =
                KnowledgeBase.open(
                        folder.resolve("store"),
                        StoreOptions.of(folder.resolve("store.key")),
                        Map::of,
                        MachineRelations.all(folder.resolve("native")))) {
            List<KnowledgeBase.Text> sample =
                    List.of(new KnowledgeBase.Text("session", Session.text(FirstRun.SAMPLE)));
            Rows ways = ask(base, sample, FirstRun.TRIES.get(0));
            assertTrue(ways.rows.contains(List.of("Zermatt", 177L)), ways.rows.toString());
            assertEquals(7, ways.rows.size());
            assertFalse(ask(base, sample, FirstRun.TRIES.get(2)).rows.isEmpty());
            String atom = FirstRun.TRIES.get(1).substring(".why ".length());
            assertEquals(
                    "way(\"Zurich\", \"Zermatt\", 177)",
                    atom,
                    "the proof that is shown is that of an answer");
            assertEquals(true, yes(base, sample, atom + "?"));
        }
    }

    private static final class Rows implements AnswerSink {
        final List<List<@Nullable Object>> rows = new ArrayList<>();

        @Override
        public void columns(String of, List<String> names, List<String> types) {}

        @Override
        public void rows(List<List<@Nullable Object>> some) {
            rows.addAll(some);
        }

        @Override
        public void note(Diagnostic note) {
            throw new AssertionError("nothing to remark on a sample: " + note);
        }
    }

    private static Question question(List<KnowledgeBase.Text> sample, String text) {
        return new Question(
                new KnowledgeBase.Text("query", text), sample, null, Long.MAX_VALUE, false);
    }

    private static Rows ask(KnowledgeBase base, List<KnowledgeBase.Text> sample, String text)
            throws Exception {
        Rows rows = new Rows();
        base.ask(
                question(sample, text),
                (_, _) -> {
                    throw new IOException("no files");
                },
                rows,
                Control.unlimited());
        return rows;
    }

    private static @Nullable Boolean yes(
            KnowledgeBase base, List<KnowledgeBase.Text> sample, String text) throws Exception {
        return base.ask(
                        question(sample, text),
                        (_, _) -> {
                            throw new IOException("no files");
                        },
                        new Rows(),
                        Control.unlimited())
                .answer();
    }
}
