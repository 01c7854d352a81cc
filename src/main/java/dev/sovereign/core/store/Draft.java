package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A transaction as its author hands it in; the store adds number, sequence and hashes.
///
/// @param timeMillis since the epoch, UTC
/// @param author who: `node`, or a person's, peer's or skill's name; each has its own hash chain
/// @param what such as `assert`, `import`, `rules add policy`; stays when the payload is erased
/// @param reason the author's words; part of the erasable payload
public record Draft(
        long timeMillis,
        String author,
        String what,
        @Nullable String reason,
        List<Change> changes) {
    public Draft {
        changes = List.copyOf(changes);
    }
}
