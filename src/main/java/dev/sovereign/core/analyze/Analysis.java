package dev.sovereign.core.analyze;

import dev.sovereign.error.Diagnostic;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// The outcome of an analysis.
///
/// @param program null when there is an error
/// @param diagnostics sorted by place, each fault once, at most
///   [dev.sovereign.core.parse.Limits#DIAGNOSTICS]; warnings alone leave a program
public record Analysis(@Nullable CheckedProgram program, List<Diagnostic> diagnostics) {
    public Analysis {
        diagnostics = List.copyOf(diagnostics);
    }
}
