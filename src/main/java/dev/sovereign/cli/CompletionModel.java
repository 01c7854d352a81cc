package dev.sovereign.cli;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// The command model as the completion scripts of all shells need it.
final class CompletionModel {

    /// Labels of arguments that are a name as it is; a query or a fact is only begun by one, in
    /// quotes that a shell could not complete.
    private static final Set<String> NAMES =
            Set.of("NAME", "REL", "REL|QUERY", "KEY", "PEER", "PEERID");

    /// What a value may be.
    sealed interface Values {}

    record Words(List<String> words) implements Values {}

    record Files(boolean folders) implements Values {}

    /// @param kind what `sovereign __complete` is asked for
    record Ask(String kind) implements Values {}

    record Nothing() implements Values {}

    record Item(
            String name, String summary, List<OptionSpec> own, List<PositionalParamSpec> words) {}

    private CompletionModel() {}

    static List<Item> items() {
        List<Item> items = new ArrayList<>();
        for (Commands.Section section : Commands.sections()) {
            for (Commands.Entry entry : section.entries()) {
                Command command = Commands.create(entry.name());
                if (command == null) {
                    throw new IllegalStateException(entry.name() + " is listed but cannot be made");
                }
                Shape shape = Commands.shape(entry.name(), command);
                List<OptionSpec> own = new ArrayList<>();
                for (OptionSpec option : shape.spec.options()) {
                    if (!Shape.isGlobal(option.longestName())) {
                        own.add(option);
                    }
                }
                items.add(
                        new Item(
                                entry.name(),
                                entry.summary(),
                                own,
                                shape.spec.positionalParameters()));
            }
        }
        return items;
    }

    static List<OptionSpec> globals() {
        return new Shape("").globals().spec.options();
    }

    static boolean isFlag(OptionSpec option) {
        return option.arity().max() == 0;
    }

    static Values values(ArgSpec argument) {
        if (argument.paramLabel().equals("TOPIC")) {
            List<String> topics = new ArrayList<>(Commands.firstWords());
            topics.addAll(Topics.names());
            return new Words(topics);
        }
        Iterable<String> complete = argument.completionCandidates();
        if (complete instanceof Complete kind) {
            return switch (kind) {
                case NOTHING -> new Nothing();
                case FILE -> new Files(false);
                case FOLDER -> new Files(true);
                case RELATION -> named(argument, "relations");
                case MODULE -> named(argument, "modules");
                case SKILL -> named(argument, "skills");
                case PEER -> named(argument, "peers");
                case KEY -> named(argument, "keys");
            };
        }
        List<String> words = new ArrayList<>();
        if (complete != null) {
            complete.forEach(words::add);
        }
        return words.isEmpty() ? new Nothing() : new Words(words);
    }

    private static Values named(ArgSpec argument, String kind) {
        return NAMES.contains(argument.paramLabel()) ? new Ask(kind) : new Nothing();
    }
}
