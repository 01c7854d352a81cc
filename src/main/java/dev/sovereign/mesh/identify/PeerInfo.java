package dev.sovereign.mesh.identify;

import dev.sovereign.mesh.Multiaddr;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What a peer says of itself: claims, except for the addresses of a signed record, which at least
/// the peer itself has made.
///
/// @param addresses where it can be reached, those that are signed first
/// @param protocols that it serves
/// @param observed as which address it sees us; null if it does not tell
/// @param protocolVersion `ipfs/0.1.0`, or empty
/// @param agent its program
/// @param recordSequence of the signed record; 0 without one. Not a time
public record PeerInfo(
        List<Multiaddr> addresses,
        List<String> protocols,
        @Nullable Multiaddr observed,
        String protocolVersion,
        String agent,
        long recordSequence) {

    /// Nothing is known yet.
    public static final PeerInfo UNKNOWN = new PeerInfo(List.of(), List.of(), null, "", "", 0);

    public PeerInfo {
        addresses = List.copyOf(addresses);
        protocols = List.copyOf(protocols);
    }
}
