package dev.sovereign.core.eval;

/// How rules are carried out.
public enum Engine {
    /// Hot rules as generated classes, others by interpreting their operators.
    AUTO,
    /// All by interpreting their operators.
    INTERPRETER,
    /// All as generated classes: for tests.
    GENERATED
}
