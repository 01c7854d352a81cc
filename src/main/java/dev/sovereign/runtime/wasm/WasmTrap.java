package dev.sovereign.runtime.wasm;

/// A trap: the module did what it may not. Without stack trace, since it is an answer and no
/// defect.
public final class WasmTrap extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public WasmTrap(String message) {
        super(message, null, false, false);
    }
}
