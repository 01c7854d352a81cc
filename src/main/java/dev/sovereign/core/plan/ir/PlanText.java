package dev.sovereign.core.plan.ir;

import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Functor;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Plans as text, for `--explain-plan`: one line an operator, what encloses what by indentation, at
/// the end of the line the rows expected and, after an evaluation, found.
public final class PlanText {

    private final Plan plan;
    private final long @Nullable [] counts;
    private final StringBuilder out = new StringBuilder();

    private PlanText(Plan plan, long @Nullable [] counts) {
        this.plan = plan;
        this.counts = counts;
    }

    /// @param counts rows that each operator really handed on; null before an evaluation
    public static String of(Plan plan, long @Nullable [] counts) {
        PlanText text = new PlanText(plan, counts);
        for (Step step : plan.steps()) {
            text.print(step);
        }
        return text.out.toString();
    }

    private void print(Step step) {
        switch (step) {
            case Step.Union union -> {
                line(0, "union " + names(union.relations()));
                union.pipelines().forEach(pipeline -> print(pipeline, 1));
                union.reductions().forEach(this::print);
                union.relations().forEach(this::printBest);
            }
            case Step.Fixpoint fixpoint -> {
                StringBuilder limits = new StringBuilder();
                fixpoint.sizeLimits().forEach((id, size) -> limits.append(" limit ").append(size));
                line(0, "fixpoint " + names(fixpoint.relations()) + limits);
                line(1, "first");
                fixpoint.first().forEach(pipeline -> print(pipeline, 2));
                line(1, "each round");
                fixpoint.loop().forEach(pipeline -> print(pipeline, 2));
                fixpoint.reductions().forEach(this::print);
                fixpoint.relations().forEach(this::printBest);
            }
        }
    }

    private void print(Pipeline pipeline, int depth) {
        String label = pipeline.span() == null ? "" : "  // " + pipeline.span().label();
        line(depth, "rule for " + name(pipeline.target()) + label);
        int inner = print(pipeline.ops(), depth + 1, pipeline.names());
        String values =
                pipeline.project().stream()
                        .map(value -> text(value, pipeline.names()))
                        .collect(Collectors.joining(", "));
        line(
                inner,
                "project into " + name(pipeline.target()) + "(" + values + ")",
                -1,
                pipeline.id());
    }

    private void printBest(int id) {
        PlanRelation relation = plan.relations().get(id);
        PlanRelation.Best best = relation.best();
        if (best != null) {
            line(
                    1,
                    "keep in "
                            + relation.name()
                            + " the "
                            + (best.least() ? "least " : "greatest ")
                            + relation.columns().get(best.column()).name()
                            + " of rows that are otherwise the same");
        }
    }

    private void print(Step.Reduction reduction) {
        line(1, "subsume in " + name(reduction.relation()) + "  // " + reduction.span().label());
        line(2, "dominated ones of this round");
        print(reduction.newDominated(), 3, reduction.names());
        line(2, "older ones dominated by this round");
        print(reduction.newDominating(), 3, reduction.names());
        for (List<Op> pairs : reduction.newOthers()) {
            line(2, "pairs that this round brings together");
            print(pairs, 3, reduction.names());
        }
    }

    private int print(List<Op> ops, int depth, List<String> names) {
        int inner = depth;
        for (Op op : ops) {
            line(inner, text(op, names), op.estimate(), op.id());
            if (op instanceof Op.Aggregate aggregate) {
                print(aggregate.body(), inner + 2, names);
            }
            boolean nests =
                    op instanceof Op.Scan
                            || op instanceof Op.Probe
                            || op instanceof Op.Intersect
                            || op instanceof Op.Range;
            inner += nests ? 1 : 0;
        }
        return inner;
    }

    private String arm(Op.Arm arm, int register, List<String> names) {
        String key = text(arm.key().value(), names);
        return IntStream.range(0, plan.relations().get(arm.relation()).arity())
                .mapToObj(column ->
                        column == arm.key().column()
                                ? key
                                : column == arm.column() ? names.get(register) : "_")
                .collect(Collectors.joining(", ", name(arm.relation()) + "(", ")"));
    }

