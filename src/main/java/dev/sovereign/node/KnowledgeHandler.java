package dev.sovereign.node;

import dev.sovereign.node.config.Configuration;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Response;

import java.io.IOException;

/// The knowledge base as the [Coordinator] sees it: everything that asks, changes or inspects the
/// store. Opened by a supervised actor; while it is not open, requests for it fail with the reason.
public interface KnowledgeHandler extends RequestHandler, AutoCloseable {

    /// Opens the knowledge base of a home. Runs off the path to the daemon's first answer and may
    /// take long.
    @FunctionalInterface
    interface Factory {
        /// @throws dev.sovereign.error.SovereignException when the store is refused (newer,
        ///   foreign, damaged); the daemon stays up, shows it in `status`, and tries again later
        KnowledgeHandler open(Home home, Configuration configuration)
                throws IOException, InterruptedException;
    }

    /// @param knowledge as `status` shows it
    /// @param store as `status` shows it
    record Beat(Response.Knowledge knowledge, Response.Store store) {}

    /// What `status` shows. Never blocks on the writer or on the disk.
    Beat heartbeat();

    /// Ends what is under way, forces what was acknowledged, closes the files. Idempotent.
    @Override
    void close();
}
