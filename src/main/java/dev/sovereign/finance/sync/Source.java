package dev.sovereign.finance.sync;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.LicenseRule;

import java.io.IOException;
import java.util.Set;

/// A server or peer, connected when it is needed. One thread at a time.
interface Source {

    /// As the user wrote it.
    String name();

    /// What it says is its last block; -1 when it said none yet.
    int tipHeight();

    /// Brings the chain up to what this source has.
    HeaderSync.Outcome syncHeaders(HeaderChain chain, Progress progress)
            throws IOException, InterruptedException;

    /// Looks for a transaction here.
    ///
    /// @param height of its block as somebody says; 0 when nobody does
    Evidence look(LicenseRule rule, HeaderChain chain, Hash txid, int height, Progress progress)
            throws IOException, InterruptedException;

    /// Transactions that the rule holds for, among those that this source names for the developer's
    /// script.
    Set<Hash> search(LicenseRule rule) throws IOException, InterruptedException;

    /// Ends the connection. Any thread.
    void hangUp();
}
