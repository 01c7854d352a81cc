package dev.sovereign.node.daemon;

import dev.sovereign.node.Exchange;
import dev.sovereign.node.Log;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.io.IOException;

/// Whoever a [Connection] belongs to: the [Daemon] for callers of this machine, the mesh for peers.
public interface Host {

    Log log();

    /// What the handshake says; 0 to those who need not know.
    long pid();

    /// Answers a request on its own thread, between [#begin] and [#end].
    Response.Closing handle(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException;

    /// False when nothing new is begun, except that a stop may be joined.
    boolean begin(SocketExchange exchange, boolean stop);

    void end(SocketExchange exchange);

    void ended(Connection connection);
}
