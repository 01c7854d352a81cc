package dev.sovereign.core.ast;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What may stand as an argument or on a side of a comparison.
public sealed interface Term {

    Span span();

    record Variable(Span span, String name) implements Term {}

    /// `_`: each is a variable of its own.
    record Wildcard(Span span) implements Term {}

    /// A number or a symbol.
    ///
    /// @param bits the value of a number; of a float its IEEE 754 bits; 0 for a symbol
    /// @param symbol the text of a symbol without quotes and escapes; null otherwise
    record Constant(Span span, ConstantKind kind, long bits, @Nullable String symbol)
            implements Term {}

    /// `nil`.
    record Nil(Span span) implements Term {}

    /// `[a, b]`.
    record RecordInit(Span span, List<Term> arguments) implements Term {
        public RecordInit {
            arguments = List.copyOf(arguments);
        }
    }

    /// `$Branch(a, b)`; `$Branch` when it takes nothing.
    record BranchInit(Span span, Name branch, List<Term> arguments) implements Term {
        public BranchInit {
            arguments = List.copyOf(arguments);
        }
    }

    /// A built-in functor: prefix, infix (`+`, `band`) or called by name (`cat`).
    ///
    /// @param functor as written; a minus with one argument is the negation
    /// @param functorSpan where the operator or the name stands
    record Call(Span span, String functor, Span functorSpan, List<Term> arguments) implements Term {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /// `@name(a, b)`: a functor from outside.
    record UserCall(Span span, Name functor, List<Term> arguments) implements Term {
        public UserCall {
            arguments = List.copyOf(arguments);
        }
    }

    /// `as(a, type)`.
    record Cast(Span span, Term value, Name type) implements Term {}

    /// `$` or `autoinc()`.
    record Counter(Span span) implements Term {}

    /// `recursive_iteration_cnt()`.
    record IterationCount(Span span) implements Term {}

    /// `sum x : { … }`.
    ///
    /// @param target what is summed; null for `count`
    record Aggregate(Span span, AggregateOperator operator, @Nullable Term target, Formula body)
            implements Term {}

    /// `@@name start : target, { … }`: an aggregate from outside.
    record UserAggregate(Span span, Name functor, @Nullable Term start, Term target, Formula body)
            implements Term {}
}
