package dev.sovereign.cli;

import java.time.Instant;

/// Moments as RFC 3339 in UTC, to the millisecond.
final class Times {
    private Times() {}

    static String rfc3339(long epochMillis) {
        return Instant.ofEpochMilli(epochMillis).toString();
    }
}
