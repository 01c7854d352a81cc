package dev.sovereign.core;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.Evaluation;
import dev.sovereign.core.eval.Evaluator;
import dev.sovereign.core.plan.Planner;
import dev.sovereign.core.plan.Statistics;
import dev.sovereign.core.plan.ir.Plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/// Facts whose arguments have to be computed first, as in `size("a", 3 * 1024)`: rules without a
/// body, evaluated once.
final class ComputedFacts {

    private ComputedFacts() {}

    /// @param program checked as facts
    static List<FactWriter.Batch> of(CheckedProgram program, SymbolTable symbols, Control control) {
        TreeSet<Integer> computed = new TreeSet<>();
        List<CheckedProgram.Query> queries = new ArrayList<>();
        for (CheckedProgram.Stratum stratum : program.strata()) {
            for (CheckedProgram.Rule rule : stratum.rules()) {
                if (computed.add(rule.relation())) {
                    queries.add(new CheckedProgram.Query(rule.relation(), rule.span()));
                }
            }
        }
        if (computed.isEmpty()) {
            return List.of();
        }
        CheckedProgram alone =
                new CheckedProgram(
                        program.relations(),
                        List.of(),
                        program.strata(),
                        List.of(),
                        queries,
                        List.of(),
                        program.records(),
                        program.algebraics());
        Plan plan = Planner.plan(alone, Statistics.none());
        Evaluation evaluation = Evaluator.evaluate(plan, Map.of(), symbols.fork(), control);
        List<FactWriter.Batch> batches = new ArrayList<>();
        for (int relation : computed) {
            batches.add(batch(program.relations().get(relation), evaluation));
        }
        return batches;
    }

    private static FactWriter.Batch batch(CheckedProgram.Relation relation, Evaluation evaluation) {
        Extent extent = evaluation.extent(relation.id());
        long[][] values = new long[relation.arity()][extent.count()];
        Map<Long, Integer> positions = new HashMap<>();
        List<String> texts = new ArrayList<>();
        int at = 0;
        for (int row = 0; row < extent.limit(); row++) {
            if (!extent.visible(row)) {
                continue;
            }
            for (int column = 0; column < values.length; column++) {
                long value = extent.value(column, row);
                if (relation.columns().get(column).kind() == Kind.SYMBOL) {
                    Integer position = positions.putIfAbsent(value, texts.size());
                    if (position == null) {
                        position = texts.size();
                        texts.add(evaluation.symbols().text(value));
                    }
                    value = position;
                }
                values[column][at] = value;
            }
            at++;
        }
        return new FactWriter.Batch(relation.name(), relation.columns(), values, at, texts);
    }
}
