package dev.sovereign.core.parse;

import dev.sovereign.core.ast.Program;
import dev.sovereign.error.Diagnostic;

import java.util.List;

/// What a text says, as far as it could be read, and what is wrong with it.
///
/// @param program everything that was understood; complete when there is no error
/// @param diagnostics sorted by place, each fault once, at most [Limits#DIAGNOSTICS]
/// @param incomplete whether the only thing wrong is that the text ends too early: a prompt asks
///   for another line
public record ParseResult(Program program, List<Diagnostic> diagnostics, boolean incomplete) {

    public ParseResult {
        diagnostics = List.copyOf(diagnostics);
    }

    /// Whether an error was found; warnings do not count.
    public boolean hasErrors() {
        return diagnostics.stream().anyMatch(d -> d.severity() == Diagnostic.Severity.ERROR);
    }
}
