package dev.sovereign.finance.sync;

/// Hears how far a look has come; on several threads.
public interface Progress {

    /// Tells nobody.
    Progress NONE = (_, _) -> {};

    /// @param height of the chain now
    /// @param target the highest that a source says there is
    void headers(int height, int target);
}
