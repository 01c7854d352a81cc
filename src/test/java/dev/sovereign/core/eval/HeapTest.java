package dev.sovereign.core.eval;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.Main;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Programs without end in a JVM with a small heap: each limit stops each of them, the heap is
/// never exhausted, and what is counted is what is really used.
final class HeapTest {

    /// Heap in use for a byte counted, in percent (issue 7, "Shown by" 7: within 1.2 times).
    private static final long MOST_PERCENT = 120;

    @Test
    void everyLimitStopsEveryProgramBeforeTheHeapIsExhausted(@TempDir Path folder)
            throws IOException, InterruptedException {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(List.of("-XX:+UseSerialGC", "-Xmx256m", "-cp", classPath()));
        command.addAll(List.of(Endless.class.getName(), folder.toString()));
        Process process =
                new ProcessBuilder(command)
                        .redirectInput(new File("/dev/null"))
                        .redirectErrorStream(true)
                        .start();
        String out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, process.waitFor(), out);
        assertEquals(1 + 4 * Endless.PROGRAMS.size(), out.lines().count(), out);
        out.lines().skip(1).forEach(HeapTest::check);
    }

    private static void check(String line) {
        String[] parts = line.split(" ", -1);
        assertEquals(8, parts.length, line);
        EvalError expected =
                switch (parts[1]) {
                    case "time" -> EvalError.LIMIT_TIME;
                    case "tuples" -> EvalError.LIMIT_TUPLES;
                    case "memory", "heap" -> EvalError.LIMIT_MEMORY;
                    default -> throw new AssertionError(line);
                };
        // strings that double are out of memory long before anything else
        if (!parts[0].equals("double")) {
            assertEquals(expected.code(), parts[2], line);
        }
        assertEquals("true", parts[3], line);
        assertTrue(Long.parseLong(parts[7]) <= MOST_PERCENT, line);
    }

    private static String classPath() {
        List<String> entries = new ArrayList<>();
        for (Class<?> type : List.of(Endless.class, Main.class, Nullable.class)) {
            try {
                entries.add(
                        Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                                .toString());
            } catch (URISyntaxException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return String.join(File.pathSeparator, entries);
    }
}
