package dev.sovereign.core.provenance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.Rule;
import dev.sovereign.core.analyze.CheckedProgram.Stratum;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.Qualifier;
import dev.sovereign.core.ast.Span;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/// Judges proofs by the definition alone; shares nothing with the engine but the checked program.
/// Values are [Long] and [String], and lists of them for records.
final class ProofChecker {

    private final CheckedProgram program;
    private final List<Set<List<Object>>> facts;
    private final List<Set<List<Object>>> all;
    private final Map<List<Object>, Map<List<Object>, List<List<Object>>>> indexes =
            new HashMap<>();

    /// @param facts given tuples by relation
    /// @param all tuples that hold, by relation
    ProofChecker(
            CheckedProgram program, List<Set<List<Object>>> facts, List<Set<List<Object>>> all) {
        this.program = program;
        this.facts = facts;
        this.all = all;
    }

    /// Each step is a fact or an instance of a rule whose premises the proof has shown before; one
    /// that is cut off was proved by itself.
    ///
    /// @param heights of all tuples that hold, by relation
    void check(List<ProofNode> proof, List<Map<List<Object>, Integer>> heights) {
        for (int i = 0; i < proof.size(); i++) {
            ProofNode node = proof.get(i);
            assertEquals(i, node.id());
            assertTrue(node.premises().stream().allMatch(id -> id < node.id()), node::text);
            if (node.cut()) {
                assertEquals(heights.get(id(node)).get(node.tuple()), node.height(), node::text);
                continue;
            }
            switch (node.kind()) {
                case FACT, SYSTEM -> {
                    assertTrue(facts.get(id(node)).contains(node.tuple()), node::text);
                    assertEquals(0, node.height());
                }
                case RULE -> step(node, node.premises().stream().map(proof::get).toList());
                case NEGATION, AGGREGATE, CONSTRAINT -> assertEquals(0, node.height());
            }
        }
    }

    private void step(ProofNode node, List<ProofNode> premises) {
        List<ProofNode> tuples = premises.stream().filter(p -> p.relation() != null).toList();
        int highest = tuples.stream().mapToInt(ProofNode::height).max().orElse(0);
        assertEquals(highest + 1, node.height(), node::text);
        if (isEquivalence(id(node))
                && label(id(node)).equals(node.place())
                && tuples.stream().allMatch(pair -> id(pair) == id(node))
                && leads(node.tuple(), tuples)) {
            return;
        }
        for (Stratum stratum : program.strata()) {
            for (Rule rule : stratum.rules()) {
                if (rule.relation() == id(node)
                        && rule.span().label().equals(node.place())
                        && isInstance(rule, node, tuples)) {
                    return;
                }
            }
        }
        fail(node.text() + " is no instance of a rule at " + node.place() + ": " + premises);
    }

    private boolean isEquivalence(int relation) {
        return program.relations().get(relation).qualifiers().contains(Qualifier.EQREL);
    }

    private String label(int relation) {
        Span declared = program.relations().get(relation).declared();
        return declared == null ? "" : declared.label();
    }

    /// Whether pairs of the same equivalence, taken both ways, lead from one value to the other.
    private static boolean leads(List<Object> from, List<ProofNode> pairs) {
        Map<Object, Object> parents = new HashMap<>();
        for (ProofNode pair : pairs) {
            join(parents, pair.tuple());
        }
        return parents.containsKey(from.getFirst())
                && root(parents, from.get(0)).equals(root(parents, from.get(1)));
    }

    private static void join(Map<Object, Object> parents, List<Object> pair) {
        pair.forEach(value -> parents.putIfAbsent(value, value));
        parents.put(root(parents, pair.get(0)), root(parents, pair.get(1)));
    }

    private static Object root(Map<Object, Object> parents, Object of) {
        Object parent = parents.getOrDefault(of, of);
        return parent.equals(of) ? of : root(parents, parent);
    }

