package dev.sovereign.core.provenance;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// Why a proof cannot be shown.
public enum ProvenanceError implements ErrorCode {
    /// The tuple holds, but no instance of a rule derives it from what is there now.
    NO_PROOF("core.no-proof", ErrorKind.USER),
    /// The proof has more nodes than [Proofs#MAX_NODES].
    TOO_LARGE("core.proof-size", ErrorKind.LIMIT),
    /// `whynot` of what does hold.
    TRUE("core.true", ErrorKind.USER),
    /// `why` and `whynot` take one atom.
    NOT_AN_ATOM("core.not-an-atom", ErrorKind.USER);

    private final String code;
    private final ErrorKind kind;

    ProvenanceError(String code, ErrorKind kind) {
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
