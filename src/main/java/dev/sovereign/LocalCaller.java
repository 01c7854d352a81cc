package dev.sovereign;

import dev.sovereign.cli.Caller;
import dev.sovereign.cli.Listener;
import dev.sovereign.error.SovereignException;
import dev.sovereign.node.Exchange;
import dev.sovereign.node.NodeError;
import dev.sovereign.node.RequestHandler;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;

/// Hands requests to a handler in this process, on the caller's own thread.
final class LocalCaller implements Caller {

    private final RequestHandler handler;

    LocalCaller(RequestHandler handler) {
        this.handler = handler;
    }

    @Override
    @SuppressWarnings("unchecked") // Request.R is what its handler answers with
    public <R extends Response.Closing> R call(Request<R> request, Listener listener)
            throws InterruptedException {
        Response.Closing closing;
        try {
            closing = handler.handle(request, new LocalExchange(listener));
        } catch (IOException broke) {
            throw new SovereignException(NodeError.IO, String.valueOf(broke), null, broke);
        }
        if (closing instanceof Response.Failure failure) {
            throw new SovereignException(failure.diagnostics());
        }
        return (R) closing;
    }

    @Override
    public void close() {}

    /// The listener seen from the other side. Cancelling is interrupting the thread.
    private static final class LocalExchange implements Exchange {

        private final Listener listener;
        private final Thread thread = Thread.currentThread();

        LocalExchange(Listener listener) {
            this.listener = listener;
        }

        @Override
        public void send(Response response) throws InterruptedException {
            if (Thread.interrupted()) {
                throw new InterruptedException();
            }
            switch (response) {
                case Response.Columns columns -> listener.columns(columns);
                case Response.Rows rows -> listener.rows(rows);
                case Response.ProofSteps steps -> listener.proofSteps(steps);
                case Response.Chunk chunk -> listener.chunk(chunk);
                case Response.Text text -> listener.text(text);
                case Response.Note note -> listener.note(note);
                case Response.Progress progress -> listener.progress(progress);
                case Response.MeshEvent event -> listener.meshEvent(event);
                case Response.Wanted _ ->
                        throw new IllegalArgumentException("files are asked for by want()");
                case Response.Closing _ ->
                        throw new IllegalArgumentException("the closing response is returned");
            }
        }

        @Override
        public InputStream want(String name, @Nullable String fromProgram) {
            try {
                return listener.open(new Response.Wanted(0, name, fromProgram));
            } catch (IOException unreadable) {
                throw new SovereignException(
                        NodeError.FILE_UNREADABLE,
                        "cannot read \"" + name + "\": " + unreadable.getMessage(),
                        null,
                        unreadable);
            }
        }

        @Override
        public boolean cancelled() {
            return thread.isInterrupted();
        }

        @Override
        public void onCancel(Runnable hook) {
            // whoever runs here polls cancelled(); a thread that waits is interrupted itself
        }
    }
}
