package dev.sovereign.mesh.yamux;

import java.io.IOException;
import java.io.Serial;

/// A stream was ended in both directions at once; the connection goes on.
public final class StreamResetException extends IOException {

    @Serial private static final long serialVersionUID = 1L;

    private final boolean byUs;

    StreamResetException(String message, boolean byUs) {
        super(message);
        this.byUs = byUs;
    }

    /// Whether this side did it.
    public boolean byUs() {
        return byUs;
    }
}
