package dev.sovereign.node;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.finance.Awaited;
import dev.sovereign.finance.FinanceLimits;
import dev.sovereign.finance.Hash;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.LicenseRule;
import dev.sovereign.finance.MalformedException;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.ProofFile;
import dev.sovereign.finance.Verdict;
import dev.sovereign.finance.electrum.ElectrumClient;
import dev.sovereign.finance.electrum.ElectrumServer;
import dev.sovereign.finance.electrum.Pins;
import dev.sovereign.finance.net.Dialer;
import dev.sovereign.finance.net.Endpoint;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;
import dev.sovereign.finance.sync.LicenseSync;
import dev.sovereign.finance.sync.Lookup;
import dev.sovereign.finance.sync.Progress;
import dev.sovereign.finance.sync.SourceReport;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.node.config.Key;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/// The half of the licenses that asks others: only those whom the configuration names, and only
/// while there is something to learn. With nobody named it opens no socket.
///
/// A request for activation looks on a thread of its own, which a cancelled request leaves to its
/// end; nobody who looks is interrupted. One more thread watches, while the license is not buried
/// under [FinanceLimits#COINBASE_CONFIRMATIONS] blocks.
final class LicenseOnline implements AutoCloseable {

    /// Milliseconds after which sources are asked again although none said anything: a server may
    /// have hidden a transaction, or a connection may have broken.
    private static final long AGAIN_MILLIS = 60_000;

    /// Steps of progress that may wait for a caller who reads slowly; what does not fit is left
    /// out.
    private static final int PROGRESS = 16;

    /// What the watch and an activation look for, and with what.
    ///
    /// @param keep stores a proof and judges it
    record Desk(LicenseRule rule, HeaderChain chain, Path folder, Keep keep) {}

    /// Stores a proof that was reached here.
    interface Keep {
        void proof(ProofFile proof) throws IOException;
    }

    /// What the licenses know now, for the watch.
    interface Known {
        /// The stored proof; null when there is none.
        @Nullable ProofFile proof() throws IOException;

        /// What it is worth; null when there is none.
        @Nullable Verdict verdict();

        /// What to look with.
        ///
        /// @throws SovereignException while the configuration does not say it
        Desk desk() throws IOException;

        Configuration configuration();
    }

    /// What decides whether connections can stay.
    private record Whom(
            Network network,
            @Nullable String electrum,
            @Nullable String peers,
            @Nullable String proxy) {
        static Whom of(Network network, Configuration configuration) {
            return new Whom(
                    network,
                    configuration.text(Key.LICENSE_ELECTRUM),
                    configuration.text(Key.LICENSE_PEERS),
                    configuration.text(Key.LICENSE_PROXY));
        }
    }

    private final Known known;
    private final Log log;

    /// Guards the fields below.
    private final Object lock = new Object();

    private @Nullable Whom whom;
    private @Nullable HeaderChain of;
    private @Nullable LicenseSync sync;

    private @Nullable Thread watch;
    private boolean closed;

    LicenseOnline(Known known, Log log) {
        this.known = known;
        this.log = log;
    }

    /// The sources of the configuration as it is now.
    ///
    /// @throws SovereignException when one of them is no address
    private LicenseSync sync(Desk desk, Configuration configuration) {
        Whom now = Whom.of(desk.chain().network(), configuration);
        synchronized (lock) {
            LicenseSync open = sync;
            if (open != null && now.equals(whom) && of == desk.chain()) {
                return open;
            }
            if (open != null) {
                open.close();
            }
            open = opened(desk, now);
            sync = open;
            whom = now;
            of = desk.chain();
            return open;
        }
    }

    private static LicenseSync opened(Desk desk, Whom whom) {
        try {
            Dialer dialer = new Dialer(whom.proxy() == null ? null : Endpoint.parse(whom.proxy()));
            List<ElectrumServer> servers = new ArrayList<>();
            for (String server : words(whom.electrum())) {
                servers.add(ElectrumServer.parse(server));
            }
            List<Endpoint> peers = words(whom.peers()).stream().map(Endpoint::parse).toList();
            return new LicenseSync(
                    desk.chain(),
                    new ElectrumClient(
                            desk.chain().network(),
                            dialer,
                            new Pins(desk.folder().resolve("electrum.pins"))),
                    servers,
                    dialer,
                    peers,
                    Clock.systemUTC());
        } catch (ServerException wrong) {
            throw refusal(wrong);
        } catch (IllegalArgumentException wrong) {
            throw new SovereignException(
                    ServerError.ADDRESS,
                    "in the configuration " + wrong.getMessage(),
                    "`sovereign config list` shows license.electrum, license.peers and"
                            + " license.proxy");
        }
    }

    private static List<String> words(@Nullable String list) {
        return list == null || list.isBlank()
                ? List.of()
                : List.of(list.split(",", -1)).stream().map(String::strip).toList();
    }

    private static SovereignException refusal(ServerException why) {
        return new SovereignException(why.error(), why.words(), why.hint(), why);
    }

