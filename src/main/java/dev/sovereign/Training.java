package dev.sovereign;

import dev.sovereign.cli.Caller;
import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Cli;
import dev.sovereign.cli.Listener;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Uid;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// Walks the paths that people's commands take, in one JVM, while that records what it loads for an
/// AOT cache; its program has rules hot enough to become classes. Run by the launcher in the
/// background, on an empty `SOVEREIGN_HOME` where a node that records as well is waiting; stops
/// that node at the end, which is when both caches get written.
final class Training {

    /// Pairs of rules of the large program.
    private static final int MANY_RULES = 1000;

    private Training() {}

    /// A license of three blocks of regtest, as `RegtestMiner` of the tests makes them.
    private static final String PROOF =
            "{\"format\":\"sovereign-license-proof\",\"version\":1,\"network\":\"regtest\",\"tx\""
                + ":\"0200000001070000000000000000000000000000000000000000000000000000000000"
                + "0000000000000151ffffffff0250c3000000000000160014751e76e8199196d454941c45"
                + "d1b3a323f1433bd60000000000000000226a201111111111111111111111111111111111"
                + "11111111111111111111111111111100000000\",\"block\":{\"height\":2,\"pos\":1,\"bra"
                + "nch\":[\"705f425bfcb81942ec8db27abc2485c1322177233dac87d78445c704dccf129c\""
                + "]},\"headers\":{\"start\":0,\"data\":\"AQAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                + "AAAAAAAAO6Pt/Xp7ErJ6xyw+Z3aPYX/IG8OIilEyOp+4qkseXkra5UlN//9/IAIAAAAEAAAA"
                + "BiJuRhEaC1nKrxJgQ+tbvyjDTzpeMyofx7K3PPGIkQ8AAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                + "AAAAAAAAAAAAADLoSU3//38gAAAAAAQAAAAhH8OkZebJwlGj707Zg72nUgDYUoY7GsuAEiz0"
                + "inuTBSZ0CgVfVQ8EdBEtloyEzimX74pVCpEOdgHM5Km8mlwdiupJTf//fyAEAAAABAAAANyr"
                + "hMg0aQ3IshRnXnsKyG7TSfG2vMViUoJs0O77IGwtAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
                + "AAAAAAAAAADi7ElN//9/IAIAAAA=\"},\"anchor\":{\"height\":0,\"hash\":\"0f9188f13cb7"
                + "b2c71f2a335e3a4fc328bf5beb436012afca590b1a11466e2206\"}}";

    /// Rows of an import: enough for the loops of an import and of opening a store to be compiled.
    private static final int ROWS = 150_000;

    /// Transactions of one fact: enough for all of their way to be compiled.
    private static final int TRANSACTIONS = 6_000;

