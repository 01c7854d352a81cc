package dev.sovereign.core.plan;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.Facts;
import dev.sovereign.core.analyze.CheckedProgram.Relation;
import dev.sovereign.core.analyze.CheckedProgram.Rule;
import dev.sovereign.core.analyze.CheckedProgram.Stratum;
import dev.sovereign.core.analyze.CheckedProgram.Subsumption;
import dev.sovereign.core.analyze.CheckedProgram.Variable;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Qualifier;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.plan.ir.PlanRelation;
import dev.sovereign.core.plan.ir.PlanRelation.Admission;
import dev.sovereign.core.plan.ir.PlanRelation.Origin;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/// A program while it is planned: relations, each either given or derived by clauses. Ids up to the
/// checked program's are the same as there; given tuples of relations that have rules as well are a
/// relation of their own, copied by a clause, so that a demand restricts them like any other.
final class Model {

    /// How much larger a recursive relation is taken to be than what feeds it; a guess.
    private static final double RECURSION_FACTOR = 8;

    /// How much larger a demand that recursion adds to is taken to be than what it begins with; a
    /// guess.
    private static final double DEMAND_FACTOR = 256;

    private final List<String> names = new ArrayList<>();
    private final List<List<Column>> columns = new ArrayList<>();
    private final List<Origin> origins = new ArrayList<>();
    private final List<List<Clause>> clauses = new ArrayList<>();
    private final List<List<Subsumption>> subsumptions = new ArrayList<>();
    private final List<@Nullable Long> sizeLimits = new ArrayList<>();
    private final List<Set<Qualifier>> qualifiers = new ArrayList<>();
    private final Map<Integer, Admission> admissions = new HashMap<>();
    private final Statistics statistics;
    private final Map<Integer, double[]> distinct = new HashMap<>();
    private final Map<Integer, Double> sizes = new HashMap<>();

    private Model(Statistics statistics) {
        this.statistics = statistics;
    }

    /// The part of a program that the wanted relations depend on.
    static Model of(CheckedProgram program, Statistics statistics, Set<Integer> wanted) {
        Model model = new Model(statistics);
        int relations = program.relations().size();
        List<List<Rule>> rules = lists(relations);
        List<List<Facts>> facts = lists(relations);
        List<List<Subsumption>> subsumptions = lists(relations);
        for (Stratum stratum : program.strata()) {
            stratum.rules().forEach(rule -> rules.get(rule.relation()).add(rule));
            stratum.subsumptions().forEach(s -> subsumptions.get(s.relation()).add(s));
        }
        program.facts().forEach(block -> facts.get(block.relation()).add(block));
        BitSet given = new BitSet();
        program.directives().stream()
                .filter(directive -> directive.kind() == Item.DirectiveKind.INPUT)
                .forEach(directive -> given.set(directive.relation()));
        BitSet needed = needed(relations, rules, subsumptions, wanted);
        for (Relation relation : program.relations()) {
            model.add(
                    relation.name(),
                    relation.columns(),
                    new PlanRelation.Derived(),
                    relation.qualifiers(),
                    relation.sizeLimit());
            model.subsumptions.set(relation.id(), subsumptions.get(relation.id()));
        }
        for (Relation relation : program.relations()) {
            int id = relation.id();
            if (needed.get(id)) {
                boolean external =
                        relation.external()
                                || given.get(id)
                                || statistics.extent(relation.name()) != null;
                model.define(relation, external, facts.get(id), rules.get(id));
            }
        }
        return model;
    }

