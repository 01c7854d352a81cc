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
        if (args.length > 0
                && !Cli.isCompletion(args)
                && mayConnect(args[0], args.length > 1 ? args[1] : "")) {
            Warmup.start();
        }
        end(Cli.run(args, new NodeCallers()));
    }

    /// Whether it is worth a thread to get ready for a connection; `word` may also be an option.
    private static boolean mayConnect(String word, String second) {
        return switch (word) {
            case "help",
                    "--help",
                    "-h",
                    "version",
                    "--version",
                    "run",
                    "check",
                    "mesh",
                    "config",
                    "completion" ->
                    false;
            case "license" ->
                    switch (second) {
                        case "id", "request", "check", "verify" -> false;
                        default -> true;
                    };
            default -> true;
        };
    }

    /// Ends at once, with threads that still run, such as a watchdog's. `System.exit` would first
    /// set up logging, which takes longer than most commands; but once a signal has begun to end
    /// the process, its status is the signal's.
    private static void end(int status) {
        System.out.flush();
        System.err.flush();
        try {
            Runtime.getRuntime().addShutdownHook(new Thread(null, null, "end"));
        } catch (IllegalStateException ending) {
            System.exit(status);
        }
        Runtime.getRuntime().halt(status);
    }
}
