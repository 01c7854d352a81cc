package dev.sovereign.cli;

import java.io.IOException;

/// One command: its model, and the work between options and exit status. Thin: options in, one
/// request, print. Made anew for each call.
abstract class Command {

    /// Adds everything but the options that all commands share.
    abstract void describe(Shape shape);

    /// @return the exit status
    /// @throws dev.sovereign.error.SovereignException is shown, and its kind is the exit status
    /// @throws InterruptedException on Ctrl-C; the request has been cancelled
    abstract int run(Invocation call) throws InterruptedException, IOException;
}
