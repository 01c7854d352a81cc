package dev.sovereign.core.eval;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.Facts;
import dev.sovereign.core.analyze.CheckedProgram.Relation;
import dev.sovereign.core.analyze.CheckedProgram.Rule;
import dev.sovereign.core.analyze.CheckedProgram.Stratum;
import dev.sovereign.core.analyze.CheckedProgram.Subsumption;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.Qualifier;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The oracle: evaluates numbers by the definition, with no cleverness at all. Every rule is tried
/// on all tuples again until nothing new comes; bodies are solved by trying literals in whatever
/// order lets them be solved.
public final class NaiveEvaluator {

    private final List<Set<List<Long>>> relations = new ArrayList<>();

    /// Fields of the records that the oracle knows are small and not negative: a record of two is
    /// one number of both.
    public static final long FIELD = 1_000_003;

    private NaiveEvaluator(CheckedProgram program) {
        program.relations().forEach(_ -> relations.add(new HashSet<>()));
        for (Facts facts : program.facts()) {
            for (int row = 0; row < facts.count(); row++) {
                List<Long> tuple = new ArrayList<>();
                for (long[] column : facts.columns()) {
                    tuple.add(column[row]);
                }
                relations.get(facts.relation()).add(tuple);
            }
        }
        program.relations().forEach(this::close);
        for (Stratum stratum : program.strata()) {
            boolean more = true;
            while (more) {
                more = false;
                for (Rule rule : stratum.rules()) {
                    List<List<Long>> found = new ArrayList<>();
                    solve(
                            rule.body(),
                            new Long[rule.variables().size()],
                            values -> found.add(values(rule.arguments(), values)));
                    more |= relations.get(rule.relation()).addAll(found);
                    more |= close(program.relations().get(rule.relation()));
                }
            }
            stratum.subsumptions().forEach(this::remove);
        }
    }

    /// The tuples of each relation, by id.
    public static List<Set<List<Long>>> evaluate(CheckedProgram program) {
        return new NaiveEvaluator(program).relations;
    }

    /// Makes an equivalence of a relation that is one.
    private boolean close(Relation relation) {
        Set<List<Long>> pairs = relations.get(relation.id());
        int before = pairs.size();
        boolean more = relation.qualifiers().contains(Qualifier.EQREL);
        while (more) {
            Set<List<Long>> found = new HashSet<>();
            for (List<Long> one : pairs) {
                found.add(List.of(one.get(1), one.get(0)));
                for (List<Long> other : pairs) {
                    if (one.get(1).equals(other.get(0))) {
                        found.add(List.of(one.get(0), other.get(1)));
                    }
                }
            }
            more = pairs.addAll(found);
        }
        return pairs.size() > before;
    }

    /// Removes what another tuple dominates.
    private void remove(Subsumption subsumption) {
        Set<List<Long>> all = relations.get(subsumption.relation());
        Set<List<Long>> gone = new HashSet<>();
        for (List<Long> one : all) {
            for (List<Long> other : all) {
                Long[] values = new Long[subsumption.variables().size()];
                if (!one.equals(other)
                        && matches(subsumption.dominated(), one, values)
                        && matches(subsumption.dominating(), other, values)) {
                    solve(subsumption.body(), values, _ -> gone.add(one));
                }
            }
        }
        all.removeAll(gone);
    }

    private interface Solution {
        void accept(Long[] values);
    }

    private void solve(List<Literal> body, Long[] values, Solution solution) {
        if (body.isEmpty()) {
            solution.accept(values);
            return;
        }
        for (int i = 0; i < body.size(); i++) {
            if (isReady(body.get(i), values)) {
                List<Literal> rest = new ArrayList<>(body);
                rest.remove(i);
                solve(body.get(i), values, next -> solve(rest, next, solution));
                return;
            }
        }
        throw new IllegalStateException("unsafe: " + body);
    }

    private static boolean isReady(Literal literal, Long[] values) {
        return switch (literal) {
            case Literal.Positive _ -> true;
            case Literal.Negative atom ->
                    atom.arguments().stream()
                            .allMatch(
                                    term -> term instanceof Term.Wildcard || isKnown(term, values));
            case Literal.Compare compare ->
                    isKnown(compare.right(), values)
                            && (isKnown(compare.left(), values) || isBinding(compare));
            case Literal.Aggregate aggregate ->
                    aggregate.outer().stream().allMatch(id -> values[id] != null);
            default -> throw new IllegalStateException("not in the oracle: " + literal);
        };
    }

    private static boolean isBinding(Literal.Compare compare) {
        return compare.comparison() == dev.sovereign.core.ast.Comparison.EQUAL
                && compare.left() instanceof Term.Variable;
    }

