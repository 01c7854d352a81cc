package dev.sovereign.cli;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.List;

/// Completion for fish 3 and newer.
final class FishCompletion {

    private final StringBuilder text = new StringBuilder();

    String script() {
        text.append(
                """
                # fish completion for sovereign, made from its command model: sovereign completion fish

                # Whether the words before the cursor name the command $argv[1]; with $argv[2], that so
                # many words follow it.
                function __sovereign_at
                    set -l command
                    set -l count 0
                    set -l expects 0
                    set -l ended 0
                    set -l words (commandline -opc)
                    for word in $words[2..-1]
                        if test $expects = 1
                            set expects 0
                        else if test $ended = 0 -a "$word" = --
                            set ended 1
                        else if test $ended = 0; and string match -q -- '-?*' $word
                            if contains -- "$command $word" $__sovereign_valued; or contains -- $word $__sovereign_valued
                                set expects 1
                            end
                        else if test -z "$command"
                            set command $word
                        else if contains -- "$command" $__sovereign_groups
                            set command "$command $word"
                        else
                            set count (math $count + 1)
                        end
                    end
                    test "$command" = "$argv[1]"; or return 1
                    test (count $argv) -lt 2; and return 0
                    test "$argv[2]" = any; or test $count = $argv[2]
                end

                # Names that only a running daemon knows; without one there are none.
                function __sovereign_ask
                    set -l words (commandline -opc)
                    set -l home (string match -- '--home=*' $words)
                    if set -l at (contains -i -- --home $words); and test $at -lt (count $words)
                        set home --home $words[(math $at + 1)]
                    end
                    $words[1] $home __complete $argv[1] 2>/dev/null </dev/null
                end

                """);
        List<CompletionModel.Item> items = CompletionModel.items();
        text.append("set -g __sovereign_groups ").append(String.join(" ", Commands.GROUPS));
        text.append("\nset -g __sovereign_valued");
        for (OptionSpec option : CompletionModel.globals()) {
            valued("", option);
        }
        for (CompletionModel.Item item : items) {
            for (OptionSpec option : item.own()) {
                valued(item.name() + " ", option);
            }
        }
        text.append("\n\ncomplete -c sovereign -f\n");
        for (OptionSpec option : CompletionModel.globals()) {
            option(null, option);
        }
        text.append(
                "complete -c sovereign -n '__sovereign_at \"\"' -l version -d 'show the"
                        + " version'\n");
        for (String word : Commands.firstWords()) {
            boolean group = Commands.isGroup(word);
            String summary = group ? ZshCompletion.groupSummary(word) : Commands.summary(word);
            word("", word, summary);
        }
        for (String group : Commands.GROUPS) {
            for (String word : Commands.secondWords(group)) {
                word(group, word, Commands.summary(group + " " + word));
            }
        }
        for (CompletionModel.Item item : items) {
            text.append('\n');
            for (OptionSpec option : item.own()) {
                option(item.name(), option);
            }
            List<PositionalParamSpec> words = item.words();
            for (int i = 0; i < words.size(); i++) {
                String action = action(words.get(i));
                if (!action.isEmpty()) {
                    boolean many = words.get(i).arity().max() > 1;
                    at(item.name() + "\" " + (many ? "any" : Integer.toString(i)), false);
                    text.append(' ').append(action).append('\n');
                }
            }
        }
        return text.toString();
    }

    private void valued(String command, OptionSpec option) {
        if (!CompletionModel.isFlag(option)) {
            for (String name : option.names()) {
                text.append(" \\\n    ").append(quoted(command + name));
            }
        }
    }

    private void word(String command, String word, String summary) {
        at(command, true);
        text.append(" -a ").append(word).append(" -d ").append(quoted(summary)).append('\n');
    }

    private void at(String command, boolean close) {
        text.append("complete -c sovereign -n '__sovereign_at \"").append(command);
        text.append(close ? "\"'" : "'");
    }

    private void option(@org.jspecify.annotations.Nullable String command, OptionSpec option) {
        if (command == null) {
            text.append("complete -c sovereign");
        } else {
            at(command, true);
        }
        for (String name : option.names()) {
            boolean isLong = name.startsWith("--");
            text.append(isLong ? " -l " : " -s ").append(name.substring(isLong ? 2 : 1));
        }
        if (!CompletionModel.isFlag(option)) {
            String action = action(option);
            text.append(" -x").append(action.isEmpty() ? "" : " ");
            if (action.equals("-F")) {
                text.setLength(text.length() - 4);
                text.append(" -r ");
            }
            text.append(action);
        }
        text.append(" -d ").append(quoted(Help.description(option))).append('\n');
    }

    private static String action(ArgSpec argument) {
        return switch (CompletionModel.values(argument)) {
            case CompletionModel.Words(List<String> words) ->
                    "-a " + quoted(String.join(" ", words));
            case CompletionModel.Files(boolean folders) ->
                    folders ? "-a '(__fish_complete_directories)'" : "-F";
            case CompletionModel.Ask(String kind) -> "-a '(__sovereign_ask " + kind + ")'";
            case CompletionModel.Nothing() -> "";
        };
    }

    private static String quoted(String word) {
        return "'" + word.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
