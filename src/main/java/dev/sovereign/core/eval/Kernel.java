package dev.sovereign.core.eval;

/// A chain of operators as one generated method, see [ChainCompiler]. The nodes that it was made
/// from still hold what the method reads: rows, ranges, cursors; and get its counts.
abstract class Kernel extends Node {

    /// Nodes and expressions in the order in which the method names them.
    final Object[] parts;

    final Control control;

    Kernel(Object[] parts, Control control) {
        this.parts = parts;
        this.control = control;
    }
}
