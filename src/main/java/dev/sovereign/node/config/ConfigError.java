package dev.sovereign.node.config;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// What can be wrong with the configuration.
public enum ConfigError implements ErrorCode {
    BAD_VALUE("config.bad-value", ErrorKind.USER),
    DUPLICATE_KEY("config.duplicate-key", ErrorKind.USER),
    SYNTAX("config.syntax", ErrorKind.USER),
    UNKNOWN_KEY("config.unknown-key", ErrorKind.USER),
    UNUSABLE("config.unusable", ErrorKind.REFUSED);

    private final String code;
    private final ErrorKind kind;

    ConfigError(String code, ErrorKind kind) {
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
