package dev.sovereign.cli.repl;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// How an input goes wrong before anybody is asked.
enum ReplError implements ErrorCode {
    QUOTE("repl.quote", ErrorKind.USAGE),
    USAGE("repl.usage", ErrorKind.USAGE),
    NOT_HERE("repl.not-here", ErrorKind.USAGE),
    DIRECTIVE("repl.directive", ErrorKind.USER),
    TOO_LONG("repl.too-long", ErrorKind.USER),
    FILE("repl.file", ErrorKind.USER);

    private final String code;
    private final ErrorKind kind;

    ReplError(String code, ErrorKind kind) {
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
