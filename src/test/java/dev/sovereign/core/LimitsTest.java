package dev.sovereign.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.EvalError;
import dev.sovereign.core.eval.Limits;
import dev.sovereign.core.eval.MemoryPool;
import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.LongSupplier;

/// A program without end is stopped by every limit, which names the rule; what it held is given
/// back.
final class LimitsTest {

    private static final long NONE = Long.MAX_VALUE;

    @TempDir private Path folder;
    private Path program;

    @BeforeEach
    void write() throws IOException {
        program = folder.resolve("endless.dl");
        Files.writeString(
                program,
                """
                .decl n(x:number)
                n(0).
                n(x + 1) :- n(x).
                .printsize n
                """);
    }

    private void run(Control control) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try {
            ProgramRunner.run(
                    new ProgramRunner.Options(program.toString(), ".", "."),
                    new ByteArrayInputStream(new byte[0]),
                    out,
                    _ -> {},
                    control);
        } finally {
            assertEquals(0, out.size(), "something was printed by a run that was stopped");
        }
    }

    private void stops(EvalError code, Control control) {
        SovereignException stopped = assertThrows(SovereignException.class, () -> run(control));
        assertEquals(code.code(), stopped.first().code());
        assertTrue(
                stopped.first().message().contains("in the rule for n at " + program + ":3"),
                stopped.first().message());
    }

    @Test
    void stopsAtTheLimitOfTuples() {
        try (Control control = new Control(new Limits(NONE, 1000, NONE, NONE))) {
            stops(EvalError.LIMIT_TUPLES, control);
        }
    }

    @Test
    void stopsAtTheLimitOfFuel() {
        try (Control control = new Control(new Limits(NONE, NONE, NONE, 100_000))) {
            stops(EvalError.LIMIT_FUEL, control);
            assertEquals(100_000, control.fuelUsed());
        }
    }

    @Test
    void stopsAtTheLimitOfTime() {
        // every look at the clock is a millisecond later
        LongSupplier clock =
                new LongSupplier() {
                    private long now;

                    @Override
                    public long getAsLong() {
                        now += 1_000_000;
                        return now;
                    }
                };
        MemoryPool pool = new MemoryPool(1 << 30);
        try (Control control = new Control(new Limits(50, NONE, NONE, NONE), pool, clock)) {
            stops(EvalError.LIMIT_TIME, control);
        }
    }

    @Test
    void stopsAtTheLimitOfMemory() {
        try (Control control = new Control(new Limits(NONE, NONE, 5_000_000, NONE))) {
            stops(EvalError.LIMIT_MEMORY, control);
        }
    }

    @Test
    void stopsBeforeWhatAllEvaluationsShareIsTaken() {
        MemoryPool pool = new MemoryPool(20_000_000);
        try (Control control = new Control(Limits.NONE, pool, System::nanoTime)) {
            stops(EvalError.LIMIT_MEMORY, control);
            assertTrue(pool.takenBytes() <= pool.capacityBytes());
            assertTrue(pool.takenBytes() > 0);
        }
        assertEquals(0, pool.takenBytes());
    }

    @Test
    void leavesRoomForSmallOnes() throws IOException {
        MemoryPool pool = new MemoryPool(20_000_000);
        try (Control large = new Control(Limits.NONE, pool, System::nanoTime)) {
            stops(EvalError.LIMIT_MEMORY, large); // and holds what it took until it is closed
            Files.writeString(
                    program,
                    """
                    .decl n(x:number)
                    n(x) :- x = range(0, 1000).
                    .printsize n
                    """);
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try (Control small = new Control(Limits.NONE, pool, System::nanoTime)) {
                ProgramRunner.run(
                        new ProgramRunner.Options(program.toString(), ".", "."),
                        new ByteArrayInputStream(new byte[0]),
                        out,
                        _ -> {},
                        small);
            }
            assertEquals("n\t1000\n", out.toString(java.nio.charset.StandardCharsets.UTF_8));
        }
    }

    @Test
    void stopsWhenCancelled() {
        Control[] cancelled = new Control[1];
        LongSupplier clock =
                new LongSupplier() {
                    private int calls;

                    @Override
                    public long getAsLong() {
                        if (++calls == 100) {
                            cancelled[0].cancel();
                        }
                        return 0;
                    }
                };
        MemoryPool pool = new MemoryPool(1 << 30);
        try (Control control = new Control(new Limits(1000, NONE, NONE, NONE), pool, clock)) {
            cancelled[0] = control;
            stops(EvalError.CANCELLED, control);
        }
    }

    @Test
    void burnsTheSameFuelEveryTime() throws IOException {
        Files.writeString(
                program,
                """
                .decl e(x:number, y:number)
                e(1, 2). e(2, 3). e(3, 1). e(3, 4). e(4, 5).
                .decl p(x:number, y:number)
                p(x, y) :- e(x, y).
                p(x, z) :- p(x, y), p(y, z), x != z.
                .decl q(n:number)
                q(count : { p(x, _), !e(x, 4) }).
                .output q(IO=stdout)
                """);
        long[] fuel = new long[2];
        for (int i = 0; i < 2; i++) {
            try (Control control = Control.unlimited()) {
                ProgramRunner.run(
                        new ProgramRunner.Options(program.toString(), ".", "."),
                        new ByteArrayInputStream(new byte[0]),
                        new ByteArrayOutputStream(),
                        _ -> {},
                        control);
                fuel[i] = control.fuelUsed();
            }
        }
        assertTrue(fuel[0] > 0);
        assertEquals(fuel[0], fuel[1]);
    }

    @Test
    void stopsAPatternThatBacktracksForever() throws IOException {
        Files.writeString(
                program,
                """
                .decl t(s:symbol)
                t("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaab").
                .decl m(s:symbol)
                m(s) :- t(s), match("a*a*a*a*a*a*a*a*c", s).
                .printsize m
                """);
        try (Control control = new Control(new Limits(NONE, NONE, NONE, 1_000_000))) {
            SovereignException stopped = assertThrows(SovereignException.class, () -> run(control));
            assertEquals(EvalError.LIMIT_FUEL.code(), stopped.first().code());
        }
    }
}
