package dev.sovereign.finance.sync;

import org.jspecify.annotations.Nullable;

/// How one source did in a look.
///
/// @param source as the user wrote it
/// @param standing what to think of it
/// @param height of what it says is its last block; -1 when it said none
/// @param code of the error, such as `license.server-timeout`; null when there is none
/// @param words what there is to say; printable; empty when all is well
public record SourceReport(
        String source, Standing standing, int height, @Nullable String code, String words) {

    /// What to think of a source.
    public enum Standing {
        /// Its chain is ours, and it answered.
        AGREES,
        /// Its chain is ours, and ends earlier.
        BEHIND,
        /// Its chain leaves ours, with less work.
        OTHER_BRANCH,
        /// It could not be asked, or did not answer.
        FAILED,
        /// What it said is not true. It is not asked again for [LicenseSync#SHUN_MILLIS].
        LIED
    }

    /// Whether this source and ours were compared.
    public boolean isCompared() {
        return switch (standing) {
            case AGREES, BEHIND, OTHER_BRANCH -> true;
            case FAILED, LIED -> false;
        };
    }
}
