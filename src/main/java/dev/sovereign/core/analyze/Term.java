package dev.sovereign.core.analyze;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A checked term. Aggregates and `range` are not terms: they are hoisted into the body as
/// [Literal.Aggregate] and [Literal.Range], which bind a variable.
public sealed interface Term {

    Kind kind();

    /// @param id position in the rule's variables
    record Variable(int id, Kind kind) implements Term {}

    /// `_`: only directly in the arguments of an atom or a record or branch to be matched.
    record Wildcard(Kind kind) implements Term {}

    /// @param bits the value as [Kind] says; 0 for a symbol and for `nil` (a RECORD)
    /// @param symbol the text of a symbol; null otherwise
    record Constant(Kind kind, long bits, @Nullable String symbol) implements Term {}

    /// A functor whose overload is chosen.
    ///
    /// @param operands what all its arguments are; for [Functor#SUBSTR], whose arguments differ,
    ///   the kind of the first
    /// @param kind of the result
    record Call(Functor functor, Kind operands, Kind kind, List<Term> arguments) implements Term {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /// `[a, b]`: makes a record, or takes one apart where its variables are not bound.
    ///
    /// @param type a key of [CheckedProgram#records]
    record RecordInit(String type, List<Term> arguments) implements Term {
        public RecordInit {
            arguments = List.copyOf(arguments);
        }

        @Override
        public Kind kind() {
            return Kind.RECORD;
        }
    }

    /// `$Branch(a, b)`: makes or takes apart.
    ///
    /// @param type a key of [CheckedProgram#algebraics]
    /// @param tag position among its branches
    record BranchInit(String type, int tag, List<Term> arguments) implements Term {
        public BranchInit {
            arguments = List.copyOf(arguments);
        }

        @Override
        public Kind kind() {
            return Kind.ADT;
        }
    }
}
