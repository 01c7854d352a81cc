package dev.sovereign.node;

/// What a daemon serves: made once its socket listens, closed when it has drained.
public interface Service extends RequestHandler, AutoCloseable {

    /// Makes the service of a daemon.
    interface Factory {
        Service open(Lifecycle lifecycle);
    }

    /// Ends everything behind and waits for it. Idempotent.
    @Override
    void close();
}
