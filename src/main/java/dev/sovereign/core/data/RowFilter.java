package dev.sovereign.core.data;

/// Which rows of a relation a reader sees: a snapshot of a stored relation, which keeps the rows
/// that were removed after it. Called in the innermost loops.
@FunctionalInterface
public interface RowFilter {

    boolean visible(int row);
}
