package dev.sovereign.finance;

import java.util.List;

/// What became of headers given to [HeaderChain#accept].
public sealed interface Acceptance {

    /// The chain grew.
    ///
    /// @param from height of the first new header
    record Extended(int from, Tip tip) implements Acceptance {}

    /// Another branch has more work and is the chain now.
    ///
    /// @param fork height of the last header that both branches have
    /// @param dropped hashes of the blocks that are no longer in the chain, from `fork + 1` on
    record Reorganized(int fork, List<Hash> dropped, Tip before, Tip tip) implements Acceptance {
        public Reorganized {
            dropped = List.copyOf(dropped);
        }
    }

    /// The chain is as it was: the headers were known, or are a branch with no more work, which is
    /// kept in case it grows.
    record Unchanged(Tip tip) implements Acceptance {}

    /// The parent of the first header is not known here. Fetch earlier headers and try again.
    record Orphan(Hash parent) implements Acceptance {}

    /// Whoever sent them lies, or is mistaken; nothing was taken from them. Only a
    /// [HeaderFault#TIME] ahead of our clock may pass later.
    ///
    /// @param height of the faulty header; -1 when it is not known
    record Rejected(HeaderFault fault, int height, String detail) implements Acceptance {}
}
