package dev.sovereign.mesh.wire;

import java.io.IOException;

/// Bytes or text from outside that are not what they should be. Whoever owns the connection closes
/// it; nothing of what was read is kept.
public final class MalformedException extends IOException {

    private static final long serialVersionUID = 1L;

    /// @param message what was wrong and what was expected; never a secret
    public MalformedException(String message) {
        super(message);
    }

    public MalformedException(String message, Throwable cause) {
        super(message, cause);
    }
}
