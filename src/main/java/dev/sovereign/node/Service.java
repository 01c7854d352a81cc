package dev.sovereign.node;

/// What a daemon serves: made once its socket listens, closed when it has drained.
public interface Service extends RequestHandler, AutoCloseable {

    /// Makes the service of a daemon.
    interface Factory {
        Service open(Lifecycle lifecycle);
    }

    /// Whether there is work that nobody asks for by a request, such as a mesh: then the daemon
    /// does not end by itself, however idle it seems. Never blocks.
    default boolean isBusy() {
        return false;
    }

    /// Ends everything behind and waits for it. Idempotent.
    @Override
    void close();
}
