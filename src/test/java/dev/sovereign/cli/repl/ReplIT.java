package dev.sovereign.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sovereign.Installation;
import dev.sovereign.cli.Tmux;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;

/// The prompt as people meet it: the launcher, a terminal, a daemon, keys and what the screen
/// shows. All tests share one home, so each uses relations of its own.
final class ReplIT {

    private static final String LAUNCHER = Installation.LAUNCHER.toString();

    @TempDir static Path home;

    private Tmux tmux;
    private Path folder;

    @BeforeEach
    void openTerminal() throws IOException, InterruptedException {
        if (!Tmux.isThere()) {
            if ("true".equals(System.getenv("CI"))) {
                fail("tmux is missing, and continuous integration must have it");
            }
            Assumptions.abort("tmux is missing: the prompt is not tested on a terminal");
        }
        folder = Files.createTempDirectory(Path.of("/tmp"), "repl");
        tmux =
                Tmux.start(
                        folder.resolve("s"),
                        80,
                        40,
                        Installation.assignments("SOVEREIGN_HOME=" + home));
    }

    @AfterEach
    void closeTerminal() throws IOException, InterruptedException {
        if (tmux != null) {
            tmux.stop();
            Files.deleteIfExists(folder.resolve("s"));
            Files.deleteIfExists(folder);
        }
    }

    @AfterAll
    static void stopDaemon() throws IOException, InterruptedException {
        run("daemon", "stop");
    }

    private record Ran(int status, String out, String err) {}

    private static Ran run(String... words) throws IOException, InterruptedException {
        return piped("", words);
    }

