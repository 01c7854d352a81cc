package dev.sovereign.runtime.wasm;

/// Ends a run from inside; becomes an [Outcome].
final class Stopped extends RuntimeException {

    private static final long serialVersionUID = 1L;

    enum Why {
        FUEL,
        DEPTH,
        TIMEOUT,
        CANCELLED
    }

    private final Why why;

    Stopped(Why why) {
        super(why.name(), null, false, false);
        this.why = why;
    }

    Why why() {
        return why;
    }
}
