package dev.sovereign.core.eval;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// Ways in which an evaluation ends early.
public enum EvalError implements ErrorCode {
    LIMIT_TIME("core.limit-time", ErrorKind.LIMIT),
    LIMIT_TUPLES("core.limit-tuples", ErrorKind.LIMIT),
    LIMIT_MEMORY("core.limit-memory", ErrorKind.LIMIT),
    LIMIT_FUEL("core.limit-fuel", ErrorKind.LIMIT),
    CANCELLED("core.cancelled", ErrorKind.LIMIT),
    /// A warning: `match` with what is no regular expression.
    BAD_PATTERN("core.bad-pattern", ErrorKind.USER),
    /// Division by zero, a failed `to_number`.
    ARITHMETIC("core.arithmetic", ErrorKind.USER),
    /// A declared functor that nobody computes.
    FUNCTOR_MISSING("core.functor-missing", ErrorKind.USER),
    /// A functor from outside that has no value for some arguments.
    FUNCTOR_FAILED("core.functor-failed", ErrorKind.USER),
    /// A functor from outside that takes too long.
    FUNCTOR_LIMIT("core.functor-limit", ErrorKind.LIMIT);

    private final String code;
    private final ErrorKind kind;

    EvalError(String code, ErrorKind kind) {
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
