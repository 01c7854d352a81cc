package dev.sovereign.core.plan.ir;

import dev.sovereign.core.ast.Span;

import java.util.List;
import java.util.Map;

/// Computes some relations completely, from those of earlier steps.
public sealed interface Step {

    /// The union of the pipelines, each run once.
    ///
    /// @param reductions carried out when all have run
    record Union(List<Integer> relations, List<Pipeline> pipelines, List<Reduction> reductions)
            implements Step {
        public Union {
            relations = List.copyOf(relations);
            pipelines = List.copyOf(pipelines);
            reductions = List.copyOf(reductions);
        }
    }

    /// The least fixpoint: `first` once, then `loop` in rounds over what the last round found,
    /// until a round finds nothing.
    ///
    /// @param sizeLimits relation to size: no further round once it holds so many
    record Fixpoint(
            List<Integer> relations,
            List<Pipeline> first,
            List<Pipeline> loop,
            List<Reduction> reductions,
            Map<Integer, Long> sizeLimits)
            implements Step {
        public Fixpoint {
            relations = List.copyOf(relations);
            first = List.copyOf(first);
            loop = List.copyOf(loop);
            reductions = List.copyOf(reductions);
            sizeLimits = Map.copyOf(sizeLimits);
        }
    }

    /// A subsumption: the operators pair a dominated tuple with a dominating one, and the dominated
    /// one goes unless they are the same.
    ///
    /// @param newDominated pairs whose dominated tuple is of this round
    /// @param newDominating pairs whose dominating tuple is of this round, the other one older
    /// @param newOthers pairs of any rounds for which an atom of the body is of this round; one
    ///   list for each atom whose relation still grows
    /// @param dominated register that holds the row of the dominated tuple, see [Op.Bind#ROW]
    /// @param dominating register that holds the row of the other
    record Reduction(
            int relation,
            int registers,
            List<Op> newDominated,
            List<Op> newDominating,
            List<List<Op>> newOthers,
            int dominated,
            int dominating,
            Span span,
            List<String> names) {
        public Reduction {
            newDominated = List.copyOf(newDominated);
            newDominating = List.copyOf(newDominating);
            newOthers = List.copyOf(newOthers);
            names = List.copyOf(names);
        }
    }
}
