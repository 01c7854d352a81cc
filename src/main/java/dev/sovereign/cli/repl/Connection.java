package dev.sovereign.cli.repl;

import dev.sovereign.cli.Caller;
import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Lexis;
import dev.sovereign.cli.Listener;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;

/// The one connection that everything typed at a prompt goes over. Commands get it as their
/// [Callers]: closing it does nothing, the rules of the session go along with every question, and a
/// daemon that has died in between is replaced without losing the input.
///
/// `lock` is held by whoever has a request under way; it guards `shared`, `daemonPid`.
final class Connection implements Callers, AutoCloseable {

    /// The daemon ended while it was asked.
    private static final String LOST = "daemon.lost";

    private final Callers origin;
    private final Reach reach;
    private final Words words;
    private final Session session;
    private final ReentrantLock lock = new ReentrantLock();
    private @Nullable Caller shared;
    private String daemonPid = "";
    private final AtomicLong changes = new AtomicLong();
    private @Nullable Placing placing;

    /// @param words receives what connecting has to say, one line at a time
    Connection(Callers origin, Reach reach, Words words, Session session) {
        this.origin = origin;
        this.reach = reach;
        this.words = words;
        this.session = session;
    }

    /// Grows with everything done here that may change which relations there are.
    long changes() {
        return changes.get();
    }

    void changed() {
        changes.incrementAndGet();
    }

    Home home() {
        return origin.home(reach);
    }

    /// Sends one request over the shared connection.
    <R extends Response.Closing> R call(Request<R> request, Listener listener)
            throws InterruptedException {
        lock.lockInterruptibly();
        try {
            R answer = repeated(request, listener);
            if (changesRelations(request)) {
                changed();
            }
            noticeNewDaemon();
            return answer;
        } finally {
            lock.unlock();
        }
    }

    /// A daemon that died since the last request is noticed by the next one only when that is
    /// already on its way. Facts and rules may be sent again all the same: the second time changes
    /// nothing that the first has done.
    private <R extends Response.Closing> R repeated(Request<R> request, Listener listener)
            throws InterruptedException {
        try {
            return caller().call(request, listener);
        } catch (SovereignException refused) {
            boolean lost = refused.first().code().equals(LOST);
            if (!lost || !isRepeatable(request)) {
                throw refused;
            }
            return caller().call(request, listener);
        }
    }

    private static boolean isRepeatable(Request<?> request) {
        return request instanceof Request.Assert
                || request instanceof Request.Retract
                || request instanceof Request.RulesAdd;
    }

    private static boolean changesRelations(Request<?> request) {
        return request instanceof Request.Assert
                || request instanceof Request.Retract
                || request instanceof Request.Import
                || request instanceof Request.RulesAdd
                || request instanceof Request.RulesRemove
                || request instanceof Request.StoreRestore;
    }

    private Caller caller() {
        Caller open = shared;
        if (open == null) {
            open = origin.daemon(reach, words);
            shared = open;
        }
        return open;
    }

    /// The file that a daemon holds locked begins with its pid.
    private void noticeNewDaemon() {
        String pid = "";
        try (var lines = Files.newBufferedReader(home().lockFile())) {
            String first = lines.readLine();
            pid = first == null ? "" : first;
        } catch (IOException none) {
            return;
        }
        if (!daemonPid.isEmpty() && !pid.isEmpty() && !pid.equals(daemonPid)) {
            words.say("the daemon had ended; a new one answers (process " + pid + ")");
        }
        daemonPid = pid;
    }

    /// The shared connection, unless a command asks for another home or a bound of its own.
    @Override
    public Caller daemon(Reach asked, Words said) {
        boolean same =
                asked.timeoutMillis() == null
                        && (asked.home() == null || asked.home().equals(reach.home()));
        return new View(same ? null : origin.daemon(inHome(asked), said));
    }

    /// A command that names no home means the one of this prompt.
    private Reach inHome(Reach asked) {
        return asked.home() != null
                ? asked
                : new Reach(reach.home(), asked.mayStart(), asked.timeoutMillis());
    }

