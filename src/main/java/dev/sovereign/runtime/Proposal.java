package dev.sovereign.runtime;

import dev.sovereign.runtime.pack.Capability;
import dev.sovereign.runtime.pack.Manifest;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What installing a package would do.
///
/// @param manifestSha256 identifies it; the answer names it, so that nothing else is installed
/// @param before the version that it would replace; null when there is none
/// @param fresh what it asks for and no version before it asked for
/// @param keeps what it would hold without asking, because the version before it holds it
/// @param mustAsk whether somebody has to agree first
public record Proposal(
        Manifest manifest,
        String manifestSha256,
        @Nullable Manifest before,
        List<Capability> fresh,
        List<Capability> keeps,
        boolean mustAsk) {
    public Proposal {
        fresh = List.copyOf(fresh);
        keeps = List.copyOf(keeps);
    }
}
