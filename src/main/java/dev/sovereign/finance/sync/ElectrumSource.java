package dev.sovereign.finance.sync;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.Judgement;
import dev.sovereign.finance.LicenseRule;
import dev.sovereign.finance.electrum.ElectrumClient;
import dev.sovereign.finance.electrum.ElectrumServer;
import dev.sovereign.finance.electrum.ElectrumSession;
import dev.sovereign.finance.electrum.HistoryEntry;
import dev.sovereign.finance.electrum.ServerTip;
import dev.sovereign.finance.net.ServerException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// One Electrum server: its session, opened when it is needed and kept, and its last tip. One
/// thread at a time asks it; the session's reader tells the tip.
final class ElectrumSource implements Source {

    /// Transactions of a history that are looked at, the newest first.
    private static final int CANDIDATES = 200;

    private final ElectrumServer server;
    private final ElectrumClient client;
    private final News news;
    private volatile @Nullable ElectrumSession session;
    private volatile @Nullable ServerTip tip;
    private @Nullable String subscribed;

    ElectrumSource(ElectrumServer server, ElectrumClient client, News news) {
        this.server = server;
        this.client = client;
        this.news = news;
    }

    @Override
    public String name() {
        return server.toString();
    }

    @Override
    public int tipHeight() {
        ServerTip now = tip;
        return now == null ? -1 : now.height();
    }

    @Override
    public HeaderSync.Outcome syncHeaders(HeaderChain chain, Progress progress)
            throws IOException, InterruptedException {
        ElectrumSession open = session();
        return new HeaderSync(chain, new ElectrumHeaders(open, currentTip(open)), progress).run();
    }

    @Override
    public Evidence look(
            LicenseRule rule, HeaderChain chain, Hash txid, int height, Progress progress)
            throws IOException, InterruptedException {
        ElectrumSession open = session();
        subscribe(open, rule);
        return new TransactionLook(open, rule, chain, name())
                .at(
                        txid,
                        height,
                        () -> {
                            tip = open.subscribeTip();
                            syncHeaders(chain, progress);
                        });
    }

    @Override
    public Set<Hash> search(LicenseRule rule) throws IOException, InterruptedException {
        ElectrumSession open = session();
        List<HistoryEntry> history = open.history(rule.terms().address().script());
        List<Hash> candidates =
                history.stream()
                        .sorted(Comparator.comparingInt(ElectrumSource::age))
                        .map(HistoryEntry::txid)
                        .distinct()
                        .limit(CANDIDATES)
                        .toList();
        Set<Hash> found = new LinkedHashSet<>();
        for (Hash txid : candidates) {
            Judgement judgement = rule.judge(open.transaction(txid));
            if (judgement.isMatch() && txid.equals(judgement.txid())) {
                found.add(txid);
            }
        }
        return found;
    }

    /// What is in no block yet is the newest.
    private static int age(HistoryEntry entry) {
        return entry.isInBlock() ? Integer.MAX_VALUE - entry.height() : 0;
    }

    /// Asks to hear of payments to the developer; where there are too many, nothing is heard.
    private void subscribe(ElectrumSession open, LicenseRule rule)
            throws ServerException, InterruptedException {
        String key = System.identityHashCode(open) + rule.terms().address().toString();
        if (key.equals(subscribed)) {
            return;
        }
        try {
            open.subscribeScript(rule.terms().address().script());
        } catch (ServerException refused) {
            switch (refused.error()) {
                case REFUSAL, HISTORY_TOO_LARGE -> {}
                case NOBODY,
                        DISAGREES,
                        ADDRESS,
                        UNREACHABLE,
                        TIMEOUT,
                        CERTIFICATE,
                        FAULT,
                        CLOCK,
                        OTHER_NETWORK,
                        PINS ->
                        throw refused;
            }
        }
        subscribed = key;
    }

    private ServerTip currentTip(ElectrumSession open)
            throws ServerException, InterruptedException {
        ServerTip now = tip;
        if (now == null) {
            now = open.subscribeTip();
            tip = now;
        }
        return now;
    }

    private ElectrumSession session() throws ServerException, InterruptedException {
        ElectrumSession open = session;
        if (open == null || open.ended() != null) {
            tip = null;
            open = client.open(server, new Ear());
            session = open;
        }
        return open;
    }

    @Override
    public void hangUp() {
        ElectrumSession open = session;
        if (open != null) {
            open.close();
        }
    }

    /// Hears one session; what an ended one still says is of no use, and does no harm.
    private final class Ear implements ElectrumSession.Listener {
        @Override
        public void tip(ServerTip now) {
            tip = now;
            news.tell();
        }

        @Override
        public void historyChanged() {
            news.tell();
        }

        @Override
        public void ended(ServerException why) {
            // the next look opens another one
        }
    }
}
