package dev.sovereign.core.eval;

import dev.sovereign.core.plan.ir.Op;
import dev.sovereign.core.plan.ir.Pipeline;
import dev.sovereign.core.plan.ir.Plan;
import dev.sovereign.core.plan.ir.Step;
import dev.sovereign.core.plan.ir.Value;

import java.util.List;

/// By which of two columns the tuples of a derived relation come together: the one that the rules'
/// outer loops bind while inner ones go through the other. Rules of a recursion count most.
final class Clusters {

    private static final int RECURSIVE = 8;

    /// By relation: above 0 for the first column, below for the second.
    private final int[] votes;

    Clusters(Plan plan) {
        this.votes = new int[plan.relations().size()];
        for (Step step : plan.steps()) {
            switch (step) {
                case Step.Union union -> vote(union.pipelines(), 1);
                case Step.Fixpoint fixpoint -> {
                    vote(fixpoint.first(), 1);
                    vote(fixpoint.loop(), RECURSIVE);
                }
            }
        }
    }

    int of(int relation) {
        return votes[relation] < 0 ? 1 : 0;
    }

    private void vote(List<Pipeline> pipelines, int weight) {
        for (Pipeline pipeline : pipelines) {
            if (pipeline.project().size() == 2) {
                int first = boundBy(pipeline, pipeline.project().get(0));
                int second = boundBy(pipeline, pipeline.project().get(1));
                votes[pipeline.target()] += weight * Integer.signum(Integer.compare(second, first));
            }
        }
    }

    /// How deep the loop is that binds a value.
    private static int boundBy(Pipeline pipeline, Value value) {
        return switch (value) {
            case Value.Register register -> {
                int depth = 0;
                for (Op op : pipeline.ops()) {
                    depth++;
                    if (binds(op, register.index())) {
                        yield depth;
                    }
                }
                yield depth;
            }
            case Value.Constant _ -> 0;
            case Value.Call _, Value.Make _ -> pipeline.ops().size();
        };
    }

    private static boolean binds(Op op, int register) {
        return switch (op) {
            case Op.Scan scan -> binds(scan.binds(), register);
            case Op.Probe probe -> binds(probe.binds(), register);
            case Op.Unpack unpack -> binds(unpack.binds(), register);
            case Op.Intersect intersect -> intersect.register() == register;
            case Op.Compute compute -> compute.register() == register;
            case Op.Range range -> range.register() == register;
            case Op.Aggregate aggregate -> aggregate.register() == register;
            case Op.Exists _, Op.Filter _, Op.Match _, Op.Contains _, Op.Truth _ -> false;
        };
    }

    private static boolean binds(List<Op.Bind> binds, int register) {
        return binds.stream().anyMatch(bind -> bind.register() == register);
    }
}
