package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Set;

/// Whether this machine is licensed. Only [Valid] says yes. No server, peer or file can bring about
/// [Valid] or [NoMatch] by its word: both rest on bytes that were checked here.
public sealed interface Verdict {

    /// The rule holds, and the transaction is buried deep enough.
    ///
    /// @param paidSats of the largest output to the developer
    record Valid(Hash txid, int height, Hash block, int confirmations, long paidSats)
            implements Verdict {}

    /// The rule holds, and the transaction is not buried deep enough yet.
    ///
    /// @param have confirmations; 0 in the mempool
    /// @param need confirmations
    /// @param block that holds it; null in the mempool
    /// @param dropped the block that held it before a reorganization; null when none did
    record Pending(Hash txid, int have, int need, @Nullable Hash block, @Nullable Hash dropped)
            implements Verdict {
        public boolean isInMempool() {
            return have == 0;
        }
    }

    /// The transaction is no license for this machine.
    ///
    /// @param txid null when the bytes are no transaction
    /// @param reasons all that apply, never empty
    /// @param hints what it nearly is
    record NoMatch(@Nullable Hash txid, Set<Reason> reasons, List<Hint> hints) implements Verdict {
        public NoMatch {
            reasons = Set.copyOf(reasons);
            hints = List.copyOf(hints);
        }
    }

    /// Nobody who was asked has shown one. Not evidence that there is none.
    record NotFound(List<String> asked) implements Verdict {
        public NotFound {
            asked = List.copyOf(asked);
        }
    }

    /// The proof does not hold, or cannot be judged here.
    record Unverifiable(Cause cause, String detail) implements Verdict {}

    /// Why a proof cannot be judged.
    enum Cause {
        /// It cannot be read as a proof.
        MALFORMED,
        /// It is for another network than is configured.
        NETWORK,
        /// It stands on a block that is not known here.
        ANCHOR,
        /// A header has a fault.
        HEADERS,
        /// The transaction is not shown to be in its block.
        MERKLE,
        /// The header of its block is missing.
        HEADER_MISSING,
        /// No source could be asked, or none told the same as another.
        SOURCES
    }

    /// The word of a verdict, everywhere that it is shown.
    default String word() {
        return switch (this) {
            case Valid _ -> "valid";
            case Pending _ -> "pending";
            case NoMatch _ -> "no-match";
            case NotFound _ -> "not-found";
            case Unverifiable _ -> "unverifiable";
        };
    }

    /// The exit status of commands that end with a verdict.
    default int exitStatus() {
        return switch (this) {
            case Valid _ -> 0;
            case Pending _ -> 10;
            case NoMatch _ -> 11;
            case NotFound _ -> 12;
            case Unverifiable _ -> 13;
        };
    }
}
