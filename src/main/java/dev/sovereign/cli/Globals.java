package dev.sovereign.cli;

import org.jspecify.annotations.Nullable;

/// The options that every command has.
///
/// @param color null is `auto`
/// @param timeoutMillis null is no bound
record Globals(
        boolean quiet,
        boolean verbose,
        boolean json,
        boolean header,
        @Nullable Boolean color,
        @Nullable Long timeoutMillis,
        @Nullable String home,
        boolean mayStart) {

    Callers.Reach reach() {
        return new Callers.Reach(home, mayStart, timeoutMillis);
    }
}
