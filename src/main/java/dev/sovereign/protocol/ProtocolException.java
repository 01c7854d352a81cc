package dev.sovereign.protocol;

import dev.sovereign.error.Diagnostic;

import java.io.IOException;

/// The other end sent, or would be sent, something outside the protocol. The connection cannot go
/// on unless whoever catches this knows better.
public final class ProtocolException extends IOException {

    private static final long serialVersionUID = 1L;

    private final ProtocolError error;

    public ProtocolException(ProtocolError error, String message) {
        super(message);
        this.error = error;
    }

    ProtocolException(ProtocolError error, String message, Throwable cause) {
        super(message, cause);
        this.error = error;
    }

    public ProtocolError error() {
        return error;
    }

    /// What the other end, or the user, is told.
    public Diagnostic diagnostic() {
        return Diagnostic.error(error, String.valueOf(getMessage()), null);
    }
}
