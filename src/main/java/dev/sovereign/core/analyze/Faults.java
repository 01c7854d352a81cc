package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Source;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.parse.Problems;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.ErrorCode;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What an analysis finds wrong; see [Problems] for order and bounds.
final class Faults {

    private final Problems problems = new Problems();

    /// Fixes the order of texts by what comes first.
    void text(Source source) {
        problems.text(source);
    }

    void error(ErrorCode code, Span span, String message, @Nullable String hint) {
        problems.error(code, span, message, hint);
    }

    /// @param second the other place; null when it is not known
    void error(
            ErrorCode code,
            Span span,
            String message,
            @Nullable String hint,
            String note,
            @Nullable Span second) {
        if (second == null) {
            problems.error(code, span, message, hint);
        } else {
            problems.error(code, span, message, hint, new Problems.Note(note, second));
        }
    }

    void warning(ErrorCode code, Span span, String message, @Nullable String hint) {
        problems.warning(code, span, message, hint);
    }

    boolean anyError() {
        return problems.hasErrors();
    }

    List<Diagnostic> sorted() {
        return problems.sorted();
    }
}
