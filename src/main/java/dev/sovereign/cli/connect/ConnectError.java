package dev.sovereign.cli.connect;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// Why the daemon could not be reached, or not to the end.
public enum ConnectError implements ErrorCode {
    LOST("daemon.lost", ErrorKind.REFUSED),
    NO_ANSWER("daemon.no-answer", ErrorKind.REFUSED),
    OTHER_BUILD("daemon.other-build", ErrorKind.REFUSED),
    NOT_RUNNING("daemon.not-running", ErrorKind.REFUSED),
    START_FAILED("daemon.start-failed", ErrorKind.REFUSED),
    TIMEOUT("daemon.timeout", ErrorKind.LIMIT);

    private final String code;
    private final ErrorKind kind;

    ConnectError(String code, ErrorKind kind) {
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
