package dev.sovereign.core.parse;

import org.jspecify.annotations.Nullable;

import java.util.Collection;
import java.util.Locale;

/// Finds what was probably meant.
public final class Spelling {

    /// Longer words are not compared: the work is the product of both lengths.
    private static final int MAX_LENGTH = 64;

    /// Names that are compared; a store with more of them gives no suggestion rather than a slow
    /// error.
    private static final int MAX_NAMES = 20_000;

    private Spelling() {}

    /// The candidate that needs the fewest edits, if they are few for the word's length; the first
    /// in alphabetical order among equals.
    public static @Nullable String nearest(String word, Collection<String> candidates) {
        if (word.length() > MAX_LENGTH || candidates.size() > MAX_NAMES) {
            return null;
        }
        String folded = word.toLowerCase(Locale.ROOT);
        String best = null;
        int least = Math.min(3, 1 + word.length() / 3) + 1;
        for (String candidate : candidates) {
            if (candidate.equals(word)
                    || Math.abs(candidate.length() - word.length()) >= least + 1) {
                continue;
            }
            int distance = distance(folded, candidate.toLowerCase(Locale.ROOT));
            if (distance >= Math.max(word.length(), candidate.length())) {
                continue;
            }
            if (distance < least
                    || (distance == least && best != null && candidate.compareTo(best) < 0)) {
                least = distance;
                best = candidate;
            }
        }
        return best;
    }

    /// Edits (insert, delete, replace, swap of neighbors) from one to the other.
    private static int distance(String a, String b) {
        int[] before = new int[b.length() + 1];
        int[] previous = new int[b.length() + 1];
        int[] current = new int[b.length() + 1];
        for (int j = 0; j <= b.length(); j++) {
            previous[j] = j;
        }
        for (int i = 1; i <= a.length(); i++) {
            current[0] = i;
            for (int j = 1; j <= b.length(); j++) {
                int cost = a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1;
                current[j] =
                        Math.min(
                                Math.min(current[j - 1] + 1, previous[j] + 1),
                                previous[j - 1] + cost);
                if (i > 1
                        && j > 1
                        && a.charAt(i - 1) == b.charAt(j - 2)
                        && a.charAt(i - 2) == b.charAt(j - 1)) {
                    current[j] = Math.min(current[j], before[j - 2] + 1);
                }
            }
            int[] free = before;
            before = previous;
            previous = current;
            current = free;
        }
        return previous[b.length()];
    }
}
