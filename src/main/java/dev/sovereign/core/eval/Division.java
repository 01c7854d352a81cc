package dev.sovereign.core.eval;

import dev.sovereign.core.analyze.Functor;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.ast.AggregateOperator;
import dev.sovereign.core.plan.ir.Op;
import dev.sovereign.core.plan.ir.Pipeline;
import dev.sovereign.core.plan.ir.Plan;
import dev.sovereign.core.plan.ir.PlanRelation;
import dev.sovereign.core.plan.ir.Step;
import dev.sovereign.core.plan.ir.Value;

import java.util.ArrayList;
import java.util.List;

/// What of a plan several threads may carry out. With another number of threads a relation has its
/// rows in another order; that must never show, so a plan in which it could is carried out by one:
/// where numbers are drawn, the first of several tuples wins, floats are added up, or the numbers
/// of symbols and records are compared.
final class Division {

    private Division() {}

    /// Whether no answer depends on the order of rows.
    static boolean isPossible(Plan plan) {
        for (PlanRelation relation : plan.relations()) {
            if (relation.admission() instanceof PlanRelation.Choice
                    || (relation.reduced() && relation.best() == null)) {
                return false;
            }
        }
        for (Step step : plan.steps()) {
            List<Pipeline> pipelines = new ArrayList<>();
            switch (step) {
                case Step.Union union -> pipelines.addAll(union.pipelines());
                case Step.Fixpoint fixpoint -> {
                    pipelines.addAll(fixpoint.first());
                    pipelines.addAll(fixpoint.loop());
                }
            }
            for (Pipeline pipeline : pipelines) {
                if (anyOrdered(pipeline.ops())
                        || pipeline.project().stream().anyMatch(Division::isOrdered)) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Whether several threads may carry out a rule: nothing in it adds symbols or records, and
    /// what it finds is just added.
    static boolean isPossible(Pipeline pipeline, Table target) {
        return target.gate() == null
                && !target.isReduced()
                && !pipeline.project().isEmpty()
                && beginsWithScan(pipeline.ops())
                && pipeline.ops().stream().noneMatch(Division::makes)
                && pipeline.project().stream().noneMatch(Division::makes);
    }

    /// Whether several threads may carry out the body of an aggregate.
    static boolean isPossible(Op.Aggregate aggregate) {
        Value target = aggregate.target();
        return aggregate.group().isEmpty()
                && beginsWithScan(aggregate.body())
                && aggregate.body().stream().noneMatch(Division::makes)
                && (target == null || !makes(target));
    }

    private static boolean beginsWithScan(List<Op> ops) {
        return !ops.isEmpty() && ops.getFirst() instanceof Op.Scan;
    }

    private static boolean anyOrdered(List<Op> ops) {
        return ops.stream().anyMatch(Division::isOrdered);
    }

    private static boolean isOrdered(Op op) {
        return switch (op) {
            case Op.Filter filter ->
                    switch (filter.comparison()) {
                                case EQUAL, NOT_EQUAL -> false;
                                case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL ->
                                        filter.kind().isStructured();
                            }
                            || isOrdered(filter.left())
                            || isOrdered(filter.right());
            case Op.Aggregate aggregate ->
                    isOrdered(aggregate)
                            || anyOrdered(aggregate.body())
                            || (aggregate.target() != null && isOrdered(aggregate.target()));
            case Op.Scan scan -> anyOrderedCheck(scan.checks());
            case Op.Probe probe -> anyOrderedCheck(probe.keys()) || anyOrderedCheck(probe.checks());
            case Op.Exists exists ->
                    anyOrderedCheck(exists.keys()) || anyOrderedCheck(exists.checks());
            case Op.Intersect intersect ->
                    intersect.arms().stream().anyMatch(arm -> isOrdered(arm.key().value()));
            case Op.Match match -> isOrdered(match.pattern()) || isOrdered(match.text());
            case Op.Contains contains -> isOrdered(contains.part()) || isOrdered(contains.text());
            case Op.Truth _ -> false;
            case Op.Compute compute -> isOrdered(compute.value());
            case Op.Unpack unpack -> isOrdered(unpack.value()) || anyOrderedCheck(unpack.checks());
            case Op.Range range ->
                    isOrdered(range.from())
                            || isOrdered(range.to())
                            || (range.step() != null && isOrdered(range.step()));
        };
    }

    /// Whether the result of the aggregate itself depends on the order of rows or of numbers of
    /// records.
    private static boolean isOrdered(Op.Aggregate aggregate) {
        Value target = aggregate.target();
        AggregateOperator operator = aggregate.operator();
        return target != null
                && switch (operator) {
                    case COUNT -> false;
                    case SUM -> target.kind() == Kind.FLOAT;
                    case MEAN -> true;
                    case MIN, MAX -> target.kind().isStructured();
                };
    }

    private static boolean anyOrderedCheck(List<Op.Check> checks) {
        return checks.stream().anyMatch(check -> isOrdered(check.value()));
    }

    private static boolean isOrdered(Value value) {
        return switch (value) {
            case Value.Register _, Value.Constant _ -> false;
            case Value.Call call ->
                    switch (call.functor()) {
                                case COUNTER, ORD, REINTERPRET -> true;
                                case MIN, MAX -> call.operands().isStructured();
                                default -> false;
                            }
                            || call.arguments().stream().anyMatch(Division::isOrdered);
            case Value.Make make -> make.fields().stream().anyMatch(Division::isOrdered);
        };
    }

    /// Whether carrying it out may add symbols or records.
    private static boolean makes(Op op) {
        return switch (op) {
            case Op.Scan scan -> makeAny(scan.checks());
            case Op.Probe probe -> makeAny(probe.keys()) || makeAny(probe.checks());
            case Op.Exists exists -> makeAny(exists.keys()) || makeAny(exists.checks());
            case Op.Intersect intersect ->
                    intersect.arms().stream().anyMatch(arm -> makes(arm.key().value()));
            case Op.Filter filter -> makes(filter.left()) || makes(filter.right());
            case Op.Match match -> makes(match.pattern()) || makes(match.text());
            case Op.Contains contains -> makes(contains.part()) || makes(contains.text());
            case Op.Truth _ -> false;
            case Op.Compute compute -> makes(compute.value());
            case Op.Unpack unpack -> makes(unpack.value()) || makeAny(unpack.checks());
            case Op.Range range ->
                    makes(range.from())
                            || makes(range.to())
                            || (range.step() != null && makes(range.step()));
            case Op.Aggregate aggregate ->
                    aggregate.body().stream().anyMatch(Division::makes)
                            || (aggregate.target() != null && makes(aggregate.target()));
        };
    }

    private static boolean makeAny(List<Op.Check> checks) {
        return checks.stream().anyMatch(check -> makes(check.value()));
    }

    private static boolean makes(Value value) {
        return switch (value) {
            case Value.Register _, Value.Constant _ -> false;
            case Value.Call call ->
                    call.kind() == Kind.SYMBOL
                            || call.functor() == Functor.COUNTER
                            || call.functor()
                                    == Functor.OUTER // one thread waits, and hears of cancelling
                            || call.arguments().stream().anyMatch(Division::makes);
            case Value.Make _ -> true;
        };
    }
}
