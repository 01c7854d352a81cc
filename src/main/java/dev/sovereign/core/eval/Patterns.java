package dev.sovereign.core.eval;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;

/// The regular expressions of `match`, which are those of ECMAScript as C++ has them, in Java's:
/// `[[:digit:]]` is a class, and in a class neither `[` nor `&&` means anything.
final class Patterns {

    /// Bad patterns that are remembered: they are told at the end.
    private static final int MAX_BAD = 20;

    private final List<String> bad = new ArrayList<>();

    /// The pattern; null, and remembered, when it is none.
    @Nullable Pattern compile(String written) {
        try {
            return Pattern.compile(translated(written));
        } catch (PatternSyntaxException _) {
            if (bad.size() < MAX_BAD && !bad.contains(written)) {
                bad.add(written);
            }
            return null;
        }
    }

    List<String> bad() {
        return List.copyOf(bad);
    }

    static String translated(String written) {
        if (written.indexOf('[') < 0) {
            return written;
        }
        StringBuilder java = new StringBuilder(written.length() + 16);
        boolean inClass = false;
        for (int at = 0; at < written.length(); at++) {
            char c = written.charAt(at);
            if (c == '\\' && at + 1 < written.length()) {
                java.append(c).append(written.charAt(++at));
            } else if (!inClass) {
                inClass = c == '[';
                java.append(c);
            } else if (c == '[') {
                String name = className(written, at);
                if (name == null) {
                    java.append("\\[");
                } else {
                    java.append(name);
                    at = written.indexOf(":]", at) + 1;
                }
            } else if (c == '&') {
                java.append("\\&");
            } else {
                inClass = c != ']';
                java.append(c);
            }
        }
        return java.toString();
    }

    /// What `[:name:]` at this place is in Java; null when there is none.
    private static @Nullable String className(String written, int at) {
        int end = written.indexOf(":]", at);
        if (!written.startsWith("[:", at) || end < 0) {
            return null;
        }
        return switch (written.substring(at + 2, end)) {
            case "alnum" -> "\\p{Alnum}";
            case "alpha" -> "\\p{Alpha}";
            case "blank" -> "\\p{Blank}";
            case "cntrl" -> "\\p{Cntrl}";
            case "digit", "d" -> "\\d";
            case "graph" -> "\\p{Graph}";
            case "lower" -> "\\p{Lower}";
            case "print" -> "\\p{Print}";
            case "punct" -> "\\p{Punct}";
            case "space", "s" -> "\\s";
            case "upper" -> "\\p{Upper}";
            case "w" -> "\\w";
            case "xdigit" -> "\\p{XDigit}";
            default -> null;
        };
    }
}
