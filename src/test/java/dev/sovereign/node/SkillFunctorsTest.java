package dev.sovereign.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sovereign.core.AnswerSink;
import dev.sovereign.core.KnowledgeBase;
import dev.sovereign.core.ProgramRunner;
import dev.sovereign.core.Question;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.Engine;
import dev.sovereign.core.eval.Limits;
import dev.sovereign.core.eval.Threads;
import dev.sovereign.core.store.StoreOptions;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.runtime.Maximum;
import dev.sovereign.runtime.Skills;
import dev.sovereign.runtime.pack.Packages;
import dev.sovereign.runtime.pack.SkillPackage;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Functors of Datalog that are tools of skills, from the text of a question to its rows.
class SkillFunctorsTest {

    private static final String TOOLS =
            Stream.of("square", "same", "joined", "positive", "spin", "object", "two", "silent")
                    .map(tool -> "[[tools]]\nname=\"" + tool + "\"\n")
                    .collect(Collectors.joining());

    @TempDir Path folder;

    private KnowledgeBase base;
    private Skills skills;

    @BeforeEach
    void open() throws Exception {
        base =
                KnowledgeBase.open(
                        folder.resolve("store"),
                        StoreOptions.of(folder.resolve("store.key")),
                        Map::of,
                        List.of());
        skills =
                new Skills(
                        folder.resolve("skills"),
                        folder.resolve("code"),
                        new Skills.Surroundings(
                                new Unasked(),
                                _ -> "none",
                                Map.of(),
                                Maximum.STANDARD,
                                1,
                                InstantSource.system(),
                                failure -> fail(failure)));
        install("functors", "1.0.0", TOOLS);
    }

    @AfterEach
    void close() {
        skills.close();
        base.close();
    }

    private static byte[] module() throws IOException {
        try (var in = SkillFunctorsTest.class.getResourceAsStream("/skills/functors.wasm")) {
            return Objects.requireNonNull(in).readAllBytes();
        }
    }

    private void install(String name, String version, String rest) throws IOException {
        SkillPackage added =
                Packages.of(Packages.manifest(name, version, module(), rest), module());
        skills.install(added, false, added.manifestSha256(), List.of());
    }

    private static final class Rows implements AnswerSink {
        final List<List<@Nullable Object>> rows = new ArrayList<>();

        @Override
        public void columns(String query, List<String> names, List<String> types) {}

        @Override
        public void rows(List<List<@Nullable Object>> more) {
            rows.addAll(more);
        }

        @Override
        public void note(Diagnostic note) {}
    }

    private Control control() {
        Control control = new Control(Limits.NONE);
        control.lend(new SkillFunctors(() -> skills));
        return control;
    }

    private List<List<@Nullable Object>> ask(String program, String query) throws Exception {
        return ask(program, query, control());
    }

    private List<List<@Nullable Object>> ask(String program, String query, Control control)
            throws Exception {
        Rows rows = new Rows();
        try (control) {
            base.ask(
                    new Question(
                            new KnowledgeBase.Text("query", query),
                            List.of(new KnowledgeBase.Text("program", program)),
                            null,
                            Long.MAX_VALUE,
                            false),
                    (name, _) -> {
                        throw new IOException("no file: " + name);
                    },
                    rows,
                    control);
        }
        return rows.rows;
    }

    private Diagnostic refusal(String program, String query) {
        return assertThrows(SovereignException.class, () -> ask(program, query)).first();
    }

    @Test
    void aRuleComputesWithATool() throws Exception {
        assertEquals(
                List.of(List.of(2L, 4L), List.of(3L, 9L)),
                ask(
                        ".functor square(x:number):number\nn(2). n(3).\n"
                                + "r(x, @square(x)) :- n(x).",
                        "r(X, Y)?"));
        assertEquals(
                List.of(List.of(3L)),
                ask(".functor square(x:number):number\nn(2). n(3).", "n(X), @square(X) = 9?"));
        assertEquals(
                List.of(List.of(81L)),
                ask(".functor square(x:number):number\nr(@square(@square(3))).", "r(X)?"));
    }

