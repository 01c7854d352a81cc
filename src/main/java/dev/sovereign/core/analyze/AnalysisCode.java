package dev.sovereign.core.analyze;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// What can be wrong with the meaning of a program.
public enum AnalysisCode implements ErrorCode {
    UNKNOWN_RELATION("core.unknown-relation"),
    UNKNOWN_TYPE("core.unknown-type"),
    UNKNOWN_FUNCTOR("core.unknown-functor"),
    UNKNOWN_COMPONENT("core.unknown-component"),
    UNKNOWN_BRANCH("core.unknown-branch"),
    UNKNOWN_ATTRIBUTE("core.unknown-attribute"),
    AMBIGUOUS("core.ambiguous"),
    DUPLICATE("core.duplicate"),
    ARITY("core.arity"),
    TYPE("core.type"),
    TYPE_CYCLE("core.type-cycle"),
    UNSAFE("core.unsafe"),
    NOT_STRATIFIABLE("core.not-stratifiable"),
    COMPONENT("core.component"),
    AGGREGATE("core.aggregate"),
    SUBSUMPTION("core.subsumption"),
    DIRECTIVE("core.directive"),
    READ_ONLY("core.read-only"),
    NOT_A_FACT("core.not-a-fact"),
    UNSUPPORTED("core.unsupported"),
    TOO_MANY_CLAUSES("core.too-many-clauses"),
    /// Warnings.
    UNUSED("core.unused"),
    QUERY("core.query-in-program"),
    NEVER_FIRES("core.never-fires"),
    SINGLETON("core.singleton");

    private final String code;

    AnalysisCode(String code) {
        this.code = code;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public ErrorKind kind() {
        return this == READ_ONLY
                ? ErrorKind.REFUSED
                : this == TOO_MANY_CLAUSES ? ErrorKind.LIMIT : ErrorKind.USER;
    }
}
