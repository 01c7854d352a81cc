package dev.sovereign.finance.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.LicenseRule;
import dev.sovereign.finance.LicenseVerifier;
import dev.sovereign.finance.MachineId;
import dev.sovereign.finance.ProofFile;
import dev.sovereign.finance.TestChain;
import dev.sovereign.finance.Verdict;
import dev.sovereign.finance.electrum.HonestScript;
import dev.sovereign.finance.electrum.ScriptedElectrum;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.Objects;
import java.util.Set;

/// A license's life as honest servers show it.
@Timeout(60)
class LicenseSyncTest {

    @TempDir Path folder;

    private final byte[] payment = Shop.payment(1);
    private final Hash txid = Shop.txid(payment);

    @Test
    void followsAPaymentFromTheMempoolToValid() throws Exception {
        TestChain blocks = new TestChain().mine(10);
        HonestScript honest = new HonestScript(blocks);
        HeaderChain chain = Shop.chain();
        try (ScriptedElectrum one = new ScriptedElectrum(honest);
                ScriptedElectrum two = new ScriptedElectrum(honest);
                LicenseSync sync = Shop.sync(folder, chain, one, two)) {
            Lookup nothing = sync.look(Shop.RULE, txid, 0, Progress.NONE);
            Verdict.NotFound none = assertInstanceOf(Verdict.NotFound.class, nothing.verdict());
            assertEquals(2, none.asked().size());
            assertEquals(10, chain.tip().height());

            honest.addToMempool(payment);
            Lookup waiting = sync.look(Shop.RULE, txid, 0, Progress.NONE);
            assertEquals(new Verdict.Pending(txid, 0, 3, null, null), waiting.verdict());
            assertNull(waiting.proof());

            long heard = sync.heard();
            honest.emptyMempool();
            int height = blocks.mineWith(payment);
            one.notifyAll("blockchain.headers.subscribe", "[" + honest.tip() + "]");
            assertTrue(sync.awaitNews(heard, 10_000));
            Hash block = blocks.header(height).hash();
            Lookup mined = sync.look(Shop.RULE, txid, 0, Progress.NONE);
            assertEquals(new Verdict.Pending(txid, 1, 3, block, null), mined.verdict());
            assertNotNull(mined.proof());

            heard = sync.heard();
            blocks.mine(2);
            two.notifyAll("blockchain.headers.subscribe", "[" + honest.tip() + "]");
            assertTrue(sync.awaitNews(heard, 10_000));
            Lookup valid = sync.look(Shop.RULE, txid, 0, Progress.NONE);
            assertEquals(new Verdict.Valid(txid, height, block, 3, 12_000), valid.verdict());
            assertEquals(1, one.connections());

            ProofFile portable =
                    Objects.requireNonNull(
                            new LicenseVerifier(Shop.RULE, chain)
                                    .portable(Objects.requireNonNull(valid.proof())));
            Verdict offline = new LicenseVerifier(Shop.RULE, Shop.chain()).verify(portable);
            assertInstanceOf(Verdict.Valid.class, offline);
            assertNotNull(portable.coinbase());
        }
    }

    @Test
    void aReorganizationTakesItBackAndAnotherBlockGivesItAgain() throws Exception {
        TestChain before = new TestChain().mine(20);
        int height = before.mineWith(payment);
        before.mine(4);
        HonestScript honest = new HonestScript(before);
        HeaderChain chain = Shop.chain();
        try (ScriptedElectrum server = new ScriptedElectrum(honest);
                LicenseSync sync = Shop.sync(folder, chain, server)) {
            assertInstanceOf(
                    Verdict.Valid.class, sync.look(Shop.RULE, txid, 0, Progress.NONE).verdict());

            TestChain after = before.fork(height - 1, 7).mine(6);
            honest.switchTo(after);
            honest.addToMempool(payment);
            long heard = sync.heard();
            server.notifyAll("blockchain.headers.subscribe", "[" + honest.tip() + "]");
            assertTrue(sync.awaitNews(heard, 10_000));
            assertEquals(
                    new Verdict.Pending(txid, 0, 3, null, null),
                    sync.look(Shop.RULE, txid, 0, Progress.NONE).verdict());
            assertEquals(after.header(after.height()).hash(), chain.tip().hash());

            heard = sync.heard();
            honest.emptyMempool();
            int again = after.mineWith(payment);
            after.mine(2);
            server.notifyAll("blockchain.headers.subscribe", "[" + honest.tip() + "]");
            assertTrue(sync.awaitNews(heard, 10_000));
            Verdict.Valid valid =
                    assertInstanceOf(
                            Verdict.Valid.class,
                            sync.look(Shop.RULE, txid, 0, Progress.NONE).verdict());
            assertEquals(again, valid.height());
        }
    }

    @Test
    void aReorganizationBetweenTwoAnswersIsNoLie() throws Exception {
        TestChain before = new TestChain().mine(20);
        before.mineWith(payment);
        before.mine(3);
        TestChain after = before.fork(19, 9);
        int again = after.mineWith(Shop.payment(2), payment);
        after.mine(6);
        HonestScript honest =
                new HonestScript(before) {
                    @Override
                    protected String branch(Hash asked, int height) throws java.io.IOException {
                        if (chain() != after) {
                            switchTo(after);
                        }
                        return super.branch(asked, height);
                    }
                };
        HeaderChain chain = Shop.chain();
        try (ScriptedElectrum server = new ScriptedElectrum(honest);
                LicenseSync sync = Shop.sync(folder, chain, server)) {
            Lookup look = sync.look(Shop.RULE, txid, 0, Progress.NONE);
            Verdict.Valid valid = assertInstanceOf(Verdict.Valid.class, look.verdict());
            assertEquals(again, valid.height());
            assertEquals(SourceReport.Standing.AGREES, look.sources().getFirst().standing());
        }
    }

