package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.AggregateOperator;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.Formula;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.ast.Term;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Makes names inside and outside of aggregates differ where they mean different things, as Soufflé
/// decides it: a variable of the target is the aggregate's own even if the same name has a value
/// outside; a variable that is bound inside of `min` or `max` but nowhere outside is a witness: it
/// stands for those solutions that reach the minimum or maximum, so the aggregate's body is joined
/// once more.
final class AggregateScopes {

    /// A conjunction with its head, rewritten.
    record Rewritten(List<Term> head, List<Formula> body) {}

    private final Set<String> outside = new HashSet<>();
    private final List<Formula> added = new ArrayList<>();
    private int made;

    private AggregateScopes() {}

    /// The same rule in which equal names mean the same.
    static Rewritten rewrite(List<Term> head, List<Formula> body) {
        boolean[] any = {false};
        Renaming look =
                Renaming.aggregates(aggregate -> {
                    any[0] = true;
                    return aggregate;
                });
        body.forEach(look::formula);
        head.forEach(look::term);
        return any[0] ? new AggregateScopes().rewriteRule(head, body) : new Rewritten(head, body);
    }

    private Rewritten rewriteRule(List<Term> head, List<Formula> body) {
        outside.addAll(variables(head, body).keySet());
        Set<String> bound = bound(body, Set.of());
        Renaming renaming = Renaming.aggregates(aggregate -> aggregate(aggregate, bound, true));
        List<Term> newHead = renaming.terms(head);
        List<Formula> newBody = new ArrayList<>();
        body.forEach(formula -> newBody.add(renaming.formula(formula)));
        newBody.addAll(added);
        return new Rewritten(newHead, newBody);
    }

    /// @param bound variables that have a value around the aggregate
    /// @param topmost whether it stands in no other aggregate
    private Term aggregate(Term.Aggregate written, Set<String> bound, boolean topmost) {
        Map<String, String> own = new HashMap<>();
        if (written.target() != null) {
            for (String name : variables(List.of(written.target()), List.of()).keySet()) {
                if (bound.contains(name)) {
                    own.put(name, fresh(name));
                }
            }
        }
        Term.Aggregate shadowed = (Term.Aggregate) renamed(own).term(written);
        List<Formula> conjuncts = conjuncts(shadowed.body());
        Set<String> inside = bound(conjuncts, bound);
        Renaming nested = Renaming.aggregates(inner -> aggregate(inner, inside, false));
        Term.Aggregate aggregate =
                new Term.Aggregate(
                        shadowed.span(),
                        shadowed.operator(),
                        shadowed.target() == null ? null : nested.term(shadowed.target()),
                        nested.formula(shadowed.body()));
        Set<String> witnesses = new HashSet<>();
        for (String name : variables(List.of(), conjuncts).keySet()) {
            if (outside.contains(name) && !bound.contains(name) && inside.contains(name)) {
                witnesses.add(name);
            }
        }
        boolean reaches =
                written.operator() == AggregateOperator.MIN
                        || written.operator() == AggregateOperator.MAX;
        return topmost && reaches && !witnesses.isEmpty()
                ? joinedWithWitnesses(aggregate, witnesses, bound)
                : aggregate;
    }

    private Term joinedWithWitnesses(
            Term.Aggregate aggregate, Set<String> witnesses, Set<String> bound) {
        Span span = aggregate.span();
        Term.Variable result =
                new Term.Variable(span, "#" + made++ + "." + aggregate.operator().word());
        Map<String, String> local = new HashMap<>();
        witnesses.forEach(name -> local.put(name, fresh(name)));
        added.add(
                new Formula.Compare(
                        span, Comparison.EQUAL, result, renamed(local).term(aggregate)));

        Map<String, String> apart = new HashMap<>();
        List<Term> target = aggregate.target() == null ? List.of() : List.of(aggregate.target());
        Map<String, Span> all = variables(target, conjuncts(aggregate.body()));
        for (String name : all.keySet()) {
            if (!witnesses.contains(name) && !bound.contains(name)) {
                apart.put(name, fresh(name));
            }
        }
        Renaming copy = renamed(apart);
        conjuncts(aggregate.body()).forEach(part -> added.add(copy.formula(part)));
        for (Term reached : target) {
            added.add(new Formula.Compare(span, Comparison.EQUAL, copy.term(reached), result));
        }
        return result;
    }

    /// A name that no text can hold.
    private String fresh(String name) {
        return "#" + made++ + "." + name;
    }

    private static Renaming renamed(Map<String, String> names) {
        return Renaming.variables(name -> names.getOrDefault(name, name));
    }

    private static List<Formula> conjuncts(Formula formula) {
        return formula instanceof Formula.And and ? and.parts() : List.of(formula);
    }

    private static Map<String, Span> variables(List<Term> terms, List<Formula> formulas) {
        Map<String, Span> names = new LinkedHashMap<>();
        terms.forEach(term -> Variables.of(term, names));
        formulas.forEach(formula -> Variables.of(formula, names));
        return names;
    }

    /// The variables that a conjunction gives values to, besides those that have one already.
    private static Set<String> bound(List<Formula> body, Set<String> before) {
        Set<String> bound = new HashSet<>(before);
        int size = -1;
        boolean backward = true;
        while (bound.size() > size) {
            size = bound.size();
            backward = !backward; // a chain of equations needs two turns, however it is written
            for (Formula formula : backward ? body.reversed() : body) {
                switch (formula) {
                    case Formula.Holds(var atom) ->
                            atom.arguments().forEach(term -> take(term, bound));
                    case Formula.Compare compare when compare.comparison() == Comparison.EQUAL -> {
                        if (isBound(compare.left(), bound)) {
                            take(compare.right(), bound);
                        }
                        if (isBound(compare.right(), bound)) {
                            take(compare.left(), bound);
                        }
                    }
                    case Formula.And(Span _, List<Formula> parts) ->
                            bound.addAll(bound(parts, bound));
                    default -> {}
                }
            }
        }
        return bound;
    }

    /// Binds the variables that a value takes apart.
    private static void take(Term term, Set<String> bound) {
        switch (term) {
            case Term.Variable(Span _, String name) -> bound.add(name);
            case Term.RecordInit init ->
                    init.arguments().forEach(argument -> take(argument, bound));
            case Term.BranchInit init ->
                    init.arguments().forEach(argument -> take(argument, bound));
            case Term.Cast cast -> take(cast.value(), bound);
            default -> {}
        }
    }

    private static boolean isBound(Term term, Set<String> bound) {
        return bound.containsAll(variables(List.of(term), List.of()).keySet())
                && !(term instanceof Term.Wildcard);
    }
}
