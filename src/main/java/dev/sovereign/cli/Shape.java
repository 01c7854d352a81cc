package dev.sovereign.cli;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.ArrayList;
import java.util.List;

/// Builds the model of one command in code: no annotations, which would cost a reflective scan at
/// each start. Help, man pages, completions and parsing all read the same model.
final class Shape {

    /// A call and what it does.
    record Example(String call, String does) {}

    final CommandSpec spec;
    final List<String> paragraphs = new ArrayList<>();
    final List<Example> examples = new ArrayList<>();
    private int words;
    private boolean numbers;

    /// @param name the words after `sovereign`, such as `rules add`
    Shape(String name) {
        spec = CommandSpec.create().name(name);
    }

    Shape text(String paragraph) {
        paragraphs.add(paragraph);
        return this;
    }

    Shape example(String call, String does) {
        examples.add(new Example(call, does));
        return this;
    }

    /// @param names the short one first
    Shape flag(String text, String... names) {
        spec.addOption(
                OptionSpec.builder(names).type(boolean.class).arity("0").description(text).build());
        return this;
    }

    Shape option(String label, Iterable<String> complete, String text, String... names) {
        spec.addOption(valued(label, complete, text, names).type(String.class).build());
        return this;
    }

    /// An option that may be given several times.
    Shape repeated(String label, Iterable<String> complete, String text, String... names) {
        spec.addOption(valued(label, complete, text, names).type(String[].class).build());
        return this;
    }

    private static OptionSpec.Builder valued(
            String label, Iterable<String> complete, String text, String... names) {
        return OptionSpec.builder(names)
                .arity("1")
                .paramLabel(label)
                .completionCandidates(complete)
                .description(text);
    }

    /// Arguments may be negative numbers.
    Shape numbers() {
        numbers = true;
        return this;
    }

    boolean takesNumbers() {
        return numbers;
    }

    /// One word that must be there.
    Shape word(String label, Iterable<String> complete, String text) {
        return positional(label, complete, text, "1");
    }

    /// One word that may be there; the last.
    Shape optionalWord(String label, Iterable<String> complete, String text) {
        return positional(label, complete, text, "0..1");
    }

    private Shape positional(String label, Iterable<String> complete, String text, String arity) {
        spec.addPositional(
                PositionalParamSpec.builder()
                        .index(Integer.toString(words++))
                        .arity(arity)
                        .required(arity.equals("1"))
                        .type(String.class)
                        .paramLabel(label)
                        .completionCandidates(complete)
                        .description(text)
                        .build());
        return this;
    }

    /// All further words.
    ///
    /// @param required at least one
    Shape words(String label, Iterable<String> complete, String text, boolean required) {
        spec.addPositional(
                PositionalParamSpec.builder()
                        .index(words + "..*")
                        .arity(required ? "1..*" : "0..*")
                        .required(required)
                        .type(String[].class)
                        .paramLabel(label)
                        .completionCandidates(complete)
                        .description(text)
                        .build());
        return this;
    }

    /// How many arguments a word takes that may be an option of every command: 0 when it is none.
    static int globalWords(String word) {
        return switch (word) {
            case "-q", "--quiet", "-v", "--verbose", "--no-daemon-start", "--json", "--header" -> 1;
            case "-h", "--help", "-qv", "-vq" -> 1;
            case "--timeout", "--home", "--color" -> 2;
            default -> {
                boolean valued =
                        word.startsWith("--timeout=")
                                || word.startsWith("--home=")
                                || word.startsWith("--color=");
                yield valued ? 1 : 0;
            }
        };
    }

    static boolean isGlobal(String option) {
        return globalWords(option) > 0;
    }

    /// The options that every command has.
    Shape globals() {
        flag("say nothing but errors", "-q", "--quiet");
        flag(
                "say more: every warning with its place, failures with their cause",
                "-v",
                "--verbose");
        option(
                "DURATION",
                Complete.NOTHING,
                "give up after this long, such as 250ms, 10s or 2m",
                "--timeout");
        option("DIR", Complete.FOLDER, "keep everything in DIR, as SOVEREIGN_HOME does", "--home");
        flag("fail when no daemon runs instead of starting one", "--no-daemon-start");
        option(
                "WHEN",
                Complete.words("always", "auto", "never"),
                "color the output: always, auto or never",
                "--color");
        flag("print JSON: one object, or one a line; errors too", "--json");
        flag("begin rows in a pipe, or a file that is read, with column names", "--header");
        spec.addOption(
                OptionSpec.builder("-h", "--help")
                        .type(boolean.class)
                        .arity("0")
                        .usageHelp(true)
                        .description("show this help")
                        .build());
        return this;
    }
}
