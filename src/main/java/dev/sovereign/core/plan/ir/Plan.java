package dev.sovereign.core.plan.ir;

import dev.sovereign.core.analyze.CheckedProgram;

import java.util.List;
import java.util.Map;

/// All that an evaluator needs.
///
/// @param relations a relation's id is its position
/// @param steps in order
/// @param results ids of the checked program's relations that were asked for, to ids of the plan's
/// @param queries of the checked program, in order; their relations are among `results`
/// @param counters how many operators and pipelines count rows
public record Plan(
        List<PlanRelation> relations,
        List<Step> steps,
        Map<Integer, Integer> results,
        List<CheckedProgram.Query> queries,
        int counters) {

    public Plan {
        relations = List.copyOf(relations);
        steps = List.copyOf(steps);
        results = Map.copyOf(results);
        queries = List.copyOf(queries);
    }
}
