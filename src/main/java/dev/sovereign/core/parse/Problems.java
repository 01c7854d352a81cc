package dev.sovereign.core.parse;

import dev.sovereign.core.ast.Source;
import dev.sovereign.core.ast.Span;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.Diagnostic.Severity;
import dev.sovereign.error.ErrorCode;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Collects what is wrong with one or several texts: sorts by place, drops what was said before and
/// keeps the first [Limits#DIAGNOSTICS]. One thread.
public final class Problems {

    /// Collected before sorting; past it only errors count, so that a hopeless text costs little.
    private static final int COLLECTED = 20 * Limits.DIAGNOSTICS;

    private final List<Problem> problems = new ArrayList<>();
    private final Set<Object> said = new HashSet<>();
    private final Map<Source, Integer> sources = new HashMap<>();
    private int errors;

    /// A second place.
    public record Note(String message, Span span) {}

    private record Problem(
            Severity severity,
            ErrorCode code,
            String message,
            @Nullable String hint,
            @Nullable Span span,
            List<Note> notes,
            int source) {}

    private record Said(String code, String message, @Nullable Span span) {}

    /// Fixes the order of texts: those added first come first.
    public void text(Source source) {
        position(source);
    }

    private int position(Source source) {
        return sources.computeIfAbsent(source, _ -> sources.size());
    }

    public void error(
            ErrorCode code,
            @Nullable Span span,
            String message,
            @Nullable String hint,
            Note... notes) {
        add(Severity.ERROR, code, span, message, hint, List.of(notes));
    }

    public void warning(
            ErrorCode code,
            @Nullable Span span,
            String message,
            @Nullable String hint,
            Note... notes) {
        add(Severity.WARNING, code, span, message, hint, List.of(notes));
    }

    private void add(
            Severity severity,
            ErrorCode code,
            @Nullable Span span,
            String message,
            @Nullable String hint,
            List<Note> notes) {
        if (!said.add(new Said(code.code(), message, span)) || problems.size() >= COLLECTED) {
            return;
        }
        if (severity == Severity.ERROR) {
            errors++;
        }
        int source = span == null ? -1 : position(span.source());
        problems.add(new Problem(severity, code, message, hint, span, notes, source));
    }

    /// Whether an error was reported.
    public boolean hasErrors() {
        return errors > 0;
    }

    /// Errors so far.
    public int errors() {
        return errors;
    }

    /// Whether so many were found that going on makes no sense.
    public boolean isFull() {
        return problems.size() >= COLLECTED;
    }

    /// Everything, sorted by place; errors push warnings out where there are too many.
    public List<Diagnostic> sorted() {
        List<Problem> kept = new ArrayList<>(problems);
        Comparator<Problem> byPlace =
                Comparator.comparingInt(Problem::source)
                        .thenComparingInt(p -> p.span == null ? 0 : p.span.start())
                        .thenComparing(Problem::severity)
                        .thenComparing(p -> p.code.code())
                        .thenComparing(Problem::message);
        if (kept.size() > Limits.DIAGNOSTICS) {
            kept.sort(Comparator.comparing(Problem::severity).thenComparing(byPlace));
            kept = new ArrayList<>(kept.subList(0, Limits.DIAGNOSTICS));
        }
        kept.sort(byPlace);
        return kept.stream().map(Problems::diagnostic).toList();
    }

    private static Diagnostic diagnostic(Problem problem) {
        List<Diagnostic.Note> notes = new ArrayList<>();
        for (Note note : problem.notes) {
            notes.add(new Diagnostic.Note(note.message, note.span.where()));
        }
        return new Diagnostic(
                problem.severity,
                problem.code.code(),
                problem.code.kind(),
                problem.message,
                problem.hint,
                problem.span == null ? null : problem.span.where(),
                notes);
    }
}
