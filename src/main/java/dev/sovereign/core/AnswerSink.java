package dev.sovereign.core;

import dev.sovereign.error.Diagnostic;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Receives an answer as it is known to be right: nothing is delivered before the whole question
/// has been evaluated. On the asking thread.
public interface AnswerSink {

    /// A branch of an algebraic type with its arguments.
    record Branch(String name, List<@Nullable Object> arguments) {}

    /// Begins the answer of one query.
    ///
    /// @param query as written
    /// @param names its variables in order of first use; empty for a yes-or-no question
    /// @param types as many
    void columns(String query, List<String> names, List<String> types) throws InterruptedException;

    /// Some rows: a Long, a Double, a String, or a BigInteger for an unsigned number that is no
    /// long; null for `nil`, a List for a record, a [Branch] for a branch.
    void rows(List<List<@Nullable Object>> rows) throws InterruptedException;

    /// A word about the answer.
    void note(Diagnostic note) throws InterruptedException;
}
