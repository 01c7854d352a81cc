package dev.sovereign.runtime.wasi;

/// A call ends with this number. No stack trace: it is an answer.
final class WasiFailure extends Exception {

    private static final long serialVersionUID = 1L;

    private final Errno errno;

    WasiFailure(Errno errno) {
        super(errno.name(), null, false, false);
        this.errno = errno;
    }

    Errno errno() {
        return errno;
    }
}
