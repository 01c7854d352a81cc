package dev.sovereign.core.provenance;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.Rule;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Functor;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.Relation;
import dev.sovereign.core.eval.Evaluation;
import dev.sovereign.core.eval.Evaluator;
import dev.sovereign.core.plan.Planner;
import dev.sovereign.core.plan.Statistics;
import dev.sovereign.core.plan.ir.Plan;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// One rule run from its head: given a tuple, all instances of the rule that derive it from
/// complete relations. It is planned once, as a rule of its own
///
///     instance(every variable) :- goal(head arguments), body.
///
/// over the finished relations, and evaluated for each tuple with one row in `goal`: so functors,
/// aggregates and records mean here exactly what they mean in the program.
final class Backward {

    private static final String GOAL = "?goal";

    private final Model model;
    private final Rule rule;
    private final List<Literal> body;
    private final int[] columnOf;

    /// The head's arguments as variables and constants.
    private final List<Term> head = new ArrayList<>();

    private final Plan plan;
    private final int instanceRelation;
    private final Map<String, Extent> externals = new HashMap<>();

    /// @param rule of the model's program
    /// @param literals of its body that count, in any order; all of them for a proof
    Backward(Model model, Rule rule, List<Literal> literals) {
        this(model, rule, literals, -1);
    }

    /// Run from one argument of its head alone.
    ///
    /// @param column of the argument; -1 for all of them
    Backward(Model model, Rule rule, List<Literal> literals, int column) {
        this.model = model;
        this.rule = rule;
        Variables variables = new Variables(rule.variables());
        List<Literal> equations = new ArrayList<>();
        List<Literal> plain = new ArrayList<>();
        for (Literal literal : literals) {
            plain.add(
                    literal instanceof Literal.Positive atom
                            ? new Literal.Positive(
                                    atom.relation(),
                                    atom.arguments().stream()
                                            .map(argument ->
                                                    variables.plain(
                                                            argument, atom.span(), equations))
                                            .toList(),
                                    atom.span())
                            : literal);
        }
        this.body = List.copyOf(plain);

        List<CheckedProgram.Relation> relations = new ArrayList<>();
        Map<Integer, Integer> ids = new HashMap<>();
        List<Term> goal = new ArrayList<>();
        for (Term argument : rule.arguments()) {
            head.add(variables.plain(argument, rule.span(), equations));
        }
        List<Column> headColumns = model.relation(rule.relation()).columns();
        List<Column> goalColumns = new ArrayList<>();
        for (int i = 0; i < head.size(); i++) {
            if (column < 0 || column == i) {
                goal.add(head.get(i));
                goalColumns.add(headColumns.get(i));
            }
        }
        head.forEach(variables::note);
        body.forEach(variables::note);
        equations.forEach(variables::note);
        relations.add(relation(0, GOAL, goalColumns, true, false));
        List<Literal> all = new ArrayList<>();
        all.add(new Literal.Positive(0, goal, rule.span()));
        for (Literal literal : body) {
            if (!counts(literal)) {
                all.add(moved(literal, ids, relations));
            }
        }
        equations.stream().filter(equation -> !counts(equation)).forEach(all::add);

        List<Term> values = new ArrayList<>();
        List<Column> columns = new ArrayList<>();
        columnOf = new int[variables.all().size()];
        Arrays.fill(columnOf, -1);
        for (int id = 0; id < columnOf.length; id++) {
            if (variables.bound().get(id)) {
                CheckedProgram.Variable variable = variables.all().get(id);
                columnOf[id] = values.size();
                values.add(new Term.Variable(id, variable.kind()));
                columns.add(new Column("v" + id, variable.kind().word(), variable.kind()));
            }
        }
        instanceRelation = relations.size();
        Span span = rule.span();
        relations.add(relation(instanceRelation, "?instance", columns, false, true));
        CheckedProgram program =
                new CheckedProgram(
                        relations,
                        List.of(),
                        List.of(
                                new CheckedProgram.Stratum(
                                        List.of(instanceRelation),
                                        List.of(
                                                new Rule(
                                                        instanceRelation,
                                                        values,
                                                        all,
                                                        variables.all(),
                                                        span,
                                                        List.of())),
                                        List.of(),
                                        false)),
                        List.of(),
                        List.of(new CheckedProgram.Query(instanceRelation, span)),
                        List.of(),
                        model.program().records(),
                        model.program().algebraics());
        ids.forEach((from, to) -> externals.put(relations.get(to).name(), model.extent(from)));
        Relation one = new Relation(goalColumns.size());
        one.append(new long[goalColumns.size()]);
        externals.put(GOAL, Extent.of(one));
        this.plan = Planner.plan(program, Statistics.of(externals), Set.of(instanceRelation));
    }

