package dev.sovereign.core.parse;

import dev.sovereign.error.EditDistance;

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
            int distance = EditDistance.between(folded, candidate.toLowerCase(Locale.ROOT));
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
}
