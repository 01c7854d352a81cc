package dev.sovereign.core.plan.ir;

/// Which rows of a relation an operator sees while its fixpoint runs.
public enum Rows {
    /// Found before this round.
    ALL,
    /// Found in the last round.
    DELTA,
    /// Found before the last round.
    OLD
}