    @Test
    void foundWithoutARestartOnceOneServerShowsIt() throws Exception {
        TestChain blocks = new TestChain().mine(5);
        int height = blocks.mineWith(payment);
        blocks.mine(5);
        HonestScript hiding =
                new HonestScript(blocks) {
                    @Override
                    protected String transaction(Hash asked) throws java.io.IOException {
                        throw new ScriptedElectrum.Refused(2, "No such transaction");
                    }
                };
        try (ScriptedElectrum one = new ScriptedElectrum(hiding);
                ScriptedElectrum two = new ScriptedElectrum(hiding);
                LicenseSync sync = Shop.sync(folder, Shop.chain(), one, two)) {
            assertInstanceOf(
                    Verdict.NotFound.class, sync.look(Shop.RULE, txid, 0, Progress.NONE).verdict());
            two.become(new HonestScript(blocks));
            Verdict.Valid valid =
                    assertInstanceOf(
                            Verdict.Valid.class,
                            sync.look(Shop.RULE, txid, 0, Progress.NONE).verdict());
            assertEquals(height, valid.height());
            assertEquals(1, two.connections());
        }
    }

    @Test
    void searchFindsWhatBindsThisMachine() throws Exception {
        TestChain blocks = new TestChain().mine(3);
        blocks.mineWith(Shop.paymentOfAnother(5), payment);
        blocks.mine(1);
        try (ScriptedElectrum server = new ScriptedElectrum(new HonestScript(blocks));
                LicenseSync sync = Shop.sync(folder, Shop.chain(), server)) {
            assertEquals(Set.of(txid), sync.search(Shop.RULE));
        }
    }

    @Test
    void aPaymentForAnotherMachineIsNoMatchWithItsReasons() throws Exception {
        byte[] other = Shop.paymentOfAnother(5);
        TestChain blocks = new TestChain().mine(3);
        blocks.mineWith(other);
        try (ScriptedElectrum server = new ScriptedElectrum(new HonestScript(blocks));
                LicenseSync sync = Shop.sync(folder, Shop.chain(), server)) {
            assertInstanceOf(
                    Verdict.NoMatch.class,
                    sync.look(Shop.RULE, Shop.txid(other), 0, Progress.NONE).verdict());
        }
    }

    @Test
    void aWrongHeightIsCorrected() throws Exception {
        TestChain blocks = new TestChain().mine(30);
        int height = blocks.mineWith(payment);
        blocks.mine(5);
        try (ScriptedElectrum server = new ScriptedElectrum(new HonestScript(blocks));
                LicenseSync sync = Shop.sync(folder, Shop.chain(), server)) {
            for (int said : new int[] {height, height - 1, 4, 1_000_000}) {
                Verdict.Valid valid =
                        assertInstanceOf(
                                Verdict.Valid.class,
                                sync.look(Shop.RULE, txid, said, Progress.NONE).verdict());
                assertEquals(height, valid.height());
            }
        }
    }

    @Test
    void aServerThatHangsUpIsCalledAgain() throws Exception {
        TestChain blocks = new TestChain().mine(5);
        blocks.mineWith(payment);
        blocks.mine(5);
        try (ScriptedElectrum server = new ScriptedElectrum(new HonestScript(blocks));
                LicenseSync sync = Shop.sync(folder, Shop.chain(), server)) {
            sync.headers(Progress.NONE);
            server.dropAll();
            Lookup look = sync.look(Shop.RULE, txid, 0, Progress.NONE);
            if (!(look.verdict() instanceof Verdict.Valid)) {
                // the reset was not read yet when it was asked
                look = sync.look(Shop.RULE, txid, 0, Progress.NONE);
            }
            assertInstanceOf(Verdict.Valid.class, look.verdict());
            assertEquals(2, server.connections());
        }
    }

    @Test
    void nobodyNamedMeansNobodyAsked() throws Exception {
        try (LicenseSync sync = Shop.sync(folder, Shop.chain())) {
            assertTrue(sync.isOffline());
            assertInstanceOf(
                    Verdict.Unverifiable.class,
                    sync.look(Shop.RULE, txid, 0, Progress.NONE).verdict());
            assertFalse(sync.awaitNews(sync.heard(), 1));
        }
    }

    @Test
    void neitherTheMachineIdNorItsPayloadIsSent() throws Exception {
        TestChain blocks = new TestChain().mine(5);
        MachineId id = MachineId.of("a-machine-id-of-a-test", "a test");
        LicenseRule rule = new LicenseRule(Shop.TERMS, id);
        byte[] bound =
                TestChain.payment(
                        9,
                        new TestChain.Output(12_000, Shop.TERMS.address().script()),
                        TestChain.opReturn(rule.payload().bytes()));
        blocks.mineWith(bound);
        blocks.mine(3);
        try (ScriptedElectrum server = new ScriptedElectrum(new HonestScript(blocks));
                LicenseSync sync = Shop.sync(folder, Shop.chain(), server)) {
            assertEquals(Set.of(Shop.txid(bound)), sync.search(rule));
            assertInstanceOf(
                    Verdict.Valid.class,
                    sync.look(rule, Shop.txid(bound), 0, Progress.NONE).verdict());
            String sent = server.received();
            assertTrue(sent.contains("blockchain.transaction.get"), sent);
            assertFalse(sent.contains("a-machine-id-of-a-test"), sent);
            assertFalse(sent.contains(rule.payload().hex()), sent);
        }
    }
}
