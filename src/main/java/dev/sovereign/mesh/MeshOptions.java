package dev.sovereign.mesh;

import java.util.List;
import java.util.function.Predicate;

/// How a [Mesh] is made.
///
/// @param identity who this node is
/// @param swarmKeys newest first; a listener takes any of them, a dialer tries them in order
/// @param gate whether a peer may stay; asked for each connection, on any thread, must not wait
/// @param listener hears of connections
/// @param limits what peers may cost
/// @param agent what identify says this program is, such as `sovereign/1.0`
public record MeshOptions(
        Identity identity,
        List<SwarmKey> swarmKeys,
        Predicate<PeerId> gate,
        MeshListener listener,
        MeshLimits limits,
        String agent) {

    public MeshOptions {
        swarmKeys = List.copyOf(swarmKeys);
        if (swarmKeys.isEmpty()) {
            throw new IllegalArgumentException("a mesh without a swarm key is open to everybody");
        }
    }

    /// One key, every holder of it may stay, nobody listens.
    public static MeshOptions of(Identity identity, SwarmKey key) {
        return new MeshOptions(
                identity,
                List.of(key),
                _ -> true,
                MeshListener.NONE,
                MeshLimits.STANDARD,
                "sovereign");
    }

    public MeshOptions withKeys(List<SwarmKey> keys) {
        return new MeshOptions(identity, keys, gate, listener, limits, agent);
    }

    public MeshOptions withGate(Predicate<PeerId> newGate) {
        return new MeshOptions(identity, swarmKeys, newGate, listener, limits, agent);
    }

    public MeshOptions withListener(MeshListener newListener) {
        return new MeshOptions(identity, swarmKeys, gate, newListener, limits, agent);
    }

    public MeshOptions withLimits(MeshLimits newLimits) {
        return new MeshOptions(identity, swarmKeys, gate, listener, newLimits, agent);
    }

    public MeshOptions withAgent(String newAgent) {
        return new MeshOptions(identity, swarmKeys, gate, listener, limits, newAgent);
    }
}
