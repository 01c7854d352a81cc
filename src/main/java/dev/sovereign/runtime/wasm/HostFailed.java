package dev.sovereign.runtime.wasm;

/// Carries what a host function threw through the module's frames.
final class HostFailed extends RuntimeException {

    private static final long serialVersionUID = 1L;

    private final Throwable thrown;

    HostFailed(Throwable thrown) {
        super(null, thrown, false, false);
        this.thrown = thrown;
    }

    Throwable thrown() {
        return thrown;
    }
}
