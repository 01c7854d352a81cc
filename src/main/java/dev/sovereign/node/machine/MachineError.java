package dev.sovereign.node.machine;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// How reading the machine fails.
public enum MachineError implements ErrorCode {
    UNREADABLE("machine.unreadable", ErrorKind.REFUSED),
    INTERRUPTED("machine.interrupted", ErrorKind.USER);

    private final String code;
    private final ErrorKind kind;

    MachineError(String code, ErrorKind kind) {
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