    private void define(Relation relation, boolean external, List<Facts> facts, List<Rule> rules) {
        int id = relation.id();
        Origin outside = new PlanRelation.External(relation.name());
        Origin written = new PlanRelation.Constants(facts);
        Admission admission = admission(relation);
        if (admission != null) {
            admissions.put(id, admission);
        }
        if (rules.isEmpty() && subsumptions.get(id).isEmpty() && admission == null) {
            if (facts.isEmpty()) {
                origins.set(id, external ? outside : written);
                return;
            }
            if (!external && facts.size() == 1) {
                origins.set(id, written);
                return;
            }
        }
        if (external) {
            copy(id, add(relation.name() + " given", relation.columns(), outside));
        }
        if (!facts.isEmpty()) {
            copy(id, add(relation.name() + " facts", relation.columns(), written));
        }
        for (Rule rule : rules) {
            int literals = literals(rule.body());
            if (literals > Planner.MAX_BODY_LITERALS) {
                throw new SovereignException(
                        List.of(
                                Diagnostic.error(
                                        PlanError.RULE_TOO_LONG,
                                        "the body has "
                                                + literals
                                                + " literals, more than "
                                                + Planner.MAX_BODY_LITERALS,
                                        "split the rule in two",
                                        rule.span().where())));
            }
            List<Integer> order =
                    rule.plan().isEmpty()
                            ? List.of()
                            : rule.plan().getFirst().order().stream()
                                    .map(position -> Math.toIntExact(position - 1))
                                    .toList();
            clauses.get(id)
                    .add(
                            new Clause(
                                    id,
                                    rule.arguments(),
                                    rule.body(),
                                    rule.variables(),
                                    rule.span(),
                                    order));
        }
    }

    private static int literals(List<Literal> body) {
        int count = body.size();
        for (Literal literal : body) {
            if (literal instanceof Literal.Aggregate aggregate) {
                count += literals(aggregate.body());
            }
        }
        return count;
    }

    private void copy(int to, int from) {
        List<Term> arguments = new ArrayList<>();
        List<Variable> variables = new ArrayList<>();
        for (Column column : columns.get(to)) {
            arguments.add(new Term.Variable(variables.size(), column.kind()));
            variables.add(new Variable(column.name(), column.kind()));
        }
        clauses.get(to)
                .add(
                        new Clause(
                                to,
                                arguments,
                                List.of(new Literal.Positive(from, arguments, Clause.NOWHERE)),
                                variables,
                                null,
                                List.of()));
    }

    int add(String name, List<Column> itsColumns, Origin origin) {
        return add(name, itsColumns, origin, Set.of(), null);
    }

    private int add(
            String name,
            List<Column> itsColumns,
            Origin origin,
            Set<Qualifier> itsQualifiers,
            @Nullable Long sizeLimit) {
        names.add(name);
        columns.add(itsColumns);
        origins.add(origin);
        clauses.add(new ArrayList<>());
        subsumptions.add(List.of());
        sizeLimits.add(sizeLimit);
        qualifiers.add(itsQualifiers);
        return names.size() - 1;
    }

    int size() {
        return names.size();
    }

    String name(int relation) {
        return names.get(relation);
    }

    List<Column> columns(int relation) {
        return columns.get(relation);
    }

    Origin origin(int relation) {
        return origins.get(relation);
    }

    /// Mutable: the planner adds demand to them.
    List<Clause> clauses(int relation) {
        return clauses.get(relation);
    }

    List<Subsumption> subsumptions(int relation) {
        return subsumptions.get(relation);
    }

    @Nullable Long sizeLimit(int relation) {
        return sizeLimits.get(relation);
    }

    Set<Qualifier> qualifiers(int relation) {
        return qualifiers.get(relation);
    }

    /// What a tuple brings that is found; null when just itself.
    @Nullable Admission admission(int relation) {
        return admissions.get(relation);
    }

    private static @Nullable Admission admission(Relation relation) {
        if (relation.qualifiers().contains(Qualifier.EQREL)) {
            return new PlanRelation.Equivalence();
        }
        return relation.choices().isEmpty() ? null : new PlanRelation.Choice(relation.choices());
    }

    /// Whether a rule numbers its rows.
    boolean counts(int relation) {
        for (Clause clause : clauses.get(relation)) {
            for (Term term : clause.head()) {
                if (RulePlanner.counts(term)) {
                    return true;
                }
            }
            for (Literal literal : clause.body()) {
                if (literal instanceof Literal.Compare compare
                        && (RulePlanner.counts(compare.left())
                                || RulePlanner.counts(compare.right()))) {
                    return true;
                }
            }
        }
        return false;
    }

