package dev.sovereign.mesh.interop;

import org.junit.jupiter.api.Tag;

/// rust-libp2p as the other side; in the Maven profile `interop`, because its build takes minutes.
@Tag("interop")
class RustInteropIT extends MeshInterop {
    RustInteropIT() {
        super(PeerPrograms.RUST);
    }
}
