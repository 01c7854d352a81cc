package dev.sovereign.cli.connect;

import dev.sovereign.cli.Caller;
import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Listener;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

/// One connection to the daemon of a home.
public final class SocketCaller implements Caller {

    private final Home home;

    public SocketCaller(Home home, Callers.Reach reach, Callers.Words words) {
        this.home = home;
    }

    @Override
    public <R extends Response.Closing> R call(Request<R> request, Listener listener)
            throws InterruptedException {
        throw new IllegalStateException("not landed: " + home);
    }

    @Override
    public void close() {}
}
