package dev.sovereign;

/// Composition root: wires cli and node together; nothing depends on it.
public final class Main {
    private Main() {}

    public static void main(String[] args) {
        int status = dev.sovereign.cli.Cli.run(args, new NodeCallers());
        if (status != 0) {
            System.exit(status);
        }
    }
}
