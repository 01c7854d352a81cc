package dev.sovereign.finance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.finance.Checkpoints;
import dev.sovereign.finance.Hash;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.LicenseRule;
import dev.sovereign.finance.LicenseTerms;
import dev.sovereign.finance.LicenseVerifier;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.Payload;
import dev.sovereign.finance.PaymentAddress;
import dev.sovereign.finance.ProofFile;
import dev.sovereign.finance.RawTransaction;
import dev.sovereign.finance.TestChain;
import dev.sovereign.finance.Verdict;
import dev.sovereign.finance.electrum.ElectrumClient;
import dev.sovereign.finance.electrum.Pins;
import dev.sovereign.finance.net.Dialer;
import dev.sovereign.finance.net.Endpoint;
import dev.sovereign.finance.sync.LicenseSync;
import dev.sovereign.finance.sync.Lookup;
import dev.sovereign.finance.sync.Progress;
import dev.sovereign.finance.sync.SourceReport;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/// A license on a real regtest chain: btcd mines it, ElectrumX shows it, a second btcd reorganizes
/// it.
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class RegtestIT {

    private static final Payload PAYLOAD = Payload.ofHex("c3".repeat(32));
    private static final LicenseTerms TERMS =
            new LicenseTerms(
                    Network.REGTEST,
                    PaymentAddress.parse(
                            Network.REGTEST, "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080"),
                    10_000,
                    3);
    private static final LicenseRule RULE = new LicenseRule(TERMS, PAYLOAD);

    @TempDir Path folder;

    private static HeaderChain chain() {
        return HeaderChain.inMemory(
                Network.REGTEST, Checkpoints.of(Network.REGTEST), InstantSource.system());
    }

    private Verdict until(LicenseSync sync, Hash txid, Predicate<Verdict> wanted) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
        while (true) {
            long heard = sync.heard();
            Lookup look = sync.look(RULE, txid, 0, Progress.NONE);
            if (wanted.test(look.verdict())) {
                return look.verdict();
            }
            assertTrue(System.nanoTime() < deadline, () -> "still " + look);
            sync.awaitNews(heard, 500);
        }
    }

    @Test
    void aLicenseFromPaymentThroughReorganization() throws Exception {
        Path a = Files.createDirectory(folder.resolve("a"));
        Path b = Files.createDirectory(folder.resolve("b"));
        HeaderChain chain = chain();
        try (Btcd node = Btcd.start(a);
                Btcd rival = Btcd.start(b)) {
            node.generate(Btcd.MATURITY + 5);
            rival.follow(node);
            rival.leave(node);
            try (ElectrumX server = ElectrumX.start(node, a);
                    LicenseSync sync =
                            new LicenseSync(
                                    chain,
                                    new ElectrumClient(
                                            Network.REGTEST,
                                            new Dialer(null),
                                            new Pins(folder.resolve("pins"))),
                                    List.of(server.address()),
                                    new Dialer(null),
                                    List.of(new Endpoint("127.0.0.1", node.peerPort())),
                                    InstantSource.system())) {
                byte[] raw =
                        node.pay(
                                new TestChain.Output(12_000, TERMS.address().script()),
                                TestChain.opReturn(PAYLOAD.bytes()),
                                new TestChain.Output(4_999_900_000L, TERMS.address().script()));
                Hash txid = RawTransaction.parse(raw).txid();
                until(sync, txid, v -> v instanceof Verdict.Pending p && p.isInMempool());
                assertEquals(Set.of(txid), sync.search(RULE));

                node.generate(1);
                until(sync, txid, v -> v instanceof Verdict.Pending p && p.have() == 1);
                node.generate(2);
                Verdict.Valid valid =
                        assertInstanceOf(
                                Verdict.Valid.class,
                                until(sync, txid, Verdict.Valid.class::isInstance));
                assertEquals(Btcd.MATURITY + 6, valid.height());

                ProofFile proof =
                        Objects.requireNonNull(sync.look(RULE, txid, 0, Progress.NONE).proof());
                ProofFile portable =
                        Objects.requireNonNull(new LicenseVerifier(RULE, chain).portable(proof));
                assertInstanceOf(
                        Verdict.Valid.class, new LicenseVerifier(RULE, chain()).verify(portable));

                peersAlone(node, txid, valid.height());

                rival.generate(6);
                node.follow(rival);
                until(sync, txid, v -> v instanceof Verdict.Pending p && p.block() == null);
                node.leave(rival);
                node.generate(3);
                Verdict.Valid again =
                        assertInstanceOf(
                                Verdict.Valid.class,
                                until(sync, txid, Verdict.Valid.class::isInstance));
                assertEquals(Btcd.MATURITY + 12, again.height());
            }
        }
    }

    /// No Electrum server at all: headers and the block come from a peer of the Bitcoin network.
    private static void peersAlone(Btcd node, Hash txid, int height) throws Exception {
        HeaderChain chain = chain();
        Dialer straight = new Dialer(null);
        Endpoint peer = new Endpoint("127.0.0.1", node.peerPort());
        try (LicenseSync sync =
                new LicenseSync(
                        chain,
                        new ElectrumClient(
                                Network.REGTEST, straight, new Pins(Path.of("never-written"))),
                        List.of(),
                        straight,
                        List.of(peer),
                        InstantSource.system())) {
            Lookup look = sync.look(RULE, txid, height, Progress.NONE);
            Verdict.Valid valid = assertInstanceOf(Verdict.Valid.class, look.verdict());
            assertEquals(height, valid.height());
            assertEquals(node.height(), chain.tip().height());
            assertEquals(SourceReport.Standing.AGREES, look.sources().getFirst().standing());
            Lookup elsewhere = sync.look(RULE, txid, height - 1, Progress.NONE);
            assertInstanceOf(Verdict.NotFound.class, elsewhere.verdict());
            long heard = sync.heard();
            node.generate(1);
            assertTrue(sync.awaitNews(heard, 10_000), "no word of a new block");
        }
    }
}
