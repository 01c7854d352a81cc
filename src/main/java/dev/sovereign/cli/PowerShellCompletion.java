package dev.sovereign.cli;

import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.List;

/// Completion for PowerShell 5 and newer. Where it offers nothing, PowerShell offers files.
final class PowerShellCompletion {

    private final StringBuilder text = new StringBuilder();

    String script() {
        text.append(
                """
                # PowerShell completion for sovereign, made from its command model: sovereign completion powershell

                Register-ArgumentCompleter -Native -CommandName sovereign -ScriptBlock {
                    param($wordToComplete, $commandAst, $cursorPosition)

                """);
        text.append("    $groups = @(");
        list(Commands.GROUPS);
        text.append(")\n    $first = @(");
        list(Commands.firstWords());
        text.append(")\n    $second = @{\n");
        for (String group : Commands.GROUPS) {
            text.append("        ").append(quoted(group)).append(" = @(");
            list(Commands.secondWords(group));
            text.append(")\n");
        }
        text.append("    }\n    $globals = [ordered]@{\n");
        for (OptionSpec option : CompletionModel.globals()) {
            option("        ", option);
        }
        text.append("    }\n    $options = @{\n");
        List<CompletionModel.Item> items = CompletionModel.items();
        for (CompletionModel.Item item : items) {
            text.append("        ").append(quoted(item.name())).append(" = [ordered]@{\n");
            for (OptionSpec option : item.own()) {
                option("            ", option);
            }
            text.append("        }\n");
        }
        text.append("    }\n    $words = @{\n");
        for (CompletionModel.Item item : items) {
            text.append("        ").append(quoted(item.name())).append(" = @(");
            boolean first = true;
            for (PositionalParamSpec word : item.words()) {
                text.append(first ? "" : ", ").append(values(word));
                first = false;
            }
            text.append(")\n");
        }
        text.append(
                """
                    }

                    # What is known of a value: '' nothing, 'file:' files, 'ask:KIND' a running daemon's names, else words.
                    function Expand([string] $kind) {
                        if ($kind.StartsWith('ask:')) { return & $elements[0] '__complete' $kind.Substring(4) 2>$null }
                        if ($kind.StartsWith('file:')) { return }
                        return $kind.Split(' ', [StringSplitOptions]::RemoveEmptyEntries)
                    }

                    $elements = @($commandAst.CommandElements | ForEach-Object { $_.ToString() })
                    $command = ''
                    $count = 0
                    $expects = $null
                    $last = $elements.Count
                    if ($wordToComplete -ne '') { $last-- }
                    for ($i = 1; $i -lt $last; $i++) {
                        $word = $elements[$i]
                        $known = $options[$command]
                        if ($null -ne $expects) { $expects = $null }
                        elseif ($word.StartsWith('-') -and $word -ne '-') {
                            $kind = if ($globals.Contains($word)) { $globals[$word] } elseif ($known -and $known.Contains($word)) { $known[$word] } else { 'flag' }
                            if ($kind -ne 'flag') { $expects = $kind }
                        }
                        elseif ($command -eq '') { $command = $word }
                        elseif ($groups -contains $command) { $command = "$command $word" }
                        else { $count++ }
                    }

                    $found = if ($null -ne $expects) { Expand $expects }
                    elseif ($wordToComplete.StartsWith('-')) {
                        @($globals.Keys) + $(if ($options.ContainsKey($command)) { @($options[$command].Keys) } else { @() })
                    }
                    elseif ($command -eq '') { $first }
                    elseif ($second.ContainsKey($command)) { $second[$command] }
                    elseif ($words.ContainsKey($command) -and $words[$command].Count -gt 0) {
                        $places = @($words[$command])
                        Expand $places[[Math]::Min($count, $places.Count - 1)]
                    }
                    $found | Where-Object { $_ -like "$wordToComplete*" } | ForEach-Object {
                        [System.Management.Automation.CompletionResult]::new($_, $_, 'ParameterValue', $_)
                    }
                }
                """);
        return text.toString();
    }

    private void option(String indent, OptionSpec option) {
        for (String name : option.names()) {
            text.append(indent).append(quoted(name)).append(" = ");
            text.append(CompletionModel.isFlag(option) ? "'flag'" : values(option)).append('\n');
        }
    }

    private static String values(ArgSpec argument) {
        return switch (CompletionModel.values(argument)) {
            case CompletionModel.Words(List<String> words) -> quoted(String.join(" ", words));
            case CompletionModel.Files _ -> "'file:'";
            case CompletionModel.Ask(String kind) -> quoted("ask:" + kind);
            case CompletionModel.Nothing() -> "''";
        };
    }

    private void list(List<String> words) {
        boolean first = true;
        for (String word : words) {
            text.append(first ? "" : ", ").append(quoted(word));
            first = false;
        }
    }

    private static String quoted(String word) {
        return "'" + word.replace("'", "''") + "'";
    }
}