    /// Whether the literal gives a row its number by `autoinc()`: which one it got then cannot be
    /// computed again, so that the tuple's own is taken.
    private static boolean counts(Literal literal) {
        return literal instanceof Literal.Compare compare
                && compare.comparison() == Comparison.EQUAL
                && (counts(compare.left()) || counts(compare.right()));
    }

    private static boolean counts(Term term) {
        return term instanceof Term.Call call
                && (call.functor() == Functor.COUNTER
                        || call.arguments().stream().anyMatch(Backward::counts));
    }

    Rule rule() {
        return rule;
    }

    /// The literals of the body; arguments of positive ones are variables and constants.
    List<Literal> body() {
        return body;
    }

    /// Arguments of the head, which are variables and constants.
    List<Term> head() {
        return head;
    }

    /// All instances that derive the tuple: values of variables, by [#valueOf].
    ///
    /// @param tuple or the one value that the head is known by
    List<long[]> instances(long[] tuple) {
        Relation goal = new Relation(tuple.length);
        goal.append(tuple);
        externals.put(GOAL, Extent.of(goal));
        Evaluation evaluation =
                Evaluator.evaluate(
                        plan, externals, model.symbols(), model.records(), model.control());
        Extent found = evaluation.extent(instanceRelation);
        List<long[]> instances = new ArrayList<>();
        for (int row = 0; row < found.limit(); row++) {
            if (found.visible(row)) {
                long[] values = new long[found.arity()];
                for (int column = 0; column < values.length; column++) {
                    values[column] = found.value(column, row);
                }
                instances.add(values);
            }
        }
        return instances;
    }

    /// Whether an instance gives a value to the variable.
    boolean hasValue(int variable) {
        return columnOf[variable] >= 0;
    }

    long valueOf(int variable, long[] instance) {
        return instance[columnOf[variable]];
    }

    private static CheckedProgram.Relation relation(
            int id, String name, List<Column> columns, boolean external, boolean query) {
        return new CheckedProgram.Relation(
                id, name, columns, Set.of(), List.of(), external, query, null, null);
    }

    /// The literal over the relations of the small program.
    private Literal moved(
            Literal literal, Map<Integer, Integer> ids, List<CheckedProgram.Relation> relations) {
        return switch (literal) {
            case Literal.Positive atom ->
                    new Literal.Positive(
                            moved(atom.relation(), ids, relations), atom.arguments(), atom.span());
            case Literal.Negative atom ->
                    new Literal.Negative(
                            moved(atom.relation(), ids, relations), atom.arguments(), atom.span());
            case Literal.Aggregate aggregate ->
                    new Literal.Aggregate(
                            aggregate.result(),
                            aggregate.operator(),
                            aggregate.kind(),
                            aggregate.target(),
                            aggregate.body().stream()
                                    .map(inner -> moved(inner, ids, relations))
                                    .toList(),
                            aggregate.outer(),
                            aggregate.span());
            case Literal.Compare _,
                    Literal.Match _,
                    Literal.Contains _,
                    Literal.Truth _,
                    Literal.Range _ ->
                    literal;
        };
    }

    private int moved(
            int relation, Map<Integer, Integer> ids, List<CheckedProgram.Relation> relations) {
        return ids.computeIfAbsent(
                relation,
                _ -> {
                    int id = relations.size();
                    relations.add(
                            relation(
                                    id,
                                    model.relation(relation).name(),
                                    model.relation(relation).columns(),
                                    true,
                                    false));
                    return id;
                });
    }
}
