package dev.sovereign.node;

import dev.sovereign.core.SystemRelation;
import dev.sovereign.core.eval.OuterFunctors;
import dev.sovereign.error.SovereignException;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;

/// The knowledge base as the [Coordinator] sees it: everything that asks, changes or inspects the
/// store. Opened by a supervised actor; while it is not open, requests for it fail with the reason.
public interface KnowledgeHandler extends RequestHandler, AutoCloseable {

    /// Opens the knowledge base of a home. Runs off the path to the daemon's first answer and may
    /// take long.
    @FunctionalInterface
    interface Factory {
        /// @param outside relations of the system that other parts of the node fill
        /// @param functors computed by other parts of the node
        /// @throws dev.sovereign.error.SovereignException when the store is refused (newer,
        ///   foreign, damaged); the daemon stays up, shows it in `status`, and tries again later
        KnowledgeHandler open(
                Home home,
                Configuration configuration,
                List<SystemRelation> outside,
                OuterFunctors functors)
                throws IOException, InterruptedException;

        /// Answers [dev.sovereign.protocol.Request.StoreInfo],
        /// [dev.sovereign.protocol.Request.StoreCheck] and
        /// [dev.sovereign.protocol.Request.StoreRestore] while the store does not open; after a
        /// restore it is opened again. Never called while a handler is open.
        ///
        /// @param whyClosed what [#open] threw last
        default Response.Closing repair(
                Home home,
                Configuration configuration,
                Throwable whyClosed,
                Request<?> request,
                Exchange exchange)
                throws IOException, InterruptedException {
            throw new SovereignException(
                    NodeError.STORE_CLOSED, "the store does not open: " + whyClosed.getMessage());
        }
    }

    /// @param knowledge as `status` shows it
    /// @param store as `status` shows it
    record Beat(Response.Knowledge knowledge, Response.Store store) {}

    /// What `status` shows. Never blocks on the writer or on the disk.
    Beat heartbeat();

    /// Not null once the knowledge base cannot go on (its log could not be forced, its writer
    /// died). Asked after a request failed; the handler is then closed and opened again.
    default @Nullable Throwable broken() {
        return null;
    }

    /// What skills may reach of it.
    default dev.sovereign.runtime.Knowledge forSkills() {
        throw new SovereignException(
                NodeError.STORE_CLOSED, "this knowledge base serves no skills");
    }

    /// Ends what is under way, forces what was acknowledged, closes the files. Idempotent.
    @Override
    void close();
}
