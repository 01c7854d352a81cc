package dev.sovereign.cli.repl;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sovereign.Installation;
import dev.sovereign.cli.GoldenFile;
import dev.sovereign.cli.Tmux;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/// What the prompt looks like: the scenes of `src/test/resources/cli/screens/scenes.txt`, played
/// one after the other at one prompt on terminals of three sizes, and after each what the screen
/// shows. With `-Dsovereign.accept=true` what it shows is written down, to be looked at.
@Tag("alone")
final class ScreensIT {

    private static final Path FOLDER = Path.of("src/test/resources/cli/screens");

    /// A screen that is not as expected by then will not become so.
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(15);

    /// When screens are accepted: one that has not changed for so many looks is taken.
    private static final int STILL_LOOKS = 12;

    private static final String PROMPT = "sovereign>";

    private record Step(char kind, String text) {}

    private record Scene(String name, List<Step> steps, Set<String> marks) {

        boolean isColored() {
            return marks.contains("colors");
        }

        boolean needsClearing() {
            return !marks.contains("as-is") && steps.getFirst().kind() != '$';
        }
    }

    @TempDir Path work;

    @BeforeAll
    static void needTools() throws InterruptedException {
        for (String tool : List.of("tmux", "less", "script")) {
            if (!Tmux.isThere(tool)) {
                if ("true".equals(System.getenv("CI"))) {
                    fail(tool + " is missing, and continuous integration must have it");
                }
                Assumptions.abort(tool + " is missing: the prompt is not looked at");
            }
        }
    }

    @Test
    void scenesOn80By24() throws Exception {
        play(80, 24);
    }

    @Test
    void scenesOn40By20() throws Exception {
        play(40, 20);
    }

    @Test
    void scenesOn200By60() throws Exception {
        play(200, 60);
    }

    private void play(int columns, int rows) throws IOException, InterruptedException {
        List<Scene> scenes = scenes();
        assertTrue(scenes.size() >= 40, "only " + scenes.size() + " scenes");
        Path golden = FOLDER.resolve(columns + "x" + rows + ".txt");
        Map<String, List<String>> wanted = read(golden);
        prepare();
        Path sockets = Files.createTempDirectory(Path.of("/tmp"), "screens");
        Tmux tmux = Tmux.start(sockets.resolve("s"), columns, rows, environment());
        try {
            tmux.enter("cd " + work.resolve("files") + "; clear; sovereign repl");
            Map<String, List<String>> came = new LinkedHashMap<>();
            List<String> faults = new ArrayList<>();
            for (Scene scene : scenes) {
                List<String> expected = wanted.getOrDefault(scene.name(), List.of());
                List<String> screen = play(tmux, scene, expected);
                boolean same = GoldenFile.matches(expected, screen);
                came.put(scene.name(), same ? expected : screen);
                if (!same) {
                    faults.add(
                            "== "
                                    + scene.name()
                                    + "\nexpected\n"
                                    + String.join("\n", expected)
                                    + "\nbut the screen shows\n"
                                    + String.join("\n", screen));
                }
            }
            if (GoldenFile.ACCEPT) {
                write(golden, came);
                return;
            }
            assertEquals(wanted.keySet(), came.keySet(), "scenes of " + golden);
            assertTrue(faults.isEmpty(), golden + ":\n" + String.join("\n\n", faults));
        } finally {
            tmux.stop();
            Files.deleteIfExists(sockets.resolve("s"));
            Files.deleteIfExists(sockets);
            stopDaemon();
        }
    }

    private List<String> environment() {
        return Installation.assignments(
                "SOVEREIGN_HOME=" + work.resolve("home"),
                "PATH=" + Installation.BIN + ":" + System.getenv("PATH"),
                "EDITOR=" + work.resolve("editor"),
                "USER=tester");
    }

    private void prepare() throws IOException {
        Path files = Files.createDirectory(work.resolve("files"));
        Files.writeString(files.resolve("facts.dl"), "loaded(1, \"one\").\nloaded(2, \"two\").\n");
        Files.writeString(files.resolve("fast.csv"), "1,2\n");
        Path editor = work.resolve("editor");
        Files.writeString(editor, "#!/bin/sh\necho 'loaded(7, X)?' > \"$1\"\n");
        assertTrue(editor.toFile().setExecutable(true));
    }

    private void stopDaemon() throws IOException, InterruptedException {
        ProcessBuilder stop =
                new ProcessBuilder(Installation.LAUNCHER.toString(), "daemon", "stop");
        stop.environment().put("SOVEREIGN_HOME", work.resolve("home").toString());
        stop.environment().putAll(Installation.environment());
        assertEquals(0, stop.inheritIO().start().waitFor());
    }

    // ---- one scene ----

