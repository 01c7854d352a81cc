package dev.sovereign.core.store;

/// The caller's symbol table, seen from the store: a string and its id.
///
/// Payloads and H2 hold strings; everything in this package's interface holds the caller's ids.
public interface Symbols {

    /// The id of `text`, made when there is none. Called only on the thread that called
    /// [FactStore#open] or [FactStore#replay], while that call lasts.
    ///
    /// @return 0 or more
    long intern(String text);

    /// The id of `text`, or -1. May be called from any thread at any time.
    long find(String text);

    /// The string of an id that this table gave out. May be called from any thread at any time.
    String text(long id);
}
