package dev.sovereign.core.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.Anchors;
import dev.sovereign.core.analyze.Analysis;
import dev.sovereign.core.analyze.Analyzer;
import dev.sovereign.core.analyze.Catalog;
import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.Relation;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.parse.Mode;
import dev.sovereign.core.parse.Parser;
import dev.sovereign.core.parse.SourceResolver;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Tuples of the benchmark programs on their small data sets have proofs that [ProofChecker]
/// accepts, and none is lower. Of each relation as many as a normal run has time for;
/// `-Dsovereign.proofs.all=true` takes all.
final class AnchorProofsTest {

    private static final boolean ALL = Boolean.getBoolean("sovereign.proofs.all");

    /// Tuples proved of a program, about.
    private static final int SOME = 1_000;

    /// Programs whose relations are small enough for a normal run to prove all, and so to know all
    /// heights.
    private static final Set<String> SMALL = Set.of("policy", "sssp", "tc_chain");

    /// Programs whose relations are too large for the checker, or whose proofs for a normal run.
    private static final Set<String> LARGE =
            Set.of("reach_bound", "sg", "clique4", "cspa", "unreachable");

    @TempDir private Path folder;

    @Test
    void everyTupleHasALeastProof() throws Exception {
        Path anchors = Anchors.generate(folder);
        for (var run : Anchors.RUNS.entrySet()) {
            if (LARGE.contains(run.getKey()) && !ALL) {
                continue;
            }
            String program = run.getValue()[0];
            try {
                long proved =
                        prove(
                                anchors.resolve("programs").resolve(program + ".dl"),
                                folder.resolve(run.getValue()[1]),
                                ALL || SMALL.contains(run.getKey()));
                assertTrue(proved > 0);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError(run.getKey(), failure);
            }
        }
    }

    private long prove(Path file, Path data, boolean complete) throws IOException {
        long start = System.nanoTime();
        CheckedProgram program = checked(file);
        SymbolTable symbols = new SymbolTable();
        Map<String, Extent> given = new HashMap<>();
        List<Set<List<Object>>> facts = new ArrayList<>();
        program.relations().forEach(_ -> facts.add(new HashSet<>()));
        for (CheckedProgram.Directive directive : program.directives()) {
            if (directive.kind() == Item.DirectiveKind.INPUT) {
                CheckedProgram.Relation relation = program.relations().get(directive.relation());
                given.put(
                        relation.name(),
                        load(relation, data, symbols, facts.get(directive.relation())));
            }
        }
        Set<Integer> ids = new LinkedHashSet<>();
        program.relations().forEach(relation -> ids.add(relation.id()));
        try (Control control = Control.unlimited()) {
            Proofs proofs = Proofs.of(program, ids, given, symbols, control);
            List<Map<List<Object>, Integer>> heights = new ArrayList<>();
            List<Set<List<Object>>> all = new ArrayList<>();
            List<List<ProofNode>> found = new ArrayList<>();
            for (int id : ids) {
                Extent extent = proofs.extent(id);
                boolean derived = facts.get(id).isEmpty();
                int step = complete || !derived ? 1 : Math.max(1, extent.limit() / SOME);
                Map<List<Object>, Integer> height = new HashMap<>();
                Set<List<Object>> tuples = new HashSet<>();
                for (int row = 0; row < extent.limit(); row++) {
                    if (!extent.visible(row)) {
                        continue;
                    }
                    long[] tuple = new long[extent.arity()];
                    List<Object> values = new ArrayList<>();
                    for (int column = 0; column < tuple.length; column++) {
                        tuple[column] = extent.value(column, row);
                        values.add(
                                program.relations().get(id).columns().get(column).kind()
                                                == Kind.SYMBOL
                                        ? symbols.text(tuple[column])
                                        : (Object) tuple[column]);
                    }
                    tuples.add(values);
                    if (derived && row % step == 0) {
                        // a whole proof where its parts have no proof of their own here
                        List<ProofNode> proof =
                                proofs.least(id, tuple, complete ? 1 : Integer.MAX_VALUE);
                        height.put(values, proof.getLast().height());
                        found.add(proof);
                    } else if (!derived) {
                        height.put(values, 0);
                    }
                }
                heights.add(height);
                all.add(tuples);
            }
            ProofChecker checker = new ProofChecker(program, facts, all);
            found.forEach(proof -> checker.check(proof, heights));
            if (complete) {
                checker.leastHeights(heights);
            }
            if (ALL) {
                System.out.printf(
                        "%s: %,d proofs, highest %,d, %,d ms%n",
                        file.getFileName(),
                        found.size(),
                        found.stream().mapToInt(p -> p.getLast().height()).max().orElse(0),
                        (System.nanoTime() - start) / 1_000_000);
            }
            return found.size();
        }
    }

    private static CheckedProgram checked(Path file) throws IOException {
        Analysis analysis =
                Analyzer.analyze(
                        List.of(
                                Parser.parse(
                                                file.getFileName().toString(),
                                                Files.readString(file),
                                                Mode.PROGRAM,
                                                SourceResolver.NONE)
                                        .program()),
                        Catalog.EMPTY,
                        Mode.PROGRAM);
        CheckedProgram program = analysis.program();
        if (program == null) {
            throw new AssertionError(analysis.diagnostics());
        }
        return program;
    }

    private static Extent load(
            CheckedProgram.Relation relation,
            Path data,
            SymbolTable symbols,
            Set<List<Object>> facts)
            throws IOException {
        Relation rows = new Relation(relation.arity());
        for (String line : Files.readAllLines(data.resolve(relation.name() + ".facts"))) {
            String[] cells = line.split("\t", -1);
            assertEquals(relation.arity(), cells.length, line);
            long[] tuple = new long[cells.length];
            List<Object> values = new ArrayList<>();
            for (int i = 0; i < cells.length; i++) {
                boolean symbol = relation.columns().get(i).kind() == Kind.SYMBOL;
                tuple[i] = symbol ? symbols.intern(cells[i]) : Long.parseLong(cells[i]);
                values.add(symbol ? cells[i] : (Object) tuple[i]);
            }
            if (facts.add(values)) {
                rows.append(tuple);
            }
        }
        return Extent.of(rows);
    }
}
