package dev.sovereign.core.provenance;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One step of a proof.
///
/// @param id position among the proof's nodes; premises come before what they prove
/// @param relation of a tuple; null for a check
/// @param tuple a [Long], [Double], [String] or [java.math.BigInteger] for each column, a list for
///   a record, null for `nil`; empty for a check
/// @param text as a person reads it: `path(1, 3)`, `no deny("bob", _)`, `3 > 2`
/// @param place `file:line` of the rule that derives the tuple, or of the check; null for a fact
/// @param height 0 for a fact and a check, else one more than the highest premise
/// @param row position of a stored fact among the tuples that were given; -1 for all else
/// @param premises ids, in the order of the rule's body
/// @param cut whether premises were left out, because they lie deeper than was asked for
/// @param about relations that a negation or an aggregate looks at; empty for all else
public record ProofNode(
        int id,
        Kind kind,
        @Nullable String relation,
        List<@Nullable Object> tuple,
        String text,
        @Nullable String place,
        int height,
        int row,
        List<Integer> premises,
        boolean cut,
        List<String> about) {

    /// What a node says.
    public enum Kind {
        /// Stored, read from a file, or written in the program.
        FACT,
        /// Derived by a rule.
        RULE,
        /// No tuple matches.
        NEGATION,
        /// The value of an aggregate over all tuples that match.
        AGGREGATE,
        /// A comparison or another condition on values.
        CONSTRAINT,
        /// A row of one of the system's relations.
        SYSTEM
    }

    public ProofNode {
        premises = List.copyOf(premises);
        about = List.copyOf(about);
    }
}