    @Test
    void everyKindGoesThereAndComesBack() throws Exception {
        for (String[] each :
                new String[][] {
                    {"number", "-9223372036854775808"},
                    {"unsigned", "18446744073709551615"},
                    {"float", "0.1"},
                    {"symbol", "\"a \\\"quoted\\\" \\\\ ü 🜚\""}
                }) {
            String program =
                    ".functor same(x:%s):%s\n".formatted(each[0], each[0])
                            + ".decl v(x:"
                            + each[0]
                            + ")\nv("
                            + each[1]
                            + ").\n";
            assertEquals(
                    ask(program, "v(X)?"),
                    ask(program + ".decl r(x:" + each[0] + ")\nr(@same(y)) :- v(y).\n", "r(X)?"),
                    each[0]);
            assertEquals(1, ask(program, "v(Y), X = @same(Y), X = Y?").size(), each[0]);
        }
        assertEquals(
                List.of(List.of("[1,\"x\",2.5,18446744073709551615]")),
                ask(
                        ".functor joined(a:number, b:symbol, c:float, d:unsigned):symbol\n"
                                + "r(@joined(1, \"x\", 2.5, 18446744073709551615)).",
                        "r(X)?"));
    }

    @Test
    void bothEnginesAndRecursionGiveTheSame() throws Exception {
        Path program = folder.resolve("p.dl");
        Files.writeString(
                program,
                """
                .functor square(x:number):number
                .decl r(x:number)
                r(2). r(@square(x)) :- r(x), x < 70000.
                .output r
                """);
        List<String> outputs = new ArrayList<>();
        for (Engine engine : Engine.values()) {
            for (int count = 1; count <= 2; count++) {
                outputs.add(run(program, engine, new Threads(count, 1)));
            }
        }
        assertTrue(outputs.getFirst().contains("4294967296"), outputs.getFirst());
        assertEquals(1, outputs.stream().distinct().count());
    }

