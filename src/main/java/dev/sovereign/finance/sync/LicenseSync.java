package dev.sovereign.finance.sync;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.LicenseRule;
import dev.sovereign.finance.LicenseVerifier;
import dev.sovereign.finance.Verdict;
import dev.sovereign.finance.electrum.ElectrumClient;
import dev.sovereign.finance.electrum.ElectrumServer;
import dev.sovereign.finance.net.Dialer;
import dev.sovereign.finance.net.Endpoint;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;

import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Looks for licenses at all the sources that the user named, and at no others. One look at a time;
/// the others wait. Connections stay open between looks, and [#awaitNews] hears of blocks through
/// them. Any thread.
public final class LicenseSync implements AutoCloseable {

    /// Sources that are asked. More say nothing new.
    public static final int SOURCES = 8;

    /// Milliseconds that a source which lied is not asked again. A guess: an hour costs an honest
    /// server that was upgraded at the wrong moment little.
    public static final long SHUN_MILLIS = 3_600_000;

    /// Seconds after which a last block is old: mainnet finds one in 10 minutes.
    private static final long STALE_SECONDS = 24 * 3_600;

    private static final long SECONDS_PER_HOUR = 3_600;

    private final HeaderChain chain;
    private final InstantSource clock;
    private final List<Member> members = new ArrayList<>();
    private final News news = new News();

    /// One look at a time; guards what the members hold.
    private final ReentrantLock looking = new ReentrantLock();

    /// @param chain grows by what sources show
    /// @param servers at most [#SOURCES] together with `peers`
    /// @param peers of the Bitcoin network, reached through `dialer`
    public LicenseSync(
            HeaderChain chain,
            ElectrumClient client,
            List<ElectrumServer> servers,
            Dialer dialer,
            List<Endpoint> peers,
            InstantSource clock) {
        this.chain = chain;
        this.clock = clock;
        for (ElectrumServer server : new LinkedHashSet<>(servers)) {
            members.add(new Member(new ElectrumSource(server, client, news)));
        }
        for (Endpoint peer : new LinkedHashSet<>(peers)) {
            members.add(new Member(new PeerSource(chain.network(), peer, dialer, news)));
        }
        if (members.size() > SOURCES) {
            throw new IllegalArgumentException("more than " + SOURCES + " sources");
        }
    }

    /// Whether there is nobody to ask.
    public boolean isOffline() {
        return members.isEmpty();
    }

    /// Brings the chain up to the most work that a source shows.
    ///
    /// @return a look for nothing: its verdict says only whether anybody could be asked
    /// @throws IOException when headers cannot be kept
    public Lookup headers(Progress progress) throws IOException, InterruptedException {
        looking.lock();
        try {
            Look look = new Look(chain, members);
            look.headers(progress);
            return summed(look, List.of());
        } finally {
            looking.unlock();
        }
    }

    /// Looks for a transaction everywhere, and judges what is shown.
    ///
    /// @param height of its block as somebody says; 0 when nobody does
    /// @throws IOException when headers cannot be kept
    public Lookup look(LicenseRule rule, Hash txid, int height, Progress progress)
            throws IOException, InterruptedException {
        looking.lock();
        try {
            Look look = new Look(chain, members);
            // all headers before all proofs: what one shows is judged by the work of all
            look.headers(progress);
            List<Evidence> shown = new ArrayList<>();
            for (Evidence evidence :
                    look.evidence(source -> source.look(rule, chain, txid, height, progress))) {
                shown.add(judgedAgain(rule, evidence));
            }
            return summed(look, shown);
        } finally {
            looking.unlock();
        }
    }

    /// By the chain of now: another source may have shown more work since.
    private Evidence judgedAgain(LicenseRule rule, Evidence evidence) throws IOException {
        return evidence.proof() == null
                ? evidence
                : new Evidence(
                        new LicenseVerifier(rule, chain).verify(evidence.proof()),
                        evidence.proof(),
                        evidence.words());
    }

    /// Transactions that pay the developer and bind this machine, as far as servers keep the
    /// history of the developer's script. For comfort: each has to be looked at by [#look].
    ///
    /// @throws ServerException when no server could tell
    public Set<Hash> search(LicenseRule rule) throws IOException, InterruptedException {
        looking.lock();
        try {
            Look look = new Look(chain, members);
            look.headers(Progress.NONE);
            List<Set<Hash>> answers = look.answers(source -> source.search(rule));
            if (answers.isEmpty()) {
                ServerException failure = look.failure();
                throw failure != null
                        ? failure
                        : new ServerException(ServerError.UNREACHABLE, "there is no server to ask");
            }
            Set<Hash> found = new LinkedHashSet<>();
            answers.forEach(found::addAll);
            return found;
        } finally {
            looking.unlock();
        }
    }

    /// How much was heard so far, for [#awaitNews].
    public long heard() {
        return news.seen();
    }

    /// Waits until a source says anything new after `heard`.
    ///
    /// @return false when the time was over
    public boolean awaitNews(long heard, long millis) throws InterruptedException {
        return news.await(heard, millis);
    }

    /// Ends a wait of [#awaitNews].
    public void wake() {
        news.tell();
    }

    private Lookup summed(Look look, List<Evidence> shown) {
        List<SourceReport> reports = look.reports();
        Evidence best = shown.isEmpty() ? Evidence.of(nothing(look, reports)) : shown.getFirst();
        for (Evidence evidence : shown) {
            best = Evidence.better(best, evidence);
        }
        if (best.verdict() instanceof Verdict.NotFound) {
            best = Evidence.of(new Verdict.NotFound(compared(reports)));
        }
        return new Lookup(best.verdict(), best.proof(), reports, warnings(reports));
    }

    private static Verdict nothing(Look look, List<SourceReport> reports) {
        ServerException failure = look.failure();
        if (compared(reports).isEmpty()) {
            return new Verdict.Unverifiable(
                    Verdict.Cause.SOURCES,
                    failure == null ? "there is no source to ask" : failure.words());
        }
        return new Verdict.NotFound(compared(reports));
    }

    private static List<String> compared(List<SourceReport> reports) {
        return reports.stream().filter(SourceReport::isCompared).map(SourceReport::source).toList();
    }

    private List<String> warnings(List<SourceReport> reports) {
        List<String> warnings = new ArrayList<>();
        if (compared(reports).size() < 2) {
            warnings.add(
                    "fewer than two sources could be compared: one alone can hide newer blocks");
        }
        long age = clock.instant().getEpochSecond() - chain.tip().timeSeconds();
        if (age > STALE_SECONDS && !compared(reports).isEmpty()) {
            warnings.add(
                    "the last block, "
                            + chain.tip().height()
                            + ", is "
                            + age / SECONDS_PER_HOUR
                            + " hours old: the sources may hide newer ones");
        }
        return warnings;
    }

    /// Ends all connections.
    @Override
    public void close() {
        members.forEach(member -> member.source().hangUp());
    }
}
