package dev.sovereign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// `man/` and `completions/` are what the command model says. To write them anew: `mvn -q test
/// -Dtest=GeneratedFilesTest -Dsovereign.generate=true`.
class GeneratedFilesTest {

    private static final boolean GENERATE = Boolean.getBoolean("sovereign.generate");

    @Test
    void manualPagesAreCurrent() throws IOException {
        compare(Path.of("man"), ManPage.all());
    }

    @Test
    void completionsAreCurrent() throws IOException {
        Map<String, String> scripts = new TreeMap<>();
        scripts.put("sovereign.bash", CompletionCommand.script("bash"));
        scripts.put("_sovereign", CompletionCommand.script("zsh"));
        scripts.put("sovereign.fish", CompletionCommand.script("fish"));
        scripts.put("sovereign.ps1", CompletionCommand.script("powershell"));
        compare(Path.of("completions"), scripts);
    }

    private static void compare(Path folder, Map<String, String> wanted) throws IOException {
        assertTrue(wanted.size() >= 4, folder + ": only " + wanted.keySet());
        if (GENERATE) {
            Files.createDirectories(folder);
            for (Map.Entry<String, String> file : wanted.entrySet()) {
                Files.writeString(folder.resolve(file.getKey()), file.getValue());
            }
        }
        Map<String, String> found = new TreeMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                found.put(file.getFileName().toString(), Files.readString(file));
            }
        }
        assertEquals(
                wanted.keySet(), found.keySet(), folder + ": run with -Dsovereign.generate=true");
        wanted.forEach((name, text) ->
                assertEquals(text, found.get(name), name + " has drifted: " + hint()));
    }

    private static String hint() {
        return "mvn -q test -Dtest=GeneratedFilesTest -Dsovereign.generate=true";
    }
}
