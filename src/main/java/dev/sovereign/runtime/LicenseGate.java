package dev.sovereign.runtime;

import dev.sovereign.runtime.pack.Manifest;

import org.jspecify.annotations.Nullable;

/// Says before each run whether this machine holds the license that a skill asks for; `node` hands
/// it over. Any thread; answers from what is at hand and asks nobody over a network.
@FunctionalInterface
public interface LicenseGate {

    /// @return null when there is a valid license; else why not, for people
    @Nullable String refusal(Manifest.License license);
}
