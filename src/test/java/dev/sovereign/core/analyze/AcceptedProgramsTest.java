package dev.sovereign.core.analyze;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.ParseResult;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;
import dev.sovereign.error.Diagnostic;

import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/// The programs under `datalog/accept`, between them every construct of the grammar that is carried
/// out, check without an error.
class AcceptedProgramsTest {

    @TestFactory
    Stream<DynamicTest> checks() throws IOException {
        try (Stream<Path> files = Files.list(Path.of("src/test/resources/datalog/accept"))) {
            return files.sorted().toList().stream()
                    .map(file ->
                            DynamicTest.dynamicTest(
                                    file.getFileName().toString(), () -> check(file)));
        }
    }

    private static void check(Path file) throws IOException {
        ParseResult parsed =
                Parser.parse(
                        file.getFileName().toString(),
                        Files.readString(file),
                        Mode.PROGRAM,
                        SourceResolver.NONE);
        assertEquals(List.of(), errors(parsed.diagnostics()));
        Analysis analysis =
                Analyzer.analyze(List.of(parsed.program()), Catalog.EMPTY, Mode.PROGRAM);
        assertEquals(List.of(), errors(analysis.diagnostics()));
        assertNotNull(analysis.program());
    }

    private static List<String> errors(List<Diagnostic> diagnostics) {
        List<String> errors = new ArrayList<>();
        for (Diagnostic diagnostic : diagnostics) {
            if (diagnostic.severity() == Diagnostic.Severity.ERROR) {
                errors.add(
                        diagnostic.message()
                                + (diagnostic.where() == null
                                        ? ""
                                        : " at " + diagnostic.where().label()));
            }
        }
        return errors;
    }
}
