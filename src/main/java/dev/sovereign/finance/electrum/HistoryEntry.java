package dev.sovereign.finance.electrum;

import dev.sovereign.finance.Hash;

/// A transaction that a server names for a script.
///
/// @param height of the block that holds it; 0 in the mempool, -1 there with parents in it too
public record HistoryEntry(Hash txid, int height) {
    public HistoryEntry {
        if (height < -1) {
            throw new IllegalArgumentException("no height: " + height);
        }
    }

    public boolean isInBlock() {
        return height > 0;
    }
}
