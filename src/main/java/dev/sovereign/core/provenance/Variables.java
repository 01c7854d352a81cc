package dev.sovereign.core.provenance;

import dev.sovereign.core.analyze.CheckedProgram.Variable;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.Span;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// The variables of one rule while it is written anew: those that have a value in each of its
/// instances, and new ones in place of wildcards.
final class Variables {

    private final List<Variable> all;
    private final BitSet bound = new BitSet();

    Variables(List<Variable> of) {
        this.all = new ArrayList<>(of);
    }

    List<Variable> all() {
        return all;
    }

    /// Numbers of the variables that a full instance of the rule gives values to.
    BitSet bound() {
        return bound;
    }

    Term.Variable fresh(Kind kind) {
        int id = all.size();
        all.add(new Variable("#" + id, kind));
        bound.set(id);
        return new Term.Variable(id, kind);
    }

    /// Notes the variables of a term.
    void note(@Nullable Term term) {
        switch (term) {
            case null -> {}
            case Term.Variable variable -> bound.set(variable.id());
            case Term.Call call -> call.arguments().forEach(this::note);
            case Term.RecordInit record -> record.arguments().forEach(this::note);
            case Term.BranchInit branch -> branch.arguments().forEach(this::note);
            case Term.Wildcard _, Term.Constant _ -> {}
        }
    }

    /// Notes the variables of a literal that are not local to an aggregate.
    void note(Literal literal) {
        switch (literal) {
            case Literal.Positive atom -> atom.arguments().forEach(this::note);
            case Literal.Negative atom -> atom.arguments().forEach(this::note);
            case Literal.Compare compare -> {
                note(compare.left());
                note(compare.right());
            }
            case Literal.Match match -> {
                note(match.pattern());
                note(match.text());
            }
            case Literal.Contains contains -> {
                note(contains.part());
                note(contains.text());
            }
            case Literal.Truth _ -> {}
            case Literal.Range range -> {
                bound.set(range.result());
                note(range.from());
                note(range.to());
                note(range.step());
            }
            case Literal.Aggregate aggregate -> {
                bound.set(aggregate.result());
                aggregate.outer().forEach(bound::set);
            }
        }
    }

    /// The term with a new variable for each wildcard, so that an instance tells what was matched.
    private Term named(Term term) {
        return switch (term) {
            case Term.Wildcard wildcard -> fresh(wildcard.kind());
            case Term.RecordInit record ->
                    new Term.RecordInit(record.type(), named(record.arguments()));
            case Term.BranchInit branch ->
                    new Term.BranchInit(branch.type(), branch.tag(), named(branch.arguments()));
            case Term.Variable _, Term.Constant _, Term.Call _ -> term;
        };
    }

    private List<Term> named(List<Term> terms) {
        return terms.stream().map(this::named).toList();
    }

    /// An atom's argument as a variable or a constant: what it is instead becomes an equation,
    /// added to `equations`.
    Term plain(Term argument, Span span, List<Literal> equations) {
        return switch (argument) {
            case Term.Variable _, Term.Constant _ -> argument;
            case Term.Wildcard wildcard -> fresh(wildcard.kind());
            case Term.Call _, Term.RecordInit _, Term.BranchInit _ -> {
                Term.Variable value = fresh(argument.kind());
                equations.add(
                        new Literal.Compare(
                                Comparison.EQUAL, argument.kind(), value, named(argument), span));
                yield value;
            }
        };
    }

    /// Whether evaluation computes something in the term, so that it matches nothing by itself.
    static boolean computes(Term term) {
        return switch (term) {
            case Term.Call _ -> true;
            case Term.RecordInit record ->
                    record.arguments().stream().anyMatch(Variables::computes);
            case Term.BranchInit branch ->
                    branch.arguments().stream().anyMatch(Variables::computes);
            case Term.Variable _, Term.Wildcard _, Term.Constant _ -> false;
        };
    }
}
