package dev.sovereign.core;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// Why the knowledge base refuses. What is wrong with a text is said by `core.parse` and
/// `core.analyze`, with a file by `core.store`.
public enum KnowledgeError implements ErrorCode {
    /// The daemon is ending.
    CLOSING("core.closing", ErrorKind.REFUSED),
    /// A moment for `--as-of` that is neither a transaction nor a time, or lies outside the log.
    AS_OF("core.as-of", ErrorKind.USER),
    /// A relation of this name exists with other columns.
    COLUMNS("core.columns", ErrorKind.USER),
    /// Facts of system relations come from the node alone.
    SYSTEM_RELATION("core.system-relation", ErrorKind.USER),
    /// `retract` of a pattern with variables, without `--all-matching`.
    PATTERN("core.pattern", ErrorKind.USER),
    /// No relation of this name.
    NO_RELATION("core.no-relation", ErrorKind.USER),
    /// No module of this name.
    NO_MODULE("core.no-module", ErrorKind.USER),
    /// A module's name is no identifier.
    MODULE_NAME("core.module-name", ErrorKind.USER),
    /// A stored module may not read or write files.
    MODULE_FILES("core.module-files", ErrorKind.USER),
    /// The text holds no question.
    NO_QUERY("core.no-query", ErrorKind.USER),
    /// An unknown format of a file or a graph.
    FORMAT("core.format", ErrorKind.USAGE),
    /// A relation has as many rows as it can.
    RELATION_FULL("core.relation-full", ErrorKind.LIMIT),
    /// Facts that would not fit the heap.
    MEMORY("core.memory", ErrorKind.LIMIT),
    /// More relations, modules or columns than the bound.
    TOO_MANY("core.too-many", ErrorKind.LIMIT),
    /// A lower-case variable is spelled like a stored symbol (a warning).
    UNQUOTED("core.unquoted", ErrorKind.USER);

    private final String code;
    private final ErrorKind kind;

    KnowledgeError(String code, ErrorKind kind) {
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
