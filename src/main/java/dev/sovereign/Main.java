package dev.sovereign;

import dev.sovereign.cli.Cli;

/// Composition root: wires cli and node together; nothing depends on it.
public final class Main {
    private Main() {}

    public static void main(String[] args) throws InterruptedException {
        int status =
                args.length == 2
                                && args[0].equals("daemon")
                                && System.getenv(DaemonStarter.SPAWNED) != null
                        ? NodeCallers.runSpawnedDaemon()
                        : Cli.run(args, new NodeCallers());
        // also ends threads that still run, such as a watchdog's
        System.exit(status);
    }
}
