package dev.sovereign.cli;

/// `repl`: the prompt.
final class ReplCommand extends Command {

    @Override
    void describe(Shape shape) {
        shape.text(
                "Asks and changes at a prompt: bare text is Datalog, and every command works with a"
                        + " leading dot. `sovereign` alone, on a terminal, is the same.");
        shape.example("sovereign repl", "A prompt; .help says more.");
    }

    @Override
    int run(Invocation call) {
        throw Usage.notYet("repl");
    }
}
