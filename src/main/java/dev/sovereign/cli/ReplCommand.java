package dev.sovereign.cli;

import dev.sovereign.cli.repl.Repl;

/// `repl`: the prompt.
final class ReplCommand extends Command {

    private boolean welcome;

    /// `sovereign` alone greets who is here for the first time.
    void welcome() {
        welcome = true;
    }

    @Override
    void describe(Shape shape) {
        shape.text(
                "Asks and changes at a prompt: bare text is Datalog, and every command works with a"
                        + " leading dot. `sovereign` alone, on a terminal, is the same.");
        shape.example("sovereign repl", "A prompt; .help says more.");
    }

    @Override
    int run(Invocation call) {
        Streams streams = call.streams;
        return Repl.run(
                new Repl.Setting(
                        call.callers,
                        call.globals.reach(),
                        streams.inIsTerminal && streams.outIsTerminal,
                        call.outColor(),
                        call.globals.quiet(),
                        welcome,
                        streams.environment));
    }
}
