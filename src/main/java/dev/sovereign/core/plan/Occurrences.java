package dev.sovereign.core.plan;

import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;

import java.util.BitSet;
import java.util.List;

/// Which variables stand in terms and literals.
final class Occurrences {

    private Occurrences() {}

    static BitSet of(Term term) {
        BitSet found = new BitSet();
        collect(term, found);
        return found;
    }

    static void collect(List<Term> terms, BitSet into) {
        for (Term term : terms) {
            collect(term, into);
        }
    }

    static void collect(Term term, BitSet into) {
        switch (term) {
            case Term.Variable variable -> into.set(variable.id());
            case Term.Wildcard _, Term.Constant _ -> {}
            case Term.Call call -> collect(call.arguments(), into);
            case Term.RecordInit init -> collect(init.arguments(), into);
            case Term.BranchInit init -> collect(init.arguments(), into);
        }
    }

    /// All variables of a literal that the surrounding body may share with it: of an aggregate, its
    /// result and its outer ones.
    static void collect(Literal literal, BitSet into) {
        switch (literal) {
            case Literal.Positive atom -> collect(atom.arguments(), into);
            case Literal.Negative atom -> collect(atom.arguments(), into);
            case Literal.Compare compare -> {
                collect(compare.left(), into);
                collect(compare.right(), into);
            }
            case Literal.Match match -> {
                collect(match.pattern(), into);
                collect(match.text(), into);
            }
            case Literal.Contains contains -> {
                collect(contains.part(), into);
                collect(contains.text(), into);
            }
            case Literal.Truth _ -> {}
            case Literal.Range range -> {
                into.set(range.result());
                collectInputs(range, into);
            }
            case Literal.Aggregate aggregate -> {
                into.set(aggregate.result());
                aggregate.outer().forEach(into::set);
            }
        }
    }

    static void collectInputs(Literal.Range range, BitSet into) {
        collect(range.from(), into);
        collect(range.to(), into);
        Term step = range.step();
        if (step != null) {
            collect(step, into);
        }
    }

    /// Whether every variable of the term is among `bound`; a wildcard has no value.
    static boolean isKnown(Term term, BitSet bound) {
        return switch (term) {
            case Term.Variable variable -> bound.get(variable.id());
            case Term.Wildcard _ -> false;
            case Term.Constant _ -> true;
            case Term.Call call -> areKnown(call.arguments(), bound);
            case Term.RecordInit init -> areKnown(init.arguments(), bound);
            case Term.BranchInit init -> areKnown(init.arguments(), bound);
        };
    }

    static boolean areKnown(List<Term> terms, BitSet bound) {
        for (Term term : terms) {
            if (!isKnown(term, bound)) {
                return false;
            }
        }
        return true;
    }
}
