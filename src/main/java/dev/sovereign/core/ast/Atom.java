package dev.sovereign.core.ast;

import java.util.List;

/// A relation applied to terms.
public record Atom(Span span, Name relation, List<Term> arguments) {
    public Atom {
        arguments = List.copyOf(arguments);
    }
}
