package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.Span;
import dev.sovereign.core.parse.Limits;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.Where;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// Collects what is wrong, each fault once.
final class Faults {

    private static final Comparator<Diagnostic> BY_PLACE =
            Comparator.comparing(
                    Diagnostic::where,
                    Comparator.nullsFirst(
                            Comparator.comparing(Where::file)
                                    .thenComparingInt(Where::line)
                                    .thenComparingInt(Where::column)));

    private final Set<Diagnostic> found = new LinkedHashSet<>();
    private int errors;

    void error(ErrorCode code, Span span, String message, @Nullable String hint) {
        errors++;
        add(Diagnostic.error(code, message, hint, span.where()));
    }

    void error(
            ErrorCode code,
            Span span,
            String message,
            @Nullable String hint,
            String note,
            @Nullable Span second) {
        errors++;
        add(
                new Diagnostic(
                        Diagnostic.Severity.ERROR,
                        code.code(),
                        code.kind(),
                        message,
                        hint,
                        span.where(),
                        second == null
                                ? List.of()
                                : List.of(new Diagnostic.Note(note, second.where()))));
    }

    void warning(ErrorCode code, Span span, String message, @Nullable String hint) {
        add(Diagnostic.warning(code, message, hint, span.where()));
    }

    private void add(Diagnostic diagnostic) {
        if (found.size() < Limits.DIAGNOSTICS * 4) {
            found.add(diagnostic);
        }
    }

    boolean anyError() {
        return errors > 0;
    }

    /// Sorted by place, errors kept before warnings where there are more than the limit.
    List<Diagnostic> sorted() {
        List<Diagnostic> all = new ArrayList<>(found);
        all.sort(Comparator.comparing(Diagnostic::severity));
        all = new ArrayList<>(all.subList(0, Math.min(all.size(), Limits.DIAGNOSTICS)));
        all.sort(BY_PLACE);
        return all;
    }
}
