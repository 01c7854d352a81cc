package dev.sovereign.core.eval;

import dev.sovereign.core.analyze.CheckedProgram.Facts;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.Relation;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.plan.ir.Pipeline;
import dev.sovereign.core.plan.ir.Plan;
import dev.sovereign.core.plan.ir.PlanRelation;
import dev.sovereign.core.plan.ir.Step;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Evaluates plans: semi-naive, one relation's rows in the order in which they were found, so that
/// what a round found is a range of rows.
public final class Evaluator {

    private final Plan plan;
    private final Map<String, Extent> externals;
    private final SymbolTable symbols;
    private final RecordTable records;
    private final Control control;
    private final @Nullable Table[] tables;
    private final Clusters clusters;

    /// What pipelines took, and how often they ran, by id.
    private final long[] nanos;

    private final long[] runs;
    private final Linker linker;

    /// Ids of pipelines that find no tuple twice.
    private final BitSet distinct;

    /// What divides work among threads; null for one.
    private final @Nullable Lanes lanes;

    private final IdentityHashMap<Pipeline, DividedRule> divided = new IdentityHashMap<>();

    /// Ids of the strings of a text's facts, which share one list.
    private final IdentityHashMap<List<String>, long[]> symbolIds = new IdentityHashMap<>();

    private Evaluator(
            Plan plan,
            Map<String, Extent> externals,
            SymbolTable symbols,
            RecordTable records,
            Control control,
            Engine engine,
            Threads threads) {
        this.plan = plan;
        this.externals = externals;
        this.symbols = symbols;
        this.records = records;
        this.control = control;
        this.tables = new Table[plan.relations().size()];
        this.clusters = new Clusters(plan);
        this.nanos = new long[plan.counters()];
        this.runs = new long[plan.counters()];
        Classes classes = new Classes();
        this.distinct = Distinct.of(plan);
        this.linker =
                new Linker(
                        this::table,
                        symbols,
                        records,
                        control,
                        engine,
                        plan.counters(),
                        classes,
                        -1,
                        distinct);
        int many = Lanes.of(threads.count());
        if (many > 1 && Division.isPossible(plan)) {
            Lanes several = new Lanes(many, control, threads.fewRows());
            for (int lane = 0; lane < many; lane++) {
                several.add(
                        new Linker(
                                this::table,
                                symbols,
                                records,
                                several.control(lane),
                                engine,
                                plan.counters(),
                                classes,
                                lane,
                                distinct));
            }
            linker.divideAmong(several);
            lanes = several;
        } else {
            lanes = null;
        }
    }

    /// Computes all that the plan says, on the calling thread.
    ///
    /// @param externals tuples of relations by name; one that is missing is empty
    /// @param symbols what symbols in `externals` are ids of; a fork, because new ones are added
    /// @param control closed by the caller when it no longer uses the result
    /// @throws dev.sovereign.error.SovereignException at a limit, when cancelled, or for a value
    ///   that cannot be computed
    public static Evaluation evaluate(
            Plan plan, Map<String, Extent> externals, SymbolTable symbols, Control control) {
        return evaluate(plan, externals, symbols, new RecordTable(control), control);
    }

    /// As [#evaluate(Plan, Map, SymbolTable, Control)], for externals that hold records.
    ///
    /// @param records what records in `externals` are ids of; gets new ones
    public static Evaluation evaluate(
            Plan plan,
            Map<String, Extent> externals,
            SymbolTable symbols,
            RecordTable records,
            Control control) {
        return evaluate(plan, externals, symbols, records, control, Engine.AUTO);
    }

    /// As [#evaluate(Plan, Map, SymbolTable, RecordTable, Control)], in a given way.
    public static Evaluation evaluate(
            Plan plan,
            Map<String, Extent> externals,
            SymbolTable symbols,
            RecordTable records,
            Control control,
            Engine engine) {
        return evaluate(plan, externals, symbols, records, control, engine, Threads.ONE);
    }

