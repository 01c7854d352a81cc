package dev.sovereign.core.ast;

import java.util.Locale;

/// The built-in aggregates.
public enum AggregateOperator {
    COUNT,
    SUM,
    MIN,
    MAX,
    MEAN;

    /// As written in a program.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
