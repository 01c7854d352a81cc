package dev.sovereign.protocol;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// How two ends can fail to understand each other.
public enum ProtocolError implements ErrorCode {
    FRAME_TOO_LARGE("protocol.frame-too-large", ErrorKind.LIMIT),
    MALFORMED("protocol.malformed", ErrorKind.REFUSED),
    TOO_MANY_REQUESTS("protocol.too-many-requests", ErrorKind.LIMIT),
    UNKNOWN_REQUEST("protocol.unknown-request", ErrorKind.REFUSED),
    UNKNOWN_RESPONSE("protocol.unknown-response", ErrorKind.REFUSED),
    VIOLATION("protocol.violation", ErrorKind.REFUSED);

    private final String code;
    private final ErrorKind kind;

    ProtocolError(String code, ErrorKind kind) {
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
