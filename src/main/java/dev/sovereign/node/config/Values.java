package dev.sovereign.node.config;

import org.jspecify.annotations.Nullable;

/// Reads single values as they are written in the file or on the command line.
final class Values {
    private Values() {}

    /// A duration in milliseconds, a size in bytes, or a plain number; null when it is none, or
    /// negative, or too large for 63 bits.
    static @Nullable Long number(Key.Type type, String text) {
        return switch (type) {
            case NUMBER -> scaled(text, 1);
            case DURATION -> duration(text);
            case SIZE -> size(text);
            case TEXT, FLAG, LIST -> null;
        };
    }

    /// Says what is wrong with a value as it is written on the command line; null when nothing is.
    static @Nullable String problem(Key key, String text) {
        if (!key.choices().isEmpty() && !key.choices().contains(text)) {
            return "expected one of " + String.join(", ", key.choices());
        }
        return switch (key.type()) {
            case TEXT -> text.isEmpty() ? "expected some text" : null;
            case LIST -> text.isEmpty() ? "expected values joined by commas" : null;
            case FLAG ->
                    text.equals("true") || text.equals("false") ? null : "expected true or false";
            case NUMBER -> number(key.type(), text) == null ? "expected a whole number" : null;
            case DURATION ->
                    number(key.type(), text) == null
                            ? "expected a duration such as 250ms, 10s, 30m, 2h or 0"
                            : null;
            case SIZE ->
                    number(key.type(), text) == null
                            ? "expected a size such as 65536, 512k, 256m or 2g"
                            : null;
        };
    }

    private static @Nullable Long duration(String text) {
        if (text.endsWith("ms")) {
            return scaled(text.substring(0, text.length() - 2), 1);
        }
        if (text.isEmpty()) {
            return null;
        }
        String digits = text.substring(0, text.length() - 1);
        return switch (text.charAt(text.length() - 1)) {
            case 's' -> scaled(digits, 1_000);
            case 'm' -> scaled(digits, 60_000);
            case 'h' -> scaled(digits, 3_600_000);
            case 'd' -> scaled(digits, 86_400_000);
            default -> text.equals("0") ? 0L : null;
        };
    }

    private static @Nullable Long size(String text) {
        if (text.isEmpty()) {
            return null;
        }
        String digits = text.substring(0, text.length() - 1);
        return switch (text.charAt(text.length() - 1)) {
            case 'k', 'K' -> scaled(digits, 1L << 10);
            case 'm', 'M' -> scaled(digits, 1L << 20);
            case 'g', 'G' -> scaled(digits, 1L << 30);
            case 't', 'T' -> scaled(digits, 1L << 40);
            default -> scaled(text, 1);
        };
    }

    private static @Nullable Long scaled(String digits, long unit) {
        if (digits.isEmpty()) {
            return null;
        }
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) < '0' || digits.charAt(i) > '9') {
                return null;
            }
        }
        try {
            return Math.multiplyExact(Long.parseLong(digits), unit);
        } catch (ArithmeticException | NumberFormatException tooLarge) {
            return null;
        }
    }
}
