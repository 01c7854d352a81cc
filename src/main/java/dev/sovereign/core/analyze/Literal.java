package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.AggregateOperator;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.Span;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One conjunct of a checked body.
public sealed interface Literal {

    Span span();

    /// The relation holds for the arguments. Binds variables that stand directly in them or inside
    /// records and branches.
    record Positive(int relation, List<Term> arguments, Span span) implements Literal {
        public Positive {
            arguments = List.copyOf(arguments);
        }
    }

    /// No tuple matches. Its variables are bound elsewhere; wildcards match anything.
    record Negative(int relation, List<Term> arguments, Span span) implements Literal {
        public Negative {
            arguments = List.copyOf(arguments);
        }
    }

    /// A comparison of two terms of one kind. [Comparison#EQUAL] binds where one side is a variable
    /// (or a record or branch of variables) and the other is bound.
    ///
    /// @param kind of both sides: decides how order is taken; floats compare by value
    record Compare(Comparison comparison, Kind kind, Term left, Term right, Span span)
            implements Literal {}

    /// `match`: the whole of `text` matches the regular expression `pattern`.
    record Match(boolean negated, Term pattern, Term text, Span span) implements Literal {}

    /// `contains`: `part` occurs in `text`.
    record Contains(boolean negated, Term part, Term text, Span span) implements Literal {}

    /// `true` or `false`.
    record Truth(boolean value, Span span) implements Literal {}

    /// Binds `result` to each of `from`, `from + step`, … before `to`.
    ///
    /// @param result a variable of the rule
    /// @param step null is 1, or -1 when `to` lies below `from`
    record Range(int result, Kind kind, Term from, Term to, @Nullable Term step, Span span)
            implements Literal {}

    /// Binds `result` to the aggregate over all solutions of `body`; min, max and mean of none
    /// fail, count and sum of none are 0.
    ///
    /// @param result a variable of the rule
    /// @param kind of the result; that of the target except for count (NUMBER)
    /// @param target null for count
    /// @param body a conjunction that may hold aggregates itself
    /// @param outer variables of the surrounding body that occur inside: must be bound before; all
    ///   others inside are local
    record Aggregate(
            int result,
            AggregateOperator operator,
            Kind kind,
            @Nullable Term target,
            List<Literal> body,
            List<Integer> outer,
            Span span)
            implements Literal {
        public Aggregate {
            body = List.copyOf(body);
            outer = List.copyOf(outer);
        }
    }
}
