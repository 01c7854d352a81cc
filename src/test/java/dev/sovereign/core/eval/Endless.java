package dev.sovereign.core.eval;

import dev.sovereign.core.ProgramRunner;
import dev.sovereign.error.SovereignException;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;

/// `Endless FOLDER`: in this process, whose heap is small, runs programs that never end until each
/// limit stops them, and prints a line for each: program, limit, code of the error, whether it
/// names the rule, milliseconds, derived tuples, bytes counted, and the most heap that was really
/// in use for a byte counted (in percent; 0 when it was not measured).
final class Endless {

    private static final long NONE = Long.MAX_VALUE;
    private static final long MEMORY = 80_000_000;
    private static final long TUPLES = 10_000;

    /// Looks at the heap begin at this share of the limit, and come again after each tenth of it.
    private static final long FIRST_LOOK = MEMORY / 10 * 6;

    static final Map<String, String> PROGRAMS =
            new TreeMap<>(
                    Map.of(
                            "count",
                            """
                            .decl n(x:number)
                            n(0).
                            n(x + 1) :- n(x).
                            .printsize n
                            """,
                            "cross",
                            """
                            .decl n(x:number)
                            n(x) :- x = range(0, 1000000).
                            .decl r(x:number, y:number)
                            r(x, y) :- n(x), n(y).
                            .printsize r
                            """,
                            "cat",
                            """
                            .decl s(x:symbol)
                            s("").
                            s(cat(x, "a")) :- s(x).
                            .printsize s
                            """,
                            "double",
                            """
                            .decl s(x:symbol)
                            s("ab").
                            s(cat(x, x)) :- s(x).
                            .printsize s
                            """,
                            "record",
                            """
                            .type L = [head:number, tail:L]
                            .decl l(x:L)
                            l(nil).
                            l([1, x]) :- l(x).
                            .printsize l
                            """,
                            "wide",
                            """
                            .decl w(a:number, b:number, c:number)
                            w(0, 0, 0).
                            w(a + 1, b + 10000000000, c - 1) :- w(a, b, c).
                            .printsize w
                            """));

    private static final String WARM =
            """
            .decl n(x:number, s:symbol)
            n(x, to_string(x)) :- x = range(0, 100).
            .printsize n
            """;

    private Endless() {}

    public static void main(String[] args) throws IOException {
        Path warm = Path.of(args[0]).resolve("warm.dl"); // so that time is spent in rules
        Files.writeString(warm, WARM);
        run("warm", "up", Limits.NONE, warm);
        for (var program : PROGRAMS.entrySet()) {
            Path file = Path.of(args[0]).resolve(program.getKey() + ".dl");
            Files.writeString(file, program.getValue());
            run(program.getKey(), "time", new Limits(300, NONE, NONE, NONE), file);
            run(program.getKey(), "tuples", new Limits(NONE, TUPLES, NONE, NONE), file);
            run(program.getKey(), "memory", new Limits(3_600_000, NONE, MEMORY, NONE), file);
            run(program.getKey(), "heap", Limits.NONE, file);
        }
    }

    private static void run(String name, String limit, Limits limits, Path file)
            throws IOException {
        HeapWatch watch = new HeapWatch();
        long start = System.nanoTime();
        Control control = new Control(limits, MemoryPool.PROCESS, watch);
        if (limit.equals("memory")) {
            watch.start(control);
        }
        try (control) {
            ProgramRunner.run(
                    new ProgramRunner.Options(file.toString(), ".", "."),
                    new ByteArrayInputStream(new byte[0]),
                    new ByteArrayOutputStream(),
                    _ -> {},
                    control);
            System.out.println(name + " " + limit);
        } catch (SovereignException stopped) {
            System.out.println(
                    String.join(
                            " ",
                            name,
                            limit,
                            stopped.first().code(),
                            Boolean.toString(
                                    stopped.first().message().contains("in the rule for ")
                                            && stopped.first().message().contains(file + ":")),
                            Long.toString((System.nanoTime() - start) / 1_000_000),
                            Long.toString(control.tuples()),
                            Long.toString(control.bytes()),
                            Long.toString(watch.percent)));
        }
    }

    /// The clock of an evaluation, which at some of its looks measures the heap.
    private static final class HeapWatch implements LongSupplier {
        private Control control = Control.unlimited();
        private long before;
        private long nextLook = NONE;
        private long percent;

        void start(Control watched) {
            before = used();
            control = watched;
            nextLook = FIRST_LOOK;
        }

        @Override
        public long getAsLong() {
            if (control.bytes() >= nextLook) {
                nextLook = control.bytes() + MEMORY / 10;
                percent = Math.max(percent, 100 * (used() - before) / control.bytes());
            }
            return System.nanoTime();
        }

        private static long used() {
            System.gc();
            Runtime runtime = Runtime.getRuntime();
            return runtime.totalMemory() - runtime.freeMemory();
        }
    }
}
