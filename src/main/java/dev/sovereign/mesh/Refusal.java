package dev.sovereign.mesh;

import org.jspecify.annotations.Nullable;

import java.net.InetSocketAddress;

/// Somebody who was not let in. There may be thousands a second: count them, do not log each.
///
/// @param stage how far it came
/// @param remote where from
/// @param peer who it is, or claimed to be; null where nobody had said yet
/// @param reason for a person
public record Refusal(Stage stage, InetSocketAddress remote, @Nullable PeerId peer, String reason) {

    /// In the order of the layers.
    public enum Stage {
        /// Too many connections or handshakes.
        ACCEPT,
        /// Does not have the key, says nothing, or speaks something else.
        PNET,
        /// Has the key, and failed before it had proven who it is.
        NOISE,
        /// Has proven who it is and may not stay.
        GATE
    }
}
