package dev.sovereign.core.ast;

/// How a constant was written.
public enum ConstantKind {
    /// Digits without suffix: a number, and an unsigned or a float where one is needed.
    NUMBER,
    /// With `u`, or digits beyond the signed range.
    UNSIGNED,
    /// With a decimal point.
    FLOAT,
    /// In quotes.
    SYMBOL
}
