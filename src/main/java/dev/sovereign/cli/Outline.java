package dev.sovereign.cli;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.ArrayList;
import java.util.List;

/// What the command model says about one command, for the prompt's completion: the same model that
/// parses, helps and generates the shells' completions.
///
/// @param options those of the command first, then those that all commands share
/// @param arguments the words that are no options; only the last may repeat
public record Outline(List<Option> options, List<Argument> arguments) {

    /// @param name the words after `sovereign`, such as `rules add`
    public record Name(String name, String summary) {}

    /// A title of the help and the commands below it.
    public record Part(String title, List<Name> names) {}

    /// What a value may be.
    public enum Kind {
        ANYTHING,
        FILE,
        FOLDER,
        RELATION,
        MODULE,
        SKILL,
        PEER,
        KEY,
        /// one of a few words
        WORD
    }

    /// @param names the short one first
    /// @param value null for a flag
    public record Option(List<String> names, String summary, @Nullable Argument value) {}

    /// @param label such as `FILE`
    /// @param words the values of [Kind#WORD]
    public record Argument(
            String label, String summary, Kind kind, List<String> words, boolean repeats) {}

    /// All commands in the order of the help.
    public static List<Part> parts() {
        List<Part> parts = new ArrayList<>();
        for (Commands.Section section : Commands.sections()) {
            List<Name> names = new ArrayList<>();
            for (Commands.Entry entry : section.entries()) {
                names.add(new Name(entry.name(), entry.summary()));
            }
            parts.add(new Part(section.title(), names));
        }
        return parts;
    }

    /// Whether the word is only the first of a command's name, as in `rules add`.
    public static boolean isGroup(String word) {
        return Commands.isGroup(word);
    }

    /// The outline of a command; null when there is none of that name.
    public static @Nullable Outline of(String name) {
        Command command = Commands.create(name);
        if (command == null) {
            return null;
        }
        Shape shape = Commands.shape(name, command);
        List<Option> options = new ArrayList<>();
        for (OptionSpec option : shape.spec.options()) {
            boolean flag = option.arity().max() == 0;
            options.add(
                    new Option(
                            List.of(option.names()),
                            Help.description(option),
                            flag ? null : argument(option, false)));
        }
        List<Argument> arguments = new ArrayList<>();
        for (PositionalParamSpec word : shape.spec.positionalParameters()) {
            arguments.add(argument(word, word.arity().max() > 1));
        }
        return new Outline(List.copyOf(options), List.copyOf(arguments));
    }

    private static Argument argument(ArgSpec spec, boolean repeats) {
        Iterable<String> complete = spec.completionCandidates();
        List<String> words = new ArrayList<>();
        Kind kind = Kind.ANYTHING;
        if (complete instanceof Complete known) {
            kind =
                    switch (known) {
                        case NOTHING -> Kind.ANYTHING;
                        case FILE -> Kind.FILE;
                        case FOLDER -> Kind.FOLDER;
                        case RELATION -> Kind.RELATION;
                        case MODULE -> Kind.MODULE;
                        case SKILL -> Kind.SKILL;
                        case PEER -> Kind.PEER;
                        case KEY -> Kind.KEY;
                    };
        } else if (complete != null) {
            complete.forEach(words::add);
            kind = words.isEmpty() ? Kind.ANYTHING : Kind.WORD;
        }
        return new Argument(
                spec.paramLabel(), Help.description(spec), kind, List.copyOf(words), repeats);
    }

    /// The option of that name; null when there is none.
    public @Nullable Option option(String name) {
        for (Option option : options) {
            if (option.names().contains(name)) {
                return option;
            }
        }
        return null;
    }
}
