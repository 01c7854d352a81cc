package dev.sovereign.core.store;

import java.nio.file.Path;

/// Facts about an open store.
///
/// @param logBytes of all log files as they are on disk
/// @param stateBytes of H2's files
/// @param lastTx number of the newest transaction; 0 when there is none
/// @param stateTx newest transaction that H2 is known to hold; -1 when H2 was not looked at yet
/// @param keyFingerprint eight hex digits; empty when not encrypted
public record StoreInfo(
        Path directory,
        long logBytes,
        long stateBytes,
        int formatVersion,
        boolean encrypted,
        String keyFingerprint,
        int segments,
        long lastTx,
        long stateTx) {

    public long bytes() {
        return logBytes + stateBytes;
    }
}
