package dev.sovereign.runtime;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// How skills fail, apart from what a run itself ends with.
public enum SkillError implements ErrorCode {
    VERSION("skill.version", ErrorKind.REFUSED),
    PUBLISHER("skill.publisher", ErrorKind.REFUSED),
    NOT_GRANTED("skill.not-granted", ErrorKind.REFUSED),
    NO_SKILL("skill.unknown", ErrorKind.USER),
    NO_TOOL("skill.no-tool", ErrorKind.USER),
    TOOL_AMBIGUOUS("skill.tool-ambiguous", ErrorKind.USER),
    CHANGED("skill.changed", ErrorKind.REFUSED),
    LICENSE("skill.license", ErrorKind.REFUSED),
    TOO_MANY("skill.too-many", ErrorKind.LIMIT),
    BUSY("skill.busy", ErrorKind.LIMIT),
    INPUT("skill.input", ErrorKind.LIMIT),
    FILES("skill.files", ErrorKind.REFUSED);

    private final String code;
    private final ErrorKind kind;

    SkillError(String code, ErrorKind kind) {
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
