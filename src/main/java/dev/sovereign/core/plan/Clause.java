package dev.sovereign.core.plan;

import dev.sovereign.core.analyze.CheckedProgram.Variable;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.Source;
import dev.sovereign.core.ast.Span;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A rule while it is planned: one that was written, or one of the planner's own (copying given
/// tuples, demand).
///
/// @param relation what it derives
/// @param head one term a column
/// @param span of the written rule that it comes from; null when there is none
/// @param order the written atoms in the order of a `.plan` for all versions; empty for none
record Clause(
        int relation,
        List<Term> head,
        List<Literal> body,
        List<Variable> variables,
        @Nullable Span span,
        List<Integer> order) {
    /// Stands where a literal of the planner's own needs a place.
    static final Span NOWHERE = new Span(new Source("plan", ""), 0, 0);

    Clause {
        head = List.copyOf(head);
        body = List.copyOf(body);
        variables = List.copyOf(variables);
        order = List.copyOf(order);
    }
}
