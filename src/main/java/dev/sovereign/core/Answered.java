package dev.sovereign.core;

import org.jspecify.annotations.Nullable;

/// How a question went.
///
/// @param rows delivered, of all queries together
/// @param truncated the row limit cut an answer
/// @param answer of the last yes-or-no question; null when it had variables
/// @param plan the relational IR with real counts, when it was asked for
/// @param tx the moment that was asked
public record Answered(
        long rows, boolean truncated, @Nullable Boolean answer, @Nullable String plan, long tx) {}
