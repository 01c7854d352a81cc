package dev.sovereign.node;

import dev.sovereign.core.SystemRelation;
import dev.sovereign.error.SovereignException;
import dev.sovereign.finance.Acceptance;
import dev.sovereign.finance.Checkpoints;
import dev.sovereign.finance.HeaderStore;
import dev.sovereign.finance.LicenseError;
import dev.sovereign.finance.LicenseRule;
import dev.sovereign.finance.LicenseVerifier;
import dev.sovereign.finance.MalformedException;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.ProofCache;
import dev.sovereign.finance.ProofFile;
import dev.sovereign.finance.ProofJson;
import dev.sovereign.finance.Step;
import dev.sovereign.finance.Verdict;
import dev.sovereign.node.actor.Supervised;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.node.config.Key;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.function.Consumer;

/// The license of this node as a supervised actor: holds the header store, judges the stored proof
/// anew at each start and whenever the chain changes, and says what it is. Opens no socket:
/// [LicenseOnline] does, for those whom the configuration names.
///
/// Off while neither a price is configured nor a proof is stored; a request looks at the
/// configuration again, so that nobody has to restart the daemon.
final class Licenses implements AutoCloseable {

    private static final int MAILBOX = 16;

    /// Bytes of a proof file in one frame.
    private static final int CHUNK_BYTES = 64 * 1024;

    /// What the actor hears.
    private enum Message {
        /// The chain has grown or changed.
        CHAIN,
        /// Somebody changed the configuration: open again.
        AGAIN
    }

    private final Home home;
    private final Log log;
    private final LicenseOnline online;

    /// Held while a store is opened, loaded or closed: may take as long as the disk does. Taken
    /// before `lock`, never after it.
    private final Object opening = new Object();

    private final Object lock = new Object();

    /// Guarded by `lock`, like the fields below.
    private @Nullable Supervised<Message> actor;

    private @Nullable Open open;
    private @Nullable Verdict verdict;
    private Network network = Network.MAINNET;

    /// @param rule the terms, and the machine
    private record Open(
            Terms terms,
            LicenseRule rule,
            HeaderStore store,
            LicenseVerifier verifier,
            ProofCache cache) {}

    /// What decides whether a store has to be opened again.
    private record Terms(
            Network network, String address, long sats, int confirmations, String payload) {
        static Terms of(LicenseRule rule) {
            return new Terms(
                    rule.terms().network(),
                    rule.terms().address().toString(),
                    rule.terms().requiredSats(),
                    rule.terms().minConfirmations(),
                    rule.payload().hex());
        }
    }

    Licenses(Home home, Configuration configuration, Log log) {
        this.home = home;
        this.log = log;
        this.online = new LicenseOnline(new Known(), log);
        LicenseSettings settings = new LicenseSettings(configuration);
        try {
            network = settings.network(null);
            if (settings.areSet()) {
                begin();
            }
        } catch (SovereignException refused) {
            // said by each request for a license; the node does not fail for it
            log.error("licenses: the configuration is refused", refused);
        }
    }

    private void begin() {
        synchronized (lock) {
            if (actor == null) {
                actor =
                        Supervised.start(
                                "licenses",
                                MAILBOX,
                                Supervised.Policy.USUAL,
                                this::start,
                                (name, failure, givenUp) ->
                                        log.error(
                                                name
                                                        + (givenUp
                                                                ? " failed, given up"
                                                                : " failed, starting again"),
                                                failure));
            }
        }
    }

    /// On the actor's thread.
    @SuppressWarnings("ReferenceEquality") // whether it was opened again, not whether it is alike
    private Supervised.Behavior<Message> start() throws IOException {
        Open opened = open();
        opened.store().chain().watch(change -> notice(change, opened));
        long before = System.nanoTime();
        judge(opened, Step.Trail.NONE);
        log.info(
                "licenses: "
                        + word()
                        + " after "
                        + (System.nanoTime() - before) / 1_000_000
                        + " ms, headers up to "
                        + opened.store().chain().tip().height());
        online.watch();
        return new Supervised.Behavior<>() {
            @Override
            public boolean receive(Message message) throws IOException {
                Open current = open();
                if (message == Message.CHAIN || current != opened) {
                    judge(current, Step.Trail.NONE);
                }
                return true;
            }

            @Override
            public void close() {
                shut();
            }
        };
    }

    @SuppressWarnings("ReferenceEquality") // a watcher of a store that was closed stays silent
    private void notice(Acceptance change, Open opened) {
        if (change instanceof Acceptance.Reorganized reorganized) {
            log.info(
                    "licenses: reorganization of "
                            + reorganized.dropped().size()
                            + " blocks after "
                            + reorganized.fork()
                            + "; tip was "
                            + reorganized.before().hash()
                            + ", is "
                            + reorganized.tip().hash());
        }
        synchronized (lock) {
            Open current = open;
            boolean isOurs = current != null && current.store() == opened.store();
            if (isOurs && actor != null && !actor.offer(Message.CHAIN)) {
                log.info("licenses: busy; the chain is looked at again with the next change");
            }
        }
    }

