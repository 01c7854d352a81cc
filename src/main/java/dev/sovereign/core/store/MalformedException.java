package dev.sovereign.core.store;

import java.io.IOException;

/// Bytes that are not what the format says. Whoever knows the file and the place turns it into a
/// refusal.
sealed class MalformedException extends IOException permits NewerException {

    private static final long serialVersionUID = 1L;

    MalformedException(String message) {
        super(message);
    }
}
