package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Formula;
import dev.sovereign.core.ast.Span;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// Takes bodies apart into alternatives that are plain conjunctions of literals: disjunctive normal
/// form, negations inward.
final class Disjunctions {

    /// Alternatives that one written body may come to; beyond it is a mistake or an attack.
    static final int MAX_ALTERNATIVES = 1_024;

    private Disjunctions() {}

    /// The alternatives of a body; null when there are more than [#MAX_ALTERNATIVES].
    static @Nullable List<List<Formula>> of(Formula body) {
        return expand(body, false);
    }

    private static @Nullable List<List<Formula>> expand(Formula formula, boolean negated) {
        return switch (formula) {
            case Formula.And(Span _, List<Formula> parts) ->
                    negated ? either(parts, true) : all(parts, false);
            case Formula.Or(Span _, List<Formula> parts) ->
                    negated ? all(parts, true) : either(parts, false);
            case Formula.Not(Span _, Formula part) -> expand(part, !negated);
            case Formula.Compare(Span span, var comparison, var left, var right) ->
                    List.of(
                            List.of(
                                    negated
                                            ? new Formula.Compare(
                                                    span, comparison.negated(), left, right)
                                            : formula));
            case Formula.Truth(Span span, boolean value) ->
                    List.of(List.of(new Formula.Truth(span, value != negated)));
            case Formula.Holds _, Formula.Match _, Formula.Contains _ ->
                    List.of(List.of(negated ? new Formula.Not(formula.span(), formula) : formula));
        };
    }

    private static @Nullable List<List<Formula>> either(List<Formula> parts, boolean negated) {
        List<List<Formula>> alternatives = new ArrayList<>();
        for (Formula part : parts) {
            List<List<Formula>> expanded = expand(part, negated);
            if (expanded == null || alternatives.size() + expanded.size() > MAX_ALTERNATIVES) {
                return null;
            }
            alternatives.addAll(expanded);
        }
        return alternatives;
    }

    private static @Nullable List<List<Formula>> all(List<Formula> parts, boolean negated) {
        List<List<Formula>> alternatives = List.of(List.of());
        for (Formula part : parts) {
            List<List<Formula>> expanded = expand(part, negated);
            if (expanded == null
                    || (long) alternatives.size() * expanded.size() > MAX_ALTERNATIVES) {
                return null;
            }
            if (expanded.size() == 1
                    && alternatives.size() == 1
                    && alternatives.getFirst() instanceof ArrayList) {
                alternatives.getFirst().addAll(expanded.getFirst());
                continue;
            }
            List<List<Formula>> product = new ArrayList<>();
            for (List<Formula> before : alternatives) {
                for (List<Formula> after : expanded) {
                    List<Formula> joined = new ArrayList<>(before);
                    joined.addAll(after);
                    product.add(joined);
                }
            }
            alternatives = product;
        }
        return alternatives;
    }
}
