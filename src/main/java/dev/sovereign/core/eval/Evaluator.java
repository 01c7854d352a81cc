package dev.sovereign.core.eval;

import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.plan.ir.Plan;

import java.util.Map;

/// Evaluates plans.
public final class Evaluator {

    private Evaluator() {}

    /// Computes all that the plan says, on the calling thread.
    ///
    /// @param externals tuples of relations by name; one that is missing is empty
    /// @param symbols what symbols in `externals` are ids of; a fork, because new ones are added
    /// @param control closed by the caller when it no longer uses the result
    /// @throws dev.sovereign.error.SovereignException at a limit, when cancelled, or for a value
    ///   that cannot be computed
    public static Evaluation evaluate(
            Plan plan, Map<String, Extent> externals, SymbolTable symbols, Control control) {
        control.check();
        java.util.List<Extent> extents = new java.util.ArrayList<>();
        plan.relations().forEach(relation -> extents.add(Extent.empty(relation.arity())));
        return new Evaluation(plan, extents, symbols, new long[plan.counters()]);
    }
}
