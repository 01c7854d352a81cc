package dev.sovereign.error;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One thing that is wrong, complete enough to show to a person or a script on either end of the
/// socket.
///
/// @param severity whether the work was refused or done nevertheless
/// @param code the stable name, see [ErrorCode]
/// @param kind decides the exit status
/// @param message starts lower-case, quotes the value, names the bound, ends without a period
/// @param hint what to do next; null when there is nothing useful to say
/// @param where the place in the user's text; null when there is none
/// @param notes second places, such as "declared here"; copied
public record Diagnostic(
        Severity severity,
        String code,
        ErrorKind kind,
        String message,
        @Nullable String hint,
        @Nullable Where where,
        List<Note> notes) {

    /// How bad it is.
    public enum Severity {
        ERROR,
        WARNING
    }

    /// A second place that explains the first.
    public record Note(String message, @Nullable Where where) {}

    public Diagnostic {
        notes = List.copyOf(notes);
    }

    /// An error with neither place nor notes.
    public static Diagnostic error(ErrorCode code, String message, @Nullable String hint) {
        return new Diagnostic(
                Severity.ERROR, code.code(), code.kind(), message, hint, null, List.of());
    }

    /// An error at a place.
    public static Diagnostic error(
            ErrorCode code, String message, @Nullable String hint, @Nullable Where where) {
        return new Diagnostic(
                Severity.ERROR, code.code(), code.kind(), message, hint, where, List.of());
    }

    /// A warning at a place.
    public static Diagnostic warning(
            ErrorCode code, String message, @Nullable String hint, @Nullable Where where) {
        return new Diagnostic(
                Severity.WARNING, code.code(), code.kind(), message, hint, where, List.of());
    }
}
