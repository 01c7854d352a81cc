package dev.sovereign.core.provenance;

import dev.sovereign.core.analyze.CheckedProgram.Rule;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;

import org.jspecify.annotations.Nullable;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Finds proofs of least height.
///
/// A fact has height 0, a derived tuple one more than the highest of its premises; negations,
/// aggregates and constraints add nothing. The search is depth first with a growing bound: a goal
/// is tried at its lower bound first, a goal that fails there gets a higher one, and a bound once
/// learned is never tried again. At the start a bound is the round in which evaluation found the
/// tuple, which for most programs is the height itself, so that the first try succeeds.
final class Prover {

    private final Model model;
    private final int highest;

    /// Goals by relation, then by tuple.
    private final List<Map<Key, Goal>> goals = new ArrayList<>();

    /// Rules run backwards, by relation; null until one is asked for.
    private final @Nullable List<Backward>[] backward;

    /// What the pairs of equivalences follow from, by relation; null until asked for.
    private final @Nullable Links[] links;

    /// A tuple by its values.
    @SuppressWarnings("ArrayRecordComponent") // compared by what is in it, below; never written to
    private record Key(long[] tuple) {
        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Key key && Arrays.equals(tuple, key.tuple);
        }

        @Override
        public int hashCode() {
            return Arrays.hashCode(tuple);
        }
    }

    /// One goal that is tried at one bound.
    private static final class Frame {
        final Goal goal;
        final int bound;
        int derivation = -1;
        int premise;

        /// How a pair of an equivalence may follow within the bound.
        Derivation.@Nullable Chain chain;

        Frame(Goal goal, int bound) {
            this.goal = goal;
            this.bound = bound;
        }
    }

    @SuppressWarnings({"unchecked", "rawtypes"}) // an array of a generic type
    Prover(Model model) {
        this.model = model;
        this.highest = model.highest();
        this.backward = new List[model.program().relations().size()];
        this.links = new Links[model.program().relations().size()];
        model.program().relations().forEach(_ -> goals.add(new HashMap<>()));
    }

    /// The goal of a tuple that holds, solved; null when no instance of a rule derives it from what
    /// is there now, which happens where a subsumption removed a premise.
    ///
    /// @throws IllegalArgumentException when the tuple does not hold
    @Nullable Goal prove(int relation, long[] tuple) {
        Goal goal = goal(relation, tuple);
        if (goal == null) {
            throw new IllegalArgumentException("the tuple does not hold");
        }
        return solve(goal) ? goal : null;
    }

    /// Every instance that derives a tuple, each of its premises solved, lowest first.
    List<Derivation> all(Goal goal) {
        List<Derivation> all = new ArrayList<>(derivations(goal));
        all.removeIf(derivation -> {
            for (Goal premise : derivation.premises()) {
                if (!solve(premise)) {
                    return true;
                }
            }
            return false;
        });
        if (goal.proof instanceof Derivation.Chain chain) {
            all.add(chain);
        }
        all.sort(Comparator.comparingInt(Derivation::lowerBound));
        return all;
    }

    private boolean solve(Goal goal) {
        while (!goal.solved) {
            if (goal.lowerBound > highest) {
                return false;
            }
            attempt(goal);
        }
        return true;
    }

    /// Tries a goal at its lower bound; afterwards it is solved, or its bound is higher.
    private void attempt(Goal root) {
        Deque<Frame> stack = new ArrayDeque<>();
        stack.push(new Frame(root, root.lowerBound));
        while (!stack.isEmpty()) {
            model.control().step();
            Frame frame = stack.getFirst();
            Goal next = advance(frame);
            if (next != null) {
                stack.push(new Frame(next, next.lowerBound));
            } else {
                stack.pop();
            }
        }
    }

    /// Goes on with a goal; the premise to try first, or null when it is done: solved, or its bound
    /// raised.
    private @Nullable Goal advance(Frame frame) {
        Goal goal = frame.goal;
        if (goal.solved || goal.lowerBound > frame.bound) {
            return null;
        }
        List<Derivation> derivations = derivations(goal);
        if (frame.derivation < 0) {
            frame.derivation = 0;
        }
        while (frame.derivation < derivations.size()) {
            Derivation derivation = derivations.get(frame.derivation);
            Goal open = null;
            if (derivation.lowerBound() <= frame.bound) {
                open = firstOpen(frame, derivation);
                if (open == null && derivation.lowerBound() <= frame.bound) {
                    solved(goal, derivation);
                    return null;
                }
            }
            if (open != null) {
                return open;
            }
            frame.derivation++;
            frame.premise = 0;
        }
        if (model.isEquivalence(goal.relation)) {
            Goal open = chain(frame);
            if (open != null || goal.solved) {
                return open;
            }
        }
        int least = model.isEquivalence(goal.relation) ? frame.bound + 1 : Model.UNREACHABLE;
        for (Derivation derivation : derivations) {
            least = Math.min(least, derivation.lowerBound());
        }
        goal.lowerBound = Math.max(frame.bound + 1, least);
        return null;
    }

    private static void solved(Goal goal, Derivation by) {
        goal.solved = true;
        goal.proof = by;
        goal.derivations = null;
    }

    /// Tries to have a pair follow from others; the one to try first, or null when it is done or
    /// nothing leads there within the bound.
    private @Nullable Goal chain(Frame frame) {
        Goal goal = frame.goal;
        while (true) {
            if (frame.chain == null) {
                frame.chain = links(goal.relation).chain(goal.tuple, frame.bound - 1);
                frame.premise = 0;
            }
            Derivation.Chain chain = frame.chain;
            if (chain == null) {
                return null;
            }
            if (chain.lowerBound() > frame.bound) {
                frame.chain = null; // a pair turned out to lie deeper
                continue;
            }
            Goal open = firstOpen(frame, chain);
            if (open == null && chain.lowerBound() <= frame.bound) {
                solved(goal, chain);
            }
            return open;
        }
    }

    private Links links(int relation) {
        Links known = links[relation];
        if (known == null) {
            known = new Links(model, relation, pair -> goal(relation, pair));
            links[relation] = known;
        }
        return known;
    }

    /// A premise that is not solved yet and may be within the bound; null when there is none.
    private static @Nullable Goal firstOpen(Frame frame, Derivation derivation) {
        while (frame.premise < derivation.premises().length) {
            Goal premise = derivation.premises()[frame.premise];
            if (premise.lowerBound > frame.bound - 1) {
                return null;
            }
            if (!premise.solved) {
                return premise;
            }
            frame.premise++;
        }
        return null;
    }

    /// Those that may be the lowest come first.
    private List<Derivation> derivations(Goal goal) {
        List<Derivation> known = goal.derivations;
        if (known != null) {
            return known;
        }
        List<Derivation> found = new ArrayList<>();
        for (Backward rule : backward(goal.relation)) {
            for (long[] values : rule.instances(goal.tuple)) {
                Goal[] premises = premises(rule, values);
                if (premises != null) {
                    found.add(new Derivation.Instance(rule, values, premises));
                }
            }
        }
        found.sort(Comparator.comparingInt(Derivation::lowerBound));
        goal.derivations = found;
        return found;
    }

    /// Null when one of them is the tuple itself, or is not there any more.
    private Goal @Nullable [] premises(Backward rule, long[] values) {
        List<Goal> premises = new ArrayList<>();
        for (Literal literal : rule.body()) {
            if (literal instanceof Literal.Positive atom) {
                Goal premise = goal(atom.relation(), tuple(atom.arguments(), rule, values));
                if (premise == null) {
                    return null;
                }
                premises.add(premise);
            }
        }
        return premises.toArray(Goal[]::new);
    }

    private long[] tuple(List<Term> arguments, Backward rule, long[] values) {
        long[] tuple = new long[arguments.size()];
        for (int i = 0; i < tuple.length; i++) {
            tuple[i] =
                    switch (arguments.get(i)) {
                        case Term.Variable variable -> rule.valueOf(variable.id(), values);
                        case Term.Constant constant -> model.bits(constant);
                        case Term.Wildcard _, Term.Call _, Term.RecordInit _, Term.BranchInit _ ->
                                throw new IllegalStateException("not plain");
                    };
        }
        return tuple;
    }

    private List<Backward> backward(int relation) {
        List<Backward> known = backward[relation];
        if (known == null) {
            known = new ArrayList<>();
            for (Rule rule : model.rules(relation)) {
                known.add(new Backward(model, rule, rule.body()));
            }
            backward[relation] = known;
        }
        return known;
    }

    private @Nullable Goal goal(int relation, long[] tuple) {
        Key key = new Key(tuple);
        Goal known = goals.get(relation).get(key);
        if (known != null) {
            return known;
        }
        Goal made;
        if (model.isFact(relation, tuple)) {
            made = new Goal(relation, tuple, 0);
            made.solved = true;
        } else {
            int row = model.row(relation, tuple);
            if (row < 0) {
                return null;
            }
            made = new Goal(relation, tuple, model.lowerBound(relation, row));
        }
        goals.get(relation).put(key, made);
        return made;
    }
}