    private static Ran piped(String input, String... words)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(LAUNCHER));
        command.addAll(List.of(words));
        Path errors = Files.createTempFile(home, "err", "");
        ProcessBuilder builder = new ProcessBuilder(command).redirectError(errors.toFile());
        builder.environment().put("SOVEREIGN_HOME", home.toString());
        builder.environment().putAll(Installation.environment());
        Process process = builder.start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(input.getBytes(StandardCharsets.UTF_8));
        }
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Ran(process.waitFor(), out, Files.readString(errors));
    }

    private void open() throws IOException, InterruptedException {
        tmux.enter("clear; " + LAUNCHER + " repl"); // alone it would greet a newcomer
        tmux.await("the prompt", screen -> last(screen).equals("sovereign>"));
    }

    private static String last(List<String> screen) {
        return screen.isEmpty() ? "" : screen.getLast();
    }

    /// Types a line and waits for its answer.
    ///
    /// @param begin how a line of the answer begins
    /// @return the lines between what was typed and the next prompt
    private List<String> ask(String typed, String begin) throws IOException, InterruptedException {
        tmux.enter(typed);
        return answer(typed, begin);
    }

    private List<String> answer(String typed, String begin)
            throws IOException, InterruptedException {
        return after(
                tmux.await(
                        "an answer to " + typed + " that begins with " + begin,
                        screen ->
                                last(screen).equals("sovereign>")
                                        && after(screen, typed).stream()
                                                .anyMatch(line -> line.startsWith(begin))),
                typed);
    }

    /// The lines after the last one that ends like this, without the prompt at the end.
    private static List<String> after(List<String> screen, String typed) {
        for (int i = screen.size() - 2; i >= 0; i--) {
            if (screen.get(i).endsWith(typed)) {
                return screen.subList(i + 1, screen.size() - 1);
            }
        }
        return List.of();
    }

    @Test
    void factsAreAssertedAndQuestionsAnsweredAsTables() throws Exception {
        open();
        List<String> done = ask("edge(1, 2). edge(2, 3).", "tx ");
        assertTrue(done.getFirst().matches("tx [0-9]+: 2 asserted"), done.toString());

        assertEquals(
                List.of(
                        "┌───┬───┐",
                        "│ X │ Y │",
                        "├───┼───┤",
                        "│ 1 │ 2 │",
                        "│ 2 │ 3 │",
                        "└───┴───┘",
                        "2 rows"),
                ask("edge(X, Y)?", "2 rows"));
        assertEquals(List.of("yes"), ask("edge(1, 2)?", "yes"));
        assertEquals("X,Y", ask(".query edge(X, Y), X > 1? --format csv", "2,3").getFirst());
        assertFalse(tmux.screen().toString().contains("WARNING"));
    }

    @Test
    void aRuleTakesThreeLinesAndLastsForTheSession() throws Exception {
        open();
        ask("step(1, 2). step(2, 3). step(3, 4).", "tx ");
        ask("reach(x, y) :- step(x, y).", "session: 1 statement added");
        tmux.enter("reach(x, z) :-").await("       ..>");
        tmux.enter("  reach(x, y),");
        ask("  step(y, z).", "session: 1 statement added, 2 in all");
        assertTrue(tmux.screen().contains("       ..>   step(y, z)."));

        assertEquals(
                List.of("│ Z │", "├───┤", "│ 2 │", "│ 3 │", "│ 4 │"),
                ask("reach(1, Z)?", "3 rows").subList(1, 6));
    }

    @Test
    void aSyntaxErrorHasItsCaretUnderWhatWasTyped() throws Exception {
        open();
        List<String> said = ask("path(1, X ?", "error: ");
        assertEquals(" ".repeat("sovereign> path(1, X ".length()) + "^", said.getFirst());
        assertTrue(said.get(1).startsWith("error: expected "), said.toString());
        assertTrue(said.get(1).endsWith("[core.syntax]"), said.toString());
    }

    @Test
    void ctrlCEndsTheQueryAndNotThePrompt() throws Exception {
        open();
        ask("slow(x) :- x = range(0, 1000000), y = range(0, 1000000), x + y < 0.", "session: ");
        tmux.enter("slow(x)?");
        tmux.await("working "); // it takes long enough to say so
        tmux.press("C-c");
        answer("slow(x)?", "stopped");

        tmux.type("half a line");
        tmux.await("sovereign> half a line");
        tmux.press("C-c");
        tmux.await("a new prompt", screen -> last(screen).equals("sovereign>"));
        ask("1 < 2?", "yes");
    }

    @Test
    void theHistoryOutlivesThePromptAndIsPrivate() throws Exception {
        open();
        ask("remembered(42).", "tx ");
        tmux.enter(" hidden(1)."); // begins with a blank
        tmux.await(
                "the second answer",
                screen -> screen.stream().filter(line -> line.startsWith("tx ")).count() == 2);
        tmux.press("C-d");
        tmux.await("the shell", screen -> last(screen).equals("sh>"));

        open();
        tmux.press("Up");
        tmux.await("the last input", screen -> last(screen).endsWith("> remembered(42)."));
        tmux.press("C-c");
        tmux.await("a new prompt", screen -> last(screen).equals("sovereign>"));
        tmux.press("C-r").type("ember");
        tmux.await("the search", screen -> last(screen).contains("ember"));
        tmux.await("what is found", screen -> screen.toString().contains("> remembered(42)."));

        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(home.resolve("repl-history"))));
        assertFalse(Files.readString(home.resolve("repl-history")).contains("hidden"));
    }

    @Test
    void tabCompletesCommandsRelationsAndColumns() throws Exception {
        open();
        ask(".decl completed(first:number, second:symbol)", "session: ");
        ask("tabulated(1, \"a\").", "tx ");
        tmux.type("tabul").press("Tab");
        tmux.await("the relation", screen -> last(screen).equals("sovereign> tabulated("));
        tmux.press("C-c");
        tmux.await("a new prompt", screen -> last(screen).equals("sovereign>"));
        tmux.type(".relati").press("Tab");
        tmux.await("the command", screen -> last(screen).equals("sovereign> .relations"));
    }

    @Test
    void killedItLeavesTheTerminalAsItWas() throws Exception {
        tmux.enter("stty -a > " + home.resolve("before"));
        open();
        tmux.type("half");
        tmux.await("sovereign> half");
        tmux.press("C-z");
        tmux.await("the shell", screen -> last(screen).equals("sh>"));
        tmux.enter("stty -a > " + home.resolve("stopped") + "; fg");
        tmux.await("the line again", screen -> last(screen).equals("sovereign> half"));
        ProcessHandle prompt =
                ProcessHandle.allProcesses()
                        .filter(process -> isPrompt(process))
                        .findFirst()
                        .orElseThrow();
        prompt.destroy();
        tmux.await("the shell", screen -> last(screen).endsWith("sh>"));
        tmux.enter("stty -a > " + home.resolve("after") + "; echo done");
        tmux.await("done");
        assertEquals(modes("before"), modes("stopped"));
        assertEquals(modes("before"), modes("after"));
    }

    /// What `stty -a` said, but for the line discipline: JLine writes some number where the kernel
    /// looks at none.
    private static String modes(String file) throws IOException {
        return Files.readString(home.resolve(file)).replaceAll("line = [0-9]+;", "");
    }

    /// The JVM that this test's terminal runs: below the tmux server, which has our folder in its
    /// command line.
    private boolean isPrompt(ProcessHandle process) {
        boolean java = process.info().command().orElse("").endsWith("/java");
        for (var parent = process.parent(); java && parent.isPresent(); ) {
            if (parent.get().info().commandLine().orElse("").contains(folder.toString())) {
                return true;
            }
            parent = parent.get().parent();
        }
        return false;
    }

    @Test
    void survivesTheDeathOfTheDaemon() throws Exception {
        open();
        ask("before(1).", "tx ");
        String pid = Files.readAllLines(home.resolve("daemon.lock")).getFirst().strip();
        ProcessHandle daemon = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        daemon.destroyForcibly();
        daemon.onExit().join();
        List<String> said = ask("after(1).", "tx ");
        assertTrue(said.toString().contains("the daemon had ended; "), said.toString());
        ask("before(X), after(X)?", "1 row");
    }

    @Test
    void aPipeNeedsNoPrompt() throws Exception {
        Ran ran = piped("piped(1). piped(2).\npiped(\n  X)?\n", "repl");
        assertEquals("", ran.err());
        assertTrue(ran.out().matches("tx [0-9]+: 2 asserted\n1\n2\n"), ran.out());
        assertEquals(0, ran.status());

        Ran wrong = piped("piped(1)?\n\n  piped(X ?\npiped(2)?\n", "repl");
        assertEquals("yes\nyes\n", wrong.out());
        assertTrue(wrong.err().startsWith("sovereign: error: expected "), wrong.err());
        assertTrue(wrong.err().contains("\n  -:3:11\n    piped(X ?\n            ^\n"), wrong.err());
        assertEquals(1, wrong.status());
    }

    @Test
    void aDumbTerminalHasAPromptToo() throws Exception {
        tmux.enter("clear; TERM=dumb " + LAUNCHER);
        tmux.await("the prompt", screen -> last(screen).equals("sovereign>"));
        ask("dumb(1).", "tx ");
        ask("dumb(X)?", "1 row");
        tmux.press("C-d");
        tmux.await("the shell", screen -> last(screen).equals("sh>"));
    }
}
