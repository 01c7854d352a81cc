package dev.sovereign.cli;

/// `help`: of the program, a command, or a topic.
final class HelpCommand extends Command {

    @Override
    void describe(Shape shape) {
        shape.words(
                "TOPIC", Complete.NOTHING, "a command, or one of its words and a second", false);
        shape.text("Shows what the program can do, or what one command does and takes.");
        shape.example("sovereign help query", "The same as `sovereign query --help`.");
    }

    @Override
    int run(Invocation call) {
        return Help.print(call.out, String.join(" ", call.words(0)), call.streams);
    }
}
