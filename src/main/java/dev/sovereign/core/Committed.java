package dev.sovereign.core;

/// What a change did; it is on the device.
///
/// @param tx the transaction's number; 0 when nothing changed and so nothing was written
/// @param asserted facts that did not hold before
/// @param retracted facts that held before
/// @param unchanged facts that were to be added and held, or to be removed and did not
public record Committed(long tx, long asserted, long retracted, long unchanged) {}
