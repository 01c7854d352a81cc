package dev.sovereign.mesh.noise;

import dev.sovereign.mesh.PeerId;

import java.io.IOException;
import java.io.Serial;

/// The other side is not whom we dialed, or the gate does not let it stay. It is told nothing.
public final class PeerRefusedException extends IOException {

    @Serial private static final long serialVersionUID = 1L;

    private final transient PeerId peer;

    PeerRefusedException(PeerId peer, String message) {
        super(message);
        this.peer = peer;
    }

    /// Who it claimed to be; its signature had not been looked at.
    public PeerId peer() {
        return peer;
    }
}
