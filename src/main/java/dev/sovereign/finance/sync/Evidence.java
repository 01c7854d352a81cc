package dev.sovereign.finance.sync;

import dev.sovereign.finance.ProofFile;
import dev.sovereign.finance.Verdict;

import org.jspecify.annotations.Nullable;

/// What one source showed, judged here.
///
/// @param words that go with it; empty when there are none
record Evidence(Verdict verdict, @Nullable ProofFile proof, String words) {

    static Evidence of(Verdict verdict) {
        return new Evidence(verdict, null, "");
    }

    /// Of two, the one that shows more: bytes that were checked here before a source's silence.
    static Evidence better(Evidence a, Evidence b) {
        return rank(b.verdict()) > rank(a.verdict()) ? b : a;
    }

    private static int rank(Verdict verdict) {
        return switch (verdict) {
            case Verdict.Valid _ -> 6;
            case Verdict.Pending pending when pending.block() != null -> 5;
            case Verdict.NoMatch _ -> 4;
            case Verdict.Pending pending when pending.dropped() != null -> 3;
            case Verdict.Pending _ -> 2;
            case Verdict.NotFound _ -> 1;
            case Verdict.Unverifiable _ -> 0;
        };
    }
}
