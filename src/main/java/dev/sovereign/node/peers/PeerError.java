package dev.sovereign.node.peers;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// Why something with peers is refused or fails.
public enum PeerError implements ErrorCode {
    /// There is no swarm key, so there is no mesh.
    OFF("mesh.off", ErrorKind.REFUSED),
    /// The mesh has failed and was not started again yet.
    DOWN("mesh.down", ErrorKind.REFUSED),
    /// `LIBP2P_FORCE_PNET=1` and no swarm key.
    FORCED("mesh.force-pnet", ErrorKind.REFUSED),
    /// `key rotate` without a key, or to the same.
    ROTATE("mesh.key-rotate", ErrorKind.REFUSED),
    /// Neither a name in the book nor a PeerId.
    UNKNOWN("mesh.unknown-peer", ErrorKind.USER),
    /// A name that cannot be one, or is another peer's.
    NAME("mesh.peer-name", ErrorKind.USER),
    /// The book of peers cannot be read or written.
    BOOK("mesh.peer-book", ErrorKind.REFUSED),
    /// The book of peers holds as many as it can.
    BOOK_FULL("mesh.peer-book-full", ErrorKind.LIMIT),
    /// The peer lets us connect and ends the connection at once.
    NOT_LET_IN("mesh.not-let-in", ErrorKind.REMOTE),
    /// The peer broke off, or said what the protocol does not allow.
    BROKE("mesh.peer-broke", ErrorKind.REMOTE),
    /// This machine has no multicast.
    NO_MULTICAST("mesh.no-multicast", ErrorKind.REMOTE),
    /// No rule lets this peer ask this, or no longer.
    POLICY("mesh.policy", ErrorKind.REFUSED),
    /// Requests that no rule can allow to a peer.
    NOT_FOR_PEERS("mesh.not-for-peers", ErrorKind.REFUSED);

    private final String code;
    private final ErrorKind kind;

    PeerError(String code, ErrorKind kind) {
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
