package dev.sovereign.cli;

import dev.sovereign.error.EditDistance;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

import java.util.ArrayList;
import java.util.List;

/// Says what is wrong with a command line, and what was probably meant.
final class Usage {

    /// More would be a list, not a help.
    private static final int MAX_SUGGESTIONS = 3;

    private Usage() {}

    static SovereignException unknownCommand(String word) {
        return unknownCommand(word, Commands.firstWords(), "");
    }

    /// @param group `rules ` and the like, or nothing
    static SovereignException unknownCommand(String word, List<String> names, String group) {
        String meant = meant(word, names);
        String hint = meant;
        if (hint == null && group.isEmpty() && word.endsWith(".dl")) {
            hint = "to run a program: `sovereign run " + word + "`";
        } else if (hint == null && group.isEmpty() && word.indexOf('(') > 0) {
            hint = "to ask: `sovereign query '" + word + "'`";
        } else if (hint == null) {
            hint = "see `sovereign help" + (group.isEmpty() ? "" : " " + group.strip()) + "`";
        }
        return new SovereignException(
                CliError.UNKNOWN_COMMAND, "\"" + group + word + "\" is not a command", hint);
    }

    static SovereignException notYet(String name) {
        return new SovereignException(
                CliError.NOT_YET, "this build does not have \"" + name + "\" yet");
    }

    static SovereignException badChoice(String option, String value, List<String> allowed) {
        return new SovereignException(
                CliError.VALUE,
                option + " is \"" + value + "\", expected " + either(allowed, ""),
                meant(value, allowed));
    }

    static SovereignException wrong(String message, @Nullable String hint) {
        return new SovereignException(CliError.USAGE, message, hint);
    }

    /// Puts what picocli found in our words.
    static SovereignException of(ParameterException fault, CommandSpec spec) {
        String help = "see `sovereign " + spec.name() + " --help`";
        return switch (fault) {
            case CommandLine.UnmatchedArgumentException unmatched ->
                    unmatched(unmatched.getUnmatched().getFirst(), spec, help);
            case CommandLine.MissingParameterException missing -> {
                List<ArgSpec> absent = missing.getMissing();
                yield wrong(
                        missing(
                                absent.isEmpty() ? fault.getArgSpec() : absent.getFirst(),
                                String.valueOf(fault.getMessage())),
                        help);
            }
            case CommandLine.OverwrittenOptionException twice ->
                    wrong(twice(twice.getOverwritten()), help);
            default -> {
                ArgSpec argument = fault.getArgSpec();
                boolean isFlag = argument instanceof OptionSpec && argument.arity().max() == 0;
                yield wrong(
                        isFlag
                                ? ((OptionSpec) argument).longestName() + " takes no value"
                                : missing(argument, String.valueOf(fault.getMessage())),
                        help);
            }
        };
    }

    private static SovereignException unmatched(String word, CommandSpec spec, String help) {
        return isOption(word)
                ? unknownOption(word, spec)
                : wrong("unexpected \"" + word + "\" after `" + spec.name() + "`", help);
    }

    private static String inOurWords(String message) {
        int quote = message.indexOf("'--");
        return message.contains("should be specified without") && quote >= 0
                ? message.substring(quote + 1, message.indexOf('\'', quote + 1)) + " takes no value"
                : message;
    }

    private static String missing(@Nullable ArgSpec argument, String message) {
        return switch (argument) {
            case null -> inOurWords(message);
            case OptionSpec option -> option.longestName() + " needs " + option.paramLabel();
            default -> argument.paramLabel() + " is missing";
        };
    }

    private static String twice(ArgSpec argument) {
        return argument instanceof OptionSpec option
                ? option.longestName() + " is given twice"
                : argument.paramLabel() + " is given twice";
    }

    static boolean isOption(String word) {
        return word.length() > 1 && word.charAt(0) == '-';
    }

    /// Whether a word that begins with a dash is a negative number.
    static boolean isNumber(String word) {
        return word.length() > 1
                && (Character.isDigit(word.charAt(1))
                        || word.charAt(1) == '.'
                        || word.startsWith("-inf")
                        || word.startsWith("-nan"));
    }

    static SovereignException unknownOption(String word, CommandSpec spec) {
        int equals = word.indexOf('=');
        String name = equals < 0 ? word : word.substring(0, equals);
        if (Commands.isLater(spec.name() + " " + name)) {
            return notYet(spec.name() + " " + name);
        }
        List<String> names = new ArrayList<>();
        for (OptionSpec option : spec.options()) {
            names.addAll(List.of(option.names()));
        }
        String hint = meant(name, names);
        if (hint == null) {
            hint = "see `sovereign " + (spec.name() + " --help").strip() + "`";
        }
        return new SovereignException(
                CliError.UNKNOWN_OPTION,
                spec.name().isEmpty()
                        ? "there is no option \"" + name + "\""
                        : "`" + spec.name() + "` has no option \"" + name + "\"",
                hint);
    }

    private static @Nullable String meant(String word, List<String> names) {
        List<String> near = nearest(word, names);
        return near.isEmpty() ? null : "did you mean " + either(near, "`") + "?";
    }

    private static String either(List<String> words, String quote) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < words.size(); i++) {
            text.append(i == 0 ? "" : i == words.size() - 1 ? " or " : ", ");
            text.append(quote).append(words.get(i)).append(quote);
        }
        return text.toString();
    }

    /// The names that are close to a word: few letters differ, or it is the beginning of one.
    /// Nearest first.
    static List<String> nearest(String word, List<String> names) {
        List<String> found = new ArrayList<>();
        int bound = word.length() < 3 ? 0 : Math.max(1, word.length() / 3);
        for (int distance = 0; distance <= bound; distance++) {
            for (String name : names) {
                if (found.size() < MAX_SUGGESTIONS
                        && EditDistance.between(word, name) == distance) {
                    found.add(name);
                }
            }
        }
        for (String name : names) {
            boolean begins = word.length() > 1 && !word.equals("--") && name.startsWith(word);
            if (begins && found.size() < MAX_SUGGESTIONS && !found.contains(name)) {
                found.add(name);
            }
        }
        return found;
    }
}