    public static void main(String[] args)
            throws IOException, ClassNotFoundException, InterruptedException {
        Path folder = Files.createTempDirectory("sovereign-training");
        Path program = folder.resolve("reach.dl");
        Path data = folder.resolve("more.tsv");
        Path table = folder.resolve("many.tsv");
        Path backup = folder.resolve("backup");
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
        Path many = folder.resolve("many.dl");
        Files.writeString(many, manyRules());
        Files.writeString(data, "3\t4\n4\t5\n");
        Class.forName("dev.sovereign.Main");
        Warmup.start();
        Uid.own(); // where SOVEREIGN_HOME is not set
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
                {"__complete", "relations"},
                {"__complete", "modules", "r"},
                {"relations", "edge", "--json"},
                {"retract", "edge(4, 5)."},
                {"log"},
                {"history", "edge(1, 2)."},
                {"store", "info"},
                // no skill: its engine in the cache costs every start 20 ms and 6 MiB
                {"config", "list"},
                {"status", "--json"},
                // little of it: what is compiled as often as here gets ready later than by itself
                {"store", "encrypt"},
                {"store", "check"},
                {"store", "decrypt"},
            };
            String[][] last = {
                {"import", table.toString(), "--into", "many"},
                {"store", "backup", backup.toString()},
                {"store", "restore", backup.toString()}, // opens it as a start does
                {"query", "many(1, x)?"},
                {"daemon", "stop"},
            };
            // an engine in every client would cost each start 3 ms: it has a cache of its own
            String[][] alone = {
                {"check", program.toString()},
                {"run", program.toString(), "-D", "-"},
                {"check", many.toString()},
                {"run", many.toString(), "-D", "-"},
            };
            String[][] licenses = licenses(folder);
            String[][] asked =
                    switch (args[0]) {
                        case "engine" -> alone;
                        case "finance" -> licenses;
                        default -> commands;
                    };
            run(asked);
            if (args[0].equals("client")) {
                transactions();
                rows(table);
                run(last);
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

    /// Enough rules of each kind that what reads and plans them gets compiled: the cache keeps
    /// which methods those were, and a large program's first run does not have to find out again.
    private static String manyRules() {
        StringBuilder text =
                new StringBuilder(
                        """
                        .decl e(x: number, y: number)
                        e(1, 2). e(2, 3). e(3, 1). e(3, 4).
                        .decl name(x: number, s: symbol)
                        name(1, "a"). name(2, "b").
                        .decl p0(x: number, y: number)
                        p0(x, y) :- e(x, y).
                        """);
        for (int i = 1; i <= MANY_RULES; i++) {
            String p = "p" + (i - 1);
            text.append(".decl p%d(x: number, y: number)\n".formatted(i));
            String rules =
                    switch (i % 4) {
                        case 0 ->
                                """
                                p%1$d(x, y) :- %2$s(x, y).
                                p%1$d(x, z) :- p%1$d(x, y), %2$s(y, z), e(x, _).
                                """;
                        case 1 ->
                                """
                                p%1$d(x, y) :- %2$s(x, y), !e(y, x).
                                p%1$d(x, y) :- %2$s(y, x), (x != y ; x = y + 1).
                                """;
                        case 2 ->
                                """
                                p%1$d(x, y) :- %2$s(x, z), e(z, y), !name(z, "c").
                                p%1$d(x, x) :- %2$s(x, _), 0 < count : { e(x, _) }.
                                """;
                        default ->
                                """
                                p%1$d(x, y) :- %2$s(x, y), e(_, y).
                                p%1$d(y, x) :- %2$s(x, y), e(y, _), name(x, s), strlen(s) > 0.
                                """;
                    };
            text.append(rules.formatted(i, p));
        }
        return text.append(".printsize p%d\n".formatted(MANY_RULES)).toString();
    }

    private static void run(String[][] commands) {
        for (String[] command : commands) {
            Cli.run(command, new NodeCallers());
        }
    }

    /// What the node does most under load: what it learns of that here, such as which branches are
    /// taken, the JVM keeps in the cache and need not find out again.
    private static void transactions() throws InterruptedException {
        try (Caller caller = new NodeCallers().daemon(Callers.Reach.DEFAULT, _ -> {})) {
            for (int i = 0; i < TRANSACTIONS; i++) {
                Request.Program fact =
                        new Request.Program("assert", "pair(" + i + ", \"s" + i % 100 + "\").");
                caller.call(new Request.Assert(List.of(fact), null), new Listener() {});
            }
        }
    }

    private static void rows(Path file) throws IOException {
        StringBuilder rows = new StringBuilder();
        for (int i = 0; i < ROWS; i++) {
            rows.append(i).append('\t').append((i * 7919L) % ROWS).append('\n');
        }
        Files.writeString(file, rows);
    }

    private static String[][] licenses(Path folder) throws IOException {
        Path proof = folder.resolve("license.json");
        Files.writeString(proof, PROOF);
        int start = PROOF.indexOf("\"tx\":\"") + 6;
        String tx = PROOF.substring(start, PROOF.indexOf('"', start));
        String[] terms = {
            "--network",
            "regtest",
            "--sats",
            "50000",
            "--payload",
            "11".repeat(32),
            "--address",
            "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
        };
        return new String[][] {
            // then there is a configuration to read, as on any machine that has terms
            {"config", "set", "license.network", "regtest"},
            with(terms, "license", "verify", proof.toString()),
            with(terms, "license", "verify", proof.toString(), "--json"),
            with(terms, "license", "explain", proof.toString()),
            with(terms, "license", "check", "--tx", tx),
            with(
                    terms,
                    "license",
                    "check",
                    "--tx",
                    tx.replace("11".repeat(32), "22".repeat(32)),
                    "--json"),
            {"license", "id"},
            {
                "license",
                "request",
                "--qr",
                "always",
                "--network",
                "regtest",
                "--sats",
                "50000",
                "--address",
                "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"
            },
        };
    }

    private static String[] with(String[] terms, String... command) {
        return java.util.stream.Stream.concat(
                        java.util.Arrays.stream(command), java.util.Arrays.stream(terms))
                .toArray(String[]::new);
    }
}
