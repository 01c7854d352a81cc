package dev.sovereign.core.provenance;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A tuple that holds, while its proof is looked for. Owned by one [Prover].
final class Goal {

    final int relation;
    final long[] tuple;

    /// No proof is lower than this.
    int lowerBound;

    /// Whether [#lowerBound] is the height of the least proof, and that proof is known.
    boolean solved;

    /// How a solved goal is derived; null for a fact.
    @Nullable Derivation proof;

    /// All instances that derive it, while they are being tried.
    @Nullable List<Derivation> derivations;

    Goal(int relation, long[] tuple, int lowerBound) {
        this.relation = relation;
        this.tuple = tuple;
        this.lowerBound = lowerBound;
    }
}
