package dev.sovereign.core.plan;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// What cannot be planned.
public enum PlanError implements ErrorCode {
    /// A body of more literals than [Planner#MAX_BODY_LITERALS].
    RULE_TOO_LONG("core.rule-too-long", ErrorKind.LIMIT);

    private final String code;
    private final ErrorKind kind;

    PlanError(String code, ErrorKind kind) {
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
