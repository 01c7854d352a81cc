package dev.sovereign.runtime.wasm;

/// Bytes that are not taken for a module, or a module that cannot be linked. Nothing of it has run.
public final class ModuleRejected extends Exception {

    private static final long serialVersionUID = 1L;

    /// Why.
    public enum Reason {
        /// Not the binary format.
        MALFORMED,
        /// The binary format, but not valid.
        INVALID,
        /// Needs a proposal that this engine refuses; the message names it.
        UNSUPPORTED,
        /// Larger than a limit; the message names it.
        LIMIT,
        /// An import is not there or has another type, or a segment does not fit.
        UNLINKABLE
    }

    private final Reason reason;

    ModuleRejected(Reason reason, String message) {
        super(message);
        this.reason = reason;
    }

    public Reason reason() {
        return reason;
    }
}
