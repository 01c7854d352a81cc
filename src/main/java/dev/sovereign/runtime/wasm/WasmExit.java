package dev.sovereign.runtime.wasm;

/// Thrown by a host function to end the program in good order, as WASI's `proc_exit` does.
public final class WasmExit extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final int status;

    public WasmExit(int status) {
        super("exit " + status, null, false, false);
        this.status = status;
    }

    public int status() {
        return status;
    }
}
