package dev.sovereign.mesh.interop;

/// go-libp2p as the other side.
class GoInteropIT extends MeshInterop {
    GoInteropIT() {
        super(PeerPrograms.GO);
    }
}
