package dev.sovereign.core.provenance;

/// One way to derive a tuple.
@SuppressWarnings("ArrayRecordComponent") // never compared; nobody writes to them
sealed interface Derivation {

    /// The tuples that it stands on.
    Goal[] premises();

    /// The least height that a proof by it can have, as far as is known.
    default int lowerBound() {
        int height = 0;
        for (Goal premise : premises()) {
            height = Math.max(height, premise.lowerBound);
        }
        return height + 1;
    }

    /// An instance of a rule.
    ///
    /// @param rule the rule run backwards, which tells what the values are of
    /// @param values of the rule's variables
    /// @param premises the tuples of the body's positive literals, in their order
    record Instance(Backward rule, long[] values, Goal[] premises) implements Derivation {}

    /// A pair of an equivalence that follows from others.
    ///
    /// @param premises pairs, each of which shares a value with the next: they lead from the one
    ///   value to the other. Of a value with itself, any one pair that it is in
    record Chain(Goal[] premises) implements Derivation {}
}
