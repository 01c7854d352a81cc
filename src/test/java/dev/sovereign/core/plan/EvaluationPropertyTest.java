package dev.sovereign.core.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.Relation;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.ast.Qualifier;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.Engine;
import dev.sovereign.core.eval.Evaluation;
import dev.sovereign.core.eval.Evaluator;
import dev.sovereign.core.eval.NaiveEvaluator;
import dev.sovereign.core.eval.Threads;
import dev.sovereign.core.plan.ir.Plan;
import dev.sovereign.core.plan.ir.PlanRelation;

import org.junit.jupiter.api.Test;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;

/// The engine against the naive evaluator, on random programs. Repeat a failure with
/// `-Dsovereign.fuzz.seed=N`; `-Dsovereign.fuzz.count=N` runs longer, from
/// `-Dsovereign.fuzz.first=N`.
final class EvaluationPropertyTest {

    private static final int COUNT = Integer.getInteger("sovereign.fuzz.count", 200);
    private static final long FIRST_SEED =
            Long.getLong("sovereign.fuzz.seed", Long.getLong("sovereign.fuzz.first", 1));

    private int demanded;
    private int answered;
    private int rich;

    @Test
    void agreesWithTheDefinition() {
        boolean one = System.getProperty("sovereign.fuzz.seed") != null;
        int count = one ? 1 : COUNT;
        for (int i = 0; i < count; i++) {
            long seed = FIRST_SEED + i;
            compare(seed, RandomProgram.of(new SplittableRandom(seed)));
            compare(seed, RandomProgram.rich(new SplittableRandom(seed)));
        }
        // a test that compares nothing looks like one that passes
        if (!one) {
            assertTrue(demanded > count / 4, () -> "only " + demanded + " programs used demand");
            assertTrue(answered > count / 4, () -> "only " + answered + " had answers");
            assertTrue(rich > count / 4, () -> "only " + rich + " had records or equivalences");
        }
    }

    private void compare(long seed, CheckedProgram program) {
        List<Set<List<Long>>> expected = NaiveEvaluator.evaluate(program);
        boolean special =
                program.relations().stream()
                        .anyMatch(relation ->
                                !expected.get(relation.id()).isEmpty()
                                        && (relation.qualifiers().contains(Qualifier.EQREL)
                                                || relation.columns().stream()
                                                        .anyMatch(column ->
                                                                column.kind() == Kind.RECORD)));
        rich += special ? 1 : 0;
        Set<Integer> queries = new LinkedHashSet<>();
        program.queries().forEach(query -> queries.add(query.relation()));
        Set<Integer> all = new LinkedHashSet<>();
        program.relations().stream().map(Relation::id).forEach(all::add);
        for (Engine engine : List.of(Engine.INTERPRETER, Engine.GENERATED)) {
            for (Threads threads : List.of(Threads.ONE, new Threads(2, 1))) {
                compare(seed, program, all, Demand.Policy.AUTO, engine, threads, expected);
                for (Demand.Policy policy : Demand.Policy.values()) {
                    compare(seed, program, queries, policy, engine, threads, expected);
                }
            }
        }
    }

    private void compare(
            long seed,
            CheckedProgram program,
            Set<Integer> wanted,
            Demand.Policy policy,
            Engine engine,
            Threads threads,
            List<Set<List<Long>>> expected) {
        String label = "seed " + seed + ", " + policy + ", " + engine + ", " + threads;
        Plan plan;
        try {
            plan = Planner.plan(program, Statistics.none(), wanted, policy);
        } catch (RuntimeException failure) {
            throw new AssertionError(label + " " + program, failure);
        }
        if (policy == Demand.Policy.ALWAYS
                && engine == Engine.GENERATED
                && threads.count() == 1
                && plan.relations().stream()
                        .anyMatch(relation -> relation.origin() instanceof PlanRelation.Demand)) {
            demanded++;
        }
        if (policy == Demand.Policy.NEVER
                && engine == Engine.GENERATED
                && threads.count() == 1
                && wanted.stream().anyMatch(relation -> !expected.get(relation).isEmpty())) {
            answered++;
        }
        try (Control control = Control.unlimited()) {
            Evaluation found =
                    Evaluator.evaluate(
                            plan,
                            Map.of(),
                            new SymbolTable(),
                            new RecordTable(control),
                            control,
                            engine,
                            threads);
            for (int relation : wanted) {
                assertEquals(
                        expected.get(relation),
                        tuples(
                                found.extent(relation),
                                program.relations().get(relation),
                                found.records()),
                        () ->
                                label
                                        + ", relation "
                                        + program.relations().get(relation).name()
                                        + "\n"
                                        + found.explain());
            }
        } catch (RuntimeException failure) {
            throw new AssertionError(label, failure);
        }
    }

    /// Records as the oracle has them.
    private static Set<List<Long>> tuples(Extent extent, Relation relation, RecordTable records) {
        Set<List<Long>> tuples = new HashSet<>();
        for (int row = 0; row < extent.limit(); row++) {
            if (extent.visible(row)) {
                List<Long> tuple = new ArrayList<>();
                for (int column = 0; column < extent.arity(); column++) {
                    long bits = extent.value(column, row);
                    tuple.add(
                            relation.columns().get(column).kind() == Kind.RECORD
                                    ? records.field(bits, 0) * NaiveEvaluator.FIELD
                                            + records.field(bits, 1)
                                    : bits);
                }
                if (!tuples.add(tuple)) {
                    throw new AssertionError("twice: " + tuple);
                }
            }
        }
        return tuples;
    }
}
