package dev.sovereign.cli;

/// The command line: from arguments to an exit status. The front door of this package.
public final class Cli {
    private Cli() {}

    /// Runs one command.
    ///
    /// @return the exit status, see specs/cli.md
    public static int run(String[] args, Callers callers) {
        System.out.println("sovereign " + String.join(" ", args) + callers);
        return 0;
    }
}
