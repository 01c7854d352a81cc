package dev.sovereign;

import dev.sovereign.cli.Cli;

/// Composition root: wires cli and node together; nothing depends on it.
public final class Main {
    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        if (args.length == 2
                && args[0].equals("daemon")
                && System.getenv(DaemonStarter.SPAWNED) != null) {
            System.exit(NodeCallers.runSpawnedDaemon());
        }
        if (args.length > 0 && mayConnect(args[0])) {
            Warmup.start();
        }
        end(Cli.run(args, new NodeCallers()));
    }

    /// Whether it is worth a thread to get ready for a connection; `word` may also be an option.
    private static boolean mayConnect(String word) {
        return switch (word) {
            case "help",
                    "--help",
                    "-h",
                    "version",
                    "--version",
                    "run",
                    "check",
                    "config",
                    "completion" ->
                    false;
            default -> true;
        };
    }

    /// Ends at once, with threads that still run, such as a watchdog's. `System.exit` would first
    /// set up logging, which takes longer than most commands; but once a signal has begun to end
    /// the process, its status is the signal's. And after a daemon was started the JDK has a thread
    /// that waits for it in native code, for which every way to exit waits 300 ms, except to return.
    private static void end(int status) {
        System.out.flush();
        System.err.flush();
        if (status == 0 && DaemonStarter.hasStarted()) {
            return;
        }
        try {
            Runtime.getRuntime().addShutdownHook(new Thread());
        } catch (IllegalStateException ending) {
            System.exit(status);
        }
        Runtime.getRuntime().halt(status);
    }
}