    @Override
    public Caller local(Reach asked) {
        return origin.local(inHome(asked));
    }

    @Override
    public Lexis lexis() {
        return origin.lexis();
    }

    @Override
    public Home home(Reach asked) {
        return origin.home(inHome(asked));
    }

    @Override
    public Installation installation(Reach asked) {
        return origin.installation(inHome(asked));
    }

    @Override
    public String daemonOptions(Reach asked) {
        return origin.daemonOptions(inHome(asked));
    }

    @Override
    public int runDaemon(Reach asked, @Nullable Long idle, Words said) {
        throw new SovereignException(
                ReplError.NOT_HERE, "a daemon in the foreground needs a terminal of its own");
    }

    @Override
    public void close() {
        Caller open = shared;
        shared = null;
        if (open != null) {
            open.close();
        }
    }

    /// Puts what is said about a text into the place where it was typed.
    interface Placing {
        Diagnostic note(Diagnostic note);

        SovereignException failure(SovereignException failure);
    }

    /// Until it is set to null again, what commands are told goes through `asTyped`.
    void place(@Nullable Placing asTyped) {
        placing = asTyped;
    }

    /// What one command sees.
    private final class View implements Caller {

        private final @Nullable Caller own;

        View(@Nullable Caller own) {
            this.own = own;
        }

        @Override
        public <R extends Response.Closing> R call(Request<R> request, Listener listener)
                throws InterruptedException {
            Request<R> complete = withSession(request);
            Caller other = own;
            Placing asTyped = placing;
            Listener heard = asTyped == null ? listener : new Placed(listener, asTyped);
            try {
                return other != null
                        ? other.call(complete, heard)
                        : Connection.this.call(complete, heard);
            } catch (SovereignException failure) {
                throw asTyped == null ? failure : asTyped.failure(failure);
            }
        }

        @Override
        public void close() {
            Caller other = own;
            if (other != null) {
                other.close();
            }
        }
    }

    @SuppressWarnings("unchecked") // a question stays a question
    private <R extends Response.Closing> Request<R> withSession(Request<R> request) {
        List<Request.Program> programs = new ArrayList<>(session.programs());
        if (programs.isEmpty()) {
            return request;
        }
        if (request instanceof Request.Why why) {
            programs.addAll(why.programs());
            return (Request<R>)
                    new Request.Why(
                            why.text(),
                            programs,
                            why.asOf(),
                            why.depth(),
                            why.all(),
                            why.rowLimit(),
                            why.limits());
        }
        if (request instanceof Request.WhyNot why) {
            programs.addAll(why.programs());
            return (Request<R>) new Request.WhyNot(why.text(), programs, why.asOf(), why.limits());
        }
        if (!(request instanceof Request.Query query)) {
            return request;
        }
        programs.addAll(query.programs());
        return (Request<R>)
                new Request.Query(
                        query.text(),
                        programs,
                        query.asOf(),
                        query.rowLimit(),
                        query.explainPlan(),
                        query.limits());
    }

    /// Passes everything on, and puts the places of notes right.
    private record Placed(Listener listener, Placing placing) implements Listener {
        @Override
        public void columns(Response.Columns columns) {
            listener.columns(columns);
        }

        @Override
        public void rows(Response.Rows rows) {
            listener.rows(rows);
        }

        @Override
        public void proofSteps(Response.ProofSteps steps) {
            listener.proofSteps(steps);
        }

        @Override
        public void chunk(Response.Chunk chunk) {
            listener.chunk(chunk);
        }

        @Override
        public void text(Response.Text text) {
            listener.text(text);
        }

        @Override
        public void note(Response.Note note) {
            listener.note(new Response.Note(placing.note(note.diagnostic())));
        }

        @Override
        public void progress(Response.Progress progress) {
            listener.progress(progress);
        }

        @Override
        public InputStream open(Response.Wanted wanted) throws IOException {
            return listener.open(wanted);
        }
    }
}
