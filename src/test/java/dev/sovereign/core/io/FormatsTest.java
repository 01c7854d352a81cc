package dev.sovereign.core.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.ProgramRunner;
import dev.sovereign.core.eval.Control;
import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// What one program writes another reads, in every kind of file.
final class FormatsTest {

    private static final String TYPES =
            """
            .type Pair = [first:number, name:symbol]
            .type Tree = Leaf {} | Node {left:Tree, value:float, right:Tree}
            .type Whole = Zero {} | One {of:unsigned} | Both {a:Pair, b:Whole}
            .decl row(n:number, u:unsigned, f:float, s:symbol)
            .decl pair(p:Pair, q:Pair)
            .decl tree(t:Tree, w:Whole)
            .decl nothing()
            """;

    private static final String FACTS =
            """
            row(-9223372036854775808, 18446744073709551615, 1.5, "plain").
            row(1, 0, -0.25, "a comma, a \\"quote\\" and æ€\uD83D\uDE00").
            row(0, 7, 0.1, "").
            pair([1, "one"], nil).
            pair([-5, "two words"], [1, "one"]).
            tree($Leaf, $Zero).
            tree($Node($Node($Leaf, 0.5, $Leaf), -2, $Leaf), $Both([3, "x"], $One(18446744073709551615))).
            nothing().
            """;

    @TempDir Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "delimiter=\"|\"",
                "headers=true",
                "rfc4180=true",
                "rfc4180=true, headers=true, delimiter=\";\"",
                "compress=true",
                "IO=jsonfile",
                "IO=jsonfile, format=object"
            })
    void readsWhatItWrites(String options) throws IOException {
        roundTrip(
                options,
                options.contains("json") ? ".json" : ".x",
                "row",
                "pair",
                "tree",
                "nothing");
    }

    @Test
    void readsTheDatabasesThatItWrites() throws IOException {
        roundTrip("IO=sqlite", ".sqlite", "row", "pair", "tree");
    }

    /// Writes the facts, reads them in a second program and compares what both print.
    private void roundTrip(String options, String ending, String... relations) throws IOException {
        StringBuilder write = new StringBuilder(TYPES + FACTS);
        StringBuilder read = new StringBuilder(TYPES);
        StringBuilder expected = new StringBuilder(TYPES + FACTS);
        for (String relation : relations) {
            String parameters =
                    "(filename=\""
                            + relation
                            + ending
                            + "\""
                            + (options.isEmpty() ? "" : ", " + options)
                            + ")\n";
            write.append(".output ").append(relation).append(parameters);
            read.append(".input ").append(relation).append(parameters);
            for (StringBuilder text : new StringBuilder[] {read, expected}) {
                text.append(".output ").append(relation).append("(IO=stdout)\n");
            }
        }
        run(write.toString());
        assertEquals(run(expected.toString()), run(read.toString()));
    }

    @Test
    void writesADatabaseAnewAndLeavesOthersInIt() throws IOException {
        String both = "(IO=sqlite, filename=\"db.sqlite\")\n";
        run(
                TYPES
                        + "row(1, 2, 3, \"old\").\npair([1, \"one\"], nil).\n.output row"
                        + both
                        + ".output pair"
                        + both);
        run(TYPES + "row(4, 5, 6, \"new\").\n.output row" + both);
        assertEquals(
                """
                ---------------
                row
                ===============
                4\t5\t6\tnew
                ===============
                ---------------
                pair
                ===============
                [1, one]\tnil
                ===============
                """,
                run(
                        TYPES
                                + ".input row"
                                + both
                                + ".input pair"
                                + both
                                + ".output row(IO=stdout)\n.output pair(IO=stdout)\n"));
    }

    @Test
    void aDeepListIsReadAndWritten() throws IOException {
        int depth = 200_000;
        String list = "[1, ".repeat(depth) + "nil" + "]".repeat(depth);
        Files.writeString(folder.resolve("list.facts"), list + "\n");
        String program =
                """
                .type List = [head:number, tail:List]
                .decl list(l:List)
                .input list
                .output list(IO=stdout)
                """;
        assertTrue(run(program).contains(list));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "[1, x",
                "[1]",
                "[1, x, 2]",
                "[x, 1]",
                "nil, nil",
                "$Leaf",
                "[1, \"x]",
                "",
                "[",
                "[1, x] y"
            })
    void refusesWhatIsNoRecord(String cell) throws IOException {
        Files.writeString(folder.resolve("one.facts"), cell + "\n");
        SovereignException refused =
                assertThrows(
                        SovereignException.class,
                        () ->
                                run(
                                        """
                                        .type Pair = [a:number, b:symbol]
                                        .decl one(p:Pair)
                                        .input one
                                        .output one(IO=stdout)
                                        """));
        assertEquals(IoError.BAD_ROW.code(), refused.first().code());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[1]",
                "[[1]]",
                "[[1, 2]]",
                "[{\"a\": 1}]",
                "[{\"a\": 1, \"c\": \"x\"}]",
                "[[1, \"x\"]",
                "[[1.5, \"x\"]]",
                "[[1, \"x\", 2]]",
                "[[1, null]]"
            })
    void refusesJsonThatIsNoRows(String text) throws IOException {
        Files.writeString(folder.resolve("one.json"), text);
        SovereignException refused =
                assertThrows(
                        SovereignException.class,
                        () ->
                                run(
                                        """
                                        .decl one(a:number, b:symbol)
                                        .input one(IO=jsonfile)
                                        .output one(IO=stdout)
                                        """));
        assertEquals(IoError.BAD_ROW.code(), refused.first().code());
    }

    private String run(String text) throws IOException {
        Path program = folder.resolve("program.dl");
        Files.writeString(program, text);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Control control = Control.unlimited()) {
            ProgramRunner.run(
                    new ProgramRunner.Options(
                            program.toString(), folder.toString(), folder.toString()),
                    new ByteArrayInputStream(new byte[0]),
                    out,
                    _ -> {},
                    control);
        }
        return out.toString(StandardCharsets.UTF_8);
    }
}
