package dev.sovereign.core.store;

/// One attribute of a stored relation.
///
/// @param name as declared
/// @param type the type's name as declared: `number`, `symbol`, or a name of the user's
/// @param kind how its values are read
public record Column(String name, String type, ColumnKind kind) {}
