package dev.sovereign.core.ast;

/// A named, typed column of a relation, field of a record or of a branch, or argument of a functor.
///
/// @param lattice whether it was written `type<>`
public record Attribute(Span span, String name, Name type, boolean lattice) {}
