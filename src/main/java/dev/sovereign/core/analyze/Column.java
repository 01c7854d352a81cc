package dev.sovereign.core.analyze;

/// A named, typed column of a relation or of an answer.
///
/// @param name as declared, or `c1`, `c2`… when nobody named it
/// @param type the type's name: `number`, or a declared one
public record Column(String name, String type, Kind kind) {}
