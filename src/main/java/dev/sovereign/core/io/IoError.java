package dev.sovereign.core.io;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// What can be wrong with files of rows and the directives that name them.
public enum IoError implements ErrorCode {
    /// A row that does not fit its relation.
    BAD_ROW("core.bad-row", ErrorKind.USER),
    /// A row longer than [DelimitedReader#MAX_ROW_BYTES].
    ROW_LENGTH("core.row-length", ErrorKind.LIMIT),
    /// A record too large to be written out.
    RECORD_SIZE("core.record-size", ErrorKind.LIMIT),
    /// An option of `.input` or `.output` with a value that it cannot have.
    IO_OPTION("core.io-option", ErrorKind.USER),
    /// A warning: rows of a file have more cells than their relation has columns.
    WIDE_ROWS("core.wide-rows", ErrorKind.USER),
    /// A kind of file that is not carried out yet.
    IO_UNSUPPORTED("core.io-unsupported", ErrorKind.USER),
    /// A program or a file of facts that is not there or cannot be read.
    UNREADABLE("core.io-unreadable", ErrorKind.USER),
    /// A file of answers that cannot be written.
    UNWRITABLE("core.io-unwritable", ErrorKind.REFUSED);

    private final String code;
    private final ErrorKind kind;

    IoError(String code, ErrorKind kind) {
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
