package dev.sovereign.cli;

import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

/// Whoever answers requests: the daemon behind its socket, or this process itself. `Main` gives the
/// command line one of each.
public interface Caller extends AutoCloseable {

    /// Sends one request and waits for its closing response; everything streamed before goes to
    /// `listener`, on this thread and in order. Interrupting the thread cancels the request on the
    /// other end.
    ///
    /// @throws dev.sovereign.error.SovereignException when the answer is a failure, or the daemon
    ///   cannot be reached or started
    /// @throws InterruptedException when interrupted; the request has been cancelled
    <R extends Response.Closing> R call(Request<R> request, Listener listener)
            throws InterruptedException;

    /// Closes the connection; what is under way on it is cancelled. Idempotent.
    @Override
    void close();
}
