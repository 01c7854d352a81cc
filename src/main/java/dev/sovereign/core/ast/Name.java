package dev.sovereign.core.ast;

import org.jspecify.annotations.Nullable;

/// A name as written: `edge`, `graph.edge` (a relation or type of a component instance), or
/// `@family.parent` (a relation of a rules module).
///
/// @param module the word after `@`; null for names without one
/// @param text the rest, its parts joined by dots
public record Name(Span span, @Nullable String module, String text) {

    public Name(Span span, String text) {
        this(span, null, text);
    }

    /// As a reader would write it.
    public String shown() {
        return module == null ? text : "@" + module + "." + text;
    }

    @Override
    public String toString() {
        return shown();
    }
}