    /// Opens what the configuration asks for; what is open already stays.
    private Open open() throws IOException {
        synchronized (opening) {
            return openNow();
        }
    }

    private Open openNow() throws IOException {
        LicenseSettings settings = new LicenseSettings(Configuration.load(home.configFile()));
        LicenseRule rule = settings.rule(Request.LicenseTerms.CONFIGURED);
        Terms terms = Terms.of(rule);
        Open current;
        synchronized (lock) {
            current = open;
        }
        if (current != null && current.terms().equals(terms)) {
            return current;
        }
        Network wanted = terms.network();
        Path folder = LicenseSettings.folder(home);
        HeaderStore store;
        if (current != null && current.terms().network() == wanted) {
            store = current.store();
        } else {
            shut();
            store = HeaderStore.open(folder, wanted, Checkpoints.of(wanted), Clock.systemUTC());
            if (store.droppedBytes() > 0) {
                log.info(
                        "licenses: "
                                + store.droppedBytes()
                                + " bytes after the last good header were cut off");
            }
        }
        Open opened =
                new Open(
                        terms,
                        rule,
                        store,
                        new LicenseVerifier(rule, store.chain()),
                        new ProofCache(folder, wanted));
        synchronized (lock) {
            open = opened;
            network = wanted;
        }
        return opened;
    }

    private void shut() {
        synchronized (opening) {
            Open current;
            synchronized (lock) {
                current = open;
                open = null;
            }
            if (current != null) {
                try {
                    current.store().close();
                } catch (IOException broke) {
                    log.error("licenses: the header store does not close", broke);
                }
            }
        }
    }

    /// @return null when no proof is stored
    private @Nullable Verdict judge(Open opened, Step.Trail trail) throws IOException {
        Verdict now;
        try {
            ProofFile proof = opened.cache().load();
            now = proof == null ? null : opened.verifier().verifyKept(proof, trail);
        } catch (MalformedException wrong) {
            now =
                    new Verdict.Unverifiable(
                            Verdict.Cause.MALFORMED,
                            opened.cache().file() + ": " + wrong.getMessage());
        }
        Verdict before;
        synchronized (lock) {
            before = verdict;
            verdict = now;
        }
        if (now != null && before != null && !now.word().equals(before.word())) {
            log.info("licenses: was " + before.word() + ", is " + now.word());
        }
        return now;
    }

