package dev.sovereign.core.eval;

import dev.sovereign.core.plan.ir.Op;
import dev.sovereign.core.plan.ir.Pipeline;
import dev.sovereign.core.plan.ir.Plan;
import dev.sovereign.core.plan.ir.PlanRelation;
import dev.sovereign.core.plan.ir.Step;
import dev.sovereign.core.plan.ir.Value;

import java.util.BitSet;
import java.util.List;

/// Which rules find no tuple twice, so that nobody has to look whether it is there: the only rule
/// of its relation, not recursive, whose head says which row of each relation in the body it came
/// from.
final class Distinct {

    private final Plan plan;

    /// Registers whose value the head tells.
    private final BitSet told = new BitSet();

    private Distinct(Plan plan, Pipeline pipeline) {
        this.plan = plan;
        for (Value value : pipeline.project()) {
            if (value instanceof Value.Register register) {
                told.set(register.index());
            }
        }
    }

    /// The ids of such pipelines.
    static BitSet of(Plan plan) {
        BitSet found = new BitSet();
        for (Step step : plan.steps()) {
            if (step instanceof Step.Union union
                    && union.pipelines().size() == 1
                    && isOne(plan, union.pipelines().getFirst())) {
                found.set(union.pipelines().getFirst().id());
            }
        }
        return found;
    }

    private static boolean isOne(Plan plan, Pipeline pipeline) {
        PlanRelation target = plan.relations().get(pipeline.target());
        if (target.arity() == 0
                || target.reduced()
                || target.admission() != null
                || target.best() != null) {
            return false;
        }
        Distinct head = new Distinct(plan, pipeline);
        return pipeline.ops().stream().allMatch(head::tells);
    }

    /// Whether the head tells which of the operator's rows it was.
    private boolean tells(Op op) {
        return switch (op) {
            case Op.Scan scan -> tellsRow(scan.relation(), List.of(), scan.binds(), scan.checks());
            case Op.Probe probe ->
                    tellsRow(probe.relation(), probe.keys(), probe.binds(), probe.checks());
            case Op.Intersect intersect ->
                    told.get(intersect.register())
                            && intersect.arms().stream()
                                    .allMatch(arm ->
                                            plan.relations().get(arm.relation()).arity() == 2);
            case Op.Range _ -> false;
            case Op.Exists _,
                    Op.Filter _,
                    Op.Match _,
                    Op.Contains _,
                    Op.Truth _,
                    Op.Compute _,
                    Op.Unpack _,
                    Op.Aggregate _ ->
                    true;
        };
    }

    private boolean tellsRow(
            int relation, List<Op.Check> keys, List<Op.Bind> binds, List<Op.Check> checks) {
        BitSet columns = new BitSet();
        for (Op.Bind bind : binds) {
            if (told.get(bind.register()) && bind.column() != Op.Bind.ROW) {
                columns.set(bind.column());
            }
        }
        for (List<Op.Check> known : List.of(keys, checks)) {
            for (Op.Check check : known) {
                boolean isTold =
                        switch (check.value()) {
                            case Value.Constant _ -> true;
                            case Value.Register register -> told.get(register.index());
                            case Value.Call _, Value.Make _ -> false;
                        };
                if (isTold) {
                    columns.set(check.column());
                }
            }
        }
        return columns.cardinality() == plan.relations().get(relation).arity();
    }
}