    private void solve(Literal literal, Long[] values, Solution solution) {
        switch (literal) {
            case Literal.Positive atom -> {
                for (List<Long> tuple : List.copyOf(relations.get(atom.relation()))) {
                    Long[] next = values.clone();
                    if (matches(atom.arguments(), tuple, next)) {
                        solution.accept(next);
                    }
                }
            }
            case Literal.Negative atom -> {
                if (relations.get(atom.relation()).stream()
                        .noneMatch(tuple -> matches(atom.arguments(), tuple, values.clone()))) {
                    solution.accept(values);
                }
            }
            case Literal.Compare compare -> {
                long right = value(compare.right(), values);
                if (!isKnown(compare.left(), values)) {
                    bind(((Term.Variable) compare.left()).id(), right, values, solution);
                    return;
                }
                int order = Long.compare(value(compare.left(), values), right);
                boolean holds =
                        switch (compare.comparison()) {
                            case EQUAL -> order == 0;
                            case NOT_EQUAL -> order != 0;
                            case LESS -> order < 0;
                            case LESS_OR_EQUAL -> order <= 0;
                            case GREATER -> order > 0;
                            case GREATER_OR_EQUAL -> order >= 0;
                        };
                if (holds) {
                    solution.accept(values);
                }
            }
            case Literal.Aggregate aggregate -> {
                List<Long> all = new ArrayList<>();
                Term target = aggregate.target();
                solve(
                        aggregate.body(),
                        values.clone(),
                        found -> all.add(target == null ? 0 : value(target, found)));
                switch (aggregate.operator()) {
                    case COUNT -> bind(aggregate.result(), all.size(), values, solution);
                    case SUM ->
                            bind(
                                    aggregate.result(),
                                    all.stream().mapToLong(Long::longValue).sum(),
                                    values,
                                    solution);
                    case MIN ->
                            all.stream()
                                    .min(Long::compare)
                                    .ifPresent(least ->
                                            bind(aggregate.result(), least, values, solution));
                    case MAX ->
                            all.stream()
                                    .max(Long::compare)
                                    .ifPresent(most ->
                                            bind(aggregate.result(), most, values, solution));
                    case MEAN -> throw new IllegalStateException("not in the oracle");
                }
            }
            default -> throw new IllegalStateException("not in the oracle: " + literal);
        }
    }

    private static void bind(int variable, long value, Long[] values, Solution solution) {
        Long[] next = values.clone();
        if (next[variable] == null || next[variable] == value) {
            next[variable] = value;
            solution.accept(next);
        }
    }

    private static boolean matches(List<Term> terms, List<Long> tuple, Long[] values) {
        for (int i = 0; i < terms.size(); i++) {
            Term term = terms.get(i);
            if (term instanceof Term.Wildcard) {
                continue;
            }
            if (term instanceof Term.RecordInit record) {
                List<Long> fields = List.of(tuple.get(i) / FIELD, tuple.get(i) % FIELD);
                if (!matches(record.arguments(), fields, values)) {
                    return false;
                }
            } else if (term instanceof Term.Variable variable && values[variable.id()] == null) {
                values[variable.id()] = tuple.get(i);
            } else if (value(term, values) != tuple.get(i)) {
                return false;
            }
        }
        return true;
    }

    private static boolean isKnown(Term term, Long[] values) {
        return switch (term) {
            case Term.Variable variable -> values[variable.id()] != null;
            case Term.Constant _ -> true;
            case Term.Call call ->
                    call.arguments().stream().allMatch(each -> isKnown(each, values));
            case Term.RecordInit record ->
                    record.arguments().stream().allMatch(each -> isKnown(each, values));
            default -> false;
        };
    }

    private static List<Long> values(List<Term> terms, Long[] values) {
        return terms.stream().map(term -> value(term, values)).toList();
    }

    private static long value(Term term, Long[] values) {
        return switch (term) {
            case Term.Variable variable -> values[variable.id()];
            case Term.Constant constant -> constant.bits();
            case Term.Call call -> {
                long a = value(call.arguments().get(0), values);
                long b = value(call.arguments().get(1), values);
                yield switch (call.functor()) {
                    case ADD -> a + b;
                    case SUBTRACT -> a - b;
                    case MULTIPLY -> a * b;
                    case BIT_AND -> a & b;
                    default -> throw new IllegalStateException("not in the oracle: " + call);
                };
            }
            case Term.RecordInit record ->
                    value(record.arguments().get(0), values) * FIELD
                            + value(record.arguments().get(1), values);
            default -> throw new IllegalStateException("not in the oracle: " + term);
        };
    }
}
