package dev.sovereign.mesh;

import java.io.IOException;

/// Serves one protocol, on a virtual thread for each stream.
@FunctionalInterface
public interface ProtocolHandler {

    /// Returning closes the stream in good order, throwing resets it.
    void handle(Stream stream) throws IOException;
}
