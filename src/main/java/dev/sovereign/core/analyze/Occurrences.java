package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Formula;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.ast.Term;

import java.util.Map;

/// Counts how often each variable of a written rule occurs, aggregates included.
final class Occurrences {

    private final Map<String, Integer> counts;
    private final Map<String, Span> places;

    private Occurrences(Map<String, Integer> counts, Map<String, Span> places) {
        this.counts = counts;
        this.places = places;
    }

    static void count(Item.Rule rule, Map<String, Integer> counts, Map<String, Span> places) {
        Occurrences occurrences = new Occurrences(counts, places);
        rule.heads().forEach(head -> head.arguments().forEach(occurrences::term));
        Formula body = rule.body();
        if (body != null) {
            occurrences.formula(body);
        }
    }

    private void formula(Formula formula) {
        switch (formula) {
            case Formula.And and -> and.parts().forEach(this::formula);
            case Formula.Or or -> or.parts().forEach(this::formula);
            case Formula.Not not -> formula(not.part());
            case Formula.Holds holds -> holds.atom().arguments().forEach(this::term);
            case Formula.Compare compare -> {
                term(compare.left());
                term(compare.right());
            }
            case Formula.Match match -> {
                term(match.pattern());
                term(match.text());
            }
            case Formula.Contains contains -> {
                term(contains.part());
                term(contains.text());
            }
            case Formula.Truth _ -> {}
        }
    }

    private void term(Term term) {
        switch (term) {
            case Term.Variable(Span span, String name) -> {
                counts.merge(name, 1, Integer::sum);
                places.putIfAbsent(name, span);
            }
            case Term.Call call -> call.arguments().forEach(this::term);
            case Term.Cast cast -> term(cast.value());
            case Term.RecordInit record -> record.arguments().forEach(this::term);
            case Term.BranchInit branch -> branch.arguments().forEach(this::term);
            case Term.UserCall call -> call.arguments().forEach(this::term);
            case Term.Aggregate aggregate -> {
                Term target = aggregate.target();
                if (target != null) {
                    term(target);
                }
                formula(aggregate.body());
            }
            case Term.UserAggregate aggregate -> formula(aggregate.body());
            case Term.Wildcard _,
                    Term.Constant _,
                    Term.Nil _,
                    Term.Counter _,
                    Term.IterationCount _ -> {}
        }
    }
}
