package dev.sovereign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sovereign.Installation;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The completion scripts in their shells on a terminal, with somebody who presses Tab: the lines
/// of `src/test/resources/cli/screens/tab.txt`.
final class TabIT {

    /// A line that is not completed by then will not be.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

    private static final String PROMPT = "tab>";

    /// @param kind `=`, `?` or `!`
    private record Case(String line, char kind, String wanted, boolean daemon) {}

    @TempDir Path work;

    private Path home;
    private Path files;

    @BeforeEach
    void prepare() throws IOException {
        home = Files.createDirectory(work.resolve("home"));
        files = Files.createDirectory(work.resolve("files"));
        Files.writeString(files.resolve("facts.dl"), "");
        Files.createDirectory(files.resolve("outfolder"));
    }

    @Test
    void tabInBash() throws Exception {
        Path rc = work.resolve("rc");
        Files.writeString(
                rc,
                "PS1='tab> '; unset HISTFILE; bind 'set completion-query-items -1'; bind 'set"
                        + " enable-bracketed-paste off'; . <(sovereign completion bash)\n");
        play('b', "bash --noprofile --rcfile " + rc);
    }

    @Test
    void tabInZsh() throws Exception {
        Path folder = Files.createDirectory(work.resolve("zsh"));
        Files.writeString(
                folder.resolve(".zshrc"),
                "PS1='tab> '; unset HISTFILE; autoload -U compinit; compinit -D -u; . <(sovereign"
                        + " completion zsh)\n");
        play('z', "ZDOTDIR=" + folder + " zsh -o noglobalrcs");
    }

    @Test
    void tabInFish() throws Exception {
        Path folder = Files.createDirectory(work.resolve("fish"));
        // else fish reads all manuals of the machine to make completions of them
        Files.createDirectories(folder.resolve("fish").resolve("generated_completions"));
        play(
                'f',
                "XDG_CONFIG_HOME="
                        + folder
                        + " XDG_DATA_HOME="
                        + folder
                        + " fish --private"
                        + " --init-command 'function fish_prompt; echo \"tab> \"; end; function"
                        + " fish_right_prompt; end; set fish_greeting; set -g"
                        + " fish_autosuggestion_enabled 0; sovereign completion fish | source'");
    }

    private void play(char shell, String command) throws IOException, InterruptedException {
        String tool = Map.of('b', "bash", 'z', "zsh", 'f', "fish").getOrDefault(shell, "");
        for (String needed : List.of("tmux", tool)) {
            if (!Tmux.isThere(needed)) {
                if ("true".equals(System.getenv("CI"))
                        && !needed.equals("zsh")
                        && !needed.equals("fish")) {
                    fail(needed + " is missing, and continuous integration must have it");
                }
                Assumptions.abort(needed + " is missing: nobody presses Tab in " + tool);
            }
        }
        Path sockets = Files.createTempDirectory(Path.of("/tmp"), "tab");
        Tmux tmux =
                Tmux.start(
                        sockets.resolve("s"),
                        100,
                        24,
                        Installation.assignments(
                                "SOVEREIGN_HOME=" + home,
                                "PATH=" + Installation.BIN + ":" + System.getenv("PATH")));
        try {
            tmux.enter("cd " + files + "; clear; " + command);
            tmux.await("the shell", screen -> screen.getLast().equals(PROMPT));
            List<String> faults = new ArrayList<>();
            List<Case> cases = cases(shell);
            Map<Path, FileTime> before = files();
            for (Case one : cases) {
                if (!one.daemon()) {
                    press(tmux, one, faults);
                }
            }
            assertEquals(before, files(), "completing has touched files");
            assertFalse(Files.exists(home.resolve("run")), "completing has started a daemon");
            fill();
            for (Case one : cases) {
                if (one.daemon()) {
                    press(tmux, one, faults);
                }
            }
            assertTrue(faults.isEmpty(), tool + ":\n" + String.join("\n", faults));
            assertTrue(cases.size() >= 20, "only " + cases.size() + " cases for " + tool);
        } finally {
            tmux.stop();
            Files.deleteIfExists(sockets.resolve("s"));
            Files.deleteIfExists(sockets);
            sovereign("daemon", "stop");
        }
    }

