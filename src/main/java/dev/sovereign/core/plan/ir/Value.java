package dev.sovereign.core.plan.ir;

import dev.sovereign.core.analyze.Functor;
import dev.sovereign.core.analyze.Kind;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What is computed for one row of registers.
public sealed interface Value {

    Kind kind();

    /// The content of a register: a variable of the rule, or a made one.
    record Register(int index, Kind kind) implements Value {}

    /// @param symbol the text of a symbol; null otherwise
    record Constant(Kind kind, long bits, @Nullable String symbol) implements Value {}

    /// @param operands kind of the arguments, which chooses the overload
    record Call(Functor functor, Kind operands, Kind kind, List<Value> arguments) implements Value {
        public Call {
            arguments = List.copyOf(arguments);
        }
    }

    /// Makes, or finds, the record or branch with these fields.
    ///
    /// @param tag position of the branch; -1 for a record
    record Make(Kind kind, int tag, List<Value> fields) implements Value {
        public Make {
            fields = List.copyOf(fields);
        }
    }
}
