package dev.sovereign.core;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.Engine;
import dev.sovereign.core.eval.EvalError;
import dev.sovereign.core.eval.Limits;
import dev.sovereign.core.eval.Threads;
import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SplittableRandom;

/// The same question gives the same bytes with any number of threads, every time, and limits hold.
/// `-Dsovereign.threads.repeats=200` is the long run.
final class ThreadsTest {

    private static final int REPEATS = Integer.getInteger("sovereign.threads.repeats", 2);
    private static final long NONE = Long.MAX_VALUE;

    /// Pairs by value in all three ways to divide work, wide tuples, symbols, negation, aggregates
    /// over everything and over groups, 64-bit values among small ones, the value that no set of
    /// pairs can hold, subsumption, records, a pattern, and an equivalence.
    private static final String PROGRAM =
            """
            .decl edge(x:number, y:number)
            .input edge
            .decl path(x:number, y:number)
            path(x, y) :- edge(x, y), x < 400.
            path(x, z) :- path(x, y), edge(y, z), z < 400.
            .output path(IO=stdout)
            .decl same(x:number, y:number)
            same(x, y) :- edge(p, x), edge(p, y), x < 200, y < 200.
            same(x, y) :- edge(p, x), same(p, q), edge(q, y), x < 200, y < 200.
            .output same(IO=stdout)
            .decl back(x:number, y:number)
            back(y, x) :- path(x, y), x < 100, y < 100.
            back(x, z) :- back(x, y), back(y, z).
            .printsize back
            .decl wide(x:number, y:number, z:number)
            wide(x, y, z) :- edge(x, y), edge(y, z), z < 90.
            wide(x, y, w) :- wide(x, y, z), edge(z, w), w < 20.
            .output wide(IO=stdout)
            .decl far(x:number, y:number)
            far(x * 10000000000, y) :- edge(x, y).
            far(x, y * -1 - 9223372036854775807) :- edge(x, y), y < 5.
            far(x, -2147483648) :- edge(x, _).
            far(x, y) :- edge(x, y).
            .output far(IO=stdout)
            .decl none(x:number, y:number)
            none(x, y) :- edge(x, _), edge(y, _), x < 30, !path(x, y).
            .output none(IO=stdout)
            .decl name(x:number, s:symbol)
            name(x, cat("n", to_string(x % 977))) :- edge(x, _).
            .decl named(s:symbol, t:symbol)
            named(s, t) :- name(x, s), edge(x, y), name(y, t), match("n.*7", s).
            .output named(IO=stdout)
            .type P = [a:number, b:number]
            .decl pair(p:P)
            pair([x % 50, y % 50]) :- edge(x, y).
            .output pair(IO=stdout)
            .decl taken(x:number)
            taken(x) :- pair([x, y]), edge(x, y).
            .output taken(IO=stdout)
            .decl total(n:number, s:number, least:number, most:number)
            total(n, s, a, b) :- n = count : { edge(x, y), edge(y, _), x != y }, s = sum x + y : { edge(x, y) },
                a = min x - y : { edge(x, y) }, b = max x - y : { edge(x, y) }.
            .output total(IO=stdout)
            .decl degree(x:number, n:number)
            degree(x, n) :- edge(x, _), n = count : { edge(x, _) }.
            .output degree(IO=stdout)
            .decl dist(x:number, d:number) btree_delete
            dist(0, 0).
            dist(y, d + x % 7 + 1) :- dist(x, d), edge(x, y).
            dist(x, a) <= dist(x, b) :- b <= a.
            .output dist(IO=stdout)
            .decl often(x:number)
            often(x + z) :- edge(x, _), x < 100, edge(y, z), z < 400, y % 2 = 0.
            .output often(IO=stdout)
            .decl oftener(x:number, y:number)
            oftener(x % 20, z % 30) :- edge(x, _), x < 100, edge(y, z), z < 400, y % 2 = 0.
            .output oftener(IO=stdout)
            .decl group(x:number, y:number) eqrel
            group(x % 700, y % 700) :- edge(x, y), x % 13 = 0.
            .printsize group
            """;

    @TempDir private Path folder;

    private Path write(String program) throws IOException {
        SplittableRandom random = new SplittableRandom(5);
        StringBuilder edges = new StringBuilder();
        for (int i = 0; i < 7000; i++) {
            edges.append(random.nextInt(2500))
                    .append('\t')
                    .append(random.nextInt(2500))
                    .append('\n');
        }
        for (int i = 0; i < 2500; i++) {
            edges.append(i).append('\t').append(random.nextInt(400)).append('\n');
        }
        Files.writeString(folder.resolve("edge.facts"), edges);
        return Files.writeString(folder.resolve("program.dl"), program);
    }

