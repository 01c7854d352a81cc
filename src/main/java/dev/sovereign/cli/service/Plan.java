package dev.sovereign.cli.service;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/// What a service manager has to know to run one node.
///
/// @param name of the service, letters, digits and dashes
/// @param launcher the script that starts us
/// @param manifest what the launcher reads instead of looking whether sources are newer
/// @param javaOptions for the daemon's JVM, separated by spaces
/// @param root `SOVEREIGN_HOME` of the daemon; null is the XDG folders
/// @param socket where it listens
/// @param log where what the JVM itself says goes, where the manager keeps no journal
/// @param writable folders that the daemon writes to
/// @param javaHome the JDK, which a sandbox has to show
public record Plan(
        String name,
        Path launcher,
        Path manifest,
        String javaOptions,
        @Nullable Path root,
        Path socket,
        Path log,
        List<Path> writable,
        Path javaHome) {

    public Plan {
        if (!name.matches("[A-Za-z0-9-]+")) {
            throw new IllegalArgumentException("not a name of a service: " + name);
        }
        writable = List.copyOf(writable);
    }

    /// The command line without the launcher. The manager decides about the end: idle is no reason.
    public static List<String> arguments() {
        return List.of("daemon", "run", "--idle", "0");
    }
}
