package dev.sovereign.core.ast;

import dev.sovereign.error.Where;

/// A stretch of a text.
///
/// @param start offset of the first char
/// @param end offset after the last char; equal to `start` at the end of the text
public record Span(Source source, int start, int end) {

    public Span {
        if (start < 0 || end < start) {
            throw new IllegalArgumentException("not a span: " + start + ".." + end);
        }
    }

    /// For messages: line, columns and the source line.
    public Where where() {
        return source.where(start, end);
    }

    /// `file:line`, as proofs and limits name a rule.
    public String label() {
        return source.name() + ":" + source.line(start);
    }

    /// From the start of this to the end of `last`; just this when they lie in different texts.
    public Span to(Span last) {
        return last.source == source && last.end >= start
                ? new Span(source, start, last.end)
                : this;
    }
}
