package dev.sovereign.core.analyze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.ast.Source;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.Where;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/// Every folder under `datalog/syntax` and `datalog/reject` holds a text and what is said about it
/// in `error.txt`. The text's name is the mode that it is read in. Run with
/// `-Dsovereign.golden.write=true` to write the expectations anew, then read the difference.
class RejectedProgramsTest {

    private static final Path RESOURCES = Path.of("src/test/resources/datalog");

    private static List<Path> cases() throws IOException {
        List<Path> cases = new ArrayList<>();
        for (String kind : List.of("syntax", "reject")) {
            try (Stream<Path> folders = Files.list(RESOURCES.resolve(kind))) {
                folders.filter(Files::isDirectory).sorted().forEach(cases::add);
            }
        }
        return cases;
    }

    @Test
    void thereAreManyCases() throws IOException {
        assertTrue(cases().size() >= 60, "only " + cases().size());
    }

    @TestFactory
    Stream<DynamicTest> saysWhatIsWrong() throws IOException {
        return cases().stream()
                .map(folder ->
                        DynamicTest.dynamicTest(
                                RESOURCES.relativize(folder).toString(), () -> check(folder)));
    }

    private static void check(Path folder) throws IOException {
        String found = said(folder);
        Path expected = folder.resolve("error.txt");
        if (Boolean.getBoolean("sovereign.golden.write")) {
            Files.writeString(expected, found);
        }
        assertEquals(Files.readString(expected), found);
    }

    private static String said(Path folder) throws IOException {
        for (Mode mode : Mode.values()) {
            Path file = folder.resolve(mode.name().toLowerCase(Locale.ROOT) + ".dl");
            if (Files.exists(file)) {
                StringBuilder out = new StringBuilder();
                diagnostics(folder, file, mode).forEach(diagnostic -> show(diagnostic, out));
                return out.toString();
            }
        }
        throw new IOException("no text in " + folder);
    }

    private static List<Diagnostic> diagnostics(Path folder, Path file, Mode mode)
            throws IOException {
        SourceResolver includes =
                (_, path) -> {
                    Path included = folder.resolve(path);
                    if (!Files.exists(included)) {
                        throw new IOException("there is no such file");
                    }
                    return new Source(path, Files.readString(included));
                };
        ParseResult parsed =
                Parser.parse(
                        mode == Mode.PROGRAM ? "program.dl" : mode.name().toLowerCase(Locale.ROOT),
                        Files.readString(file),
                        mode,
                        includes);
        List<Diagnostic> all = new ArrayList<>(parsed.diagnostics());
        if (!parsed.hasErrors()) {
            all.addAll(
                    Analyzer.analyze(List.of(parsed.program()), Catalog.EMPTY, mode).diagnostics());
        }
        return all;
    }

    private static void show(Diagnostic diagnostic, StringBuilder out) {
        out.append(diagnostic.severity().name().toLowerCase(Locale.ROOT))
                .append(": ")
                .append(diagnostic.message())
                .append(" [")
                .append(diagnostic.code())
                .append("]\n");
        Where where = diagnostic.where();
        if (where != null) {
            place(where, out);
        }
        if (diagnostic.hint() != null) {
            out.append("  hint: ").append(diagnostic.hint()).append('\n');
        }
        for (Diagnostic.Note note : diagnostic.notes()) {
            out.append("  ").append(note.message()).append('\n');
            if (note.where() != null) {
                place(note.where(), out);
            }
        }
    }

    private static void place(Where where, StringBuilder out) {
        out.append("    ").append(where.label()).append('\n');
        if (where.text() != null) {
            out.append("    ").append(where.text()).append('\n');
            out.append("    ")
                    .append(" ".repeat(where.column() - 1))
                    .append("^".repeat(where.endColumn() - where.column()))
                    .append('\n');
        }
    }
}