    /// Answers what is asked of licenses; on the request's own thread.
    Response.Closing handle(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException {
        return switch (request) {
            case Request.LicenseStatus status -> status(status.explain());
            case Request.LicenseImport given -> take(given.file(), exchange);
            case Request.LicenseExport _ -> export(exchange);
            case Request.LicenseActivate activation -> activate(activation, exchange);
            default -> throw new IllegalArgumentException("no request for licenses");
        };
    }

    private Response.LicenseVerdict activate(Request.LicenseActivate activation, Exchange exchange)
            throws IOException, InterruptedException {
        Network of = need().terms().network();
        return LicenseAnswers.verdict(online.activate(activation, exchange), of, List.of());
    }

    /// What the online half asks of this one.
    private final class Known implements LicenseOnline.Known {
        @Override
        public @Nullable ProofFile proof() throws IOException {
            return need().cache().load();
        }

        @Override
        public @Nullable Verdict verdict() {
            synchronized (lock) {
                return verdict;
            }
        }

        @Override
        public LicenseOnline.Desk desk() throws IOException {
            Open opened = need();
            return new LicenseOnline.Desk(
                    opened.rule(),
                    opened.store().chain(),
                    LicenseSettings.folder(home),
                    proof -> {
                        opened.cache().save(proof);
                        judge(opened, Step.Trail.NONE);
                    });
        }

        @Override
        public Configuration configuration() {
            return Configuration.load(home.configFile());
        }
    }

    private Open need() throws IOException {
        begin();
        return open();
    }

    private Response.LicenseVerdict status(boolean explain) throws IOException {
        LicenseSettings settings = new LicenseSettings(Configuration.load(home.configFile()));
        if (!settings.areSet()) {
            return LicenseAnswers.none(settings.network(null));
        }
        Open opened = need();
        LocalLicense.Steps steps = new LocalLicense.Steps(explain);
        Verdict now = judge(opened, steps.trail());
        return now == null
                ? LicenseAnswers.none(opened.terms().network())
                : LicenseAnswers.verdict(now, opened.terms().network(), steps.taken());
    }

    /// Verifies a proof and stores it when it holds.
    private Response.LicenseVerdict take(String file, Exchange exchange)
            throws IOException, InterruptedException {
        Open opened = need();
        Network of = opened.terms().network();
        ProofFile proof;
        try {
            proof = LocalLicense.read(file, exchange);
        } catch (MalformedException wrong) {
            return LicenseAnswers.verdict(
                    new Verdict.Unverifiable(
                            Verdict.Cause.MALFORMED, String.valueOf(wrong.getMessage())),
                    of,
                    List.of());
        }
        Verdict now = opened.verifier().verify(proof);
        switch (now) {
            case Verdict.Valid _, Verdict.Pending _ -> {
                ProofFile brief =
                        opened.verifier().brief(proof.raw(), proof.proof(), proof.coinbase());
                boolean sameBlock =
                        brief != null && brief.block().hash().equals(proof.block().hash());
                opened.cache().save(brief != null && sameBlock ? brief : proof);
                judge(opened, Step.Trail.NONE);
            }
            case Verdict.NoMatch _, Verdict.NotFound _, Verdict.Unverifiable _ -> {}
        }
        return LicenseAnswers.verdict(now, of, List.of());
    }

    private Response.LicenseVerdict export(Exchange exchange)
            throws IOException, InterruptedException {
        Open opened = need();
        ProofFile proof = opened.cache().load();
        if (proof == null) {
            throw new SovereignException(
                    LicenseError.NONE,
                    "no license is stored here",
                    "`sovereign license import FILE` stores one");
        }
        Verdict now = opened.verifier().verifyKept(proof, Step.Trail.NONE);
        ProofFile portable = opened.verifier().portable(proof);
        if (portable == null) {
            throw new SovereignException(
                    LicenseError.STORE,
                    "the headers here do not lead from a checkpoint to the license's block",
                    "`sovereign license activate TXID` fetches them");
        }
        byte[] bytes = ProofJson.write(portable);
        for (int at = 0; at < bytes.length; at += CHUNK_BYTES) {
            exchange.send(
                    new Response.Chunk(
                            java.util.Arrays.copyOfRange(
                                    bytes, at, Math.min(bytes.length, at + CHUNK_BYTES))));
        }
        return LicenseAnswers.verdict(now, opened.terms().network(), List.of());
    }

    /// What the heartbeat shows; never waits for the disk.
    Response.License heartbeat() {
        synchronized (lock) {
            return new Response.License(word(), network.word());
        }
    }

    private String word() {
        synchronized (lock) {
            return verdict == null ? LicenseAnswers.NONE : verdict.word();
        }
    }

    Response.ActorState state() {
        synchronized (lock) {
            return actor == null
                    ? new Response.ActorState("licenses", "off", 0, null)
                    : Knowledge.shown(actor.state());
        }
    }

    /// Why a skill that asks for this payment may not run: the node's own license has to be valid
    /// and to cover it. Null when it may. Asks nobody over a network.
    @Nullable String refusal(String address, long sats, String of) {
        String asked = "it needs a license of " + sats + " sats to " + address + " on " + of;
        Configuration now = Configuration.load(home.configFile());
        String configured = now.text(Key.LICENSE_ADDRESS);
        if (!address.equals(configured) || !of.equals(now.text(Key.LICENSE_NETWORK))) {
            return asked
                    + ", and this node is configured for "
                    + (configured == null ? "none" : "another");
        }
        synchronized (lock) {
            if (!(verdict instanceof Verdict.Valid valid)) {
                return asked + ", which is " + word() + " here";
            }
            return valid.paidSats() >= sats
                    ? null
                    : asked + ", and this machine's paid " + valid.paidSats();
        }
    }

    /// The license as rules see it: no row while there is none.
    SystemRelation relation() {
        return new SystemRelation(
                "sys_license",
                List.of(
                        SystemRelation.symbol("network"),
                        SystemRelation.symbol("verdict"),
                        SystemRelation.symbol("txid"),
                        SystemRelation.number("height"),
                        SystemRelation.number("confirmations")),
                this::rows);
    }

    private void rows(Consumer<Object[]> row) {
        Verdict now;
        String of;
        synchronized (lock) {
            now = verdict;
            of = network.word();
        }
        switch (now) {
            case null -> {}
            case Verdict.Valid valid ->
                    row.accept(
                            new Object[] {
                                of,
                                now.word(),
                                valid.txid().toString(),
                                (long) valid.height(),
                                (long) valid.confirmations()
                            });
            case Verdict.Pending pending ->
                    row.accept(
                            new Object[] {
                                of,
                                now.word(),
                                pending.txid().toString(),
                                -1L,
                                (long) pending.have()
                            });
            case Verdict.NoMatch _, Verdict.NotFound _, Verdict.Unverifiable _ ->
                    row.accept(new Object[] {of, now.word(), "", -1L, 0L});
        }
    }

    @Override
    public void close() {
        online.close();
        Supervised<Message> running;
        synchronized (lock) {
            running = actor;
            actor = null;
        }
        if (running != null) {
            running.close();
        }
        shut();
    }
}
