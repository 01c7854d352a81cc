package dev.sovereign.runtime.wasi;

import dev.sovereign.runtime.pack.Capability;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;

/// What one run is given.
///
/// @param arguments the first is the program's name
/// @param environment what is granted of it
/// @param input what standard input holds
/// @param files granted folders and files
/// @param clock seconds since the epoch at which its clocks begin to stand; null are real ones
/// @param seed of its random numbers; null are real ones
/// @param outputBytes of standard output, at most; more ends the run
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Settings(
        List<String> arguments,
        Map<String, String> environment,
        byte[] input,
        List<Capability.Files> files,
        @Nullable Long clock,
        @Nullable Long seed,
        int outputBytes) {

    /// Arguments and variables together with a byte between them, in UTF-8; Linux has 128 KiB for
    /// one of them.
    public static final int MAX_STRING_BYTES = 256 << 10;

    /// Arguments, and variables.
    public static final int MAX_STRINGS = 1_024;

    public Settings {
        arguments = List.copyOf(arguments);
        environment = Map.copyOf(environment);
        files = List.copyOf(files);
    }
}