    private List<String> play(Tmux tmux, Scene scene, List<String> expected)
            throws IOException, InterruptedException {
        if (scene.needsClearing()) {
            tmux.press("C-c");
            await(tmux, scene, "a prompt", screen -> screen.getLast().equals(PROMPT));
            tmux.press("C-l");
            await(tmux, scene, "an empty screen", List.of(PROMPT)::equals);
        }
        for (Step step : scene.steps()) {
            switch (step.kind()) {
                case '>' -> {
                    await(tmux, scene, "a prompt", ScreensIT::endsWithPrompt);
                    tmux.enter(step.text());
                }
                case '$' -> {
                    await(tmux, scene, "the shell", screen -> screen.getLast().equals("sh>"));
                    tmux.enter("clear; " + step.text());
                }
                case '+' -> tmux.type(step.text());
                case '!' -> tmux.press(step.text().split(" "));
                case '~' -> await(tmux, scene, "a prompt", ScreensIT::endsWithPrompt);
                case '.' -> killDaemon();
                case '?' ->
                        await(
                                tmux,
                                scene,
                                "a line with " + step.text(),
                                screen ->
                                        screen.stream()
                                                .anyMatch(line -> line.contains(step.text())));
                default -> throw new AssertionError("no such step: " + step);
            }
        }
        return settled(tmux, scene, expected);
    }

    private static boolean endsWithPrompt(List<String> screen) {
        return screen.getLast().equals(PROMPT) || screen.getLast().equals("       ..>");
    }

    private List<String> settled(Tmux tmux, Scene scene, List<String> expected)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + PATIENCE_NANOS;
        List<String> screen = shown(tmux, scene.isColored());
        List<String> last = List.of();
        int still = 0;
        while (!GoldenFile.matches(expected, screen) && System.nanoTime() < end) {
            still = screen.equals(last) ? still + 1 : 0;
            if (GoldenFile.ACCEPT && still >= STILL_LOOKS) {
                break;
            }
            last = screen;
            Tmux.pause();
            screen = shown(tmux, scene.isColored());
        }
        return screen;
    }

    private static void await(Tmux tmux, Scene scene, String what, Predicate<List<String>> wanted)
            throws IOException, InterruptedException {
        tmux.await(scene.name() + ": " + what, screen -> !screen.isEmpty() && wanted.test(screen));
    }

    private void killDaemon() throws IOException {
        Path lock = work.resolve("home").resolve("daemon.lock");
        String pid = Files.readAllLines(lock).getFirst().strip();
        ProcessHandle daemon = ProcessHandle.of(Long.parseLong(pid)).orElseThrow();
        daemon.destroyForcibly();
        daemon.onExit().join();
    }

    // ---- screens ----

    /// What differs from run to run.
    private static final Map<Pattern, String> MASKS =
            new LinkedHashMap<>(
                    Map.of(
                            Pattern.compile("Sovereign [0-9][^ ]*\\. Type"),
                                    "Sovereign VERSION. Type",
                            Pattern.compile("20[0-9]{2}-[0-9]{2}-[0-9]{2}T[0-9:.]{12}Z"),
                                    "2026-01-01T00:00:00.000Z",
                            Pattern.compile("took [0-9.]+ ms"), "took N ms",
                            Pattern.compile("\\(process [0-9]+\\)"), "(process N)"));

    private static List<String> shown(Tmux tmux, boolean colors)
            throws IOException, InterruptedException {
        List<String> lines = new ArrayList<>();
        for (String line : tmux.screen(colors)) {
            String masked = line.replace('\u001b', '␛');
            for (Map.Entry<Pattern, String> mask : MASKS.entrySet()) {
                masked = mask.getKey().matcher(masked).replaceAll(mask.getValue());
            }
            lines.add("|" + masked);
        }
        return lines;
    }

    private static List<Scene> scenes() throws IOException {
        List<Scene> scenes = new ArrayList<>();
        List<Step> steps = List.of();
        Set<String> marks = Set.of();
        for (String line : Files.readAllLines(FOLDER.resolve("scenes.txt"))) {
            if (line.startsWith("== ")) {
                steps = new ArrayList<>();
                marks = new HashSet<>();
                scenes.add(new Scene(line.substring(3), steps, marks));
            } else if (line.equals("colors") || line.equals("as-is")) {
                marks.add(line);
            } else if (!line.isBlank() && !line.startsWith("#")) {
                steps.add(new Step(line.charAt(0), line.substring(2)));
            }
        }
        return scenes;
    }

    private static Map<String, List<String>> read(Path golden) throws IOException {
        Map<String, List<String>> screens = new LinkedHashMap<>();
        if (Files.exists(golden)) {
            List<String> lines = new ArrayList<>();
            for (String line : Files.readAllLines(golden)) {
                if (line.startsWith("== ")) {
                    lines = new ArrayList<>();
                    screens.put(line.substring(3), lines);
                } else if (line.startsWith("|")) {
                    lines.add(line);
                }
            }
        }
        return screens;
    }

    private static void write(Path golden, Map<String, List<String>> screens) throws IOException {
        StringBuilder text = new StringBuilder();
        screens.forEach((name, lines) -> {
            text.append(text.isEmpty() ? "== " : "\n== ").append(name).append('\n');
            lines.forEach(line -> text.append(line).append('\n'));
        });
        Files.writeString(golden, text);
    }
}