    private String run(Path program, Engine engine, Threads threads) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (Control control = control()) {
            ProgramRunner.run(
                    new ProgramRunner.Options(program.toString(), ".", "-", engine, threads),
                    new ByteArrayInputStream(new byte[0]),
                    out,
                    _ -> {},
                    control);
        }
        return out.toString(UTF_8);
    }

    @Test
    void whatIsNotDeclaredOrUsedInAnotherWayIsRefusedWhereItStands() {
        Diagnostic unknown = refusal(".functor square(x:number):number\n", "X = @sqare(2)?");
        assertEquals("core.unknown-functor", unknown.code());
        assertEquals("did you mean @square?", unknown.hint());
        assertEquals(
                "core.arity",
                refusal(".functor square(x:number):number\n", "X = @square(2, 3)?").code());
        assertEquals(
                "core.type",
                refusal(".functor square(x:number):number\n", "X = @square(\"a\")?").code());
        assertEquals(
                "core.unsupported",
                refusal(".functor f(x:number):number stateful\n", "X = @f(1)?").code());
        assertEquals(
                "core.duplicate",
                refusal(".functor f(x:number):number\n.functor f(x:symbol):number\n", "X = @f(1)?")
                        .code());
    }

    @Test
    void whereNobodyComputesItTheErrorSaysWhatWould() throws Exception {
        String program = ".functor other(x:number):number\n.decl n(x:number)\nn(1).\n";
        Diagnostic missing = refusal(program, "n(X), Y = @other(X)?");
        assertEquals("core.functor-missing", missing.code());
        assertEquals(
                "install a skill that asks for nothing and has a tool of that name",
                missing.hint());
        install("asks", "1.0.0", "[[tools]]\nname=\"other\"\n[capabilities]\nwrite=[\"alert\"]\n");
        assertTrue(
                refusal(program, "n(X), Y = @other(X)?").message().contains("asks for write=alert"),
                refusal(program, "n(X), Y = @other(X)?").message());
        install("square-too", "1.0.0", "[[tools]]\nname=\"square\"\n");
        assertTrue(
                refusal(".functor square(x:number):number\n", "X = @square(2)?")
                        .message()
                        .contains("functors, square-too"));
        try (Control control = new Control(Limits.NONE)) {
            assertEquals(
                    "core.functor-missing",
                    assertThrows(
                                    SovereignException.class,
                                    () -> ask(program, "Y = @other(1)?", control))
                            .first()
                            .code());
        }
    }

    @Test
    void whatHasNoValueNamesTheRuleTheValuesAndTheSkill() {
        Diagnostic failed =
                refusal(
                        ".functor positive(x:number):number\nn(1). n(-1).\n"
                                + "r(@positive(x)) :- n(x).",
                        "r(X)?");
        assertEquals("core.functor-failed", failed.code());
        assertTrue(
                failed.message()
                        .startsWith(
                                "@positive(-1) by skill functors 1.0.0 has no value: ended with 1"
                                        + " (-1 is not positive), in the rule for r at program:3"),
                failed.message());
        assertEquals(3, Objects.requireNonNull(failed.where()).line());
        for (String tool : List.of("object", "two", "silent")) {
            Diagnostic none =
                    refusal(".functor " + tool + "(x:number):number\n", "X = @" + tool + "(1)?");
            assertEquals("core.functor-failed", none.code(), tool);
            assertTrue(none.message().contains("no number and no string"), none.message());
        }
        assertTrue(
                refusal(".functor same(x:number):symbol\n", "X = @same(1)?")
                        .message()
                        .contains("@same(1) is 1, which is no symbol"));
    }

    @Test
    void aConditionKeepsRowsAway() throws Exception {
        assertEquals(
                List.of(List.of(1L)),
                ask(
                        ".functor positive(x:number):number\nn(1). n(-1).\n"
                                + "r(@positive(x)) :- n(x), x > 0.",
                        "r(X)?"));
    }

    @Test
    void fuelIsChargedToTheQuestionAndIsTheSameFromMemory() throws Exception {
        String program = ".functor square(x:number):number\n.decl n(x:number)\nn(7).\n";
        long[] used = new long[3];
        for (int i = 0; i < used.length; i++) {
            Control control = control();
            ask(program, "n(X), Y = @square(X)?", control);
            used[i] = control.fuelUsed();
        }
        assertTrue(used[0] > 50, "fuel " + used[0]);
        assertEquals(used[0], used[1]);
        assertEquals(used[0], used[2]);
        Control small = new Control(new Limits(10_000, 1_000_000, 1 << 26, 40));
        small.lend(new SkillFunctors(() -> skills));
        assertEquals(
                "core.limit-fuel",
                assertThrows(
                                SovereignException.class,
                                () -> ask(program, "n(X), Y = @square(X)?", small))
                        .first()
                        .code());
    }

    @Test
    void endlessOnesEndAndCanBeCancelled() throws Exception {
        String program = ".functor spin(x:number):number\n";
        assertEquals("core.functor-limit", refusal(program, "Y = @spin(1)?").code());

        Control control = control();
        CompletableFuture<String> ended = new CompletableFuture<>();
        Thread asker =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                ask(program, "Y = @spin(2)?", control);
                                ended.complete("answered");
                            } catch (SovereignException refused) {
                                ended.complete(refused.first().code());
                            } catch (Exception other) {
                                ended.completeExceptionally(other);
                            }
                        });
        control.cancel();
        assertEquals("core.cancelled", ended.get(60, TimeUnit.SECONDS));
        asker.join();
    }

    @Test
    void storedRulesComputeAndMissTheirSkillOnlyWhenTheyAreAsked() throws Exception {
        base.add(List.of(new KnowledgeBase.Text("test", "side(5).")), KnowledgeBase.NODE, null);
        base.modules()
                .add(
                        "areas",
                        new KnowledgeBase.Text(
                                "areas.dl",
                                ".functor square(x:number):number\n"
                                        + "area(x, @square(x)) :- side(x)."),
                        KnowledgeBase.NODE,
                        _ -> {});
        assertEquals(List.of(List.of(25L)), ask("", "@areas.area(5, X)?"));
        skills.remove("functors");
        assertEquals("core.functor-missing", refusal("", "@areas.area(5, X)?").code());
        assertEquals(List.of(List.of(5L)), ask("", "side(X)?"));
    }

    @Test
    void proofsShowWhatWasComputed() throws Exception {
        StringBuilder shown = new StringBuilder();
        try (Control control = control()) {
            base.why(
                    new Question(
                            new KnowledgeBase.Text("query", "r(3, 9)?"),
                            List.of(
                                    new KnowledgeBase.Text(
                                            "program",
                                            ".functor square(x:number):number\nn(3).\n"
                                                    + "r(x, y) :- n(x), y = @square(x).")),
                            null,
                            Long.MAX_VALUE,
                            false),
                    Integer.MAX_VALUE,
                    false,
                    (name, _) -> {
                        throw new IOException("no file: " + name);
                    },
                    (_, steps) -> shown.append(steps),
                    control);
        }
        assertTrue(shown.toString().contains("9 = @square(3)"), shown.toString());
        assertFalse(shown.toString().contains("@(\"square\""), shown.toString());
    }

    private record Unasked() implements dev.sovereign.runtime.Knowledge {
        @Override
        public byte[] query(
                String text,
                java.util.Collection<dev.sovereign.runtime.pack.Capability.Read> granted,
                int maxBytes,
                long deadlineNanos) {
            throw new AssertionError("asked " + text);
        }

        @Override
        public int check(String facts, java.util.Set<String> granted) {
            throw new AssertionError("checked " + facts);
        }

        @Override
        public Written commit(
                List<String> asserts,
                List<String> retracts,
                java.util.Set<String> granted,
                String author,
                String reason) {
            throw new AssertionError("wrote " + asserts);
        }
    }
}
