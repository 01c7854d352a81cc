package dev.sovereign;

import dev.sovereign.cli.Callers;
import dev.sovereign.cli.repl.Repl;

import java.io.IOException;
import java.util.Map;

/// What [Training] is for commands, this is for the prompt, which has a class path and an AOT cache
/// of its own.
final class ReplTraining {

    /// A dialog that nobody watches must end, even on a terminal that never shows a prompt.
    private static final long PATIENCE_MILLIS = 60_000;

    private ReplTraining() {}

    public static void main(String[] args) throws IOException, ClassNotFoundException {
        Thread watchdog = new Thread(ReplTraining::giveUp, "watchdog");
        watchdog.setDaemon(true);
        watchdog.start();
        Class.forName("dev.sovereign.Main");
        Repl.rehearse(
                new Repl.Setting(
                        new NodeCallers(),
                        Callers.Reach.DEFAULT,
                        true,
                        true,
                        false,
                        false,
                        Map.of("TERM", "xterm-256color")));
    }

    private static void giveUp() {
        try {
            Thread.sleep(PATIENCE_MILLIS);
            Runtime.getRuntime().halt(1);
        } catch (InterruptedException ended) {
            // as it should
        }
    }
}
