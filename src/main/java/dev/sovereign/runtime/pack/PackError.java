package dev.sovereign.runtime.pack;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// What is wrong with a package.
public enum PackError implements ErrorCode {
    MANIFEST("skill.manifest", ErrorKind.USER),
    PACKAGE("skill.package", ErrorKind.USER),
    CAPABILITY("skill.capability", ErrorKind.USER),
    HASH("skill.hash", ErrorKind.REFUSED),
    SIGNATURE("skill.signature", ErrorKind.REFUSED);

    private final String code;
    private final ErrorKind kind;

    PackError(String code, ErrorKind kind) {
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
