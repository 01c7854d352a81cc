package dev.sovereign.core.provenance;

import dev.sovereign.core.analyze.Analysis;
import dev.sovereign.core.analyze.Analyzer;
import dev.sovereign.core.analyze.Catalog;
import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.Relation;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// Times proofs in a relation of some ten million derived tuples, after its evaluation: the first
/// and some more, of pairs and of wider tuples.
final class ProofBench {

    private ProofBench() {}

    public static void main(String[] args) {
        int nodes = args.length > 0 ? Integer.parseInt(args[0]) : 4_500;
        measure("chain", PAIRS, chain(nodes));
        measure("random", PAIRS, random(nodes * 7 / 10));
        measure("three columns", TRIPLES, random(nodes * 7 / 10));
    }

    private static final String PAIRS =
            """
            .decl edge(x: number, y: number)
            .input edge
            .decl path(x: number, y: number)
            .output path
            path(x, y) :- edge(x, y).
            path(x, z) :- path(x, y), edge(y, z).
            """;

    private static final String TRIPLES =
            """
            .decl edge(x: number, y: number)
            .input edge
            .decl path(x: number, y: number, k: number)
            .output path
            path(x, y, (x + y) % 3) :- edge(x, y).
            path(x, z, (x + z) % 3) :- path(x, y, _), edge(y, z).
            """;

    private static Relation chain(int nodes) {
        Relation edges = new Relation(2);
        for (int i = 1; i < nodes; i++) {
            edges.append(i, i + 1);
        }
        return edges;
    }

    private static Relation random(int nodes) {
        Relation edges = new Relation(2);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < 3 * nodes; i++) {
            edges.addIfAbsent(1 + random.nextInt(nodes), 1 + random.nextInt(nodes));
        }
        return edges;
    }

    private static void measure(String name, String text, Relation edges) {
        Analysis analysis =
                Analyzer.analyze(
                        List.of(
                                Parser.parse("p.dl", text, Mode.PROGRAM, SourceResolver.NONE)
                                        .program()),
                        Catalog.EMPTY,
                        Mode.PROGRAM);
        CheckedProgram program = analysis.program();
        if (program == null) {
            throw new IllegalStateException(analysis.diagnostics().toString());
        }
        int path = program.relations().get(0).name().equals("path") ? 0 : 1;
        try (Control control = Control.unlimited()) {
            long start = System.nanoTime();
            Proofs proofs =
                    Proofs.of(
                            program,
                            Set.of(path),
                            Map.of("edge", Extent.of(edges)),
                            new SymbolTable(),
                            control);
            Extent extent = proofs.extent(path);
            System.out.printf("%s: %,d tuples in %,d ms%n", name, extent.limit(), millis(start));
            SplittableRandom random = new SplittableRandom(2);
            for (int i = 0; i < 6; i++) {
                int row = i == 0 ? extent.limit() - 1 : random.nextInt(extent.limit());
                long[] tuple = new long[extent.arity()];
                for (int column = 0; column < tuple.length; column++) {
                    tuple[column] = extent.value(column, row);
                }
                start = System.nanoTime();
                List<ProofNode> proof = proofs.least(path, tuple, Integer.MAX_VALUE);
                System.out.printf(
                        "  %s: height %,d, %,d nodes, %,d ms%n",
                        proof.getLast().text(),
                        proof.getLast().height(),
                        proof.size(),
                        millis(start));
            }
        }
    }

    private static long millis(long start) {
        return (System.nanoTime() - start) / 1_000_000;
    }
}
