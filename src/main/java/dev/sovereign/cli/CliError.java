package dev.sovereign.cli;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// How a command line goes wrong before anybody is asked, or after the answer has come.
public enum CliError implements ErrorCode {
    UNKNOWN_COMMAND("cli.unknown-command", ErrorKind.USAGE),
    UNKNOWN_OPTION("cli.unknown-option", ErrorKind.USAGE),
    USAGE("cli.usage", ErrorKind.USAGE),
    VALUE("cli.value", ErrorKind.USAGE),
    NOT_YET("cli.not-in-this-build", ErrorKind.USAGE),
    FILE("cli.file", ErrorKind.USER),
    /// `why` of what does not hold.
    NOT_TRUE("cli.not-true", ErrorKind.USER),
    NOT_SET("cli.not-set", ErrorKind.USER),
    NOT_REPRESENTABLE("cli.not-representable", ErrorKind.USER),
    EDITOR("cli.editor", ErrorKind.USER),
    SERVICE("cli.service", ErrorKind.REFUSED),
    OUTPUT("cli.output", ErrorKind.REFUSED);

    private final String code;
    private final ErrorKind kind;

    CliError(String code, ErrorKind kind) {
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