    /// As [#evaluate(Plan, Map, SymbolTable, RecordTable, Control, Engine)], with several threads:
    /// the calling one and helpers. What is found is the same with any number of them.
    public static Evaluation evaluate(
            Plan plan,
            Map<String, Extent> externals,
            SymbolTable symbols,
            RecordTable records,
            Control control,
            Engine engine,
            Threads threads) {
        return new Evaluator(plan, externals, symbols, records, control, engine, threads).run();
    }

    private Evaluation run() {
        long start = System.nanoTime();
        control.check();
        for (Step step : plan.steps()) {
            switch (step) {
                case Step.Union union -> run(union);
                case Step.Fixpoint fixpoint -> run(fixpoint);
            }
        }
        control.enter("", null);
        List<@Nullable Extent> extents = new ArrayList<>();
        for (int id = 0; id < tables.length; id++) {
            Table table = plan.results().containsValue(id) ? table(id) : tables[id];
            extents.add(table == null ? null : table.extent());
        }
        long[] counts = linker.counts();
        Set<String> badPatterns = new LinkedHashSet<>(linker.badPatterns());
        if (lanes != null) {
            for (Linker each : lanes.linkers()) {
                long[] more = each.counts();
                for (int i = 0; i < counts.length; i++) {
                    counts[i] += more[i];
                }
                badPatterns.addAll(each.badPatterns());
            }
        }
        return new Evaluation(
                plan,
                extents,
                symbols,
                records,
                counts,
                List.copyOf(badPatterns),
                Profile.of(plan, System.nanoTime() - start, nanos, runs, counts));
    }

    private void run(Step.Union union) {
        for (Pipeline pipeline : union.pipelines()) {
            run(pipeline, link(pipeline));
        }
        endRound(union.relations());
        reduce(link(union.reductions()));
        complete(union.relations());
    }

    private void run(Step.Fixpoint fixpoint) {
        for (Pipeline pipeline : fixpoint.first()) {
            run(pipeline, link(pipeline));
        }
        List<LinkedReduction> reductions = link(fixpoint.reductions());
        List<Chain> loop = fixpoint.loop().stream().map(this::link).toList();
        endRound(fixpoint.relations());
        reduce(reductions);
        for (long round = 1; goesOn(fixpoint); round++) {
            round(round);
            for (int i = 0; i < loop.size(); i++) {
                run(fixpoint.loop().get(i), loop.get(i));
            }
            endRound(fixpoint.relations());
            reduce(reductions);
            fixpoint.relations().forEach(id -> table(id).compact());
        }
        complete(fixpoint.relations());
        round(0);
    }

    private void round(long round) {
        linker.round(round);
        if (lanes != null) {
            lanes.linkers().forEach(each -> each.round(round));
        }
    }

    private boolean goesOn(Step.Fixpoint fixpoint) {
        control.check();
        for (var limit : fixpoint.sizeLimits().entrySet()) {
            if (table(limit.getKey()).live() >= limit.getValue()) {
                return false;
            }
        }
        for (int relation : fixpoint.relations()) {
            if (table(relation).hasNew()) {
                return true;
            }
        }
        return false;
    }

    private void endRound(List<Integer> relations) {
        relations.forEach(id -> table(id).endRound());
    }

    private void complete(List<Integer> relations) {
        relations.forEach(id -> table(id).complete());
    }

    private Chain link(Pipeline pipeline) {
        try {
            return linker.link(pipeline);
        } catch (OuterCall.Failed missing) {
            throw failed(missing, plan.relations().get(pipeline.target()).name(), pipeline.span());
        }
    }

    private static SovereignException failed(
            OuterCall.Failed failed, String relation, @Nullable Span span) {
        OuterFunctors.Refused refused = failed.refused();
        EvalError code =
                switch (refused.why()) {
                    case MISSING -> EvalError.FUNCTOR_MISSING;
                    case FAILED -> EvalError.FUNCTOR_FAILED;
                    case LIMIT -> EvalError.FUNCTOR_LIMIT;
                };
        return new SovereignException(
                List.of(
                        Diagnostic.error(
                                code,
                                refused.getMessage() + ", in " + place(relation, span),
                                refused.hint(),
                                span == null ? null : span.where())));
    }

    private static String place(String relation, @Nullable Span span) {
        return span == null ? relation : "the rule for " + relation + " at " + span.label();
    }