    boolean isDerived(int relation) {
        return switch (origins.get(relation)) {
            case PlanRelation.Derived _, PlanRelation.Demand _ -> true;
            case PlanRelation.External _, PlanRelation.Constants _ -> false;
        };
    }

    /// Whether lists of one column's values can be made of it at its own cost: it belongs to one
    /// evaluation, and nothing hides rows of it.
    boolean isListable(int relation) {
        return switch (origins.get(relation)) {
            case PlanRelation.Derived _, PlanRelation.Demand _, PlanRelation.Constants _ ->
                    subsumptions.get(relation).isEmpty();
            case PlanRelation.External external -> {
                Extent extent = statistics.extent(external.name());
                yield extent != null && extent.filter() == null && !extent.rows().isShared();
            }
        };
    }

    /// Tuples expected.
    double tuples(int relation) {
        return sizes.getOrDefault(relation, 1.0);
    }

    /// Distinct values expected in a column; at least 1.
    double distinct(int relation, int column) {
        double[] known = distinct.get(relation);
        return known == null ? Math.max(1, tuples(relation)) : known[column];
    }

    /// Tuples expected that agree with given values in some columns.
    double fanout(int relation, long boundColumns) {
        double keys = 1;
        for (int column = 0; column < Math.min(64, columns.get(relation).size()); column++) {
            if ((boundColumns >>> column & 1) != 0) {
                keys *= distinct(relation, column);
            }
        }
        return tuples(relation) / keys;
    }

    /// Takes a demand to begin with this size.
    void assume(int relation, double tuples) {
        sizes.put(relation, tuples);
    }

    /// The components of relations that depend on each other, in an order in which each comes after
    /// what it uses.
    Components components() {
        int[][] successors = new int[size()][];
        for (int relation = 0; relation < size(); relation++) {
            BitSet used = new BitSet();
            for (Clause clause : clauses.get(relation)) {
                forEachUse(clause.body(), (id, _) -> used.set(id));
            }
            for (Subsumption subsumption : subsumptions.get(relation)) {
                forEachUse(subsumption.body(), (id, _) -> used.set(id));
            }
            successors[relation] = used.stream().toArray();
        }
        return new Components(successors);
    }

    /// Sizes and distinct values of everything, from what is given upwards.
    void estimate(Components components) {
        for (int[] members : components.all()) {
            BitSet open = new BitSet();
            for (int member : members) {
                open.set(member);
            }
            for (int relation : members) {
                estimate(relation, open, components.isCyclic(relation));
            }
        }
    }

    private void estimate(int relation, BitSet open, boolean recursive) {
        switch (origins.get(relation)) {
            case PlanRelation.External external -> {
                Extent extent = statistics.extent(external.name());
                sizes.put(relation, extent == null ? 0.0 : extent.limit());
                if (extent != null && extent.arity() > 0) {
                    double[] known = new double[extent.arity()];
                    for (int column = 0; column < known.length; column++) {
                        known[column] = statistics.distinct(external.name(), column);
                    }
                    distinct.put(relation, known);
                }
            }
            case PlanRelation.Constants constants -> {
                double count = 0;
                double[] known = new double[columns.get(relation).size()];
                for (Facts block : constants.blocks()) {
                    count += block.count();
                    for (int column = 0; column < known.length; column++) {
                        long[] values = block.columns().get(column);
                        known[column] += Statistics.sample(block.count(), row -> values[row]);
                    }
                }
                sizes.put(relation, count);
                distinct.put(relation, known);
            }
            case PlanRelation.Derived _ -> estimateDerived(relation, open, recursive);
            case PlanRelation.Demand demand -> {
                // what recursion asks for grows with what it finds: nobody knows how far
                double asked = sizes.getOrDefault(relation, 1.0);
                double most = Math.max(1, tuples(demand.of()));
                sizes.put(relation, recursive ? Math.min(most, asked * DEMAND_FACTOR) : asked);
            }
        }
    }

