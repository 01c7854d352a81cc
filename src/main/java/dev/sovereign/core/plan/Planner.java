package dev.sovereign.core.plan;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.Subsumption;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.plan.ir.Pipeline;
import dev.sovereign.core.plan.ir.Plan;
import dev.sovereign.core.plan.ir.PlanRelation;
import dev.sovereign.core.plan.ir.Step;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Plans programs.
public final class Planner {

    /// Literals in the body of one rule, those inside its aggregates among them. Planning costs the
    /// square of it, for a recursive rule the cube, and evaluation nests as deep.
    public static final int MAX_BODY_LITERALS = 512;

    private Planner() {}

    /// Plans what the queries of the program ask for; without queries, what its `.output` and
    /// `.printsize` directives do.
    ///
    /// @param statistics of the relations that the evaluation will be given
    /// @throws dev.sovereign.error.SovereignException `core.rule-too-long`
    public static Plan plan(CheckedProgram program, Statistics statistics) {
        return plan(program, statistics, wanted(program));
    }

    /// Plans some relations of the program and what they depend on; all of them complete.
    ///
    /// @param wanted ids of relations
    public static Plan plan(CheckedProgram program, Statistics statistics, Set<Integer> wanted) {
        return plan(program, statistics, wanted, Demand.Policy.AUTO);
    }

    static Plan plan(
            CheckedProgram program,
            Statistics statistics,
            Set<Integer> wanted,
            Demand.Policy policy) {
        Model model = Model.of(program, statistics, wanted);
        model.estimate(model.components());
        Demand.apply(model, policy, wanted);
        Components components = model.components();
        model.estimate(components);
        RulePlanner rules = new RulePlanner(model);
        List<Step> steps = new ArrayList<>();
        BitSet needed = needed(model, components, wanted);
        for (int[] members : components.all()) {
            if (needed.get(members[0]) && model.isDerived(members[0])) {
                steps.add(step(model, rules, members, components.isCyclic(members[0])));
            }
        }
        List<PlanRelation> relations = new ArrayList<>();
        for (int id = 0; id < model.size(); id++) {
            relations.add(
                    new PlanRelation(
                            id,
                            model.name(id),
                            model.columns(id),
                            model.origin(id),
                            !model.subsumptions(id).isEmpty(),
                            model.admission(id),
                            best(model, id),
                            model.tuples(id)));
        }
        Map<Integer, Integer> results = new HashMap<>();
        wanted.forEach(relation -> results.put(relation, relation));
        List<CheckedProgram.Query> queries =
                program.queries().stream()
                        .filter(query -> wanted.contains(query.relation()))
                        .toList();
        return new Plan(relations, steps, results, queries, rules.ids());
    }

    /// Ids of the relations that these depend on, and of these: what has to be given.
    public static Set<Integer> needed(CheckedProgram program, Set<Integer> wanted) {
        return Model.needed(program, wanted);
    }

    private static Set<Integer> wanted(CheckedProgram program) {
        Set<Integer> wanted = new LinkedHashSet<>();
        program.queries().forEach(query -> wanted.add(query.relation()));
        if (wanted.isEmpty()) {
            program.directives().stream()
                    .filter(directive -> directive.kind() != Item.DirectiveKind.INPUT)
                    .forEach(directive -> wanted.add(directive.relation()));
        }
        return wanted;
    }

    /// What is read for the sake of the wanted relations; by now that includes demand.
    private static BitSet needed(Model model, Components components, Set<Integer> wanted) {
        BitSet needed = new BitSet();
        wanted.forEach(needed::set);
        for (int i = components.all().size() - 1; i >= 0; i--) {
            int[] members = components.all().get(i);
            boolean any = false;
            for (int member : members) {
                any |= needed.get(member);
            }
            if (!any) {
                continue;
            }
            for (int member : members) {
                needed.set(member);
                model.clauses(member)
                        .forEach(clause ->
                                Model.forEachUse(clause.body(), (used, _) -> needed.set(used)));
                model.subsumptions(member)
                        .forEach(subsumption ->
                                Model.forEachUse(
                                        subsumption.body(), (used, _) -> needed.set(used)));
            }
        }
        return needed;
    }

    private static PlanRelation.@Nullable Best best(Model model, int relation) {
        return model.admission(relation) == null ? Best.of(model.subsumptions(relation)) : null;
    }

    private static Step step(Model model, RulePlanner rules, int[] members, boolean recursive) {
        BitSet own = new BitSet();
        List<Integer> relations = new ArrayList<>();
        for (int member : members) {
            own.set(member);
            relations.add(member);
        }
        List<Pipeline> first = new ArrayList<>();
        List<Pipeline> loop = new ArrayList<>();
        List<Step.Reduction> reductions = new ArrayList<>();
        Map<Integer, Long> sizeLimits = new HashMap<>();
        for (int member : members) {
            for (Clause clause : model.clauses(member)) {
                boolean any = false;
                int position = 0;
                for (Literal literal : clause.body()) {
                    if (literal instanceof Literal.Positive atom) {
                        if (recursive && own.get(atom.relation())) {
                            loop.add(rules.plan(clause, position, own::get));
                            any = true;
                        }
                        position++;
                    }
                }
                if (!any) {
                    first.add(rules.plan(clause, -1, own::get));
                }
            }
            if (best(model, member) == null) {
                for (Subsumption subsumption : model.subsumptions(member)) {
                    reductions.add(rules.plan(subsumption, recursive ? own::get : _ -> false));
                }
            }
            Long limit = model.sizeLimit(member);
            if (limit != null) {
                sizeLimits.put(member, limit);
            }
        }
        return recursive
                ? new Step.Fixpoint(relations, first, loop, reductions, sizeLimits)
                : new Step.Union(relations, first, reductions);
    }
}