    private byte[] run(Path program, Engine engine, Threads threads, Control control)
            throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ProgramRunner.run(
                new ProgramRunner.Options(
                        program.toString(), folder.toString(), folder.toString(), engine, threads),
                new ByteArrayInputStream(new byte[0]),
                out,
                _ -> {},
                control);
        return out.toByteArray();
    }

    @Test
    void theSameBytesWithOneTwoAndFourThreadsEveryTime() throws IOException {
        Path program = write(PROGRAM);
        byte[] expected;
        try (Control control = Control.unlimited()) {
            expected = run(program, Engine.INTERPRETER, Threads.ONE, control);
        }
        assertTrue(expected.length > 500_000, "only " + expected.length + " bytes");
        for (int i = 0; i < REPEATS; i++) {
            for (Threads threads :
                    new Threads[] {Threads.ONE, Threads.of(2), Threads.of(4), new Threads(2, 1)}) {
                for (Engine engine : Engine.values()) {
                    if (engine == Engine.INTERPRETER && i > 0) {
                        continue; // slow, and no more by chance than the others
                    }
                    String how = threads + ", " + engine + ", repeat " + i;
                    try (Control control = Control.unlimited()) {
                        assertArrayEquals(expected, run(program, engine, threads, control), how);
                    }
                }
            }
        }
    }

    @Test
    void fuelAndTuplesAreTheSameWithAnyNumberOfThreads() throws IOException {
        Path program =
                write(
                        """
                        .decl edge(x:number, y:number)
                        .input edge
                        .decl path(x:number, y:number)
                        path(x, y) :- edge(x, y), x < 400.
                        path(x, z) :- path(x, y), edge(y, z), z < 400.
                        .printsize path
                        """);
        long[] tuples = new long[2];
        for (int i = 0; i < 2; i++) {
            try (Control control = Control.unlimited()) {
                run(program, Engine.AUTO, Threads.of(1 + 3 * i), control);
                tuples[i] = control.tuples();
                assertTrue(control.fuelUsed() > 0);
            }
        }
        assertTrue(tuples[0] > 50_000, tuples[0] + " tuples");
        assertEquals(tuples[0], tuples[1]);
    }

    @Test
    void limitsStopAllThreads() throws IOException {
        Path program =
                write(
                        """
                        .decl edge(x:number, y:number)
                        .input edge
                        .decl r(x:number, y:number, z:number)
                        r(x, y, z) :- edge(x, _), edge(y, _), edge(z, _).
                        .printsize r
                        """);
        stops(program, EvalError.LIMIT_TUPLES, new Limits(NONE, 300_000, NONE, NONE));
        stops(program, EvalError.LIMIT_FUEL, new Limits(NONE, NONE, NONE, 3_000_000));
        stops(program, EvalError.LIMIT_MEMORY, new Limits(NONE, NONE, 20_000_000, NONE));
        stops(program, EvalError.LIMIT_TIME, new Limits(300, NONE, NONE, NONE));
    }

    private void stops(Path program, EvalError code, Limits limits) {
        try (Control control = new Control(limits)) {
            SovereignException stopped =
                    assertThrows(
                            SovereignException.class,
                            () -> run(program, Engine.AUTO, Threads.of(2), control));
            assertEquals(code.code(), stopped.first().code(), stopped.first().message());
            assertTrue(
                    stopped.first().message().contains("in the rule for r at "),
                    stopped.first().message());
        }
    }

    @Test
    void reportsTheSameFaultyRowEveryTime() throws IOException {
        Path program =
                write(
                        """
                        .decl edge(x:number, y:number)
                        .input edge
                        .decl r(x:number, y:number)
                        r(x, 1000 / (x % 1000 - y % 1000)) :- edge(x, y).
                        .printsize r
                        """);
        String first = null;
        for (int i = 0; i < 5; i++) {
            try (Control control = Control.unlimited()) {
                SovereignException failed =
                        assertThrows(
                                SovereignException.class,
                                () -> run(program, Engine.AUTO, Threads.of(2), control));
                assertEquals(EvalError.ARITHMETIC.code(), failed.first().code());
                first = first == null ? failed.first().message() : first;
                assertEquals(first, failed.first().message());
            }
        }
    }
}