    private void estimateDerived(int relation, BitSet open, boolean recursive) {
        double tuples = 0;
        double[] known = new double[columns.get(relation).size()];
        for (Clause clause : clauses.get(relation)) {
            double largest = clause.body().isEmpty() ? 1 : 0;
            for (Literal literal : clause.body()) {
                if (literal instanceof Literal.Positive atom && !open.get(atom.relation())) {
                    largest = Math.max(largest, tuples(atom.relation()));
                }
            }
            tuples += largest;
            for (int column = 0; column < known.length; column++) {
                known[column] =
                        Math.max(known[column], distinct(clause, clause.head().get(column), open));
            }
        }
        tuples = Math.max(1, recursive ? tuples * RECURSION_FACTOR : tuples);
        double all = 1;
        for (int column = 0; column < known.length; column++) {
            known[column] = known[column] == 0 ? tuples : known[column];
            all *= known[column];
        }
        sizes.put(relation, Math.min(tuples, all));
        distinct.put(relation, known);
    }

    /// Distinct values of a head's term; 0 when only the recursion itself could tell.
    private double distinct(Clause clause, Term term, BitSet open) {
        if (!(term instanceof Term.Variable variable)) {
            return term instanceof Term.Constant ? 1 : 0;
        }
        double least = 0;
        for (Literal literal : clause.body()) {
            if (literal instanceof Literal.Positive atom && !open.get(atom.relation())) {
                int column = atom.arguments().indexOf(variable);
                if (column >= 0) {
                    double here = distinct(atom.relation(), column);
                    least = least == 0 ? here : Math.min(least, here);
                }
            }
        }
        return least;
    }

    /// A use of a relation in a body.
    interface Use {
        /// @param strict whether the relation must be complete before: negation and aggregates
        void accept(int relation, boolean strict);
    }

    /// Every relation that a body reads, at any depth.
    static void forEachUse(List<Literal> body, Use use) {
        forEachUse(body, false, use);
    }

    private static void forEachUse(List<Literal> body, boolean strict, Use use) {
        for (Literal literal : body) {
            switch (literal) {
                case Literal.Positive atom -> use.accept(atom.relation(), strict);
                case Literal.Negative atom -> use.accept(atom.relation(), true);
                case Literal.Aggregate aggregate -> forEachUse(aggregate.body(), true, use);
                case Literal.Compare _,
                        Literal.Match _,
                        Literal.Contains _,
                        Literal.Truth _,
                        Literal.Range _ -> {}
            }
        }
    }

    static Set<Integer> needed(CheckedProgram program, Set<Integer> wanted) {
        int relations = program.relations().size();
        List<List<Rule>> rules = lists(relations);
        List<List<Subsumption>> subsumptions = lists(relations);
        for (Stratum stratum : program.strata()) {
            stratum.rules().forEach(rule -> rules.get(rule.relation()).add(rule));
            stratum.subsumptions().forEach(s -> subsumptions.get(s.relation()).add(s));
        }
        return needed(relations, rules, subsumptions, wanted).stream()
                .boxed()
                .collect(Collectors.toUnmodifiableSet());
    }

    private static BitSet needed(
            int relations,
            List<List<Rule>> rules,
            List<List<Subsumption>> subsumptions,
            Set<Integer> wanted) {
        BitSet needed = new BitSet(relations);
        Deque<Integer> open = new ArrayDeque<>();
        Consumer<Integer> need =
                relation -> {
                    if (!needed.get(relation)) {
                        needed.set(relation);
                        open.add(relation);
                    }
                };
        wanted.forEach(need);
        while (!open.isEmpty()) {
            int relation = open.remove();
            for (Rule rule : rules.get(relation)) {
                forEachUse(rule.body(), (used, _) -> need.accept(used));
            }
            for (Subsumption subsumption : subsumptions.get(relation)) {
                forEachUse(subsumption.body(), (used, _) -> need.accept(used));
            }
        }
        return needed;
    }

    private static <T> List<List<T>> lists(int count) {
        List<List<T>> lists = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            lists.add(new ArrayList<>(0));
        }
        return Collections.unmodifiableList(lists);
    }
}
