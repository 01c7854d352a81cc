package dev.sovereign.node;

import dev.sovereign.core.SystemRelation;
import dev.sovereign.core.eval.OuterFunctors;
import dev.sovereign.error.SovereignException;
import dev.sovereign.node.actor.Supervised;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// The knowledge base as a supervised actor: opens the [KnowledgeHandler], opens it again when it
/// breaks, and says why while it is not open. Requests run on their own threads, not on the
/// actor's.
final class Knowledge implements AutoCloseable {

    private static final int MAILBOX = 16;

    /// A refused store is tried again with a request, but not more often than this.
    private static final long RETRY_NANOS = 500_000_000;

    private final Home home;
    private final Configuration configuration;
    private final KnowledgeHandler.Factory factory;
    private final List<SystemRelation> outside;
    private final OuterFunctors functors;
    private final Log log;
    private final Supervised<Throwable> actor;

    /// Guarded by `this`: completed while a handler is open, failed while the last start failed,
    /// and not done while it opens.
    private CompletableFuture<KnowledgeHandler> current = new CompletableFuture<>();

    /// Guarded by `this`, like the field below.
    private long failedNanos;

    /// Starts that failed since the last that did not: requests wait through the first.
    private int failuresInRow;

    /// @param outside relations of the system that other parts of the node fill
    /// @param functors computed by other parts of the node
    Knowledge(
            Home home,
            Configuration configuration,
            KnowledgeHandler.Factory factory,
            List<SystemRelation> outside,
            OuterFunctors functors,
            Log log) {
        this.home = home;
        this.configuration = configuration;
        this.factory = factory;
        this.outside = List.copyOf(outside);
        this.functors = functors;
        this.log = log;
        this.actor =
                Supervised.start(
                        "knowledge", MAILBOX, Supervised.Policy.USUAL, this::start, this::failed);
    }

    Response.Closing handle(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException {
        KnowledgeHandler handler;
        try {
            handler = await(exchange);
        } catch (ExecutionException closed) {
            Throwable why = closed.getCause();
            return closed(why == null ? closed : why, request, exchange);
        }
        try {
            return handler.handle(request, exchange);
        } catch (IOException | RuntimeException | Error failure) {
            Throwable broken = handler.broken();
            if (broken != null) {
                actor.offer(broken);
            }
            throw failure;
        }
    }

    /// What `status` shows; zeros while the store is not open.
    KnowledgeHandler.Beat heartbeat() {
        KnowledgeHandler open = openHandler();
        return open != null
                ? open.heartbeat()
                : new KnowledgeHandler.Beat(
                        new Response.Knowledge(0, 0, 0, 0),
                        new Response.Store(home.store().toString(), 0, false));
    }

    /// The open handler, at this moment.
    ///
    /// @throws SovereignException while the store is not open
    KnowledgeHandler opened() {
        KnowledgeHandler open = openHandler();
        if (open == null) {
            throw new SovereignException(
                    NodeError.STORE_CLOSED,
                    "the store is not open",
                    "sovereign status says why; try again when it is");
        }
        return open;
    }

    Supervised.State state() {
        return actor.state();
    }

    @Override
    public void close() {
        actor.close();
    }

    /// Waits while the store opens, and tries again when the last try is a while ago.
    private KnowledgeHandler await(Exchange exchange)
            throws InterruptedException, ExecutionException {
        CompletableFuture<KnowledgeHandler> waited;
        synchronized (this) {
            if (current.isCompletedExceptionally()
                    && System.nanoTime() - failedNanos > RETRY_NANOS) {
                current = new CompletableFuture<>();
                actor.retry();
            }
            waited = current.copy();
        }
        if (!waited.isDone()) {
            exchange.onCancel(() -> waited.cancel(false));
        }
        try {
            return waited.get();
        } catch (CancellationException cancelled) {
            throw new InterruptedException("cancelled");
        }
    }

    private Response.Closing closed(Throwable why, Request<?> request, Exchange exchange)
            throws IOException, InterruptedException {
        if (request instanceof Request.StoreInfo
                || request instanceof Request.StoreCheck
                || request instanceof Request.StoreRestore) {
            Response.Closing closing = factory.repair(home, configuration, why, request, exchange);
            if (request instanceof Request.StoreRestore) {
                synchronized (this) {
                    current = new CompletableFuture<>();
                }
                actor.retry();
            }
            return closing;
        }
        if (why instanceof SovereignException refused) {
            return new Response.Failure(refused.diagnostics());
        }
        throw new SovereignException(
                NodeError.STORE_CLOSED,
                "the store does not open: " + why.getMessage(),
                "`sovereign store check` says more, `sovereign store restore FILE` takes a backup",
                why);
    }

    /// On the actor's thread.
    private Supervised.Behavior<Throwable> start() throws IOException, InterruptedException {
        synchronized (this) {
            if (current.isDone()) {
                current = new CompletableFuture<>();
            }
        }
        long before = System.nanoTime();
        KnowledgeHandler opened = factory.open(home, configuration, outside, functors);
        log.info("the store is open after " + (System.nanoTime() - before) / 1_000_000 + " ms");
        synchronized (this) {
            failuresInRow = 0;
            current.complete(opened);
        }
        return new Open(opened);
    }

    private synchronized void failed(String name, Throwable failure, boolean givenUp) {
        log.error(name + (givenUp ? " failed, given up" : " failed, starting again"), failure);
        if (current.isDone()) {
            current = new CompletableFuture<>();
        }
        failuresInRow++;
        if (givenUp || failuresInRow > 1 || failure instanceof SovereignException) {
            current.completeExceptionally(failure);
            failedNanos = System.nanoTime();
        }
    }

    private synchronized @Nullable KnowledgeHandler openHandler() {
        return current.isDone() && !current.isCompletedExceptionally()
                ? current.getNow(null)
                : null;
    }

    /// A handler that is open. Its only message is what broke it.
    private final class Open implements Supervised.Behavior<Throwable> {

        private final KnowledgeHandler handler;

        Open(KnowledgeHandler handler) {
            this.handler = handler;
        }

        @Override
        public boolean receive(Throwable broken) throws IOException {
            if (handler.broken() == null) {
                return true; // said by two requests, mended after the first
            }
            throw new IOException("the knowledge base broke: " + broken.getMessage(), broken);
        }

        @Override
        public void close() {
            synchronized (Knowledge.this) {
                if (current.isDone()) {
                    current = new CompletableFuture<>();
                }
            }
            handler.close();
        }
    }

    /// For `status`: the words of specs/cli.md.
    static Response.ActorState shown(Supervised.State state) {
        String word =
                switch (state.phase()) {
                    case STARTING, RUNNING -> "running";
                    case RESTARTING -> "restarting";
                    case FAILED -> "failed";
                    case OFF -> "off";
                };
        Throwable failure = state.lastFailure();
        return new Response.ActorState(
                state.name(), word, state.restarts(), failure == null ? null : reason(failure));
    }

    private static String reason(Throwable failure) {
        if (failure instanceof SovereignException refused) {
            return refused.first().message() + " [" + refused.first().code() + "]";
        }
        String message = failure.getMessage();
        return message == null ? failure.getClass().getSimpleName() : message;
    }
}
