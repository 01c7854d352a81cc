package dev.sovereign.cli;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.List;

/// Completion for zsh, as a file `_sovereign` in `fpath` or sourced.
final class ZshCompletion {

    private final StringBuilder text = new StringBuilder();
    private final List<CompletionModel.Item> items = CompletionModel.items();

    String script() {
        text.append(
                """
                #compdef sovereign
                # zsh completion for sovereign, made from its command model: sovereign completion zsh

                # Names that only a running daemon knows; without one there are none.
                # (The blank before its name keeps _arguments from giving it options for compadd.)
                _sovereign_ask() {
                  local -a names
                  names=(${(f)"$(_call_program $1 ${(q)_sovereign_program} ${(q)_sovereign_home} __complete $1 2>/dev/null </dev/null)"})
                  compadd -a names
                }

                # Nothing is known of a word; a message about it would keep an option from being completed.
                _sovereign_say() { [[ $PREFIX == -* ]] || _message "$1"; }

                _sovereign_commands() {
                  local -a commands
                  commands=(
                """);
        for (String word : Commands.firstWords()) {
            String summary = Commands.isGroup(word) ? groupSummary(word) : Commands.summary(word);
            text.append("    ").append(quoted(word + ":" + summary)).append('\n');
        }
        text.append("  )\n  _describe -t commands command commands\n}\n");
        for (String group : Commands.GROUPS) {
            group(group);
        }
        text.append("\n_sovereign_arguments() {\n  case $words[1] in\n");
        for (CompletionModel.Item item : items) {
            if (item.name().indexOf(' ') < 0) {
                text.append("    ").append(item.name()).append(")\n");
                arguments(item);
                text.append("      ;;\n");
            }
        }
        for (String group : Commands.GROUPS) {
            text.append("    ").append(group).append(")\n      _arguments -s -S -C");
            text.append(" \"${_sovereign_globals[@]}\" '1: :_sovereign_").append(group);
            text.append("_commands' '*:: :_sovereign_").append(group).append("_arguments'\n");
            text.append("      ;;\n");
        }
        text.append("  esac\n}\n\n_sovereign() {\n");
        List<String> context =
                List.of(
                        "local curcontext=$curcontext _sovereign_program=$words[1]",
                        "local -a _sovereign_home",
                        "local -i home=${words[(i)--home]}",
                        "(( home + 1 < CURRENT )) && _sovereign_home=(--home ${(Q)words[home +"
                                + " 1]})",
                        "(( ${words[(I)--home=*]} )) &&"
                                + " _sovereign_home=(${(Q)words[(r)--home=*]})");
        context.forEach(line -> text.append("  ").append(line).append('\n'));
        text.append("  local -a _sovereign_globals\n  _sovereign_globals=(\n");
        for (OptionSpec option : CompletionModel.globals()) {
            option("    ", option);
        }
        text.append("  )\n");
        text.append(
                "  _arguments -s -S -C \"${_sovereign_globals[@]}\" '--version[show the version]'");
        text.append(" \\\n    '1: :_sovereign_commands' '*:: :_sovereign_arguments'\n}\n\n");
        text.append(
                """
                if [[ $funcstack[1] == _sovereign ]]; then
                  _sovereign "$@"
                else
                  compdef _sovereign sovereign
                fi
                """);
        return text.toString();
    }

    static String groupSummary(String group) {
        return switch (group) {
            case "rules" -> "modules of rules";
            case "skill" -> "programs of other people, on a leash";
            case "store" -> "the files that hold what the node knows";
            case "mesh" -> "the private network of one's own machines";
            case "key" -> "keys of the node and its network";
            case "peer" -> "the other machines of the network";
            case "daemon" -> "the process that answers";
            case "license" -> "licenses proven by Bitcoin";
            case "config" -> "settings";
            default -> throw new IllegalArgumentException(group);
        };
    }

    private void group(String group) {
        text.append("\n_sovereign_").append(group).append("_commands() {\n");
        text.append("  local -a commands\n  commands=(\n");
        for (String word : Commands.secondWords(group)) {
            String summary = Commands.summary(group + " " + word);
            text.append("    ").append(quoted(word + ":" + summary)).append('\n');
        }
        text.append("  )\n  _describe -t commands command commands\n}\n");
        text.append("\n_sovereign_").append(group).append("_arguments() {\n  case $words[1] in\n");
        for (CompletionModel.Item item : items) {
            if (item.name().startsWith(group + " ")) {
                text.append("    ").append(item.name().substring(group.length() + 1));
                text.append(")\n");
                arguments(item);
                text.append("      ;;\n");
            }
        }
        text.append("  esac\n}\n");
    }

    private void arguments(CompletionModel.Item item) {
        text.append("      _arguments -s -S \"${_sovereign_globals[@]}\"");
        for (OptionSpec option : item.own()) {
            text.append(" \\\n");
            option("        ", option);
            text.setLength(text.length() - 1);
        }
        List<PositionalParamSpec> words = item.words();
        for (int i = 0; i < words.size(); i++) {
            PositionalParamSpec word = words.get(i);
            boolean many = word.arity().max() > 1;
            boolean optional = word.arity().min() == 0;
            String place = many ? "*:" : (i + 1) + (optional ? "::" : ":");
            text.append(" \\\n        ");
            text.append(quoted(place + word.paramLabel() + ":" + action(word)));
        }
        text.append('\n');
    }

    private void option(String indent, OptionSpec option) {
        boolean flag = CompletionModel.isFlag(option);
        boolean repeated = option.isMultiValue();
        String[] names = option.names();
        String value =
                "["
                        + Help.description(option)
                                .replace("\\", "\\\\")
                                .replace("[", "\\[")
                                .replace("]", "\\]")
                                .replace(":", "\\:")
                        + "]"
                        + (flag ? "" : ":" + option.paramLabel() + ":" + action(option));
        for (String name : names) {
            boolean isLong = name.startsWith("--");
            String exclusion =
                    repeated ? "*" : names.length > 1 ? "(" + String.join(" ", names) + ")" : "";
            String joined = flag ? "" : isLong ? "=" : "+";
            text.append(indent).append(quoted(exclusion + name + joined + value));
            text.append(names.length > 1 && name.equals(names[0]) ? " " : "");
            indent = "";
        }
        text.append('\n');
    }

    private static String action(ArgSpec argument) {
        return switch (CompletionModel.values(argument)) {
            case CompletionModel.Words(List<String> words) -> "(" + String.join(" ", words) + ")";
            case CompletionModel.Files(boolean folders) -> folders ? "_files -/" : "_files";
            case CompletionModel.Ask(String kind) -> " _sovereign_ask " + kind;
            case CompletionModel.Nothing() ->
                    argument.isOption() ? " " : " _sovereign_say " + argument.paramLabel();
        };
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "'\\''") + "'";
    }
}
