package dev.sovereign.mesh.interop;

/// js-libp2p as the other side.
class JsInteropIT extends MeshInterop {
    JsInteropIT() {
        super(PeerPrograms.JS);
    }
}
