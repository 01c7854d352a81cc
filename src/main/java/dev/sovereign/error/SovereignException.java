package dev.sovereign.error;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// We refuse. Carries everything a person or script is told; `node` turns it into a failure
/// response and `Main` into text and an exit status. Nothing was changed by the work that threw it.
public final class SovereignException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final transient List<Diagnostic> diagnostics;

    public SovereignException(ErrorCode code, String message) {
        this(List.of(Diagnostic.error(code, message, null)), null);
    }

    public SovereignException(ErrorCode code, String message, @Nullable String hint) {
        this(List.of(Diagnostic.error(code, message, hint)), null);
    }

    public SovereignException(
            ErrorCode code, String message, @Nullable String hint, @Nullable Throwable cause) {
        this(List.of(Diagnostic.error(code, message, hint)), cause);
    }

    /// Several faults found in one pass, sorted by place.
    ///
    /// @param diagnostics at least one of them an error
    public SovereignException(List<Diagnostic> diagnostics) {
        this(diagnostics, null);
    }

    private SovereignException(List<Diagnostic> diagnostics, @Nullable Throwable cause) {
        super(first(diagnostics).message(), cause);
        this.diagnostics = List.copyOf(diagnostics);
    }

    /// All faults, in the order they are shown; never empty.
    public List<Diagnostic> diagnostics() {
        return diagnostics;
    }

    /// The first error: the one whose kind decides the exit status.
    public Diagnostic first() {
        return first(diagnostics);
    }

    private static Diagnostic first(List<Diagnostic> diagnostics) {
        for (Diagnostic diagnostic : diagnostics) {
            if (diagnostic.severity() == Diagnostic.Severity.ERROR) {
                return diagnostic;
            }
        }
        throw new IllegalArgumentException("no error among " + diagnostics.size() + " diagnostics");
    }
}
