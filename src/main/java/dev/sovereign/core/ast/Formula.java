package dev.sovereign.core.ast;

import java.util.List;

/// What may stand in a body.
public sealed interface Formula {

    Span span();

    /// All of them, in the order written; at least one.
    record And(Span span, List<Formula> parts) implements Formula {
        public And {
            parts = List.copyOf(parts);
        }
    }

    /// Any of them; at least two.
    record Or(Span span, List<Formula> parts) implements Formula {
        public Or {
            parts = List.copyOf(parts);
        }
    }

    record Not(Span span, Formula part) implements Formula {}

    record Holds(Atom atom) implements Formula {
        @Override
        public Span span() {
            return atom.span();
        }
    }

    record Compare(Span span, Comparison comparison, Term left, Term right) implements Formula {}

    /// `match(pattern, text)` with a regular expression over the whole text.
    record Match(Span span, Term pattern, Term text) implements Formula {}

    /// `contains(part, text)`.
    record Contains(Span span, Term part, Term text) implements Formula {}

    /// `true` or `false`.
    record Truth(Span span, boolean value) implements Formula {}
}
