package dev.sovereign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/// A terminal that a test types into and reads from: a tmux server of its own with one window, in
/// which a shell runs.
public final class Tmux {

    /// A machine with two cores may be busy with other tests.
    private static final long PATIENCE_SECONDS = 60;

    private static final long POLL_NANOS = TimeUnit.MILLISECONDS.toNanos(15);

    private final Path socket;

    private Tmux(Path socket) {
        this.socket = socket;
    }

    public static boolean isThere() throws InterruptedException {
        return isThere("tmux");
    }

    public static boolean isThere(String tool) throws InterruptedException {
        try {
            return new ProcessBuilder("sh", "-c", "command -v " + tool)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException noShell) {
            return false;
        }
    }

    /// Between two looks at a screen.
    public static void pause() {
        LockSupport.parkNanos(POLL_NANOS);
    }

    /// @param socket a short path, because it names a Unix socket
    public static Tmux start(Path socket, int columns, int lines, List<String> environment)
            throws IOException, InterruptedException {
        Tmux tmux = new Tmux(socket);
        List<String> command =
                new ArrayList<>(
                        List.of(
                                "-f",
                                "/dev/null",
                                "new-session",
                                "-d",
                                "-x",
                                "" + columns,
                                "-y",
                                "" + lines));
        command.addAll(List.of("env", "PS1=sh> ", "LC_ALL=C.UTF-8"));
        command.addAll(environment);
        command.add("sh");
        tmux.run(command);
        tmux.await("sh> ");
        return tmux;
    }

    private String run(List<String> words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("tmux", "-u", "-S", socket.toString()));
        command.addAll(words);
        ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
        builder.environment().remove("TMUX");
        Process process = builder.start();
        process.getOutputStream().close();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), () -> command + ": " + out);
        return out;
    }

    /// Types text as it is.
    public Tmux type(String text) throws IOException, InterruptedException {
        run(List.of("send-keys", "-l", "--", text));
        return this;
    }

    /// Presses keys by tmux's names, such as `Enter` or `C-c`.
    public Tmux press(String... keys) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("send-keys"));
        command.addAll(List.of(keys));
        run(command);
        return this;
    }

    /// Types a line and ends it.
    public Tmux enter(String line) throws IOException, InterruptedException {
        run(List.of("send-keys", "-l", "--", line, ";", "send-keys", "Enter"));
        return this;
    }

    /// The lines on the screen without blanks at their ends, and without empty lines at the end.
    public List<String> screen() throws IOException, InterruptedException {
        return screen(false);
    }

    /// @param styles with the escape sequences of colors and the like
    public List<String> screen(boolean styles) throws IOException, InterruptedException {
        return lines(run(capture(styles)));
    }

    private static List<String> capture(boolean styles) {
        return styles ? List.of("capture-pane", "-p", "-e") : List.of("capture-pane", "-p");
    }

    private static List<String> lines(String screen) {
        String text = screen.stripTrailing();
        return text.isEmpty() ? List.of("") : text.lines().map(String::stripTrailing).toList();
    }

    /// Waits until a line begins like this.
    public List<String> await(String begin) throws IOException, InterruptedException {
        return await(
                "a line that begins with: " + begin,
                screen -> screen.stream().anyMatch(line -> (line + " ").startsWith(begin)));
    }

    /// Waits until the screen is as `wanted` has it.
    public List<String> await(String what, Predicate<List<String>> wanted)
            throws IOException, InterruptedException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
        List<String> screen = screen();
        while (!wanted.test(screen)) {
            if (System.nanoTime() > end) {
                throw new AssertionError(
                        "waited for " + what + "; the screen is\n" + String.join("\n", screen));
            }
            pause();
            screen = screen();
        }
        return screen;
    }

    public void stop() throws IOException, InterruptedException {
        run(List.of("kill-server"));
    }
}
