package dev.sovereign.finance;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// What is refused around licenses. That a transaction is none is no error but a [Verdict].
public enum LicenseError implements ErrorCode {
    /// The address that a license is paid to is none, or of another network.
    ADDRESS("license.address", ErrorKind.USER),
    /// A price, number of confirmations or network that cannot be.
    TERMS("license.terms", ErrorKind.USER),
    /// Address or price is not configured.
    UNSET("license.unset", ErrorKind.USER),
    /// This machine has no id that could bind a license.
    MACHINE_ID("license.machine-id", ErrorKind.REFUSED),
    /// What should be a payload is not 64 hex digits.
    PAYLOAD("license.payload", ErrorKind.USER),
    /// A file that should be a proof cannot be read as one.
    PROOF("license.proof", ErrorKind.USER),
    /// No license is stored here.
    NONE("license.none", ErrorKind.USER),
    /// Another process holds the header store.
    STORE_LOCKED("license.store-locked", ErrorKind.REFUSED),
    /// The folder of headers and proofs cannot be used.
    STORE("license.store", ErrorKind.REFUSED);

    private final String code;
    private final ErrorKind kind;

    LicenseError(String code, ErrorKind kind) {
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
