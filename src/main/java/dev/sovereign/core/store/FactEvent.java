package dev.sovereign.core.store;

/// One transaction that asserted or retracted a given fact.
///
/// @param asserted false: retracted
public record FactEvent(Transaction transaction, boolean asserted) {}