    private boolean isInstance(Rule rule, ProofNode node, List<ProofNode> tuples) {
        List<Literal> positive =
                rule.body().stream().filter(Literal.Positive.class::isInstance).toList();
        if (positive.size() != tuples.size()) {
            return false;
        }
        List<Literal> rest = new ArrayList<>(rule.body());
        rest.removeAll(positive);
        Object[] values = new Object[rule.variables().size()];
        for (int i = 0; i < tuples.size(); i++) {
            Literal.Positive atom = (Literal.Positive) positive.get(i);
            if (atom.relation() != id(tuples.get(i))
                    || !matches(atom.arguments(), tuples.get(i).tuple(), values)) {
                return false;
            }
        }
        boolean[] found = new boolean[1];
        solve(rest, values, full -> found[0] |= terms(rule.arguments(), full).equals(node.tuple()));
        return found[0];
    }

    /// No instance of any rule derives a tuple lower than it was proved.
    ///
    /// @param heights of all tuples that hold, by relation
    void leastHeights(List<Map<List<Object>, Integer>> heights) {
        for (int id = 0; id < heights.size(); id++) {
            if (isEquivalence(id)) {
                leastChains(heights.get(id));
            }
        }
        for (Stratum stratum : program.strata()) {
            for (Rule rule : stratum.rules()) {
                solve(
                        rule.body(),
                        new Object[rule.variables().size()],
                        values -> {
                            int highest = 0;
                            for (Literal literal : rule.body()) {
                                if (literal instanceof Literal.Positive atom
                                        && !hasWildcard(atom)) {
                                    highest =
                                            Math.max(
                                                    highest,
                                                    height(
                                                            heights,
                                                            atom.relation(),
                                                            terms(atom.arguments(), values)));
                                } else if (literal instanceof Literal.Positive atom) {
                                    highest =
                                            Math.max(
                                                    highest,
                                                    lowest(
                                                            atom,
                                                            values,
                                                            heights.get(atom.relation())));
                                }
                            }
                            List<Object> head = terms(rule.arguments(), values);
                            if (!stratum.subsumptions().isEmpty()
                                    && !all.get(rule.relation()).contains(head)) {
                                return; // removed
                            }
                            int height = height(heights, rule.relation(), head);
                            int bound = highest + 1;
                            assertTrue(
                                    height <= bound,
                                    () ->
                                            program.relations().get(rule.relation()).name()
                                                    + head
                                                    + " has height "
                                                    + height
                                                    + ", but "
                                                    + rule.span().label()
                                                    + " derives it at "
                                                    + bound);
                        });
            }
        }
    }

    /// No pairs lead from one value of a pair to the other lower than it was proved.
    private static void leastChains(Map<List<Object>, Integer> heights) {
        Map<Object, Object> parents = new HashMap<>();
        List<Map.Entry<List<Object>, Integer>> pairs = new ArrayList<>(heights.entrySet());
        pairs.sort(Map.Entry.comparingByValue());
        int joined = 0;
        for (int height = 0; joined < pairs.size(); height++) {
            while (joined < pairs.size() && pairs.get(joined).getValue() <= height) {
                join(parents, pairs.get(joined++).getKey());
            }
            for (Map.Entry<List<Object>, Integer> other : pairs.subList(joined, pairs.size())) {
                List<Object> pair = other.getKey();
                assertTrue(
                        other.getValue() <= height + 1
                                || !parents.containsKey(pair.get(0))
                                || !root(parents, pair.get(0)).equals(root(parents, pair.get(1))),
                        () -> pair + " has height " + other.getValue());
            }
        }
    }

    private static int height(
            List<Map<List<Object>, Integer>> heights, int relation, List<Object> tuple) {
        Integer height = heights.get(relation).get(tuple);
        if (height == null) {
            throw new AssertionError("no proof of " + relation + tuple);
        }
        return height;
    }

    private int lowest(Literal.Positive atom, Object[] values, Map<List<Object>, Integer> heights) {
        return candidates(atom, values).stream()
                .filter(tuple -> matches(atom.arguments(), tuple, values.clone()))
                .mapToInt(heights::get)
                .min()
                .orElseThrow();
    }

    private static boolean hasWildcard(Literal.Positive atom) {
        return atom.arguments().stream().anyMatch(ProofChecker::hasWildcard);
    }

    private static boolean hasWildcard(Term term) {
        return term instanceof Term.Wildcard
                || (term instanceof Term.RecordInit record
                        && record.arguments().stream().anyMatch(ProofChecker::hasWildcard));
    }

