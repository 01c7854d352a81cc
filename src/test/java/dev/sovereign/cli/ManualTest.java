package dev.sovereign.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/// The manual reads well: as pages to `mandoc`, and as help on a terminal of 80 columns.
final class ManualTest {

    private static final int COLUMNS = 80;

    @TempDir Path folder;

    @Test
    void mandocFindsNothingToComplainAbout() throws IOException, InterruptedException {
        Map<String, String> pages = ManPage.all();
        List<String> command = new ArrayList<>(List.of("mandoc", "-Tlint"));
        for (Map.Entry<String, String> page : pages.entrySet()) {
            command.add(
                    Files.writeString(folder.resolve(page.getKey()), page.getValue()).toString());
        }
        Process mandoc;
        try {
            mandoc = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException missing) {
            if ("true".equals(System.getenv("CI"))) {
                fail("mandoc is missing, and continuous integration must have it");
            }
            Assumptions.abort("mandoc is missing: the manual is not checked");
            return;
        }
        mandoc.getOutputStream().close();
        String said = new String(mandoc.getInputStream().readAllBytes(), UTF_8);
        mandoc.waitFor();
        // pages refer to each other, and mandoc looks for them where manuals are installed
        List<String> found =
                said.lines()
                        .filter(line -> !isReferenceTo(pages, line))
                        .map(line -> line.replace(folder.toString(), "man"))
                        .toList();
        assertEquals(List.of(), found);
    }

    private static boolean isReferenceTo(Map<String, String> pages, String line) {
        int at = line.indexOf("referenced manual not found: Xr ");
        String[] words = at < 0 ? new String[0] : line.substring(at).split(" ");
        return words.length >= 7 && pages.containsKey(words[5] + "." + words[6]);
    }

    @Test
    void helpFitsEightyColumnsAndEachCommandHasAnExample() {
        List<String> faults = new ArrayList<>();
        List<String> topics = new ArrayList<>(List.of(""));
        topics.addAll(Commands.names());
        topics.addAll(Commands.GROUPS);
        topics.addAll(Topics.names());
        for (String topic : topics) {
            String text = help(topic);
            text.lines()
                    .filter(line -> Display.width(line) > COLUMNS)
                    .forEach(line -> faults.add(topic + ": " + line));
            if (Commands.names().contains(topic) && !text.contains("Examples:\n")) {
                faults.add(topic + " has no example");
            }
        }
        assertTrue(faults.isEmpty(), String.join("\n", faults));
    }

    /// Signs of a shell that end a command line.
    private static final Set<String> ENDS = Set.of("|", "||", "&&", ";", ">", "<");

    /// Each example's options and words are understood: it gets as far as the node, which a test
    /// with a real one is for. The prompt and what follows a log would go on.
    @Test
    void everyExampleIsACommandLineThatParses() throws IOException {
        List<String> faults = new ArrayList<>();
        int examples = 0;
        for (String name : Commands.names()) {
            Command command = Objects.requireNonNull(Commands.create(name), name);
            for (Shape.Example example : Commands.shape(name, command).examples) {
                List<String> args = arguments(example.call());
                if (!name.equals("repl") && !args.contains("-f") && !args.contains("--follow")) {
                    examples++;
                    check(args, faults);
                }
            }
        }
        assertTrue(faults.isEmpty(), String.join("\n", faults));
        assertTrue(examples >= 80, "only " + examples);
    }

    /// The words after `sovereign` up to what is the shell's.
    private static List<String> arguments(String call) {
        List<String> words = GoldenFile.split(call);
        int at = 0;
        while (at < words.size() && !words.get(at).endsWith("sovereign")) {
            at++;
        }
        List<String> args = new ArrayList<>();
        for (String word : words.subList(Math.min(words.size(), at + 1), words.size())) {
            if (ENDS.contains(word)) {
                break;
            }
            args.add(
                    word.endsWith(")") && call.contains("(sovereign")
                            ? word.substring(0, word.length() - 1)
                            : word);
        }
        return args;
    }

    private void check(List<String> args, List<String> faults) {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        Streams streams =
                new Streams(
                        InputStream.nullInputStream(),
                        new Out(OutputStream.nullOutputStream()),
                        new Out(err),
                        false,
                        false,
                        false,
                        Map.of(),
                        folder,
                        COLUMNS);
        ScriptedNode nobody = new ScriptedNode(folder, List.of());
        if (Cli.run(args.toArray(new String[0]), nobody, streams) == 2) {
            faults.add(args + "\n" + err.toString(UTF_8));
        }
    }

    @Test
    void chaptersAreShownWithoutMan() {
        for (String name : Manual.NAMES) {
            String text = help(name);
            assertTrue(text.startsWith("sovereign-" + name + ": "), text);
            assertTrue(text.lines().count() > 30, name + " is short:\n" + text);
            assertTrue(text.contains("\nExamples:\n"), name);
        }
    }

    private String help(String topic) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Out to = new Out(out);
        Streams streams =
                new Streams(
                        InputStream.nullInputStream(),
                        to,
                        to,
                        false,
                        false,
                        false,
                        Map.of(),
                        folder,
                        COLUMNS);
        Help.print(to, topic, streams);
        to.flush();
        return out.toString(UTF_8);
    }
}
