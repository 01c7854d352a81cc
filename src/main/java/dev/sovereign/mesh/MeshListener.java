package dev.sovereign.mesh;

import dev.sovereign.mesh.identify.PeerInfo;

/// What happens to connections. Called on threads of the mesh, for one connection in order; must
/// not wait.
public interface MeshListener {

    /// Hears nothing.
    MeshListener NONE = new MeshListener() {};

    default void connected(Connection connection) {}

    /// The peer has told about itself, for the first time or anew.
    default void identified(Connection connection, PeerInfo info) {}

    default void disconnected(Connection connection, String reason) {}

    default void refused(Refusal refusal) {}
}
