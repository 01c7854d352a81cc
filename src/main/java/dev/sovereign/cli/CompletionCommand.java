package dev.sovereign.cli;

import java.util.List;

/// `completion`: a script for a shell.
final class CompletionCommand extends Command {

    static final List<String> SHELLS = List.of("bash", "zsh", "fish", "powershell");

    @Override
    void describe(Shape shape) {
        shape.word(
                "SHELL",
                Complete.words("bash", "zsh", "fish", "powershell"),
                "for bash, zsh, fish or powershell");
        shape.text(
                "Prints a script that completes commands, options, files, and, while a daemon runs,"
                        + " relations and modules. Completing starts neither a JVM nor a daemon for"
                        + " anything that the script itself knows.");
        shape.example("source <(sovereign completion bash)", "In ~/.bashrc.");
        shape.example("sovereign completion zsh > \"${fpath[1]}/_sovereign\"", "Once, for zsh.");
        shape.example(
                "sovereign completion fish > ~/.config/fish/completions/sovereign.fish",
                "Once, for fish.");
        shape.example(
                "sovereign completion powershell | Out-String | Invoke-Expression",
                "In the profile of PowerShell.");
    }

    @Override
    int run(Invocation call) {
        String shell = call.need(0);
        if (!SHELLS.contains(shell)) {
            throw Usage.badChoice("SHELL", shell, SHELLS);
        }
        call.out.print(script(shell));
        return 0;
    }

    static String script(String shell) {
        return switch (shell) {
            case "bash" -> new BashCompletion().script();
            case "zsh" -> new ZshCompletion().script();
            case "fish" -> new FishCompletion().script();
            case "powershell" -> new PowerShellCompletion().script();
            default -> throw new IllegalArgumentException(shell);
        };
    }
}
