package dev.sovereign.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sovereign.core.store.Progress;
import dev.sovereign.core.store.StoreOptions;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.error.Where;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;

class RowImportTest {

    @TempDir Path folder;

    private KnowledgeBase knowledge;

    @BeforeEach
    void open() {
        knowledge =
                KnowledgeBase.open(
                        folder.resolve("store"),
                        StoreOptions.of(folder.resolve("store.key")),
                        Map::of,
                        List.of());
    }

    @AfterEach
    void close() {
        knowledge.close();
    }

    private RowImport.Result read(
            String file, String text, boolean header, boolean skip, String... columns)
            throws Exception {
        return read(file, text, null, header, false, skip, columns);
    }

    private RowImport.Result read(
            String file,
            String text,
            @Nullable String format,
            boolean header,
            boolean dryRun,
            boolean skip,
            String... columns)
            throws Exception {
        RowImport.Plan plan =
                new RowImport.Plan(
                        List.of(file), "r", format, header, List.of(columns), dryRun, skip);
        return knowledge.importRows(
                plan,
                (_, _) -> new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
                () -> false,
                Progress.NONE,
                KnowledgeBase.NODE);
    }

    private String columns() {
        return FactState.shown(FactWriter.stored(knowledge.relations("r").getFirst().columns()));
    }

    private static Where place(Diagnostic fault) {
        return Objects.requireNonNull(fault.where());
    }

    @Test
    void infersNumbersFloatsAndSymbols() throws Exception {
        assertEquals(
                new Committed(1, 2, 0, 0),
                read("a.tsv", "1\t1.5\tx\t007\n-2\t3\ty\t8\n", false, false).committed());
        assertEquals("(c1:number, c2:float, c3:symbol, c4:symbol)", columns());
    }

    @Test
    void readsCsvWithAHeaderAndQuotes() throws Exception {
        read("a.csv", "name,city\n\"Doe, Jane\",\"a \"\"b\"\"\nc\"\n", true, false);

        assertEquals("(name:symbol, city:symbol)", columns());
        assertEquals(
                true,
                knowledge
                        .history(
                                new KnowledgeBase.Text(
                                        "fact", "r(\"Doe, Jane\", \"a \\\"b\\\"\\nc\")"))
                        .holds());
    }

    @Test
    void takesNamedColumnsWithTheirTypes() throws Exception {
        read("a.csv", "zip,name,n\n10115,x,1\n", true, false, "n", "zip:symbol");

        assertEquals("(n:number, zip:symbol)", columns());
    }

    @Test
    void readsObjectsAndArraysOfJson() throws Exception {
        read(
                "a.jsonl",
                "{\"b\":\"2\",\"a\":1}\n\n{\"a\":3,\"b\":\"x\",\"more\":[1]}\n",
                false,
                false);
        assertEquals("(b:symbol, a:number)", columns());

        assertEquals(1, read("b.jsonl", "[\"z\", 4]\n", false, false).committed().asserted());
    }

    @Test
    void aFaultyRowImportsNothingAndIsShown() throws Exception {
        read("a.tsv", "1\t2\n", false, false);

        SovereignException refused =
                assertThrows(
                        SovereignException.class,
                        () -> read("b.tsv", "3\t4\n5\tx\n6\n", false, false));
        List<Diagnostic> faults = refused.diagnostics();
        assertEquals(2, faults.size());
        assertEquals("core.bad-row", faults.getFirst().code());
        assertEquals("b.tsv:2:3", place(faults.get(0)).label());
        assertEquals("5\tx", place(faults.get(0)).text());
        assertEquals("b.tsv:3:1", place(faults.get(1)).label());
        assertEquals(1, knowledge.counts().facts());
    }

    @Test
    void faultyRowsAreCountedWhenTheyMayBeSkipped() throws Exception {
        read("a.tsv", "1\t2\n", false, false);

        RowImport.Result result = read("b.tsv", "3\t4\n5\tx\n6\n1\t2\n", false, true);
        assertEquals(new Committed(2, 1, 0, 1), result.committed());
        assertEquals(2, result.skipped());
    }

    @Test
    void aDryRunChangesNothing() throws Exception {
        assertEquals(
                2, read("a.tsv", "1\n2\n2\n", null, false, true, false).committed().asserted());
        assertEquals(0, knowledge.counts().tx());
        assertEquals(0, knowledge.counts().facts());
    }

    @Test
    void refusesAFormatThatItDoesNotKnow() {
        SovereignException refused =
                assertThrows(SovereignException.class, () -> read("a.xlsx", "1\n", false, false));
        assertEquals("core.format", refused.first().code());
    }
}