    private String text(Op op, List<String> names) {
        return switch (op) {
            case Op.Scan scan ->
                    "scan "
                            + rows(scan.rows())
                            + name(scan.relation())
                            + columns(
                                    scan.relation(), List.of(), scan.binds(), scan.checks(), names);
            case Op.Probe probe ->
                    "probe "
                            + rows(probe.rows())
                            + name(probe.relation())
                            + columns(
                                    probe.relation(),
                                    probe.keys(),
                                    probe.binds(),
                                    probe.checks(),
                                    names);
            case Op.Exists exists ->
                    (exists.negated() ? "anti-join " : "semi-join ")
                            + rows(exists.rows())
                            + name(exists.relation())
                            + columns(
                                    exists.relation(),
                                    exists.keys(),
                                    exists.binds(),
                                    exists.checks(),
                                    names);
            case Op.Intersect intersect ->
                    "intersect for "
                            + names.get(intersect.register())
                            + ": "
                            + intersect.arms().stream()
                                    .map(arm -> arm(arm, intersect.register(), names))
                                    .collect(Collectors.joining(", "));
            case Op.Filter filter ->
                    "filter "
                            + text(filter.left(), names)
                            + " "
                            + filter.comparison().sign()
                            + " "
                            + text(filter.right(), names);
            case Op.Match match ->
                    "filter "
                            + (match.negated() ? "!" : "")
                            + "match("
                            + text(match.pattern(), names)
                            + ", "
                            + text(match.text(), names)
                            + ")";
            case Op.Contains contains ->
                    "filter "
                            + (contains.negated() ? "!" : "")
                            + "contains("
                            + text(contains.part(), names)
                            + ", "
                            + text(contains.text(), names)
                            + ")";
            case Op.Truth truth -> "filter " + truth.value();
            case Op.Compute compute ->
                    "compute "
                            + names.get(compute.register())
                            + " = "
                            + text(compute.value(), names);
            case Op.Unpack unpack -> {
                String[] fields = new String[unpack.arity()];
                java.util.Arrays.fill(fields, "_");
                unpack.binds().forEach(bind -> fields[bind.column()] = names.get(bind.register()));
                unpack.checks()
                        .forEach(check -> fields[check.column()] = text(check.value(), names));
                String tag = unpack.tag() == Op.Unpack.RECORD ? "" : "$" + unpack.tag();
                yield "unpack "
                        + text(unpack.value(), names)
                        + " as "
                        + tag
                        + "["
                        + String.join(", ", fields)
                        + "]";
            }
            case Op.Range range ->
                    "generate "
                            + names.get(range.register())
                            + " = range("
                            + text(range.from(), names)
                            + ", "
                            + text(range.to(), names)
                            + (range.step() == null ? "" : ", " + text(range.step(), names))
                            + ")";
            case Op.Aggregate aggregate ->
                    "aggregate "
                            + names.get(aggregate.register())
                            + " = "
                            + aggregate.operator().word()
                            + (aggregate.target() == null
                                    ? ""
                                    : " " + text(aggregate.target(), names))
                            + (aggregate.group().isEmpty()
                                    ? ", once"
                                    : ", for each "
                                            + aggregate.group().stream()
                                                    .map(names::get)
                                                    .collect(Collectors.joining(", ")));
        };
    }

    private String columns(
            int relation,
            List<Op.Check> keys,
            List<Op.Bind> binds,
            List<Op.Check> checks,
            List<String> names) {
        List<Column> columns = plan.relations().get(relation).columns();
        List<String> parts = new ArrayList<>();
        for (Op.Check key : keys) {
            parts.add(columns.get(key.column()).name() + " = " + text(key.value(), names));
        }
        for (Op.Bind bind : binds) {
            parts.add(
                    (bind.column() == Op.Bind.ROW ? "row" : columns.get(bind.column()).name())
                            + " → "
                            + names.get(bind.register()));
        }
        for (Op.Check check : checks) {
            parts.add(
                    "where "
                            + columns.get(check.column()).name()
                            + " = "
                            + text(check.value(), names));
        }
        return parts.isEmpty() ? "" : " (" + String.join(", ", parts) + ")";
    }

    private static String text(Value value, List<String> names) {
        return switch (value) {
            case Value.Register register -> names.get(register.index());
            case Value.Constant constant -> text(constant);
            case Value.Call call ->
                    word(call)
                            + call.arguments().stream()
                                    .skip(call.functor() == Functor.OUTER ? 1 : 0)
                                    .map(argument -> text(argument, names))
                                    .collect(Collectors.joining(", ", "(", ")"));
            case Value.Make make ->
                    (make.tag() == Op.Unpack.RECORD ? "" : "$" + make.tag())
                            + make.fields().stream()
                                    .map(field -> text(field, names))
                                    .collect(Collectors.joining(", ", "[", "]"));
        };
    }

    private static String word(Value.Call call) {
        return call.functor() == Functor.OUTER
                        && call.arguments().getFirst() instanceof Value.Constant name
                ? call.functor().word() + name.symbol()
                : call.functor().word();
    }

    private static String text(Value.Constant constant) {
        String symbol = constant.symbol();
        if (symbol != null) {
            return '"' + symbol.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
        }
        return switch (constant.kind()) {
            case FLOAT -> Double.toString(Double.longBitsToDouble(constant.bits()));
            case UNSIGNED -> Long.toUnsignedString(constant.bits());
            case RECORD -> constant.bits() == 0 ? "nil" : "record " + constant.bits();
            case NUMBER, SYMBOL, ADT -> Long.toString(constant.bits());
        };
    }

    private static String rows(Rows rows) {
        return switch (rows) {
            case ALL -> "";
            case DELTA -> "new ";
            case OLD -> "old ";
        };
    }

    private String name(int relation) {
        PlanRelation it = plan.relations().get(relation);
        return it.name().indexOf(' ') < 0 ? it.name() : "<" + it.name() + ">";
    }

    private String names(List<Integer> relations) {
        return relations.stream().map(this::name).collect(Collectors.joining(", "));
    }

    private void line(int depth, String text) {
        out.repeat("  ", depth).append(text).append('\n');
    }

    private void line(int depth, String text, double estimate, int id) {
        StringBuilder figures = new StringBuilder();
        if (estimate >= 0) {
            figures.append(String.format(Locale.ROOT, "~%.0f", estimate));
        }
        if (counts != null) {
            figures.append(figures.isEmpty() ? "" : ", ").append("really ").append(counts[id]);
        }
        line(depth, text + (figures.isEmpty() ? "" : "  [" + figures + "]"));
    }
}
