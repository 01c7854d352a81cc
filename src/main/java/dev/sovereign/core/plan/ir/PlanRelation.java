package dev.sovereign.core.plan.ir;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Column;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A relation of a plan.
///
/// @param id position among the plan's relations
/// @param name for people; `path`, `path demanded by x`
/// @param reduced whether a subsumption removes rows from it
/// @param admission what a tuple that is found brings; null when just itself
/// @param best what its only subsumption comes down to; null when that takes comparing rows
/// @param estimate tuples expected; exact for what is there already
public record PlanRelation(
        int id,
        String name,
        List<Column> columns,
        Origin origin,
        boolean reduced,
        @Nullable Admission admission,
        @Nullable Best best,
        double estimate) {

    public PlanRelation {
        columns = List.copyOf(columns);
    }

    public int arity() {
        return columns.size();
    }

    /// What a tuple that is found brings into the relation.
    public sealed interface Admission {}

    /// All that follows for the least equivalence that holds it.
    public record Equivalence() implements Admission {}

    /// Itself, unless a tuple is there that agrees with it in one of the keys.
    ///
    /// @param keys columns of each
    public record Choice(List<List<Integer>> keys) implements Admission {
        public Choice {
            keys = List.copyOf(keys);
        }
    }

    /// Of the rows that agree in all other columns only the one with the least, or greatest, value
    /// in this column stays.
    public record Best(int column, boolean least, boolean unsigned) {
        /// Whether a value beats another one.
        public boolean isBetter(long value, long than) {
            int order = unsigned ? Long.compareUnsigned(value, than) : Long.compare(value, than);
            return least ? order < 0 : order > 0;
        }
    }

    /// Where its tuples come from.
    public sealed interface Origin {}

    /// Given to the evaluation under this name.
    public record External(String name) implements Origin {}

    /// Written in the program.
    public record Constants(List<CheckedProgram.Facts> blocks) implements Origin {
        public Constants {
            blocks = List.copyOf(blocks);
        }
    }

    /// Derived by the steps of the plan.
    public record Derived() implements Origin {}

    /// Derived: which values of some columns of another relation are asked for.
    public record Demand(int of) implements Origin {}
}
