package dev.sovereign;

import dev.sovereign.cli.Cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/// Walks the paths that people's commands take, in one JVM, while that records what it loads for an
/// AOT cache; its program has rules hot enough to become classes. Run by the launcher in the
/// background, on an empty `SOVEREIGN_HOME` where a node that records as well is waiting; stops
/// that node at the end, which is when both caches get written.
final class Training {

    private Training() {}

    public static void main(String[] args) throws IOException, ClassNotFoundException {
        Path folder = Files.createTempDirectory("sovereign-training");
        Path program = folder.resolve("reach.dl");
        Path data = folder.resolve("more.tsv");
        Files.writeString(
                program,
                """
                .decl edge(a: number, b: number)
                edge(1, 2). edge(2, 3).
                .decl reach(a: number, b: number)
                reach(a, b) :- edge(a, b).
                reach(a, c) :- reach(a, b), edge(b, c).
                .decl far(a: number, n: number)
                far(a, n) :- edge(a, _), !edge(_, a), n = count : { reach(a, _) }.
                .decl n(a: number)
                n(a) :- a = range(0, 6000).
                .decl hop(a: number, b: number)
                hop(a, b) :- n(a), b = (a * 7) % 500, !edge(a, b).
                .decl two(a: number, b: number)
                two(a, c) :- hop(a, b), hop(b, c).
                .decl triangles(n: number)
                triangles(n) :- n = count : { hop(a, b), hop(b, c), hop(a, c) }.
                .output reach, triangles
                .printsize two
                """);
        Files.writeString(data, "3\t4\n4\t5\n");
        Class.forName("dev.sovereign.Main");
        Warmup.start();
        try {
            String[][] commands = {
                {"--version"},
                {"version", "--json"},
                {"--help"},
                {"help", "query"},
                {"query", "--help"},
                {"status"},
                {"assert", "edge(1, 2).", "edge(2, 3).", "trusts(\"alice\", \"bob\")."},
                {"query", "edge(1, x)?"},
                {
                    "query",
                    "reach(x, y) :- edge(x, y). reach(x, z) :- reach(x, y), edge(y, z). reach(1,"
                            + " y)?"
                },
                {"query", "edge(x, y), x > 1?", "--json"},
                {"query", "trusts(x, y)?", "--format", "table"},
                {"query", "trusts(x, y)?", "--format", "csv"},
                {"query", "-f", program.toString(), "far(x, n)?"},
                {"query", "path(1, X"},
                {"query", "trust(x, y)?"},
                {"qurey"},
                {"import", data.toString(), "--into", "edge"},
                {"export", "edge", "-o", folder.resolve("out.csv").toString()},
                {"rules", "add", "reach", program.toString()},
                {"rules", "list"},
                {"relations"},
                {"relations", "edge", "--json"},
                {"retract", "edge(4, 5)."},
                {"log"},
                {"history", "edge(1, 2)."},
                {"store", "info"},
                {"config", "list"},
                {"status", "--json"},
                {"daemon", "stop"},
            };
            // an engine in every client would cost each start 3 ms: it has a cache of its own
            String[][] alone = {
                {"check", program.toString()}, {"run", program.toString(), "-D", "-"},
            };
            for (String[] command : args[0].equals("engine") ? alone : commands) {
                Cli.run(command, new NodeCallers());
            }
        } finally {
            try (var files = Files.list(folder)) {
                for (Path file : files.toList()) {
                    Files.deleteIfExists(file);
                }
            }
            Files.deleteIfExists(folder);
        }
    }
}
