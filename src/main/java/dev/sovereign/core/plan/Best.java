package dev.sovereign.core.plan;

import dev.sovereign.core.analyze.CheckedProgram.Subsumption;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.plan.ir.PlanRelation;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Recognizes subsumptions that keep the best row of each key: both tuples agree in all columns but
/// one, and the body compares that one. Each tuple then needs one look instead of a comparison with
/// all others.
final class Best {

    private Best() {}

    static PlanRelation.@Nullable Best of(List<Subsumption> subsumptions) {
        if (subsumptions.size() != 1 || subsumptions.getFirst().body().size() != 1) {
            return null;
        }
        Subsumption only = subsumptions.getFirst();
        if (!(only.body().getFirst() instanceof Literal.Compare compare)
                || !(compare.kind() == Kind.NUMBER || compare.kind() == Kind.UNSIGNED)) {
            return null;
        }
        int column = -1;
        for (int i = 0; i < only.dominated().size(); i++) {
            Term one = only.dominated().get(i);
            Term other = only.dominating().get(i);
            if (!(one instanceof Term.Variable)
                    || !(other instanceof Term.Variable)
                    || isRepeated(one, only.dominated())
                    || isRepeated(other, only.dominating())) {
                return null;
            }
            if (!one.equals(other)) {
                if (column >= 0) {
                    return null;
                }
                column = i;
            }
        }
        if (column < 0
                || only.dominated().contains(only.dominating().get(column))
                || only.dominating().contains(only.dominated().get(column))) {
            return null;
        }
        boolean straight =
                compare.left().equals(only.dominating().get(column))
                        && compare.right().equals(only.dominated().get(column));
        boolean turned =
                compare.right().equals(only.dominating().get(column))
                        && compare.left().equals(only.dominated().get(column));
        boolean less =
                compare.comparison() == Comparison.LESS
                        || compare.comparison() == Comparison.LESS_OR_EQUAL;
        boolean greater =
                compare.comparison() == Comparison.GREATER
                        || compare.comparison() == Comparison.GREATER_OR_EQUAL;
        if (!(straight || turned) || !(less || greater)) {
            return null;
        }
        return new PlanRelation.Best(column, straight == less, compare.kind() == Kind.UNSIGNED);
    }

    private static boolean isRepeated(Term term, List<Term> terms) {
        return terms.indexOf(term) != terms.lastIndexOf(term);
    }
}
