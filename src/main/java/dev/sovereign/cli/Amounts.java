package dev.sovereign.cli;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

/// Reads durations, sizes and counts as options have them.
final class Amounts {
    private Amounts() {}

    /// @return milliseconds, more than 0; null for null
    static @Nullable Long duration(String option, @Nullable String text) {
        if (text == null) {
            return null;
        }
        long millis;
        if (text.endsWith("ms")) {
            millis = scaled(text, 2, 1);
        } else {
            millis =
                    switch (last(text)) {
                        case 's' -> scaled(text, 1, 1_000);
                        case 'm' -> scaled(text, 1, 60_000);
                        case 'h' -> scaled(text, 1, 3_600_000);
                        case 'd' -> scaled(text, 1, 86_400_000);
                        default -> -1;
                    };
        }
        return positive(option, text, millis, "a duration such as 250ms, 10s or 2m");
    }

    /// @return bytes, more than 0; null for null
    static @Nullable Long size(String option, @Nullable String text) {
        if (text == null) {
            return null;
        }
        long bytes =
                switch (last(text)) {
                    case 'k', 'K' -> scaled(text, 1, 1L << 10);
                    case 'm', 'M' -> scaled(text, 1, 1L << 20);
                    case 'g', 'G' -> scaled(text, 1, 1L << 30);
                    case 't', 'T' -> scaled(text, 1, 1L << 40);
                    default -> scaled(text, 0, 1);
                };
        return positive(option, text, bytes, "a size such as 500m or 2g");
    }

    /// @return a number more than 0; null for null
    static @Nullable Long count(String option, @Nullable String text) {
        return text == null
                ? null
                : positive(option, text, scaled(text, 0, 1), "a whole number above 0");
    }

    /// @return a number, 0 or more
    static long number(String option, String text) {
        long value = scaled(text, 0, 1);
        if (value < 0) {
            throw refused(option, text, "a whole number");
        }
        return value;
    }

    private static long positive(String option, String text, long value, String what) {
        if (value <= 0) {
            throw refused(option, text, what);
        }
        return value;
    }

    private static SovereignException refused(String option, String text, String what) {
        return new SovereignException(
                CliError.VALUE, option + " is \"" + text + "\", expected " + what);
    }

    private static char last(String text) {
        return text.isEmpty() ? ' ' : text.charAt(text.length() - 1);
    }

    /// The number without `suffix` characters, times `unit`; -1 when it is none or too large.
    private static long scaled(String text, int suffix, long unit) {
        int end = text.length() - suffix;
        if (end <= 0 || end > 18) {
            return -1;
        }
        long value = 0;
        for (int i = 0; i < end; i++) {
            char c = text.charAt(i);
            if (c < '0' || c > '9') {
                return -1;
            }
            value = 10 * value + (c - '0');
        }
        return value > Long.MAX_VALUE / unit ? -1 : value * unit;
    }

    /// A size for people: `512 B`, `1.5 KiB`, `20.0 MiB`.
    static String bytes(long bytes) {
        if (bytes < 1024) {
            return bytes + " B";
        }
        String units = "KMGTPE";
        int unit = (63 - Long.numberOfLeadingZeros(bytes)) / 10;
        // 1024ths of the unit: the exact quotient times ten would pass 63 bits
        long parts = bytes >> (10 * (unit - 1));
        return (parts >> 10)
                + "."
                + (parts & 1023) * 10 / 1024
                + " "
                + units.charAt(unit - 1)
                + "iB";
    }

    /// A count for people: `1,234,567`.
    static String grouped(long count) {
        String digits = Long.toString(count);
        StringBuilder text = new StringBuilder(digits);
        int first = count < 0 ? 1 : 0;
        for (int i = digits.length() - 3; i > first; i -= 3) {
            text.insert(i, ',');
        }
        return text.toString();
    }

    /// A count of things: `1 rule`, `1,234 rules`.
    static String counted(long count, String what) {
        return grouped(count) + " " + what + (count == 1 ? "" : "s");
    }

    /// How long something has lasted: `850 ms`, `12 s`, `3 m 5 s`, `2 h 10 m`, `4 d 1 h`.
    static String lasted(long millis) {
        long seconds = millis / 1_000;
        if (seconds == 0) {
            return millis + " ms";
        }
        if (seconds < 60) {
            return seconds + " s";
        }
        if (seconds < 3_600) {
            return seconds / 60 + " m " + seconds % 60 + " s";
        }
        if (seconds < 86_400) {
            return seconds / 3_600 + " h " + seconds / 60 % 60 + " m";
        }
        return seconds / 86_400 + " d " + seconds / 3_600 % 24 + " h";
    }
}
