package dev.sovereign.runtime.wasm;

import java.util.List;

/// How a call of an export ended. Only after [Ok] may the same [Run] be called again.
public sealed interface Outcome {

    /// Fuel charged since the run began, at most its limit.
    long fuel();

    /// It returned.
    ///
    /// @param results bits: i32 and references sign-extended, f32 as its 32 bits, f64 as its 64
    record Ok(List<ValueType> types, List<Long> results, long fuel) implements Outcome {

        public Ok {
            types = List.copyOf(types);
            results = List.copyOf(results);
        }
    }

    /// A host function ended the program, as `proc_exit` does.
    record Exit(int status, long fuel) implements Outcome {}

    record OutOfFuel(long fuel) implements Outcome {}

    /// @param message what the specification calls this trap, such as "integer divide by zero"
    record Trap(String message, long fuel) implements Outcome {}

    /// More calls open at once than [Limits#depth].
    record CallStack(long fuel) implements Outcome {}

    record Timeout(long fuel) implements Outcome {}

    /// [Run#cancel] was called.
    record Cancelled(long fuel) implements Outcome {}

    /// The machine had no memory left for what the module is allowed.
    record OutOfMemory(long fuel) implements Outcome {}

    /// The module cannot be linked or called in this way; nothing of it has run.
    record Rejected(String message, long fuel) implements Outcome {}

    /// A host function failed in a way that is no answer to the module.
    record HostFailure(Throwable cause, long fuel) implements Outcome {}
}