    private void press(Tmux tmux, Case one, List<String> faults)
            throws IOException, InterruptedException {
        String typed = PROMPT + " " + one.line();
        tmux.type(one.line());
        tmux.await(one.line(), screen -> line(screen).equals(typed.stripTrailing()));
        tmux.press("Tab");
        if (one.kind() == '!') {
            // what was typed next shows that the shell is done with the Tab
            tmux.type("#");
        } else if (one.kind() == '?') {
            tmux.press("Tab", "Tab"); // what they have in common, what there is, and a list of it
        }
        long end = System.nanoTime() + PATIENCE_NANOS;
        List<String> screen = tmux.screen();
        while (!isAsWanted(one, screen) && System.nanoTime() < end) {
            Tmux.pause();
            screen = tmux.screen();
        }
        if (!isAsWanted(one, screen)) {
            faults.add(one + ": the screen is\n" + String.join("\n", screen));
        }
        tmux.press("C-u");
        tmux.press("C-l");
        tmux.await("an empty line", now -> now.size() == 1 && now.getFirst().equals(PROMPT));
    }

    private static boolean isAsWanted(Case one, List<String> screen) {
        return switch (one.kind()) {
            case '=' -> line(screen).equals(PROMPT + " " + one.wanted());
            case '!' -> line(screen).equals(PROMPT + " " + one.line() + "#");
            default -> {
                List<String> words = new ArrayList<>();
                screen.forEach(line -> words.addAll(Arrays.asList(line.strip().split(" +"))));
                yield words.containsAll(List.of(one.wanted().split(" +")));
            }
        };
    }

    /// The last line that begins with a prompt.
    private static String line(List<String> screen) {
        return screen.reversed().stream()
                .filter(line -> line.startsWith(PROMPT))
                .findFirst()
                .orElse("");
    }

    private Map<Path, FileTime> files() throws IOException {
        Map<Path, FileTime> found = new TreeMap<>();
        for (Path folder : List.of(home, files)) {
            try (Stream<Path> paths = Files.walk(folder)) {
                for (Path path : paths.toList()) {
                    found.put(path, Files.getLastModifiedTime(path));
                }
            }
        }
        return found;
    }

    private void fill() throws IOException, InterruptedException {
        Path rules = Files.writeString(work.resolve("ways.dl"), "way(x, y) :- edge(x, y).\n");
        sovereign("assert", "edge(1, 2).");
        sovereign("rules", "add", "ways", rules.toString());
    }

    private void sovereign(String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Installation.LAUNCHER.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command).inheritIO();
        builder.environment().put("SOVEREIGN_HOME", home.toString());
        builder.environment().putAll(Installation.environment());
        assertEquals(0, builder.start().waitFor(), command.toString());
    }

    private static List<Case> cases(char shell) throws IOException {
        List<Case> cases = new ArrayList<>();
        boolean daemon = false;
        for (String line : Files.readAllLines(Path.of("src/test/resources/cli/screens/tab.txt"))) {
            if (line.equals("with a daemon")) {
                daemon = true;
            } else if (!line.isBlank() && !line.startsWith("#")) {
                int arrow =
                        Math.max(
                                line.indexOf("=>"),
                                Math.max(line.indexOf("?>"), line.indexOf("!>")));
                int blank = line.indexOf(' ');
                String shells = line.substring(0, blank);
                if (shells.equals("*") || shells.indexOf(shell) >= 0) {
                    cases.add(
                            new Case(
                                    line.substring(blank, arrow).strip().replace('␣', ' '),
                                    line.charAt(arrow),
                                    line.substring(arrow + 2).strip(),
                                    daemon));
                }
            }
        }
        return cases;
    }
}