    // ---- solving bodies ----

    private void solve(List<Literal> body, Object[] values, Consumer<Object[]> solution) {
        if (body.isEmpty()) {
            solution.accept(values);
            return;
        }
        Literal next = null;
        long best = Long.MAX_VALUE;
        for (Literal literal : body) {
            long cost = cost(literal, values);
            if (cost < best) {
                best = cost;
                next = literal;
            }
        }
        if (next == null) {
            throw new IllegalStateException("unsafe: " + body);
        }
        List<Literal> rest = new ArrayList<>(body);
        rest.remove(next);
        solve(next, values, more -> solve(rest, more, solution));
    }

    private long cost(Literal literal, Object[] values) {
        return switch (literal) {
            case Literal.Positive atom ->
                    atom.arguments().stream()
                                    .allMatch(t ->
                                            t instanceof Term.Wildcard
                                                    || t instanceof Term.Variable
                                                    || t instanceof Term.RecordInit
                                                    || known(t, values))
                            ? 10 + atom.arguments().stream().filter(t -> !known(t, values)).count()
                            : Long.MAX_VALUE;
            case Literal.Negative atom ->
                    atom.arguments().stream().allMatch(t -> hasWildcard(t) || known(t, values))
                            ? 0
                            : Long.MAX_VALUE;
            case Literal.Compare compare -> isReady(compare, values) ? 0 : Long.MAX_VALUE;
            case Literal.Aggregate aggregate ->
                    aggregate.outer().stream().allMatch(id -> values[id] != null)
                            ? 5
                            : Long.MAX_VALUE;
            default -> throw new IllegalStateException("not in the checker: " + literal);
        };
    }

    private static boolean isReady(Literal.Compare compare, Object[] values) {
        boolean left = known(compare.left(), values);
        boolean right = known(compare.right(), values);
        return (left && right)
                || (right && binds(compare.comparison(), compare.left()))
                || (left && binds(compare.comparison(), compare.right()));
    }

    private static boolean binds(Comparison comparison, Term side) {
        return comparison == Comparison.EQUAL && side instanceof Term.Variable;
    }

    private void solve(Literal literal, Object[] values, Consumer<Object[]> solution) {
        switch (literal) {
            case Literal.Positive atom -> {
                for (List<Object> tuple : candidates(atom, values)) {
                    Object[] more = values.clone();
                    if (matches(atom.arguments(), tuple, more)) {
                        solution.accept(more);
                    }
                }
            }
            case Literal.Negative atom -> {
                boolean none =
                        all.get(atom.relation()).stream()
                                .noneMatch(t -> matches(atom.arguments(), t, values.clone()));
                if (none) {
                    solution.accept(values);
                }
            }
            case Literal.Compare compare -> {
                boolean leftKnown = known(compare.left(), values);
                Term unknown =
                        !leftKnown
                                ? compare.left()
                                : !known(compare.right(), values) ? compare.right() : null;
                if (unknown != null) {
                    bind(
                            ((Term.Variable) unknown).id(),
                            value(leftKnown ? compare.left() : compare.right(), values),
                            values,
                            solution);
                } else if (holds(
                        compare.comparison(),
                        value(compare.left(), values),
                        value(compare.right(), values))) {
                    solution.accept(values);
                }
            }
            case Literal.Aggregate aggregate -> {
                List<Long> of = new ArrayList<>();
                Term target = aggregate.target();
                solve(
                        aggregate.body(),
                        values.clone(),
                        found -> of.add(target == null ? 0L : (Long) value(target, found)));
                switch (aggregate.operator()) {
                    case COUNT -> bind(aggregate.result(), (long) of.size(), values, solution);
                    case SUM ->
                            bind(
                                    aggregate.result(),
                                    of.stream().mapToLong(v -> v).sum(),
                                    values,
                                    solution);
                    case MIN ->
                            of.stream()
                                    .min(Long::compare)
                                    .ifPresent(v -> bind(aggregate.result(), v, values, solution));
                    case MAX ->
                            of.stream()
                                    .max(Long::compare)
                                    .ifPresent(v -> bind(aggregate.result(), v, values, solution));
                    case MEAN -> throw new IllegalStateException("not in the checker");
                }
            }
            default -> throw new IllegalStateException("not in the checker: " + literal);
        }
    }

