package dev.sovereign.finance;

import java.io.IOException;

/// Bytes from outside that are not what they claim to be. The message says what and where, quotes
/// at most a few characters of them, and is fit to be shown.
public final class MalformedException extends IOException {
    private static final long serialVersionUID = 1L;

    public MalformedException(String message) {
        super(message);
    }
}
