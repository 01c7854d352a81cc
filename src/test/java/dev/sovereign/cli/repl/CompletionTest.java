package dev.sovereign.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.cli.Callers;

import org.jline.reader.Candidate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

final class CompletionTest {

    private final ScriptedNode node = new ScriptedNode();
    private final Session session = new Session();
    private final Connection connection =
            new Connection(node, Callers.Reach.DEFAULT, line -> {}, session);
    private final Known known = new Known(connection, node, Callers.Reach.DEFAULT);
    private final Completion completion = new Completion(known, session);

    /// What is offered at the `|` and begins with the word there.
    private List<String> offered(String text) {
        int cursor = text.indexOf('|');
        Place place = Place.of(text.replace("|", ""), cursor);
        return completion.candidates(place).stream()
                .map(Candidate::value)
                .filter(value -> value.startsWith(place.word()))
                .sorted()
                .toList();
    }

    @Test
    void relationsInDatalog() {
        assertEquals(List.of("edge("), offered("ed|"));
        assertEquals(List.of("edge("), offered("p(x) :- ed|"));
        assertEquals(List.of("edge("), offered("p(1). !ed|"));
        assertEquals(List.of("edge"), offered("ed|(1,2)"));
        assertEquals(List.of("@debian."), offered("@de|"));
    }

    @Test
    void columnsInsideAnAtom() {
        assertEquals(List.of("from", "from, to)"), offered("edge(|"));
        assertEquals(List.of("to"), offered("edge(1, |"));
        assertEquals(List.of("node", "to"), offered("p(node) :- edge(f(1, 2), |"));
        assertEquals(List.of(), offered("edge(1, 2, |"));
    }

    @Test
    void constantsThatStandInTheColumn() {
        offered("ed|");
        completion.foresee("edge(", 5);
        assertEquals(List.of("2", "3", "from", "from, to)"), offered("edge(|"));
        node.relations.add("person");
        connection.changed();
        offered("pers|");
        completion.foresee("person(\"", 8);
        assertEquals(List.of("Ada L.\"", "Bob\""), offered("person(\"|"));
        assertEquals(List.of("Ada L.\""), offered("p(x) :- person(\"Ada L|"));
        assertEquals(
                List.of("\"Bob\""),
                offered("person(\"Ada\", y), person(\"B|").stream()
                        .map(value -> "\"" + value)
                        .toList());
    }

    @Test
    void relationsOfTheSession() {
        session.add(List.of(".decl reach(start: number, end: number)", "far(x, y) :- edge(x, y)."));
        assertEquals(List.of("reach("), offered("rea|"));
        assertEquals(List.of("y"), offered("far(1, |"));
        assertEquals(List.of("start", "start, end)"), offered("reach(st|"));
    }

    @Test
    void peersModulesAndSettings() {
        assertEquals(List.of("server"), offered(".peer ping s|"));
        assertEquals(List.of("server"), offered(".query --at s|"));
        assertEquals(List.of("debian"), offered(".rules show |"));
        assertEquals(List.of("json", "jsonl"), offered(".mode js|"));
        assertEquals(List.of("edge"), offered(".schema e|"));
    }

    @Test
    void relationsAreAskedForAgainAfterAChange() throws InterruptedException {
        offered("ed|");
        offered("ed|");
        assertEquals(4, node.asked.size()); // relations, modules, skills and peers, once
        node.relations.add("edition");
        connection.call(
                new dev.sovereign.protocol.Request.Assert(List.of(), null),
                new dev.sovereign.cli.Listener() {});
        assertEquals(List.of("edge(", "edition("), offered("ed|"));
    }

    @Test
    void commandsAfterADot() {
        assertTrue(offered(".|").containsAll(List.of("query", "session", "help", "status")));
        assertEquals(List.of("query", "quit"), offered(".qu|"));
        assertFalse(offered(".|").contains("repl"));
        assertEquals(List.of("clear", "drop", "save"), offered(".session |"));
        assertTrue(offered("p(1).\n  .que|").contains("query"));
        assertTrue(offered("p(x) :-\n  .que|").isEmpty());
    }

    @Test
    void optionsAndTheirValues() {
        assertEquals(List.of("--as-of"), offered(".query --as|"));
        assertEquals(List.of("table", "tsv"), offered(".query --format t|"));
        assertEquals(List.of("edge("), offered(".query ed|"));
        assertEquals(List.of("edge("), offered(".query --limit 3 edge(1, x), ed|"));
    }

    @Test
    void filesAfterWhatTakesOne(@TempDir Path folder) throws IOException {
        Files.writeString(folder.resolve("rules.dl"), "");
        Files.createDirectory(folder.resolve("data"));
        assertEquals(List.of(folder + "/rules.dl"), offered(".load " + folder + "/ru|"));
        assertEquals(
                List.of(folder + "/data/", folder + "/rules.dl"),
                offered(".query -f " + folder + "/|"));
        assertEquals(List.of(folder + "/rules.dl"), offered(".query -f '" + folder + "/ru|"));
    }

    @Test
    void anyTextAndCursorIsAPlace() {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        String letters = "ab(.?\"' /*-{}),:\n@_1é\\";
        for (int round = 0; round < 5_000; round++) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(16); i > 0; i--) {
                text.append(letters.charAt(random.nextInt(letters.length())));
            }
            String line = text.toString();
            Place place = Place.of(line, random.nextInt(line.length() + 1));
            completion.candidates(place);
            assertTrue(place.rawWordLength() >= 0, "seed " + seed + ": " + line);
        }
    }
}
