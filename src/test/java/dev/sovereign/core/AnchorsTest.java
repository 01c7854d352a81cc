package dev.sovereign.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sovereign.core.eval.Control;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/// The benchmark programs on their small data sets, against the counts that Soufflé and DuckDB
/// agree on. They lie beside the repository, in `../shared/anchors/datalog`; without them the test
/// is skipped.
final class AnchorsTest {

    @TempDir private Path folder;

    @Test
    void agreesInEveryCount() throws Exception {
        Path anchors = Anchors.generate(folder);
        Map<String, Long> expected = expected(anchors.resolve("expected.json"));
        Map<String, Long> found = new TreeMap<>();
        for (var run : Anchors.RUNS.entrySet()) {
            count(anchors, run.getKey(), run.getValue(), found);
        }
        expected.keySet().retainAll(found.keySet());
        assertEquals(expected, found);
        assertEquals(
                Anchors.RUNS.size(),
                found.keySet().stream().map(AnchorsTest::runOf).distinct().count());
    }

    private static String runOf(String key) {
        return key.substring(0, key.indexOf('.'));
    }

    private void count(Path anchors, String name, String[] run, Map<String, Long> into)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Control control = Control.unlimited()) {
            ProgramRunner.run(
                    new ProgramRunner.Options(
                            anchors.resolve("programs").resolve(run[0] + ".dl").toString(),
                            folder.resolve(run[1]).toString(),
                            folder.toString()),
                    new ByteArrayInputStream(new byte[0]),
                    out,
                    _ -> {},
                    control);
        }
        String[] lines = out.toString(StandardCharsets.UTF_8).split("\n");
        for (int i = 0; i < lines.length; i++) {
            int tab = lines[i].indexOf('\t');
            if (tab > 0) {
                into.put(
                        name + "." + lines[i].substring(0, tab),
                        Long.valueOf(lines[i].substring(tab + 1)));
            } else if (lines[i].startsWith("-----")) {
                // these programs print one row: the count itself, compared by the row's checksum
                into.put(name + "." + lines[i + 1] + "=" + lines[i + 3], 1L);
            }
        }
    }

    /// `run.relation` to its rows; for the two that print a count, `run.relation=count` to 1.
    private static Map<String, Long> expected(Path file) throws IOException {
        Map<String, Long> expected = new TreeMap<>();
        try (JsonParser parser =
                new JsonFactory()
                        .createParser(ObjectReadContext.empty(), Files.readAllBytes(file))) {
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                boolean small = parser.currentName().equals("small");
                parser.nextToken();
                if (!small) {
                    parser.skipChildren();
                    continue;
                }
                while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                    boolean once = parser.currentName().equals("once");
                    parser.nextToken();
                    if (once) {
                        runs(parser, expected);
                    } else {
                        parser.skipChildren();
                    }
                }
            }
        }
        return expected;
    }

    private static void runs(JsonParser parser, Map<String, Long> into) throws IOException {
        while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String run = parser.currentName();
            parser.nextToken();
            while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
                String relation = parser.currentName();
                parser.nextToken();
                parser.nextToken();
                long rows = parser.getLongValue();
                parser.nextToken();
                String checksum = parser.getString();
                parser.nextToken();
                into.put(run + "." + relation, rows);
                if (relation.equals("triangles") || relation.equals("cliques")) {
                    into.remove(run + "." + relation);
                    into.put(run + "." + relation + "=" + rowOf(checksum), rows);
                }
            }
        }
    }

    /// The number whose CRC-32 this is.
    private static String rowOf(String checksum) {
        long wanted = Long.parseUnsignedLong(checksum, 16);
        for (int n = 0; n < 10_000_000; n++) {
            java.util.zip.CRC32 crc = new java.util.zip.CRC32();
            crc.update(Integer.toString(n).getBytes(StandardCharsets.US_ASCII));
            if (crc.getValue() == wanted) {
                return Integer.toString(n);
            }
        }
        throw new AssertionError("no number has the checksum " + checksum);
    }
}
