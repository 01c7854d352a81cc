package dev.sovereign.core.eval;

import dev.sovereign.core.io.JsonText;
import dev.sovereign.core.plan.ir.Op;
import dev.sovereign.core.plan.ir.Pipeline;
import dev.sovereign.core.plan.ir.Plan;
import dev.sovereign.core.plan.ir.Step;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;

/// What each rule of an evaluation cost, the most expensive first; as a table for people and as
/// JSON. A recursive rule is several pipelines, one for each place that new tuples enter by: each
/// has its line.
///
/// @param totalNanos of the evaluation, without reading and writing files
public record Profile(long totalNanos, List<Line> lines) {

    /// One pipeline.
    ///
    /// @param relation that it derives
    /// @param place of the rule; empty for what no rule says
    /// @param rounds how often it ran
    /// @param rows that its operators handed on, all together
    /// @param tuples that were new
    public record Line(
            String relation, String place, long nanos, long rounds, long rows, long tuples) {}

    private static final double NANOS_PER_MILLI = 1e6;

    public Profile {
        lines = List.copyOf(lines);
    }

    /// @param nanos by id of the pipeline
    /// @param runs by id of the pipeline
    /// @param counts by id of operator or pipeline
    static Profile of(Plan plan, long totalNanos, long[] nanos, long[] runs, long[] counts) {
        List<Line> lines = new ArrayList<>();
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
                int id = pipeline.id();
                lines.add(
                        new Line(
                                plan.relations().get(pipeline.target()).name(),
                                pipeline.span() == null ? "" : pipeline.span().label(),
                                nanos[id],
                                runs[id],
                                rows(pipeline.ops(), counts),
                                counts[id]));
            }
        }
        lines.sort(Comparator.comparingLong(Line::nanos).reversed());
        return new Profile(totalNanos, lines);
    }

    private static long rows(List<Op> ops, long[] counts) {
        long rows = 0;
        for (Op op : ops) {
            rows += counts[op.id()];
            if (op instanceof Op.Aggregate aggregate) {
                rows += rows(aggregate.body(), counts);
            }
        }
        return rows;
    }

    /// A table for people.
    public String text() {
        StringBuilder out = new StringBuilder();
        out.append(
                String.format(
                        Locale.ROOT,
                        "%10s %6s %8s %14s %12s  %s%n",
                        "ms",
                        "%",
                        "rounds",
                        "rows",
                        "tuples",
                        "rule"));
        for (Line line : lines) {
            out.append(
                    String.format(
                            Locale.ROOT,
                            "%10.1f %6.1f %8d %14d %12d  %s%n",
                            line.nanos() / NANOS_PER_MILLI,
                            100.0 * line.nanos() / Math.max(1, totalNanos),
                            line.rounds(),
                            line.rows(),
                            line.tuples(),
                            line.place().isEmpty()
                                    ? line.relation()
                                    : line.relation() + "  " + line.place()));
        }
        out.append(String.format(Locale.ROOT, "%10.1f  all%n", totalNanos / NANOS_PER_MILLI));
        return out.toString();
    }

    /// One JSON object: `total_ms` and `rules`, each with `relation`, `place`, `ms`, `rounds`,
    /// `rows` and `tuples`.
    public String json() {
        StringBuilder out = new StringBuilder();
        out.append("{\"total_ms\":").append(totalNanos / NANOS_PER_MILLI).append(",\"rules\":[");
        String separator = "\n";
        for (Line line : lines) {
            out.append(separator).append("{\"relation\":");
            JsonText.quote(out, line.relation());
            out.append(",\"place\":");
            JsonText.quote(out, line.place());
            out.append(",\"ms\":").append(line.nanos() / NANOS_PER_MILLI);
            out.append(",\"rounds\":").append(line.rounds());
            out.append(",\"rows\":").append(line.rows());
            out.append(",\"tuples\":").append(line.tuples()).append('}');
            separator = ",\n";
        }
        return out.append("\n]}\n").toString();
    }
}
