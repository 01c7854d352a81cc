package dev.sovereign.mesh;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// Why the mesh refuses.
public enum MeshError implements ErrorCode {
    /// A text is no PeerId, or one of a kind that we do not take.
    PEER_ID("mesh.peer-id", ErrorKind.USER),
    /// A text is no multiaddr, or of no use where it stands.
    MULTIADDR("mesh.multiaddr", ErrorKind.USER),
    /// A key file cannot be read or written.
    KEY_FILE("mesh.key-file", ErrorKind.REFUSED),
    /// A key file can be read by others, or is not ours.
    KEY_EXPOSED("mesh.key-exposed", ErrorKind.REFUSED),
    /// A new key would replace one that is there.
    KEY_EXISTS("mesh.key-exists", ErrorKind.REFUSED),
    /// The identity file is not an Ed25519 key.
    IDENTITY("mesh.identity", ErrorKind.REFUSED),
    /// The first line of a swarm key is not `/key/swarm/psk/1.0.0/`.
    SWARM_KEY_HEADER("mesh.swarm-key-header", ErrorKind.REFUSED),
    /// The second line of a swarm key names no encoding that there is.
    SWARM_KEY_ENCODING("mesh.swarm-key-encoding", ErrorKind.REFUSED),
    /// The rest of a swarm key is not exactly 32 bytes in its encoding.
    SWARM_KEY_BYTES("mesh.swarm-key-bytes", ErrorKind.REFUSED),
    /// A swarm key that everybody knows: all zero, or the example.
    SWARM_KEY_PUBLIC("mesh.swarm-key-public", ErrorKind.REFUSED),
    /// An address cannot be listened at.
    LISTEN("mesh.listen", ErrorKind.REFUSED),
    /// A peer does not answer, or not as it should.
    UNREACHABLE("mesh.unreachable", ErrorKind.REMOTE);

    private final String code;
    private final ErrorKind kind;

    MeshError(String code, ErrorKind kind) {
        this.code = code;
        this.kind = kind;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public ErrorKind kind() {
        return kind;
    }
}