    private void run(Pipeline pipeline, Chain linked) {
        long before = System.nanoTime();
        run(
                plan.relations().get(pipeline.target()).name(),
                pipeline.span(),
                linked,
                () -> runPrepared(pipeline, linked));
        nanos[pipeline.id()] += System.nanoTime() - before;
        runs[pipeline.id()]++;
    }

    private void runPrepared(Pipeline pipeline, Chain linked) {
        Lanes several = lanes;
        Table target = table(pipeline.target());
        if (several != null
                && linked.first() instanceof Node.Scan outer
                && !several.isTooFew(outer)
                && Division.isPossible(pipeline, target)) {
            divided.computeIfAbsent(
                            pipeline,
                            _ ->
                                    new DividedRule(
                                            pipeline, target, several, distinct.get(pipeline.id())))
                    .run(linked);
        } else {
            linked.run(new long[linked.registers()]);
        }
    }

    private void run(String relation, @Nullable Span span, Chain linked, Runnable work) {
        control.enter(span == null ? relation : "the rule for " + relation, span);
        linked.prepare();
        try {
            work.run();
        } catch (Uncomputable failure) {
            throw new SovereignException(
                    List.of(
                            Diagnostic.error(
                                    EvalError.ARITHMETIC,
                                    failure.what() + ", in " + place(relation, span),
                                    "add a condition that keeps such rows away",
                                    span == null ? null : span.where())));
        } catch (OuterCall.Failed failure) {
            throw failed(failure, relation, span);
        }
    }

    private record LinkedReduction(Step.Reduction reduction, List<Chain> halves) {}

    private List<LinkedReduction> link(List<Step.Reduction> reductions) {
        return reductions.stream()
                .map(reduction -> new LinkedReduction(reduction, linker.link(reduction)))
                .toList();
    }

    private void reduce(List<LinkedReduction> reductions) {
        for (LinkedReduction reduction : reductions) {
            String name = plan.relations().get(reduction.reduction().relation()).name();
            for (Chain half : reduction.halves()) {
                run(
                        name,
                        reduction.reduction().span(),
                        half,
                        () -> half.run(new long[half.registers()]));
            }
        }
    }

    private Table table(int id) {
        Table table = tables[id];
        if (table == null) {
            PlanRelation relation = plan.relations().get(id);
            table =
                    switch (relation.origin()) {
                        case PlanRelation.External external ->
                                new Table(given(external.name(), relation), control);
                        case PlanRelation.Constants constants ->
                                new Table(load(relation, constants), control);
                        case PlanRelation.Derived _, PlanRelation.Demand _ ->
                                new Table(
                                        relation,
                                        clusters.of(id),
                                        lanes == null ? 1 : lanes.count(),
                                        control);
                    };
            tables[id] = table;
            if (relation.admission() != null) {
                table.guard(Gate.of(relation.admission(), control));
            }
        }
        return table;
    }

    private Extent given(String name, PlanRelation relation) {
        Extent extent = externals.get(name);
        if (extent == null) {
            return Extent.empty(relation.arity());
        }
        if (extent.arity() != relation.arity()) {
            throw new IllegalArgumentException(
                    name + " has " + extent.arity() + " columns, not " + relation.arity());
        }
        return extent;
    }

    private Extent load(PlanRelation relation, PlanRelation.Constants constants) {
        Relation rows = new Relation(relation.arity(), control);
        long[] tuple = new long[relation.arity()];
        for (Facts block : constants.blocks()) {
            long[] ids = symbolIds.computeIfAbsent(block.symbols(), _ -> new long[0]);
            if (ids.length == 0) {
                ids = block.symbols().stream().mapToLong(symbols::intern).toArray();
                symbolIds.put(block.symbols(), ids);
            }
            for (int row = 0; row < block.count(); row++) {
                control.step();
                for (int column = 0; column < tuple.length; column++) {
                    long value = block.columns().get(column)[row];
                    tuple[column] =
                            relation.columns().get(column).kind() == Kind.SYMBOL
                                    ? ids[(int) value]
                                    : value;
                }
                rows.addIfAbsent(tuple);
            }
        }
        return Extent.of(rows);
    }
}
