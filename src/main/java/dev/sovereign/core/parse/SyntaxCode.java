package dev.sovereign.core.parse;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// What can be wrong with a text before its meaning is looked at.
public enum SyntaxCode implements ErrorCode {
    SYNTAX("core.syntax", ErrorKind.USER),
    LITERAL("core.literal", ErrorKind.USER),
    INCLUDE("core.include", ErrorKind.USER),
    TOO_LARGE("core.too-large", ErrorKind.LIMIT),
    TOO_DEEP("core.too-deep", ErrorKind.LIMIT),
    REPEATED("core.repeated", ErrorKind.USER),
    /// Part of the C preprocessor that is not carried out; the message names it.
    PREPROCESSOR("core.preprocessor", ErrorKind.USER);

    private final String code;
    private final ErrorKind kind;

    SyntaxCode(String code, ErrorKind kind) {
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