    /// Looks for a payment and tells how it goes, until the request is answered.
    ///
    /// @return the last verdict reached
    Verdict activate(Request.LicenseActivate request, Exchange exchange)
            throws IOException, InterruptedException {
        Desk desk = known.desk();
        LicenseSync sources = sync(desk, known.configuration());
        if (sources.isOffline()) {
            throw new SovereignException(
                    ServerError.NOBODY,
                    "no server and no peer is configured, so nobody is asked",
                    "`sovereign config set license.electrum HOST:PORT`; two of different operators"
                            + " are better than one");
        }
        int height = request.height() == null ? 0 : Math.clamp(request.height(), 0, MOST);
        exchange.onCancel(sources::wake);
        Hash txid = request.txid() == null ? null : txid(request.txid());
        Set<String> said = new HashSet<>();
        while (true) {
            long heard = sources.heard();
            if (txid == null) {
                txid = found(sources, desk.rule());
            }
            Lookup look =
                    txid == null
                            ? sources.headers(Progress.NONE)
                            : looked(sources, desk, txid, height, exchange);
            tell(look, said, exchange);
            keep(look, desk, txid, height);
            boolean done =
                    switch (look.verdict()) {
                        case Verdict.Valid _, Verdict.NoMatch _ -> true;
                        case Verdict.Pending pending -> {
                            exchange.send(
                                    new Response.Progress(
                                            pending.isInMempool()
                                                    ? "waiting for a block"
                                                    : "confirmations",
                                            pending.have(),
                                            pending.need(),
                                            "blocks"));
                            yield false;
                        }
                        case Verdict.NotFound _ -> {
                            exchange.send(
                                    new Response.Progress(
                                            "waiting for the transaction", 0, 0, "blocks"));
                            yield false;
                        }
                        // nobody could be asked the first time: say so at once
                        case Verdict.Unverifiable _ -> txid == null || said.add("asked");
                    };
            said.add("asked");
            if (done || !request.follow()) {
                return look.verdict();
            }
            sources.awaitNews(heard, AGAIN_MILLIS);
            if (exchange.cancelled()) {
                throw new InterruptedException("cancelled");
            }
        }
    }

    private static final int MOST = Integer.MAX_VALUE;

    private static Hash txid(String text) {
        try {
            return Hash.ofShown(text.strip().toLowerCase(java.util.Locale.ROOT));
        } catch (IllegalArgumentException wrong) {
            throw new SovereignException(
                    NodeError.TXID,
                    "what should be a txid is not 64 hex digits",
                    "the wallet that paid shows it");
        }
    }

    private static @Nullable Hash found(LicenseSync sources, LicenseRule rule)
            throws IOException, InterruptedException {
        try {
            Set<Hash> found = sources.search(rule);
            return found.isEmpty() ? null : found.iterator().next();
        } catch (ServerException why) {
            throw refusal(why);
        }
    }

    /// Looks on another thread and tells the caller how many headers there are meanwhile.
    private static Lookup looked(
            LicenseSync sources, Desk desk, Hash txid, int height, Exchange exchange)
            throws IOException, InterruptedException {
        BlockingQueue<Object> events = new LinkedBlockingQueue<>();
        Thread.ofVirtual()
                .name("license-look")
                .start(() -> {
                    Object outcome;
                    try {
                        outcome =
                                sources.look(
                                        desk.rule(),
                                        txid,
                                        height,
                                        (done, total) -> step(events, done, total));
                    } catch (IOException | InterruptedException | RuntimeException e) {
                        outcome = e;
                    }
                    events.add(outcome);
                });
        exchange.onCancel(() -> events.add(new InterruptedException("cancelled")));
        while (true) {
            switch (events.take()) {
                case Response.Progress progress -> exchange.send(progress);
                case Lookup look -> {
                    return look;
                }
                case IOException broke -> throw broke;
                case InterruptedException cancelled -> throw cancelled;
                case RuntimeException bug -> throw bug;
                case Object never -> throw new IllegalStateException(never.toString());
            }
        }
    }

    private static void step(BlockingQueue<Object> events, int done, int total) {
        if (events.size() < PROGRESS) {
            events.add(new Response.Progress("headers", done, total, "blocks"));
        }
    }

    /// Says once what is wrong with each source.
    private static void tell(Lookup look, Set<String> said, Exchange exchange)
            throws InterruptedException {
        for (SourceReport report : look.sources()) {
            if (report.words().isEmpty() || !said.add(report.source() + report.words())) {
                continue;
            }
            ServerError code =
                    switch (report.standing()) {
                        case LIED -> ServerError.FAULT;
                        case FAILED -> ServerError.UNREACHABLE;
                        case AGREES -> ServerError.REFUSAL;
                        case BEHIND, OTHER_BRANCH -> ServerError.DISAGREES;
                    };
            note(exchange, code, report.code(), report.source() + ": " + report.words());
        }
        for (String warning : look.warnings()) {
            if (said.add(warning)) {
                note(exchange, ServerError.DISAGREES, null, warning);
            }
        }
    }

