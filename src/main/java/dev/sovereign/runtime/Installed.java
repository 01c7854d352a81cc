package dev.sovereign.runtime;

import dev.sovereign.runtime.pack.Capability;
import dev.sovereign.runtime.pack.Manifest;

import java.util.List;

/// One installed skill as it is shown.
///
/// @param manifestSha256 of `skill.toml` as it was installed
/// @param granted what it holds now
/// @param atMillis since the epoch, when this version was installed
/// @param running runs under way
public record Installed(
        Manifest manifest,
        String manifestSha256,
        List<Capability> granted,
        long atMillis,
        int running) {
    public Installed {
        granted = List.copyOf(granted);
    }

    /// Author of what it writes, such as `skill disk-watch 1.2.0`.
    public String author() {
        return author(manifest);
    }

    static String author(Manifest manifest) {
        return "skill " + manifest.name() + " " + manifest.version();
    }
}
