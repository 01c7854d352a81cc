package dev.sovereign.cli;

import dev.sovereign.protocol.Build;

/// `version`, also as `--version`.
final class VersionCommand extends Command {

    @Override
    void describe(Shape shape) {
        shape.text("Shows the version of this program and the build that it is.");
        shape.example("sovereign version --json", "For a script.");
    }

    @Override
    int run(Invocation call) {
        print(call.out, call.globals.json());
        return 0;
    }

    static void print(Out out, boolean json) {
        if (json) {
            JsonLine line = new JsonLine().open('{').field("version", Build.version());
            line.field("build", Build.hash());
            out.line(line.field("java", System.getProperty("java.version")).close('}').toString());
        } else {
            out.line("sovereign " + Build.version() + " (" + Build.hash() + ")");
        }
    }
}