    private static void note(
            Exchange exchange, ServerError code, @Nullable String exact, String words)
            throws InterruptedException {
        exchange.send(
                new Response.Note(
                        new Diagnostic(
                                Diagnostic.Severity.WARNING,
                                exact == null ? code.code() : exact,
                                code.kind(),
                                words,
                                null,
                                null,
                                List.of())));
    }

    /// Stores what was proven, and lets the watch go on with what was not yet.
    private void keep(Lookup look, Desk desk, @Nullable Hash txid, int height) throws IOException {
        if (look.proof() != null) {
            desk.keep().proof(look.proof());
            forget(desk, txid);
        } else if (look.verdict() instanceof Verdict.Pending
                || look.verdict() instanceof Verdict.NotFound) {
            if (txid != null) {
                awaited(desk).save(new Awaited.Payment(txid, height));
            }
        } else if (look.verdict() instanceof Verdict.NoMatch) {
            forget(desk, txid);
        }
        watch();
    }

    /// Where it stands which transaction is awaited: not in memory, so that a restart changes
    /// nothing.
    private static Awaited awaited(Desk desk) {
        return new Awaited(desk.folder(), desk.chain().network());
    }

    private Awaited.@Nullable Payment wanted(Desk desk) throws IOException {
        try {
            return awaited(desk).load();
        } catch (MalformedException wrong) {
            log.error("licenses: what is awaited cannot be read, and is forgotten", wrong);
            awaited(desk).clear();
            return null;
        }
    }

    private void forget(Desk desk, @Nullable Hash txid) throws IOException {
        Awaited.Payment wanted = wanted(desk);
        if (wanted != null && wanted.txid().equals(txid)) {
            awaited(desk).clear();
        }
    }

    /// Watches from now on, if there is anything to watch and anybody to ask.
    void watch() {
        synchronized (lock) {
            if (watch == null && !closed) {
                watch = Thread.ofVirtual().name("license-watch").start(this::watchOn);
            }
        }
    }

    /// What goes wrong ends one look, not the watch: the disk, a server or the configuration may be
    /// mended meanwhile.
    private void watchOn() {
        String fault = "";
        try {
            boolean more = true;
            while (more && isWatching()) {
                try {
                    more = watchOnce();
                    fault = "";
                } catch (IOException | RuntimeException broke) {
                    if (!fault.equals(broke.toString())) { // a fault that stays is said once
                        fault = broke.toString();
                        log.error("licenses: the watch could not look, and tries again", broke);
                    }
                    pause();
                }
            }
        } catch (InterruptedException never) {
            // nobody interrupts this thread: it may be writing the header store
            Thread.currentThread().interrupt();
        } finally {
            synchronized (lock) {
                watch = null;
            }
        }
    }

    /// @return false when there is nothing to watch, or nobody to ask
    private boolean watchOnce() throws IOException, InterruptedException {
        Desk desk = known.desk();
        LicenseSync sources = sync(desk, known.configuration());
        Hash txid = open(desk);
        if (txid == null || sources.isOffline()) {
            return false;
        }
        long heard = sources.heard();
        lookOnce(sources, desk, txid);
        sources.awaitNews(heard, AGAIN_MILLIS);
        return true;
    }

    /// Until the next try, or until closed.
    private void pause() throws InterruptedException {
        long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(AGAIN_MILLIS);
        synchronized (lock) {
            for (long left = AGAIN_MILLIS; left > 0 && !closed; ) {
                lock.wait(left);
                left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime());
            }
        }
    }

    private boolean isWatching() {
        synchronized (lock) {
            return !closed;
        }
    }

    /// What is still open: a wanted transaction, or a license that is not buried deep; null when
    /// nothing is.
    private @Nullable Hash open(Desk desk) throws IOException {
        Awaited.Payment wanted = wanted(desk);
        if (wanted != null) {
            return wanted.txid();
        }
        ProofFile proof = known.proof();
        if (proof == null) {
            return null;
        }
        if (known.verdict() instanceof Verdict.Valid valid
                && valid.confirmations() >= FinanceLimits.COINBASE_CONFIRMATIONS) {
            return null;
        }
        return desk.rule().judge(proof.raw()).txid();
    }

    private void lookOnce(LicenseSync sources, Desk desk, Hash txid)
            throws IOException, InterruptedException {
        Awaited.Payment wanted = wanted(desk);
        int height = wanted != null && wanted.txid().equals(txid) ? wanted.height() : 0;
        Lookup look = sources.look(desk.rule(), txid, height, Progress.NONE);
        for (SourceReport report : look.sources()) {
            if (!report.isCompared()) {
                log.info("licenses: " + report.source() + ": " + report.words());
            }
        }
        if (look.proof() != null) {
            desk.keep().proof(look.proof());
            forget(desk, txid);
        }
    }

    /// Ends the watch and all connections.
    @Override
    public void close() {
        LicenseSync open;
        Thread watching;
        synchronized (lock) {
            closed = true;
            lock.notifyAll();
            open = sync;
            watching = watch;
        }
        if (open != null) {
            open.close();
            open.wake();
        }
        boolean interrupted = false;
        while (watching != null && watching.isAlive()) {
            try {
                watching.join();
            } catch (InterruptedException later) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
