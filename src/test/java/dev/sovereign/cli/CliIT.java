package dev.sovereign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sovereign.Installation;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The installed program with its launcher and a real daemon, as a shell sees it: every file of
/// `src/test/resources/cli/real`, one home a file, its command lines one after the other in `sh`.
class CliIT {

    private static final Path CASES = Path.of("src/test/resources/cli/real");

    private static final long PATIENCE_SECONDS = 120;

    @TempDir Path temporary;

    @TestFactory
    Stream<DynamicTest> files() throws IOException {
        List<Path> paths;
        try (Stream<Path> files = Files.list(CASES)) {
            paths = files.filter(path -> path.toString().endsWith(".txt")).sorted().toList();
        }
        assertTrue(paths.size() >= 3, "only " + paths.size() + " files in " + CASES);
        return paths.stream()
                .map(path ->
                        DynamicTest.dynamicTest(path.getFileName().toString(), () -> run(path)));
    }

    private void run(Path path) throws IOException, InterruptedException {
        GoldenFile file = new GoldenFile(path);
        assertTrue(!file.cases.isEmpty(), "no command in " + path);
        for (GoldenFile.Case one : file.cases) {
            for (String line : one.before) {
                if (line.startsWith("@ needs ")) {
                    String tool = line.substring(8);
                    boolean there = Files.isExecutable(Path.of("/usr/bin", tool));
                    assumeTrue(there, tool + " is not installed");
                }
            }
        }
        Path folder = Files.createDirectory(temporary.resolve(path.getFileName().toString()));
        Path work = Files.createDirectory(folder.resolve("work"));
        List<List<String>> came = new ArrayList<>();
        try {
            for (GoldenFile.Case one : file.cases) {
                came.add(run(one, folder, work).lines());
            }
        } finally {
            Map<String, String> plain = environment(folder, new TreeMap<>());
            shell("sovereign daemon stop -q", List.of(), folder, work, plain);
        }
        if (GoldenFile.ACCEPT) {
            file.accept(came);
            return;
        }
        StringBuilder expected = new StringBuilder();
        StringBuilder found = new StringBuilder();
        for (int i = 0; i < came.size(); i++) {
            GoldenFile.Case one = file.cases.get(i);
            List<String> lines = came.get(i);
            boolean same = GoldenFile.matches(one.expected, lines);
            append(expected, one.command, one.expected);
            append(found, one.command, same ? one.expected : lines);
        }
        assertEquals(expected.toString(), found.toString(), path.toString());
    }

    private static void append(StringBuilder to, String command, List<String> lines) {
        to.append("$ ").append(command).append('\n');
        lines.forEach(line -> to.append(line).append('\n'));
    }

    private static GoldenFile.Outcome run(GoldenFile.Case one, Path folder, Path work)
            throws IOException, InterruptedException {
        Map<String, String> environment = new TreeMap<>();
        Path current = work;
        for (String line : one.before) {
            if (line.startsWith("@ env ")) {
                String[] pair = line.substring(6).split("=", 2);
                environment.put(pair[0], pair[1]);
            } else if (line.startsWith("@ file ")) {
                current = work.resolve(line.substring(7));
                Files.createDirectories(current.getParent());
                Files.writeString(current, "");
            } else if (line.startsWith("@|")) {
                String text = line.length() > 3 ? line.substring(3) : "";
                Files.writeString(current, text + "\n", StandardOpenOption.APPEND);
            }
        }
        return shell(one.command, one.stdin, folder, work, environment(folder, environment));
    }

    private static Map<String, String> environment(Path folder, Map<String, String> more) {
        Map<String, String> all = new TreeMap<>();
        all.put("SOVEREIGN_HOME", folder.resolve("home").toString());
        all.put("SOURCES", Path.of("").toAbsolutePath().toString());
        all.putAll(Installation.environment());
        all.put("PATH", Installation.BIN + ":" + System.getenv("PATH"));
        all.putAll(more);
        return all;
    }

    private static GoldenFile.Outcome shell(
            String command,
            List<String> stdin,
            Path folder,
            Path work,
            Map<String, String> environment)
            throws IOException, InterruptedException {
        Path out = Files.createTempFile(folder, "out", "");
        Path err = Files.createTempFile(folder, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", command)
                        .directory(work.toFile())
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        for (String name : List.of("NO_COLOR", "TERM", "COLUMNS", "VISUAL", "EDITOR")) {
            builder.environment().remove(name);
        }
        builder.environment().putAll(environment);
        Process process = builder.start();
        try (OutputStream in = process.getOutputStream()) {
            for (String line : stdin) {
                in.write((line + "\n").getBytes(UTF_8));
            }
        } catch (IOException notRead) {
            // a command need not read its input
        }
        if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            process.destroyForcibly();
            throw new AssertionError("still running: " + command);
        }
        GoldenFile.Outcome outcome =
                new GoldenFile.Outcome(
                        process.exitValue(), shown(out, folder), shown(err, folder), List.of());
        Files.delete(out);
        Files.delete(err);
        return outcome;
    }

    private static String shown(Path file, Path folder) throws IOException {
        return new String(Files.readAllBytes(file), UTF_8)
                .replace(folder.toString(), "$TEST")
                .replace(Installation.ROOT.toString(), "$DIST");
    }
}
