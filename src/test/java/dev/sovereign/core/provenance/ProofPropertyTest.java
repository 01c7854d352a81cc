package dev.sovereign.core.provenance;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.Facts;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.plan.RandomProgram;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// Every tuple of random programs has a proof that [ProofChecker] accepts, and none is lower.
/// Repeat a failure with `-Dsovereign.fuzz.seed=N`; `-Dsovereign.fuzz.count=N` runs longer.
final class ProofPropertyTest {

    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 200);
    private static final long FIRST_SEED = Long.getLong("sovereign.fuzz.seed", 1);

    private long proved;

    @Test
    void everyTupleHasALeastProof() {
        boolean one = System.getProperty("sovereign.fuzz.seed") != null;
        for (int i = 0; i < (one ? 1 : COUNT); i++) {
            try {
                prove(program(FIRST_SEED + i));
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("seed " + (FIRST_SEED + i), failure);
            }
        }
        if (!one) {
            assertTrue(proved > 10L * COUNT, () -> "only " + proved + " proofs");
        }
    }

    /// Every second one with records, equivalences and subsumption.
    private static CheckedProgram program(long seed) {
        SplittableRandom random = new SplittableRandom(seed);
        return seed % 2 == 0 ? RandomProgram.rich(random) : RandomProgram.of(random);
    }

    private void prove(CheckedProgram program) {
        Set<Integer> ids = new LinkedHashSet<>();
        program.relations().forEach(relation -> ids.add(relation.id()));
        try (Control control = Control.unlimited()) {
            Proofs proofs = Proofs.of(program, ids, Map.of(), new SymbolTable(), control);
            List<Set<List<Object>>> all = new ArrayList<>();
            List<Set<List<Object>>> facts = new ArrayList<>();
            List<Map<List<Object>, Integer>> heights = new ArrayList<>();
            List<List<ProofNode>> found = new ArrayList<>();
            for (int id : ids) {
                Map<List<Object>, Integer> height = new HashMap<>();
                Extent extent = proofs.extent(id);
                for (int row = 0; row < extent.limit(); row++) {
                    if (!extent.visible(row)) {
                        continue;
                    }
                    long[] tuple = new long[extent.arity()];
                    for (int column = 0; column < tuple.length; column++) {
                        tuple[column] = extent.value(column, row);
                    }
                    List<ProofNode> proof = proofs.least(id, tuple, Integer.MAX_VALUE);
                    height.put(proof.getLast().tuple(), proof.getLast().height());
                    if (!program.relations().get(id).query()) { // whose nodes have no relation
                        found.add(proof);
                    }
                }
                heights.add(height);
                all.add(height.keySet());
                facts.add(new HashSet<>());
            }
            for (Facts block : program.facts()) {
                for (int row = 0; row < block.count(); row++) {
                    List<Object> values = new ArrayList<>();
                    for (long[] column : block.columns()) {
                        values.add(column[row]);
                    }
                    facts.get(block.relation()).add(values);
                }
            }
            ProofChecker checker = new ProofChecker(program, facts, all);
            found.forEach(proof -> checker.check(proof, heights));
            checker.leastHeights(heights);
            proved += found.size();
        }
    }
}
