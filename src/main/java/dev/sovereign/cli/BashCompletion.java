package dev.sovereign.cli;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.ArrayList;
import java.util.List;

/// Completion for bash 4 and newer.
final class BashCompletion {

    private final StringBuilder text = new StringBuilder();

    String script() {
        List<CompletionModel.Item> items = CompletionModel.items();
        text.append(
                """
                # bash completion for sovereign, made from its command model: sovereign completion bash
                # shellcheck shell=bash disable=SC2207

                _sovereign_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }

                _sovereign_files() {
                  local IFS=$'\\n'
                  compopt -o filenames 2>/dev/null
                  COMPREPLY=($(compgen "$1" -- "$cur"))
                }

                # Names that only a running daemon knows; without one there are none. They are somebody's
                # data: compgen -W would expand them.
                _sovereign_ask() {
                  local name
                  while IFS= read -r name; do
                    [[ $name == "$cur"* ]] && printf -v name %q "$name" && COMPREPLY+=("$name")
                  done < <("$program" ${home:+--home "$home"} __complete "$1" ${cur:+"$cur"} 2>/dev/null </dev/null)
                }

                # Whether option $2 of command $1 is followed by a value.
                _sovereign_takes() {
                  case "$1 $2" in
                """);
        text.append("    ").append(takesPatterns(items)).append(") return 0 ;;\n");
        text.append(
                """
                  esac
                  return 1
                }

                _sovereign() {
                  local cur=${COMP_WORDS[COMP_CWORD]} program=${COMP_WORDS[0]}
                  local command='' count=0 expects='' ended='' home='' i word
                  COMPREPLY=()
                  [[ $cur == = ]] && cur=''
                  for ((i = 1; i < COMP_CWORD; i++)); do
                    word=${COMP_WORDS[i]}
                    [[ $word == = ]] && continue
                    if [[ $expects ]]; then
                      [[ $expects == --home ]] && home=$word
                      expects=''
                    elif [[ $word == -- && ! $ended ]]; then
                      ended=1
                    elif [[ $word == -?* && ! $ended ]]; then
                      _sovereign_takes "$command" "$word" && expects=$word
                    elif [[ ! $command ]]; then
                      command=$word
                    else
                      case $command in
                """);
        text.append("        ").append(String.join(" | ", Commands.GROUPS));
        text.append(") command=\"$command $word\" ;;\n");
        text.append(
                """
                        *) count=$((count + 1)) ;;
                      esac
                    fi
                  done

                  if [[ $expects ]]; then
                    case "$command $expects" in
                """);
        for (OptionSpec option : CompletionModel.globals()) {
            value("*", option);
        }
        for (CompletionModel.Item item : items) {
            for (OptionSpec option : item.own()) {
                value(item.name(), option);
            }
        }
        text.append(
                """
                    esac
                    return
                  fi

                  if [[ $cur == -* && ! $ended ]]; then
                """);
        text.append("    local options='").append(names(CompletionModel.globals())).append("'\n");
        text.append("    case $command in\n");
        text.append("      '') options+=' --version' ;;\n");
        for (CompletionModel.Item item : items) {
            if (!item.own().isEmpty()) {
                text.append("      '").append(item.name()).append("') options+=' ");
                text.append(names(item.own())).append("' ;;\n");
            }
        }
        text.append(
                """
                    esac
                    _sovereign_words "$options"
                    return
                  fi

                  case "$command $count" in
                """);
        text.append("    ' 0') _sovereign_words '");
        text.append(String.join(" ", Commands.firstWords())).append("' ;;\n");
        for (String group : Commands.GROUPS) {
            text.append("    '").append(group).append(" 0') _sovereign_words '");
            text.append(String.join(" ", Commands.secondWords(group))).append("' ;;\n");
        }
        for (CompletionModel.Item item : items) {
            words(item);
        }
        text.append(
                """
                  esac
                }

                complete -F _sovereign sovereign ./sovereign
                """);
        return text.toString();
    }

    private static String takesPatterns(List<CompletionModel.Item> items) {
        List<String> patterns = new ArrayList<>();
        for (OptionSpec option : CompletionModel.globals()) {
            takes(patterns, "*", option);
        }
        for (CompletionModel.Item item : items) {
            for (OptionSpec option : item.own()) {
                takes(patterns, item.name(), option);
            }
        }
        return String.join(" | \\\n      ", patterns);
    }

    private static void takes(List<String> patterns, String command, OptionSpec option) {
        if (!CompletionModel.isFlag(option)) {
            for (String name : option.names()) {
                patterns.add(pattern(command, name));
            }
        }
    }

    private static String pattern(String command, String word) {
        return command.equals("*") ? "*' " + word + "'" : "'" + command + " " + word + "'";
    }

    private void value(String command, OptionSpec option) {
        String action = action(option);
        if (CompletionModel.isFlag(option) || action.isEmpty()) {
            return;
        }
        List<String> patterns = new ArrayList<>();
        for (String name : option.names()) {
            patterns.add(pattern(command, name));
        }
        text.append("      ").append(String.join(" | ", patterns));
        text.append(") ").append(action).append(" ;;\n");
    }

    private void words(CompletionModel.Item item) {
        List<PositionalParamSpec> words = item.words();
        for (int i = 0; i < words.size(); i++) {
            String action = action(words.get(i));
            if (!action.isEmpty()) {
                boolean many = words.get(i).arity().max() > 1;
                text.append("    '").append(item.name()).append(many ? " '*" : " " + i + "'");
                text.append(") ").append(action).append(" ;;\n");
            }
        }
    }

    private static String action(ArgSpec argument) {
        return switch (CompletionModel.values(argument)) {
            case CompletionModel.Words(List<String> words) ->
                    "_sovereign_words '" + String.join(" ", words) + "'";
            case CompletionModel.Files(boolean folders) ->
                    "_sovereign_files " + (folders ? "-d" : "-f");
            case CompletionModel.Ask(String kind) -> "_sovereign_ask " + kind;
            case CompletionModel.Nothing() -> "";
        };
    }

    private static String names(List<OptionSpec> options) {
        List<String> names = new ArrayList<>();
        for (OptionSpec option : options) {
            names.addAll(List.of(option.names()));
        }
        return String.join(" ", names);
    }
}
