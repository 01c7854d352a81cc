package dev.sovereign.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Cli;
import dev.sovereign.cli.Out;
import dev.sovereign.cli.Streams;
import dev.sovereign.protocol.Request;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

final class ShellTest {

    private final ScriptedNode node = new ScriptedNode();
    private final ByteArrayOutputStream screen = new ByteArrayOutputStream();
    private final Session session = new Session();
    private final Connection connection =
            new Connection(node, Callers.Reach.DEFAULT, line -> {}, session);
    private boolean interactive;
    private String offered = "";
    private Map<String, String> environment = Map.of();
    private final Shell shell =
            new Shell(
                    connection,
                    session,
                    Cli::run,
                    new Surface() {
                        @Override
                        public Streams streams() {
                            return new Streams(
                                    InputStream.nullInputStream(),
                                    new Out(screen),
                                    new Out(screen),
                                    false,
                                    false,
                                    false,
                                    environment,
                                    Path.of(""),
                                    0);
                        }

                        @Override
                        public @Nullable Page page() {
                            return null;
                        }

                        @Override
                        public Streams paged(Page page) {
                            throw new IllegalStateException("nothing is paged");
                        }

                        @Override
                        public void offer(String text) {
                            offered = text;
                        }

                        @Override
                        public boolean isInteractive() {
                            return interactive;
                        }

                        @Override
                        public boolean isColored() {
                            return false;
                        }

                        @Override
                        public int columns() {
                            return interactive ? 80 : 0;
                        }
                    });

    private String type(String text) {
        return type(new Typed("input", text, 1, 0));
    }

    private String type(Typed typed) {
        screen.reset();
        int status = shell.run(typed);
        return screen.toString(StandardCharsets.UTF_8) + (status == 0 ? "" : "[" + status + "]");
    }

    @Test
    void modeChangesWhatAnswersLookLike() {
        assertTrue(type(".mode xml").contains("table, tsv, csv, json, jsonl"));
        type(".mode csv");
        assertEquals("x\n2\n3\n", type("edge(1, x)?"));
    }

    @Test
    void timingSaysHowLongItTook() {
        assertEquals("sovereign: timing is on\n", type(".timing on"));
        assertTrue(type("edge(1, x)?").matches("(?s)2\n3\nsovereign: took [0-9]+\\.[0-9] ms\n"));
        assertEquals("sovereign: timing is off\n", type(".timing"));
        assertEquals("2\n3\n", type("edge(1, x)?"));
    }

    @Test
    void schemaShowsDeclarations() {
        assertEquals(".decl edge(from: number, to: number)  // 2 facts\n", type(".schema"));
    }

    @Test
    void editPutsTheLastInputIntoAnEditorAndTheResultAtThePrompt(@TempDir Path folder)
            throws IOException {
        assertTrue(type(".edit").contains("an editor needs a terminal"));
        interactive = true;
        Path editor = folder.resolve("editor");
        Files.writeString(editor, "#!/bin/sh\nsed -i s/1/7/ \"$1\"\n");
        assertTrue(editor.toFile().setExecutable(true));
        environment = Map.of("EDITOR", editor.toString());
        type("edge(1, x)?");
        assertEquals("", type(".edit"));
        assertEquals("edge(7, x)?", offered);
    }

    private Request<?> lastAsked() {
        return node.asked.getLast();
    }

    @Test
    void theFactsOfAnInputAreOneTransaction() {
        assertEquals("tx 1: 1 asserted\n", type("edge(1,2). edge(2,3)."));

        Request.Assert request = (Request.Assert) lastAsked();
        assertEquals("edge(1,2). edge(2,3).", request.facts().getFirst().text());
        assertEquals(1, node.asked.size());
    }

    @Test
    void aQuestionComesAfterTheFactsBeforeIt() {
        assertEquals("tx 1: 1 asserted\n2\n3\n", type("edge(1,2). edge(x,2)?"));

        assertEquals(
                List.of("Assert", "Query"),
                node.asked.stream().map(r -> r.getClass().getSimpleName()).toList());
        // places in it are places in what was typed
        assertEquals("           edge(x,2)?", ((Request.Query) lastAsked()).text());
    }

    @Test
    void rulesGoAlongWithQuestions() {
        assertEquals("", type("path(x,y) :- edge(x,y)."));
        assertEquals("2\n3\n", type("path(1,x)?"));

        Request.Query query = (Request.Query) lastAsked();
        assertEquals("session", query.programs().getFirst().name());
        assertEquals("path(x,y) :- edge(x,y).\n", query.programs().getFirst().text());

        type(".query path(1, x)?");
        assertEquals("path(1, x)?", ((Request.Query) lastAsked()).text());
        assertEquals(1, ((Request.Query) lastAsked()).programs().size());
    }

    @Test
    void aDeclarationAsksNothingOfItsNeighbors() {
        type(".decl edge(a:number, b:number)");
        type("path(x,y) :- edge(x,y).\npath(x,z) :- path(x,y), edge(y,z).");
        type("q(x) :- path(x,_).");
        type("path(1,x)?");
        assertEquals(
                List.of(
                        ".decl edge(a:number, b:number)\n",
                        "\npath(x,y) :- edge(x,y).\npath(x,z) :- path(x,y), edge(y,z).\n",
                        "\n\n\nq(x) :- path(x,_).\n"),
                ((Request.Query) lastAsked())
                        .programs().stream().map(Request.Program::text).toList());
    }

