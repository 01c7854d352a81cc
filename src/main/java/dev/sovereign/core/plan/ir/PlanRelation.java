package dev.sovereign.core.plan.ir;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Column;

import java.util.List;

/// A relation of a plan.
///
/// @param id position among the plan's relations
/// @param name for people; `path`, `path demanded by x`
/// @param reduced whether a subsumption removes rows from it
/// @param estimate tuples expected; exact for what is there already
public record PlanRelation(
        int id,
        String name,
        List<Column> columns,
        Origin origin,
        boolean reduced,
        double estimate) {

    public PlanRelation {
        columns = List.copyOf(columns);
    }

    public int arity() {
        return columns.size();
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
