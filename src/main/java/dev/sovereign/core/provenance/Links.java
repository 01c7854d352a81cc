package dev.sovereign.core.provenance;

import dev.sovereign.core.analyze.CheckedProgram.Rule;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.HashIndex;
import dev.sovereign.core.data.Relation;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The pairs of an equivalence (eqrel) that are given or that a rule derives; all others follow
/// from them. Looked up value by value, as far as somebody asks.
final class Links {

    private static final int COLUMNS = 2;

    /// Finds the goal of a tuple; null when it does not hold.
    interface Goals {
        @Nullable Goal of(long[] tuple);
    }

    /// @param to the value at its other end
    private record Link(long to, Goal pair) {}

    private final Model model;
    private final int relation;
    private final Goals goals;

    /// Each rule, run from the first and from the second argument of its head.
    private final List<List<Backward>> rules = new ArrayList<>();

    private final Map<Long, List<Link>> known = new HashMap<>();

    Links(Model model, int relation, Goals goals) {
        this.model = model;
        this.relation = relation;
        this.goals = goals;
        for (Rule rule : model.rules(relation)) {
            List<Backward> both = new ArrayList<>();
            for (int column = 0; column < COLUMNS; column++) {
                both.add(new Backward(model, rule, rule.body(), column));
            }
            rules.add(both);
        }
    }

    /// The fewest pairs that lead from one value of a pair to the other; null when none do.
    ///
    /// @param highest no pair is used whose proof is known to be higher
    Derivation.@Nullable Chain chain(long[] pair, int highest) {
        if (pair[0] == pair[1]) {
            for (Link link : links(pair[0])) {
                if (link.pair().lowerBound <= highest && !isSame(link.pair(), pair)) {
                    return new Derivation.Chain(new Goal[] {link.pair()});
                }
            }
            return null;
        }
        Map<Long, Link> cameBy = new HashMap<>();
        Deque<Long> open = new ArrayDeque<>(List.of(pair[0]));
        while (!open.isEmpty() && !cameBy.containsKey(pair[1])) {
            long from = open.removeFirst();
            for (Link link : links(from)) {
                model.control().step();
                if (link.pair().lowerBound <= highest
                        && link.to() != pair[0]
                        && !isSame(link.pair(), pair)
                        && cameBy.putIfAbsent(link.to(), new Link(from, link.pair())) == null) {
                    open.add(link.to());
                }
            }
        }
        List<Goal> chain = new ArrayList<>();
        for (long at = pair[1]; at != pair[0]; ) {
            Link back = cameBy.get(at);
            if (back == null) {
                return null;
            }
            chain.add(back.pair());
            at = back.to();
        }
        Collections.reverse(chain);
        return new Derivation.Chain(chain.toArray(Goal[]::new));
    }

    private static boolean isSame(Goal goal, long[] pair) {
        return Arrays.equals(goal.tuple, pair);
    }

    private List<Link> links(long value) {
        List<Link> found = known.get(value);
        if (found == null) {
            Map<Goal, Link> distinct = new LinkedHashMap<>();
            for (int column = 0; column < COLUMNS; column++) {
                links(value, column, distinct);
            }
            found = List.copyOf(distinct.values());
            known.put(value, found);
        }
        return found;
    }

    private void links(long value, int column, Map<Goal, Link> into) {
        Extent given = model.external(relation);
        if (given != null) {
            links(given, value, column, into);
        }
        Relation stated = model.stated(relation);
        links(Extent.of(stated), value, column, into);
        for (List<Backward> both : rules) {
            Backward rule = both.get(column);
            for (long[] values : rule.instances(new long[] {value})) {
                long[] pair = new long[COLUMNS];
                for (int i = 0; i < COLUMNS; i++) {
                    pair[i] =
                            rule.head().get(i) instanceof Term.Variable variable
                                    ? rule.valueOf(variable.id(), values)
                                    : model.bits((Term.Constant) rule.head().get(i));
                }
                link(pair, column, into);
            }
        }
    }

    private void links(Extent of, long value, int column, Map<Goal, Link> into) {
        if (of.limit() == 0) {
            return;
        }
        HashIndex index = of.index(1L << column);
        for (int row = index.first(value); row >= 0; row = index.next(row)) {
            if (row < of.limit() && of.visible(row) && of.value(column, row) == value) {
                link(new long[] {of.value(0, row), of.value(1, row)}, column, into);
            }
        }
    }

    private void link(long[] pair, int column, Map<Goal, Link> into) {
        Goal goal = goals.of(pair);
        if (goal != null) {
            into.putIfAbsent(goal, new Link(pair[1 - column], goal));
        }
    }
}
