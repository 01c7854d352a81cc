package dev.sovereign.protocol;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// Why a home cannot be used.
public enum HomeError implements ErrorCode {
    FOREIGN("home.foreign", ErrorKind.REFUSED),
    UNUSABLE("home.unusable", ErrorKind.REFUSED);

    private final String code;
    private final ErrorKind kind;

    HomeError(String code, ErrorKind kind) {
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
