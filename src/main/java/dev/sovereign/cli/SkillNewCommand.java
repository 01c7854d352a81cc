package dev.sovereign.cli;

import dev.sovereign.error.SovereignException;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.regex.Pattern;

/// `skill new`: the beginning of a skill that builds and runs as it is.
final class SkillNewCommand extends Command {

    private static final List<String> LANGUAGES = List.of("c", "rust", "go", "js");

    /// As runtime.pack.Manifest has it; the command line does not know that package.
    private static final Pattern NAME = Pattern.compile("[a-z0-9-]{1,64}");

    @Override
    void describe(Shape shape) {
        shape.word("NAME", Complete.NOTHING, "of the skill and of its folder: a-z, 0-9 and -");
        shape.option(
                "LANG", Complete.words("c", "rust", "go", "js"), "c, rust, go or js", "--lang");
        shape.text(
                "Makes a folder with a small program that works, its skill.toml, and the script"
                        + " ./build, which compiles it and writes its hash into skill.toml. Then:"
                        + " skill install FOLDER.");
        shape.example("sovereign skill new --lang rust greeter", "A skill in Rust.");
    }

    private static List<String> files(String language) {
        return switch (language) {
            case "c" -> List.of("skill.c", "sovereign.h");
            case "rust" -> List.of("skill.rs");
            case "go" -> List.of("main.go", "go.mod");
            default -> List.of("skill.js", "main.c");
        };
    }

    @Override
    int run(Invocation call) {
        String name = call.need(0);
        if (!NAME.matcher(name).matches()) {
            throw new SovereignException(
                    CliError.VALUE,
                    "\"" + name + "\" is no name of a skill",
                    "1 to 64 of a-z, 0-9, -");
        }
        if (call.value("--lang") == null) {
            throw Usage.wrong("--lang LANG is missing", "one of c, rust, go, js");
        }
        String language = call.choice("--lang", "", LANGUAGES);
        Path folder = call.streams.directory.resolve(name);
        try {
            Files.createDirectory(folder);
            write(folder, "skill.toml", text("skill.toml").replace("@NAME@", name));
            for (String file : files(language)) {
                write(folder, file, text(language + "/" + file));
            }
            if (language.equals("js")) {
                write(folder, "sovereign.h", text("c/sovereign.h"));
            }
            Path build = write(folder, "build", text(language + "/build"));
            Files.setPosixFilePermissions(build, PosixFilePermissions.fromString("rwxr-xr-x"));
        } catch (IOException broke) {
            throw Inputs.unreadable(name, broke);
        }
        if (call.globals.json()) {
            call.line(new JsonLine().open('{').field("folder", name).close('}').toString());
        } else {
            call.say(
                    "made "
                            + name
                            + "; next: "
                            + name
                            + "/build, then sovereign skill install "
                            + name
                            + " and sovereign skill run "
                            + name
                            + " greet --input you");
        }
        return 0;
    }

    private static Path write(Path folder, String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text, StandardCharsets.UTF_8);
    }

    private static String text(String name) throws IOException {
        try (InputStream in = SkillNewCommand.class.getResourceAsStream("skill/" + name)) {
            if (in == null) {
                throw new IllegalStateException("not in this build: " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
