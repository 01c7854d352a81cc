package dev.sovereign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// The completion scripts in their shells, without a JVM behind them.
class CompletionScriptsTest {

    @TempDir Path folder;

    private String run(String... command) throws IOException, InterruptedException {
        Process process;
        try {
            process =
                    new ProcessBuilder(command)
                            .directory(folder.toFile())
                            .redirectErrorStream(true)
                            .start();
        } catch (IOException missing) {
            assumeTrue(false, command[0] + " is not installed");
            throw missing;
        }
        process.getOutputStream().close();
        String text = new String(process.getInputStream().readAllBytes(), UTF_8);
        process.waitFor();
        return text;
    }

    /// What bash offers for words of which the last is being typed.
    private List<String> bash(String... words) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("s"), CompletionCommand.script("bash"));
        StringBuilder array = new StringBuilder();
        for (String word : words) {
            array.append(" '").append(word).append("'");
        }
        // a program that a completion would call; it proves that static ones do not
        String program = "sovereign() { echo CALLED; echo policy; };";
        String text =
                program
                        + "source ./"
                        + script.getFileName()
                        + "; rm s; COMP_WORDS=(sovereign"
                        + array
                        + "); COMP_CWORD="
                        + words.length
                        + "; _sovereign; printf '%s\\n' \"${COMPREPLY[@]}\"";
        String offered = run("bash", "--norc", "-c", text);
        return offered.lines().filter(line -> !line.isEmpty()).toList();
    }

    @Test
    void bashCompletesCommandsOptionsAndWords() throws Exception {
        assertEquals(List.of("query"), bash("qu"));
        assertEquals(List.of("restart"), bash("daemon", "rest"));
        assertEquals(List.of("--format"), bash("query", "--for"));
        assertEquals(List.of("--timeout"), bash("--time"));
        assertEquals(List.of("csv"), bash("query", "--format", "c"));
        assertEquals(List.of("csv"), bash("query", "--format", "=", "c"));
        assertEquals(List.of("jsonl", "json"), bash("export", "edge", "--format", "js"));
        assertEquals(List.of("always", "auto"), bash("--color", "a"));
        assertEquals(List.of("zsh"), bash("completion", "z"));
        assertEquals(List.of(), bash("store", "backup", "--", "-"));
    }

    @Test
    void bashCompletesAfterOptionsThatTakeAValue() throws Exception {
        assertEquals(List.of("query"), bash("--home", "status", "quer"));
        assertEquals(List.of("list"), bash("--home", "x", "rules", "-q", "lis"));
        assertEquals(List.of(), bash("query", "--limit", "x"));
    }

    @Test
    void bashCompletesFilesAndFolders() throws Exception {
        Files.createDirectory(folder.resolve("facts folder"));
        Files.writeString(folder.resolve("facts.dl"), "");
        assertEquals(List.of("facts.dl", "facts folder"), sorted(bash("run", "fact")));
        assertEquals(List.of("facts folder"), bash("run", "-F", "fact"));
        assertEquals(List.of("facts.dl"), bash("query", "-f", "facts."));
        assertEquals(List.of("facts.dl"), bash("rules", "add", "policy", "facts."));
    }

    @Test
    void bashAsksADaemonForModulesAndRelationsOnly() throws Exception {
        assertEquals(List.of("CALLED"), bash("rules", "show", "CA"));
        assertEquals(List.of("policy"), bash("rules", "show", "po"));
        assertEquals(List.of("policy"), bash("import", "x.csv", "--into", "po"));
        assertEquals(List.of(), bash("query", "po"));
    }

    private static List<String> sorted(List<String> words) {
        return words.stream().sorted((a, b) -> b.compareTo(a)).toList();
    }

    private List<String> fish(String line) throws IOException, InterruptedException {
        Path script = Files.writeString(folder.resolve("s"), CompletionCommand.script("fish"));
        String text =
                "function sovereign; echo policy; end; source "
                        + script
                        + "; rm s; complete -C '"
                        + line
                        + "'";
        String offered = run("fish", "--no-config", "-c", text);
        return offered.lines().map(one -> one.split("\t")[0]).toList();
    }

    @Test
    void fishCompletes() throws Exception {
        assertEquals(List.of("query"), fish("sovereign qu"));
        assertEquals(List.of("restart"), fish("sovereign --home x daemon rest"));
        assertEquals(List.of("--format"), fish("sovereign query --for"));
        assertEquals(List.of("csv"), fish("sovereign query --format c"));
        assertEquals(List.of("policy"), fish("sovereign rules show po"));
        Files.writeString(folder.resolve("facts.dl"), "");
        assertEquals(List.of("facts.dl"), fish("sovereign run fac"));
    }

    @Test
    void zshTakesTheScript() throws Exception {
        Path script = Files.writeString(folder.resolve("_s"), CompletionCommand.script("zsh"));
        assertEquals("", run("zsh", "-f", "-n", script.toString()));
        String text =
                "autoload -U compinit && compinit -u -d "
                        + folder.resolve("dump")
                        + " && source "
                        + script
                        + " && print -r -- $_comps[sovereign]";
        assertEquals("_sovereign\n", run("zsh", "-f", "-c", text));
    }
}
