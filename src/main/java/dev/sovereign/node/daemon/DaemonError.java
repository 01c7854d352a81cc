package dev.sovereign.node.daemon;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// What the daemon's shell refuses.
public enum DaemonError implements ErrorCode {
    RUNNING("daemon.running", ErrorKind.REFUSED),
    STOPPING("daemon.stopping", ErrorKind.REFUSED),
    ACTIVATION("daemon.activation", ErrorKind.REFUSED),
    TOO_MANY_CONNECTIONS("daemon.too-many-connections", ErrorKind.LIMIT);

    private final String code;
    private final ErrorKind kind;

    DaemonError(String code, ErrorKind kind) {
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
