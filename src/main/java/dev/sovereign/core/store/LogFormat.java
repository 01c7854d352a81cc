package dev.sovereign.core.store;

/// Numbers of the log's file format.
final class LogFormat {

    /// Largest body of one record: a string of the largest size with its frame.
    static final int MAX_BODY_BYTES = 20 << 20;

    private LogFormat() {}
}
