package dev.sovereign.core.store;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// Why the store refuses.
public enum StoreError implements ErrorCode {
    /// Written by a newer program.
    NEWER("core.store-newer", ErrorKind.REFUSED),
    /// Bytes that had been forced are not as they were written.
    DAMAGED("core.store-damaged", ErrorKind.REFUSED),
    /// Bytes after the last whole transaction were cut off (a note, not a refusal).
    TAIL_CUT("core.store-tail-cut", ErrorKind.REFUSED),
    /// A log file is shorter than a crash can make it (a note, not a refusal).
    CUT("core.store-cut", ErrorKind.REFUSED),
    /// H2's files did not fit the log and were rebuilt (a note, not a refusal).
    STATE_REBUILT("core.store-state-rebuilt", ErrorKind.REFUSED),
    /// Another process has it open.
    LOCKED("core.store-locked", ErrorKind.REFUSED),
    /// Neither a store nor an empty folder; or the folder cannot be read or written.
    UNUSABLE("core.store-unusable", ErrorKind.REFUSED),
    /// A write or force failed; nothing since the last force was kept.
    WRITE_FAILED("core.store-write-failed", ErrorKind.REFUSED),
    /// The device is full; nothing since the last force was kept.
    FULL("core.store-full", ErrorKind.REFUSED),
    /// A write failed earlier; the store must be opened anew.
    FAILED_BEFORE("core.store-failed-before", ErrorKind.REFUSED),
    /// Used after close.
    CLOSED("core.store-closed", ErrorKind.REFUSED),
    /// The store is encrypted and there is no key file.
    KEY_MISSING("core.store-key-missing", ErrorKind.REFUSED),
    /// The key file is not this store's.
    KEY_WRONG("core.store-key-wrong", ErrorKind.REFUSED),
    /// The key file can be read by others.
    KEY_EXPOSED("core.store-key-exposed", ErrorKind.REFUSED),
    /// The key file is not 64 hex digits.
    KEY_MALFORMED("core.store-key-malformed", ErrorKind.REFUSED),
    /// Encrypting what is encrypted, or decrypting what is not.
    KEY_STATE("core.store-key-state", ErrorKind.USER),
    /// A backup that is damaged, cut, or no backup.
    BACKUP("core.store-backup", ErrorKind.REFUSED),
    /// A string or transaction over a limit of the format.
    TOO_LARGE("core.store-too-large", ErrorKind.LIMIT),
    /// `store check` found that H2 and the log disagree, or the hash chain is broken.
    CHECK("core.store-check", ErrorKind.REFUSED);

    private final String code;
    private final ErrorKind kind;

    StoreError(String code, ErrorKind kind) {
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
