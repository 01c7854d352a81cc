package dev.sovereign.node;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// How the node itself fails, apart from the subsystems behind it.
public enum NodeError implements ErrorCode {
    FILE_UNREADABLE("node.file-unreadable", ErrorKind.USER),
    IO("node.io", ErrorKind.REFUSED),
    LOCAL_ONLY("node.local-only", ErrorKind.USAGE),
    NEEDS_DAEMON("node.needs-daemon", ErrorKind.USAGE),
    CANCELLED("node.cancelled", ErrorKind.USER),
    TXID("node.txid", ErrorKind.USAGE),
    STORE_CLOSED("node.store-closed", ErrorKind.REFUSED),
    BUG("internal.bug", ErrorKind.BUG);

    private final String code;
    private final ErrorKind kind;

    NodeError(String code, ErrorKind kind) {
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
