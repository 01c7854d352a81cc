package dev.sovereign.core.analyze;

import org.jspecify.annotations.Nullable;

import java.util.Collection;

/// Finds what somebody most likely meant.
final class Spelling {

    /// Names that are compared; a store with more of them gives no suggestion rather than a slow
    /// error.
    private static final int MAX_NAMES = 20_000;

    private Spelling() {}

    /// The nearest of `names`: at most a third of the letters differ, two at the most for short
    /// words; null when none is near.
    static @Nullable String nearest(String word, Collection<String> names) {
        if (names.size() > MAX_NAMES) {
            return null;
        }
        String best = null;
        int bestDistance = Math.min(3, Math.max(1, word.length() / 3)) + 1;
        for (String name : names) {
            if (Math.abs(name.length() - word.length()) < bestDistance) {
                int distance = name.equalsIgnoreCase(word) ? 0 : distance(word, name, bestDistance);
                if (distance < bestDistance
                        || (distance == bestDistance && best != null && name.compareTo(best) < 0)) {
                    best = name;
                    bestDistance = distance;
                }
            }
        }
        return best;
    }

    /// Insertions, deletions, replacements and swaps of neighbors that turn one word into the
    /// other; stops counting at `limit`.
    private static int distance(String one, String other, int limit) {
        int[] beforeLast = new int[other.length() + 1];
        int[] last = new int[other.length() + 1];
        for (int j = 0; j <= other.length(); j++) {
            last[j] = j;
        }
        for (int i = 1; i <= one.length(); i++) {
            int[] row = new int[other.length() + 1];
            row[0] = i;
            int least = i;
            for (int j = 1; j <= other.length(); j++) {
                int replace = last[j - 1] + (one.charAt(i - 1) == other.charAt(j - 1) ? 0 : 1);
                row[j] = Math.min(replace, Math.min(last[j], row[j - 1]) + 1);
                if (i > 1
                        && j > 1
                        && one.charAt(i - 1) == other.charAt(j - 2)
                        && one.charAt(i - 2) == other.charAt(j - 1)) {
                    row[j] = Math.min(row[j], beforeLast[j - 2] + 1);
                }
                least = Math.min(least, row[j]);
            }
            if (least > limit) {
                return limit + 1;
            }
            beforeLast = last;
            last = row;
        }
        return last[other.length()];
    }
}
