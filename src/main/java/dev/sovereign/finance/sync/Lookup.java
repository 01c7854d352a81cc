package dev.sovereign.finance.sync;

import dev.sovereign.finance.ProofFile;
import dev.sovereign.finance.Verdict;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What all sources together showed about one transaction.
///
/// @param verdict reached here, from bytes that were checked here
/// @param proof that the transaction is in the chain; null when it is not
/// @param sources how each of them did, in the order of the configuration
/// @param warnings what a person should know: a single source, a stale tip
public record Lookup(
        Verdict verdict,
        @Nullable ProofFile proof,
        List<SourceReport> sources,
        List<String> warnings) {

    public Lookup {
        sources = List.copyOf(sources);
        warnings = List.copyOf(warnings);
    }
}
