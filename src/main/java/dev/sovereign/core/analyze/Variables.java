package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Atom;
import dev.sovereign.core.ast.Formula;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.ast.Term;

import java.util.List;
import java.util.Map;

/// Finds the variables of a formula or term, those inside aggregates excepted: they have a scope of
/// their own.
final class Variables {

    private Variables() {}

    /// Adds to `names` each variable with the place of its first occurrence.
    static void of(Formula formula, Map<String, Span> names) {
        switch (formula) {
            case Formula.And(Span _, List<Formula> parts) -> parts.forEach(part -> of(part, names));
            case Formula.Or(Span _, List<Formula> parts) -> parts.forEach(part -> of(part, names));
            case Formula.Not(Span _, Formula part) -> of(part, names);
            case Formula.Holds(Atom atom) ->
                    atom.arguments().forEach(argument -> of(argument, names));
            case Formula.Compare(Span _, var _, Term left, Term right) -> {
                of(left, names);
                of(right, names);
            }
            case Formula.Match(Span _, Term pattern, Term text) -> {
                of(pattern, names);
                of(text, names);
            }
            case Formula.Contains(Span _, Term part, Term text) -> {
                of(part, names);
                of(text, names);
            }
            case Formula.Truth _ -> {}
        }
    }

    static void of(Term term, Map<String, Span> names) {
        switch (term) {
            case Term.Variable(Span span, String name) -> names.putIfAbsent(name, span);
            case Term.Call call -> call.arguments().forEach(argument -> of(argument, names));
            case Term.Cast cast -> of(cast.value(), names);
            case Term.RecordInit record ->
                    record.arguments().forEach(argument -> of(argument, names));
            case Term.BranchInit branch ->
                    branch.arguments().forEach(argument -> of(argument, names));
            case Term.UserCall call -> call.arguments().forEach(argument -> of(argument, names));
            case Term.Wildcard _,
                    Term.Constant _,
                    Term.Nil _,
                    Term.Counter _,
                    Term.IterationCount _,
                    Term.Aggregate _,
                    Term.UserAggregate _ -> {}
        }
    }
}
