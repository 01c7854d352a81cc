package dev.sovereign.cli;

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
        Version version = Version.ofProgram();
        if (json) {
            JsonLine line = new JsonLine().open('{').field("version", version.version());
            line.field("build", version.build());
            out.line(line.field("java", System.getProperty("java.version")).close('}').toString());
        } else {
            out.line("sovereign " + version.version() + " (" + version.build() + ")");
        }
    }
}
