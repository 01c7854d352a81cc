package dev.sovereign.cli.connect;

import dev.sovereign.cli.Caller;
import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Listener;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Message;
import dev.sovereign.protocol.ProtocolException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.List;

/// Asks the daemon of a home over its socket. Connects with the first call, starting the daemon
/// when none runs, and again when the connection has ended. For one thread at a time.
public final class SocketCaller implements Caller {

    /// A daemon that is ending refuses a request at most this often before we give up.
    private static final int ATTEMPTS = 20;

    /// What a daemon is given to keep the time limit of a query itself, in milliseconds: its answer
    /// says more than ours.
    private static final long GRACE_MILLIS = 1_000;

    private final Callers.Reach reach;
    private final Connector connector;
    private final Watchdog watchdog;
    private @Nullable Wire wire;
    private long lastId;

    public SocketCaller(Home home, Callers.Reach reach, Callers.Words words, Starter starter) {
        this.reach = reach;
        this.watchdog = new Watchdog();
        this.connector = new Connector(home, reach, words, starter, watchdog);
    }

    @Override
    @SuppressWarnings("unchecked") // the daemon closes with what the request names
    public <R extends Response.Closing> R call(Request<R> request, Listener listener)
            throws InterruptedException {
        boolean stop = request instanceof Request.Stop;
        for (int attempt = 1; ; attempt++) {
            Wire connected = wire;
            if (connected == null) {
                connected = stop ? connector.connectToStop() : connector.connect();
                wire = connected;
            }
            Attempt one = new Attempt(connected, ++lastId, request, listener);
            Response.Closing answer = guarded(one);
            if (stop && !(answer instanceof Response.Failure)) {
                one.awaitEnd();
                close();
                return (R) new Response.Done();
            }
            if (answer instanceof Response.Failure failure) {
                throw new SovereignException(failure.diagnostics());
            }
            if (answer != null) {
                return (R) answer;
            }
            // the daemon is ending and has not begun with it: the next one will
            close();
            if (attempt == ATTEMPTS) {
                throw new SovereignException(
                        ConnectError.NO_ANSWER,
                        "the daemon ended " + ATTEMPTS + " times before it answered",
                        "another program may be stopping it; see `sovereign daemon logs`");
            }
        }
    }

    /// Null when the request was certainly not begun.
    private Response.@Nullable Closing guarded(Attempt one) throws InterruptedException {
        Long timeout = reach.timeoutMillis();
        Response.Closing answer = null;
        IOException broke = null;
        boolean ended = false;
        boolean expired = false;
        try {
            if (timeout != null) {
                watchdog.arm(one.keepsTime() ? timeout + GRACE_MILLIS : timeout);
            }
            answer = one.run();
            ended = true;
        } catch (IOException broken) {
            broke = broken;
        } finally {
            if (timeout != null) {
                expired = watchdog.disarm();
            }
            if (!ended) {
                close(); // also when the listener threw: the daemon cancels what nobody reads
            }
        }
        return broke == null ? answer : explained(one, broke, expired);
    }

    private Response.@Nullable Closing explained(Attempt one, IOException broke, boolean expired)
            throws InterruptedException {
        if (expired) {
            throw new SovereignException(
                    ConnectError.TIMEOUT,
                    "no answer within " + reach.timeoutMillis() + " ms; the request was cancelled",
                    "allow more with --timeout");
        }
        if (broke instanceof ClosedByInterruptException) {
            Thread.interrupted();
            throw new InterruptedException();
        }
        if (broke instanceof ProtocolException wrong) {
            throw new SovereignException(List.of(wrong.diagnostic()));
        }
        if (one.mayRepeat()) {
            return null;
        }
        throw new SovereignException(
                ConnectError.LOST,
                "the daemon ended before it answered" + one.doubt(),
                "see `sovereign daemon logs`; the next command starts it again",
                broke);
    }

    @Override
    public void close() {
        Wire open = wire;
        wire = null;
        if (open != null) {
            open.close();
        }
    }

    /// One request on one connection.
    private static final class Attempt {

        private final Wire wire;
        private final long id;
        private final Request<?> request;
        private final Listener listener;
        private boolean heard;

