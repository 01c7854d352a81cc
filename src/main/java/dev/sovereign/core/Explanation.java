package dev.sovereign.core;

import dev.sovereign.core.provenance.FailedRule;
import dev.sovereign.core.provenance.ProofNode;
import dev.sovereign.core.store.Transaction;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What `why` and `whynot` answer.
public final class Explanation {

    private Explanation() {}

    /// One step of a proof, with where a stored fact comes from.
    ///
    /// @param transaction that asserted the fact; null for what is not stored
    public record Step(ProofNode node, @Nullable Transaction transaction) {}

    /// Receives proofs one after the other. On the asking thread.
    @FunctionalInterface
    public interface Sink {
        /// @param proof numbered from 0
        /// @param steps premises before what they prove; the last is the conclusion
        void proof(int proof, List<Step> steps) throws InterruptedException;
    }

    /// @param proofs delivered
    /// @param truncated there were more rows than the question's row limit
    /// @param tx the moment that was asked
    public record Proved(int proofs, boolean truncated, long tx) {}

    /// @param atom as a person reads it
    /// @param rules with its relation in their head
    /// @param nearest facts and derived tuples of the same relation that differ least
    /// @param tx the moment that was asked
    public record WhyNot(String atom, List<FailedRule> rules, List<String> nearest, long tx) {
        public WhyNot {
            rules = List.copyOf(rules);
            nearest = List.copyOf(nearest);
        }
    }
}
