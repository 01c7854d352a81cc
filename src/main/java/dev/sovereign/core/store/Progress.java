package dev.sovereign.core.store;

/// Hears how far long work on a store has come, often; may throw to stop it, which leaves the store
/// as it was.
@FunctionalInterface
public interface Progress {

    /// @param totalBytes 0 when it is not known
    void at(String what, long doneBytes, long totalBytes);

    /// Tells nobody.
    Progress NONE = (_, _, _) -> {};
}