        Attempt(Wire wire, long id, Request<?> request, Listener listener) {
            this.wire = wire;
            this.id = id;
            this.request = request;
            this.listener = listener;
        }

        /// Null when the daemon refused because it is ending.
        Response.@Nullable Closing run() throws IOException {
            try {
                wire.send(new Message.Ask(id, request));
            } catch (ClosedByInterruptException | ProtocolException ours) {
                throw ours;
            } catch (IOException closed) {
                return lastWord(closed);
            }
            try (Uploads uploads = new Uploads(id, wire, listener)) {
                while (true) {
                    if (uploads.advance()) {
                        continue; // the credit ends soon, and the daemon reads all the while
                    }
                    Message.FromNode message = wire.receive();
                    if (message == null) {
                        throw new IOException("the connection ended");
                    }
                    if (message instanceof Message.Bye) {
                        return null;
                    }
                    if (message instanceof Message.Broken broken) {
                        throw new SovereignException(broken.diagnostics());
                    }
                    Response.Closing closing = received(message, uploads);
                    if (closing != null) {
                        return isStopping(closing) ? null : closing;
                    }
                }
            }
        }

        private Response.@Nullable Closing received(Message.FromNode message, Uploads uploads)
                throws IOException {
            if (message instanceof Message.Answer answer && answer.id() == id) {
                Response response = answer.response();
                if (response instanceof Response.Closing closing) {
                    return closing;
                }
                heard = true;
                if (response instanceof Response.Wanted wanted) {
                    uploads.wanted(wanted);
                } else {
                    deliver(response);
                }
            } else if (message instanceof Message.Credit credit) {
                uploads.credit(credit);
            } else if (message instanceof Message.FileClose close) {
                uploads.closed(close.handle());
            }
            return null;
        }

        /// A daemon that closes says why before it does.
        private Response.@Nullable Closing lastWord(IOException closed) throws IOException {
            Message.FromNode message = wire.receive();
            if (message instanceof Message.Bye) {
                return null;
            }
            if (message instanceof Message.Broken broken) {
                throw new SovereignException(broken.diagnostics());
            }
            throw closed;
        }

        private boolean isStopping(Response.Closing closing) {
            return !heard
                    && closing instanceof Response.Failure failure
                    && failure.diagnostics().get(0).code().equals("daemon.stopping");
        }

        /// Waits until a daemon that was told to stop has closed everything.
        void awaitEnd() {
            try {
                Message.FromNode said;
                do {
                    said = wire.receive();
                } while (said != null);
            } catch (IOException ended) {
                // as it should
            }
        }

        private void deliver(Response response) {
            if (response instanceof Response.Rows rows) {
                listener.rows(rows);
            } else if (response instanceof Response.Columns columns) {
                listener.columns(columns);
            } else if (response instanceof Response.ProofSteps steps) {
                listener.proofSteps(steps);
            } else if (response instanceof Response.Chunk chunk) {
                listener.chunk(chunk);
            } else if (response instanceof Response.Text text) {
                listener.text(text);
            } else if (response instanceof Response.Note note) {
                listener.note(note);
            } else if (response instanceof Response.Progress progress) {
                listener.progress(progress);
            }
        }

        /// Whether the daemon bounds the time of this request itself.
        boolean keepsTime() {
            return (request instanceof Request.Query query && query.limits().timeMillis() != null)
                    || (request instanceof Request.Why why && why.limits().timeMillis() != null)
                    || (request instanceof Request.WhyNot not && not.limits().timeMillis() != null);
        }

        /// Whether asking again cannot do twice what should be done once.
        boolean mayRepeat() {
            return !heard && !changes();
        }

        String doubt() {
            return changes() ? "; whether it did what was asked is shown by `sovereign log`" : "";
        }

        private boolean changes() {
            return request instanceof Request.Assert
                    || request instanceof Request.Retract
                    || request instanceof Request.Import
                    || request instanceof Request.RulesAdd
                    || request instanceof Request.RulesRemove
                    || request instanceof Request.StoreRestore
                    || request instanceof Request.StoreEncrypt
                    || request instanceof Request.StoreDecrypt
                    || request instanceof Request.StoreRekey
                    || request instanceof Request.StoreCompact
                    || request instanceof Request.Stop;
        }
    }
}
