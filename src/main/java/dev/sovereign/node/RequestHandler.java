package dev.sovereign.node;

import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.io.IOException;

/// Answers requests. Called on many threads at once, one a request.
public interface RequestHandler {

    /// Answers one request; what streams before the closing response goes through `exchange`.
    ///
    /// @return the type that the request names, or a [Response.Failure]
    /// @throws dev.sovereign.error.SovereignException is answered as a failure
    /// @throws InterruptedException when the request was cancelled, usually from `exchange`
    /// @throws IOException the outside broke: answered as `node.io`
    Response.Closing handle(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException;
}
