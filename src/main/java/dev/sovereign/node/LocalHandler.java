package dev.sovereign.node;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.io.IOException;

/// Answers, in the caller's own process, the requests that need neither daemon nor store: `run`,
/// `check` and `config`.
public final class LocalHandler implements RequestHandler {

    private final Home home;

    public LocalHandler(Home home) {
        this.home = home;
    }

    @Override
    public Response.Closing handle(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException {
        throw new SovereignException(
                NodeError.NEEDS_DAEMON,
                "this process cannot answer " + request.getClass().getSimpleName() + " of " + home);
    }
}