    private static void bind(
            int variable, Object value, Object[] values, Consumer<Object[]> solution) {
        if (values[variable] == null || values[variable].equals(value)) {
            Object[] more = values.clone();
            more[variable] = value;
            solution.accept(more);
        }
    }

    /// Through an index over the arguments that are known.
    private List<List<Object>> candidates(Literal.Positive atom, Object[] values) {
        List<Object> which = new ArrayList<>(List.of(atom.relation()));
        List<Object> key = new ArrayList<>();
        for (int i = 0; i < atom.arguments().size(); i++) {
            if (known(atom.arguments().get(i), values)) {
                which.add(i);
                key.add(value(atom.arguments().get(i), values));
            }
        }
        return indexes.computeIfAbsent(
                        which,
                        _ -> {
                            Map<List<Object>, List<List<Object>>> index = new HashMap<>();
                            for (List<Object> tuple : all.get(atom.relation())) {
                                List<Object> part = new ArrayList<>();
                                which.subList(1, which.size())
                                        .forEach(i -> part.add(tuple.get((Integer) i)));
                                index.computeIfAbsent(part, _ -> new ArrayList<>()).add(tuple);
                            }
                            return index;
                        })
                .getOrDefault(key, List.of());
    }

    private static boolean matches(List<Term> terms, List<Object> tuple, Object[] values) {
        for (int i = 0; i < terms.size(); i++) {
            if (!matches(terms.get(i), tuple.get(i), values)) {
                return false;
            }
        }
        return true;
    }

    @SuppressWarnings("unchecked") // a record is a list
    private static boolean matches(Term term, Object value, Object[] values) {
        if (term instanceof Term.Variable variable && values[variable.id()] == null) {
            values[variable.id()] = value;
            return true;
        }
        if (term instanceof Term.RecordInit record) {
            return matches(record.arguments(), (List<Object>) value, values);
        }
        return term instanceof Term.Wildcard
                || !known(term, values)
                || value(term, values).equals(value);
    }

    private static boolean holds(Comparison comparison, Object left, Object right) {
        int order =
                left instanceof Long number
                        ? number.compareTo((Long) right)
                        : ((String) left).compareTo((String) right);
        return switch (comparison) {
            case EQUAL -> order == 0;
            case NOT_EQUAL -> order != 0;
            case LESS -> order < 0;
            case LESS_OR_EQUAL -> order <= 0;
            case GREATER -> order > 0;
            case GREATER_OR_EQUAL -> order >= 0;
        };
    }

    private static boolean known(Term term, Object[] values) {
        return switch (term) {
            case Term.Variable variable -> values[variable.id()] != null;
            case Term.Constant _ -> true;
            case Term.Call call -> call.arguments().stream().allMatch(each -> known(each, values));
            case Term.RecordInit record ->
                    record.arguments().stream().allMatch(each -> known(each, values));
            default -> false;
        };
    }

    private static List<Object> terms(List<Term> terms, Object[] values) {
        return terms.stream().map(term -> value(term, values)).toList();
    }

    private static Object value(Term term, Object[] values) {
        return switch (term) {
            case Term.Variable variable -> values[variable.id()];
            case Term.Constant constant ->
                    constant.symbol() != null ? constant.symbol() : (Object) constant.bits();
            case Term.RecordInit record -> terms(record.arguments(), values);
            case Term.Call call -> {
                long a = (Long) value(call.arguments().get(0), values);
                long b = (Long) value(call.arguments().get(1), values);
                yield switch (call.functor()) {
                    case ADD -> a + b;
                    case SUBTRACT -> a - b;
                    case MULTIPLY -> a * b;
                    case BIT_AND -> a & b;
                    default -> throw new IllegalStateException("not in the checker: " + call);
                };
            }
            default -> throw new IllegalStateException("not in the checker: " + term);
        };
    }

    private int id(ProofNode node) {
        return program.relations().stream()
                .filter(r -> r.name().equals(node.relation()))
                .findFirst()
                .orElseThrow()
                .id();
    }
}
