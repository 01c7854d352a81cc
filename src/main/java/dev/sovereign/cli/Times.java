package dev.sovereign.cli;

import java.time.Instant;

/// Moments as RFC 3339 in UTC, to the millisecond.
final class Times {
    private Times() {}

    static String rfc3339(long epochMillis) {
        String text = Instant.ofEpochMilli(epochMillis).toString();
        return text.indexOf('.') >= 0 ? text : text.substring(0, text.length() - 1) + ".000Z";
    }
}
