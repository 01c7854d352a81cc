package dev.sovereign.finance;

import java.util.List;

/// One check of a proof, as a person can follow it.
///
/// @param name what is checked
/// @param passed whether it holds
/// @param lines what was compared, with its bytes
public record Step(String name, boolean passed, List<String> lines) {
    public Step {
        lines = List.copyOf(lines);
    }

    /// Told of each check while a proof is verified.
    public interface Trail {
        /// Nobody wants to know; then nothing is put into words.
        Trail NONE = (_, _, _) -> {};

        void step(String name, boolean passed, java.util.function.Supplier<List<String>> lines);
    }
}
