package dev.sovereign.runtime;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What somebody wants run.
///
/// @param tool one of the manifest's; null runs it without
/// @param arguments after the name and the tool
/// @param input what standard input holds
/// @param fuel lowers the limit; null does not
/// @param timeoutMillis likewise
@SuppressWarnings("ArrayRecordComponent") // handed over, never compared
public record Order(
        String skill,
        @Nullable String tool,
        List<String> arguments,
        byte[] input,
        @Nullable Long fuel,
        @Nullable Long timeoutMillis) {
    public Order {
        arguments = List.copyOf(arguments);
    }
}
