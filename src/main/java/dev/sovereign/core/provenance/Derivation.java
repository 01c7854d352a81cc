package dev.sovereign.core.provenance;

/// One instance of a rule that derives a tuple.
///
/// @param rule the rule run backwards, which tells what the values are of
/// @param values of the rule's variables
/// @param premises the tuples of the body's positive literals, in their order
@SuppressWarnings("ArrayRecordComponent") // never compared; nobody writes to them
record Derivation(Backward rule, long[] values, Goal[] premises) {

    /// The least height that a proof by this instance can have, as far as is known.
    int lowerBound() {
        int height = 0;
        for (Goal premise : premises) {
            height = Math.max(height, premise.lowerBound);
        }
        return height + 1;
    }
}
