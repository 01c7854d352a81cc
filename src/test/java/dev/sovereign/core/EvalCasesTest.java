package dev.sovereign.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.eval.Control;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.error.Where;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/// Every folder in `datalog/eval`: `program.dl`, perhaps `facts/`, and in `expected.txt` what `run
/// program.dl -F facts -D -` prints, then its errors. `-Dsovereign.golden=write` writes that file
/// anew, to be read before it is committed.
final class EvalCasesTest {

    private static final Path CASES = Path.of("src/test/resources/datalog/eval");

    @TestFactory
    Stream<DynamicTest> cases() throws IOException {
        List<Path> cases;
        try (Stream<Path> found = Files.list(CASES)) {
            cases = found.filter(Files::isDirectory).sorted().toList();
        }
        assertTrue(cases.size() >= 15, () -> "only " + cases.size() + " cases in " + CASES);
        return cases.stream()
                .map(each ->
                        DynamicTest.dynamicTest(each.getFileName().toString(), () -> check(each)));
    }

    private static void check(Path folder) throws IOException {
        String found = run(folder);
        Path expected = folder.resolve("expected.txt");
        if ("write".equals(System.getProperty("sovereign.golden"))) {
            Files.writeString(expected, found);
        }
        assertEquals(Files.readString(expected), found);
    }

    private static String run(Path folder) throws IOException {
        Path facts = folder.resolve("facts");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        StringBuilder errors = new StringBuilder();
        try (Control control = Control.unlimited()) {
            ProgramRunner.run(
                    new ProgramRunner.Options(
                            folder.resolve("program.dl").toString(), facts.toString(), "-"),
                    new ByteArrayInputStream(new byte[0]),
                    out,
                    _ -> {},
                    control);
        } catch (SovereignException refused) {
            for (Diagnostic diagnostic : refused.diagnostics()) {
                Where where = diagnostic.where();
                errors.append("error: ")
                        .append(diagnostic.message())
                        .append(" [")
                        .append(diagnostic.code())
                        .append("]\n");
                if (where != null) {
                    errors.append("  ")
                            .append(where.label())
                            .append("-")
                            .append(where.endColumn())
                            .append(where.text() == null ? "" : ": " + where.text())
                            .append('\n');
                }
            }
        }
        String text = out.toString(StandardCharsets.UTF_8) + errors;
        return text.replace(folder + "/", "");
    }
}
