package dev.sovereign.architecture;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The launcher for Windows does what the one for POSIX shells does: PowerShell is not on the
/// machines that run the tests, so at least what both say in their own words is compared.
class LaunchersTest {

    private static Set<String> all(String pattern, String text) {
        Set<String> found = new TreeSet<>();
        Matcher matcher = Pattern.compile(pattern).matcher(text);
        while (matcher.find()) {
            found.add(matcher.group(1));
        }
        return found;
    }

    @Test
    void bothGiveEachKindOfCommandTheSameLibraries() throws IOException {
        String shell = Files.readString(Path.of("sovereign"));
        Map<String, Set<String>> expected = new TreeMap<>();
        for (String kind : Set.of("node", "repl", "engine", "finance", "skill")) {
            Matcher line =
                    Pattern.compile("^" + kind + "_cp=\\$client_cp(.*)$", Pattern.MULTILINE)
                            .matcher(shell);
            assertTrue(line.find(), kind);
            expected.put(kind, all("\\$([a-z]+)_cp", line.group(1)));
        }
        assertEquals(5, expected.getOrDefault("node", Set.of()).size(), expected.toString());

        String powerShell = Files.readString(Path.of("sovereign.ps1"));
        Map<String, Set<String>> found = new TreeMap<>();
        for (String kind : expected.keySet()) {
            Matcher line =
                    Pattern.compile("^  '" + kind + "' \\{(.*)}$", Pattern.MULTILINE)
                            .matcher(powerShell);
            assertTrue(line.find(), kind);
            found.put(kind, all("'([a-z]+)_cp'", line.group(1)));
        }
        assertEquals(expected, found);
    }

    @Test
    void bothKnowTheSameCommandsThatNeedAnotherJvm() throws IOException {
        String shell = Files.readString(Path.of("sovereign"));
        String powerShell = Files.readString(Path.of("sovereign.ps1"));
        Matcher license =
                Pattern.compile("license\\) case \\$second in ([a-z |]+)\\)").matcher(shell);
        assertTrue(license.find());
        for (String word : license.group(1).split(" \\| ")) {
            assertTrue(powerShell.contains("'" + word.strip() + "'"), word);
        }
        for (String option : all("(-XX:[-+][A-Za-z]+)", shell)) {
            // perf data, collector, inlining: the same JVM everywhere
            assertTrue(powerShell.contains(option), option);
        }
        for (String code : all("fail \".*\" ([a-z-]+)", shell)) {
            assertTrue(powerShell.contains("'" + code + "'"), code);
        }
    }

    @Test
    void theCommandFileHasTheLineEndsThatCmdNeeds() throws IOException {
        String text = Files.readString(Path.of("sovereign.cmd"));
        assertFalse(
                text.replace("\r\n", "").contains("\n"),
                "cmd.exe loses its place at bare newlines");
        assertTrue(
                text.contains("%~dp0sovereign.ps1"),
                "found beside it, wherever it was called from");
        assertTrue(text.contains("exit /b %ERRORLEVEL%"), "the exit status is the program's");
    }
}
