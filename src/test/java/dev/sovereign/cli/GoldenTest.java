package dev.sovereign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/// The real command classes against a scripted node: every file of `src/test/resources/cli`.
class GoldenTest {

    private static final Path CASES = Path.of("src/test/resources/cli");

    @TempDir Path temporary;

    @TestFactory
    Stream<DynamicTest> files() throws IOException {
        List<Path> paths;
        try (Stream<Path> files = Files.list(CASES)) {
            paths = files.filter(path -> path.toString().endsWith(".txt")).sorted().toList();
        }
        assertTrue(paths.size() >= 10, "only " + paths.size() + " files in " + CASES);
        return paths.stream()
                .map(path ->
                        DynamicTest.dynamicTest(path.getFileName().toString(), () -> run(path)));
    }

    private void run(Path path) throws IOException {
        GoldenFile file = new GoldenFile(path);
        assertTrue(!file.cases.isEmpty(), "no command in " + path);
        Path folder = Files.createDirectory(temporary.resolve(path.getFileName().toString()));
        List<List<String>> came = new ArrayList<>();
        for (GoldenFile.Case one : file.cases) {
            came.add(run(one, folder).lines());
        }
        if (GoldenFile.ACCEPT) {
            file.accept(came);
            return;
        }
        for (int i = 0; i < came.size(); i++) {
            GoldenFile.Case one = file.cases.get(i);
            if (!GoldenFile.matches(one.expected, came.get(i))) {
                assertEquals(
                        String.join("\n", one.expected),
                        String.join("\n", came.get(i)),
                        path.getFileName() + ": $ " + one.command);
            }
        }
    }

    private static GoldenFile.Outcome run(GoldenFile.Case one, Path folder) throws IOException {
        Map<String, String> environment = new TreeMap<>();
        int columns = 0;
        boolean typed = false;
        String name = "";
        for (String line : one.before) {
            if (line.startsWith("@ terminal ")) {
                columns = Integer.parseInt(line.substring(11));
            } else if (line.equals("@ typed")) {
                typed = true;
            } else if (line.startsWith("@ env ")) {
                String[] pair = line.substring(6).split("=", 2);
                environment.put(pair[0], pair[1]);
            } else if (line.startsWith("@ file ")) {
                name = line.substring(7);
                Path path = folder.resolve(name);
                Files.createDirectories(path.getParent());
                Files.writeString(path, "");
            } else if (line.startsWith("@|")) {
                String text = line.length() > 3 ? line.substring(3) : "";
                Files.writeString(
                        folder.resolve(name), text + "\n", java.nio.file.StandardOpenOption.APPEND);
            }
        }
        List<String> words = one.words();
        switch (words.getFirst()) {
            case "cat" -> {
                Path shown = folder.resolve(words.get(1));
                String text = Files.exists(shown) ? Files.readString(shown) : "(no such file)\n";
                return new GoldenFile.Outcome(0, text, "", List.of());
            }
            case "ls" -> {
                StringBuilder names = new StringBuilder();
                try (Stream<Path> files = Files.list(folder)) {
                    files.sorted().forEach(path -> names.append(path.getFileName()).append('\n'));
                }
                return new GoldenFile.Outcome(0, names.toString(), "", List.of());
            }
            case "sovereign" -> {}
            default -> throw new AssertionError("not a command: " + one.command);
        }
        StringBuilder stdin = new StringBuilder();
        one.stdin.forEach(line -> stdin.append(line).append('\n'));
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        boolean terminal = columns > 0;
        Streams streams =
                new Streams(
                        new ByteArrayInputStream(stdin.toString().getBytes(UTF_8)),
                        new Out(out),
                        new Out(err),
                        terminal && (typed || one.stdin.isEmpty()),
                        terminal,
                        terminal,
                        environment,
                        folder,
                        terminal ? columns : 80);
        ScriptedNode node = new ScriptedNode(folder, one.replies);
        String[] args = words.subList(1, words.size()).toArray(new String[0]);
        int status = Cli.run(args, node, streams);
        String place = folder.toString();
        return new GoldenFile.Outcome(
                status,
                out.toString(UTF_8).replace(place, "$PWD"),
                err.toString(UTF_8).replace(place, "$PWD"),
                node.asked);
    }
}
