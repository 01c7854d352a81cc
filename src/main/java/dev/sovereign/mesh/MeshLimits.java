package dev.sovereign.mesh;

import dev.sovereign.mesh.yamux.YamuxLimits;

import java.time.Duration;

/// What peers may cost us.
///
/// @param handshake from accept, or from connecting, to a connection; never put off by progress
/// @param handshakes inbound ones under way
/// @param handshakesPerAddress the same from one IP address
/// @param connections all of them, either direction
/// @param connectionsPerPeer of one PeerId; two, so that simultaneous dials both work for a moment
/// @param negotiation until a stream has agreed on its protocol
/// @param receiveBytes receive memory of all connections together
/// @param session limits of each connection
public record MeshLimits(
        Duration handshake,
        int handshakes,
        int handshakesPerAddress,
        int connections,
        int connectionsPerPeer,
        Duration negotiation,
        long receiveBytes,
        YamuxLimits session) {

    /// specs/mesh.md, 10.
    public static final MeshLimits STANDARD =
            new MeshLimits(
                    Duration.ofSeconds(5),
                    64,
                    8,
                    256,
                    2,
                    Duration.ofSeconds(10),
                    256L << 20,
                    YamuxLimits.STANDARD);

    /// The same with room for `most` connections, however few addresses they come from.
    public MeshLimits withConnections(int most) {
        return new MeshLimits(
                handshake,
                Math.max(handshakes, Math.min(most, 1_024)),
                Math.max(handshakesPerAddress, Math.min(most, 1_024) / 2),
                most,
                connectionsPerPeer,
                negotiation,
                receiveBytes,
                session);
    }
}
