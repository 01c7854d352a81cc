package dev.sovereign.finance.sync;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.Header;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.LicenseRule;
import dev.sovereign.finance.LicenseVerifier;
import dev.sovereign.finance.MerkleProof;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.ProofFile;
import dev.sovereign.finance.Verdict;
import dev.sovereign.finance.net.Dialer;
import dev.sovereign.finance.net.Endpoint;
import dev.sovereign.finance.net.ServerException;
import dev.sovereign.finance.p2p.PeerBlock;
import dev.sovereign.finance.p2p.PeerConnection;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.List;
import java.util.Set;

/// One peer of the Bitcoin network. It shows headers, and whether a block holds a transaction; in
/// which block one is it cannot tell.
final class PeerSource implements Source {

    private final Network network;
    private final Endpoint endpoint;
    private final Dialer dialer;
    private final News news;
    private volatile @Nullable PeerConnection connection;
    private volatile int shown = -1;

    PeerSource(Network network, Endpoint endpoint, Dialer dialer, News news) {
        this.network = network;
        this.endpoint = endpoint;
        this.dialer = dialer;
        this.news = news;
    }

    @Override
    public String name() {
        return endpoint.toString();
    }

    @Override
    public int tipHeight() {
        return shown;
    }

    @Override
    public HeaderSync.Outcome syncHeaders(HeaderChain chain, Progress progress)
            throws IOException, InterruptedException {
        Headers headers = new Headers(connection());
        HeaderSync.Outcome outcome =
                new HeaderSync(
                                chain,
                                headers,
                                (height, _) ->
                                        progress.headers(
                                                height,
                                                Math.max(height, headers.peer.bestHeight())))
                        .run();
        Hash last = headers.last;
        int height = last == null ? chain.tip().height() : chain.heightOf(last);
        shown = height >= 0 ? height : headers.peer.bestHeight();
        return outcome;
    }

    /// What a peer shows in answer to a locator.
    private static final class Headers implements HeaderSource {

        private final PeerConnection peer;

        /// The last header that it showed; null when it had none beyond ours.
        private @Nullable Hash last;

        Headers(PeerConnection peer) {
            this.peer = peer;
        }

        @Override
        public @Nullable Hash tipHash() {
            return null;
        }

        @Override
        public int tipHeight() {
            return Integer.MAX_VALUE;
        }

        @Override
        public byte[] headers(int height, Hash parent)
                throws ServerException, InterruptedException {
            byte[] headers = peer.headersAfter(parent);
            if (headers.length > 0) {
                last = Header.at(headers, headers.length - Header.BYTES).hash();
            }
            return headers;
        }
    }

    @Override
    public Evidence look(
            LicenseRule rule, HeaderChain chain, Hash txid, int height, Progress progress)
            throws IOException, InterruptedException {
        Hash block = height > 0 ? chain.hash(height) : null;
        if (block == null) {
            return new Evidence(
                    new Verdict.NotFound(List.of(name())),
                    null,
                    height > 0
                            ? "there is no header at " + height + " to ask a peer with"
                            : "a peer is asked for a transaction only with --height");
        }
        PeerBlock shownBlock = connection().block(block);
        byte[] raw = shownBlock.transaction(txid);
        if (raw == null) {
            return new Evidence(
                    new Verdict.NotFound(List.of(name())),
                    null,
                    "block " + height + " does not hold the transaction");
        }
        MerkleProof proof = shownBlock.proof(txid, height);
        ProofFile.Coinbase coinbase = shownBlock.coinbase(height);
        LicenseVerifier verifier = new LicenseVerifier(rule, chain);
        Verdict verdict = verifier.verify(raw, proof, coinbase);
        return new Evidence(verdict, verifier.brief(raw, proof, coinbase), "");
    }

    @Override
    public Set<Hash> search(LicenseRule rule) {
        return Set.of();
    }

    private PeerConnection connection() throws ServerException, InterruptedException {
        PeerConnection open = connection;
        if (open == null || open.hasEnded()) {
            open = PeerConnection.open(network, endpoint, dialer, news::tell);
            connection = open;
        }
        return open;
    }

    @Override
    public void hangUp() {
        PeerConnection open = connection;
        if (open != null) {
            open.close();
        }
    }
}