    @Test
    void aRuleAboutAnUnknownRelationWaitsForIt() {
        String said = type("even(x) :- odd(x).");
        assertTrue(said.contains("relation \"odd\" is not known"), said);
        assertEquals(List.of("even(x) :- odd(x)."), session.waiting());

        type("edge(x,1)?");
        assertTrue(((Request.Query) lastAsked()).programs().isEmpty());

        assertEquals("", type("odd(x) :- even(x)."));
        assertEquals(List.of("even(x) :- odd(x).", "odd(x) :- even(x)."), session.active());
    }

    @Test
    void aFactWakesTheRuleThatWaitedForIt() {
        type("p(x) :- hole(x).");
        node.relations.add("hole");
        assertEquals(
                "tx 1: 1 asserted\nsovereign: session: 1 that waited is in use\n",
                type("hole(1)."));
        assertEquals(List.of("p(x) :- hole(x)."), session.active());
    }

    @Test
    void theSessionIsShownSavedAndEmptied() {
        type("p(x) :- edge(x,_).");
        type("q(x) :-\n  edge(_,x).");
        assertEquals(
                "  1  p(x) :- edge(x,_).\n  2  q(x) :-\n       edge(_,x).\n", type(".session"));
        assertEquals("  1  q(x) :-\n       edge(_,x).\n", type(".session drop 1"));
        assertEquals(
                "tx 1: rules of the session saved as mine; the session is empty now\n",
                type(".session save mine"));
        assertEquals("q(x) :-\n  edge(_,x).\n", ((Request.RulesAdd) lastAsked()).program().text());
        assertTrue(type(".session drop x").endsWith("[2]"));
        assertTrue(type(".session save").endsWith("[2]"));
    }

    @Test
    void aFaultIsShownWhereItWasTyped() {
        node.refusal = ScriptedNode.fault("query", 2, 5, "    x");
        assertEquals(
                """
                sovereign: error: expected ")" [core.syntax]
                  -:8:5
                  p(x ?
                      ^
                [1]\
                """,
                type(new Typed("-", "?- edge(1,x),\np(x ?", 7, 0)));
    }

    @Test
    void onATerminalTheCaretStandsUnderThePrompt() {
        interactive = true;
        node.refusal = ScriptedNode.fault("query", 1, 9, "path(1,X?");
        assertEquals(
                " ".repeat(11 + 8) + "^\nsovereign: error: expected \")\" [core.syntax]\n[1]",
                type(new Typed("input", "path(1,X?", 1, 11)));

        node.refusal = ScriptedNode.fault("input", 1, 7, "p(\"日本\"");
        assertEquals(
                " ".repeat(11 + 8) + "^\nsovereign: error: expected \")\" [core.syntax]\n[1]",
                type(new Typed("input", "p(\"日本\".", 1, 11)));
    }

    @Test
    void directivesJoinTheSessionOrAreRefused() {
        assertEquals("", type(".decl p(x:number)"));
        assertEquals(List.of(".decl p(x:number)"), session.active());
        assertTrue(type(".output p").contains("[repl.directive]"));
        assertTrue(type(".plan 0:(1)").contains("[repl.directive]"));
        assertEquals(1, session.active().size());
    }

    @Test
    void commandsTheShellDoesNotKnowAreTheCommandLines() {
        assertTrue(type(".relation").contains("is not a command"));
        assertTrue(type(".repl").contains("[repl.not-here]"));
        assertTrue(type(".help").contains(".session save NAME"));
        assertTrue(type(".help query").contains("--as-of"));
        assertTrue(type(".version").startsWith("sovereign "));
        assertEquals("", type(".quit"));
        assertTrue(shell.isLeaving());
    }

    @Test
    void aDaemonThatDiedIsAskedAgain() {
        node.losses = 1;
        assertEquals("tx 1: 1 asserted\n", type("edge(1,2)."));
        assertEquals(2, node.asked.size());
    }

    @Test
    void ctrlCEndsTheInputOnly() {
        Thread.currentThread().interrupt();
        assertEquals("sovereign: stopped\n[130]", type("edge(x,1)? edge(x,2)?"));
        assertEquals(0, node.asked.size());
        assertEquals("2\n3\n", type("edge(x,1)?"));
    }

    @Test
    void readsAFileAsOneInput(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("a b.dl");
        Files.writeString(file, "edge(1,2).\nedge(2,3).\np(x) :- edge(x,_).\n.load " + file + "\n");
        String said = type(".load '" + file + "'");
        assertTrue(said.startsWith("tx 1: 1 asserted\n"), said);
        assertTrue(said.contains("[repl."), said);
        assertTrue(type(".load none").contains("no such file"));
    }

    @Test
    void onlyOneConnectionIsMade() {
        type("edge(1,2). edge(x,1)?");
        type(".query edge(x,1)?");
        assertEquals(1, node.connections);
    }
}
