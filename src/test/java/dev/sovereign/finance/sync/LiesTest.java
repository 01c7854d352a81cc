package dev.sovereign.finance.sync;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.finance.Checkpoint;
import dev.sovereign.finance.Checkpoints;
import dev.sovereign.finance.Hash;
import dev.sovereign.finance.Header;
import dev.sovereign.finance.HeaderChain;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.TestChain;
import dev.sovereign.finance.Verdict;
import dev.sovereign.finance.electrum.HonestScript;
import dev.sovereign.finance.electrum.ScriptedElectrum;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Each way to lie that keeps the protocol: alone it brings about neither `Valid` nor `NoMatch`,
/// and beside an honest server it changes nothing.
@Timeout(60)
class LiesTest {

    private static final byte[] PAYMENT = Shop.payment(1);
    private static final Hash TXID = Shop.txid(PAYMENT);
    private static final byte[] UNMINED = Shop.payment(77);

    private static final TestChain HONEST = new TestChain().mine(20);
    private static final int HEIGHT;

    static {
        HEIGHT = HONEST.mineWith(Shop.paymentOfAnother(4), PAYMENT, Shop.paymentOfAnother(5));
        HONEST.mine(6);
    }

    @TempDir Path folder;

    /// Headers of [#HONEST], with a change from a height on that keeps links and work.
    private static TestChain shorter() {
        return HONEST.fork(HEIGHT - 1, 3).mine(2);
    }

    enum Lie {
        OMITS {
            @Override
            HonestScript script() {
                return new HonestScript(HONEST) {
                    @Override
                    protected byte[] raw(Hash txid) throws IOException {
                        throw new ScriptedElectrum.Refused(
                                2, "No such mempool or blockchain transaction");
                    }
                };
            }
        },
        ANOTHER_TRANSACTION {
            @Override
            HonestScript script() {
                return new HonestScript(HONEST) {
                    @Override
                    protected byte[] raw(Hash txid) {
                        return Shop.paymentOfAnother(4);
                    }
                };
            }
        },
        GARBAGE_TRANSACTION {
            @Override
            HonestScript script() {
                return new HonestScript(HONEST) {
                    @Override
                    protected String transaction(Hash txid) {
                        return "\"00010203\"";
                    }
                };
            }
        },
        BAD_PROOF {
            @Override
            HonestScript script() {
                return new HonestScript(HONEST) {
                    @Override
                    protected String branch(Hash txid, int height) {
                        List<Hash> siblings = new ArrayList<>(HONEST.branch(HEIGHT, 2));
                        siblings.set(0, Hash.ZERO);
                        return branchJson(siblings, height, 2);
                    }
                };
            }
        },
        WRONG_POSITION {
            @Override
            HonestScript script() {
                return new HonestScript(HONEST) {
                    @Override
                    protected String branch(Hash txid, int height) {
                        return branchJson(HONEST.branch(HEIGHT, 2), height, 3);
                    }
                };
            }
        },
        SHORT_BRANCH {
            @Override
            HonestScript script() {
                return new HonestScript(HONEST) {
                    @Override
                    protected String branch(Hash txid, int height) {
                        return branchJson(HONEST.branch(HEIGHT, 2).subList(0, 1), height, 0);
                    }
                };
            }
        },
        LONG_BRANCH {
            @Override
            HonestScript script() {
                return new HonestScript(HONEST) {
                    @Override
                    protected String branch(Hash txid, int height) {
                        List<Hash> siblings = new ArrayList<>(HONEST.branch(HEIGHT, 2));
                        while (siblings.size() < 24) {
                            siblings.add(Hash.ZERO);
                        }
                        return branchJson(siblings, height, 2);
                    }
                };
            }
        },
        WRONG_COINBASE {
            @Override
            HonestScript script() {
                return new HonestScript(HONEST) {
                    @Override
                    protected String idFromPosition(int height, int position) throws IOException {
                        return super.idFromPosition(height - 1, 0);
                    }
                };
            }
        },
        WRONG_HEIGHT {
            @Override
            HonestScript script() {
                return new HonestScript(HONEST) {
                    @Override
                    protected String history(String scriptHash) throws IOException {
                        return super.history(scriptHash).replace(":" + HEIGHT, ":" + (HEIGHT + 1));
                    }

                    @Override
                    protected String branch(Hash txid, int height) {
                        return branchJson(HONEST.branch(HEIGHT, 2), height, 2);
                    }
                };
            }
        },
        NO_WORK {
            @Override
            HonestScript script() {
                return new HonestScript(unworked());
            }
        },
        LINKS_NOWHERE {
            @Override
            HonestScript script() {
                TestChain broken = HONEST.fork(HEIGHT - 1, 5);
                Header last = broken.header(broken.height());
                broken.append(
                        TestChain.worked(
                                new Header(
                                        4,
                                        Hash.ZERO,
                                        Hash.ZERO,
                                        last.time() + 600,
                                        last.bits(),
                                        0)));
                broken.mine(9);
                return new HonestScript(broken);
            }
        },
        EASIER_BITS {
            @Override
            HonestScript script() {
                TestChain easy = HONEST.fork(HEIGHT - 1, 5);
                Header last = easy.header(easy.height());
                easy.append(
                        TestChain.worked(
                                new Header(
                                        4,
                                        last.hash(),
                                        Hash.ZERO,
                                        last.time() + 600,
                                        0x217fffff,
                                        0)));
                easy.mine(9);
                return new HonestScript(easy);
            }
        },
        TIMES_GO_BACK {
            @Override
            HonestScript script() {
                TestChain back = HONEST.fork(HEIGHT - 1, 5);
                Header last = back.header(back.height());
                back.append(
                        TestChain.worked(
                                new Header(
                                        4,
                                        last.hash(),
                                        Hash.ZERO,
                                        last.time() - 86_400,
                                        last.bits(),
                                        0)));
                back.mine(9);
                return new HonestScript(back);
            }
        },
        FROM_THE_FUTURE {
            @Override
            HonestScript script() {
                TestChain ahead = HONEST.fork(HEIGHT - 1, 5);
                Header last = ahead.header(ahead.height());
                int later = (int) Shop.CLOCK.instant().getEpochSecond() + 8_000;
                ahead.append(
                        TestChain.worked(
                                new Header(4, last.hash(), Hash.ZERO, later, last.bits(), 0)));
                ahead.mine(9);
                return new HonestScript(ahead);
            }
        },
        UNMINED_IN_A_FORGED_BLOCK {
            @Override
            HonestScript script() {
                TestChain forged = HONEST.fork(HEIGHT - 1, 6);
                forged.mineWith(PAYMENT);
                forged.mine(3);
                return new HonestScript(forged);
            }
        },
        CLAIMS_BLOCKS_THAT_IT_HAS_NOT {
            @Override
            HonestScript script() {
                return new HonestScript(HONEST) {
                    @Override
                    public String tip() throws IOException {
                        return super.tip()
                                .replaceFirst(
                                        "\"height\":" + HONEST.height(), "\"height\":" + 900_000)
                                .replaceFirst("\"hex\":\"..", "\"hex\":\"ff");
                    }
                };
            }
        },
        STALE_TIP {
            @Override
            HonestScript script() {
                return new HonestScript(shorter());
            }
        },
        BEHIND {
            @Override
            HonestScript script() {
                return new HonestScript(HONEST.fork(HEIGHT - 5, 0));
            }
        },
        ONLY_GENESIS {
            @Override
            HonestScript script() {
                return new HonestScript(new TestChain());
            }
        },
        ERROR_WITH_ESCAPES {
            @Override
            HonestScript script() {
                return new HonestScript(HONEST) {
                    @Override
                    protected byte[] raw(Hash txid) throws IOException {
                        throw new ScriptedElectrum.Refused(
                                1, "\u001b]0;pwned\u0007\u001b[2J\u202e");
                    }
                };
            }
        },
        HANGS_UP_AT_THE_PROOF {
            @Override
            HonestScript script() {
                return new HonestScript(HONEST) {
                    @Override
                    public @Nullable String answer(ScriptedElectrum.Ask ask)
                            throws IOException, InterruptedException {
                        if (ask.method().endsWith("get_merkle")) {
                            ask.line().reset();
                            return null;
                        }
                        return super.answer(ask);
                    }
                };
            }
        };

        abstract HonestScript script();

        /// What to think of it, beside a chain that knows better.
        SourceReport.Standing standing() {
            return switch (this) {
                case OMITS, ERROR_WITH_ESCAPES -> SourceReport.Standing.AGREES;
                case BEHIND, ONLY_GENESIS -> SourceReport.Standing.BEHIND;
                case STALE_TIP, UNMINED_IN_A_FORGED_BLOCK -> SourceReport.Standing.OTHER_BRANCH;
                case HANGS_UP_AT_THE_PROOF, FROM_THE_FUTURE -> SourceReport.Standing.FAILED;
                case ANOTHER_TRANSACTION,
                        GARBAGE_TRANSACTION,
                        BAD_PROOF,
                        WRONG_POSITION,
                        SHORT_BRANCH,
                        LONG_BRANCH,
                        WRONG_COINBASE,
                        WRONG_HEIGHT,
                        NO_WORK,
                        LINKS_NOWHERE,
                        EASIER_BITS,
                        TIMES_GO_BACK,
                        CLAIMS_BLOCKS_THAT_IT_HAS_NOT ->
                        SourceReport.Standing.LIED;
            };
        }

        /// A chain with more blocks than ours whose last ones nobody worked for.
        static TestChain unworked() {
            TestChain lazy = HONEST.fork(HEIGHT - 1, 5);
            for (int i = 0; i < 12; i++) {
                Header last = lazy.header(lazy.height());
                Header idle =
                        new Header(4, last.hash(), Hash.ZERO, last.time() + 600, last.bits(), 0);
                while (idle.hash().w3() >= 0) {
                    idle =
                            new Header(
                                    4,
                                    last.hash(),
                                    Hash.ZERO,
                                    last.time() + 600,
                                    last.bits(),
                                    idle.nonce() + 1);
                }
                lazy.append(idle);
            }
            return lazy;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aloneItNeverDecides(Lie lie) throws Exception {
        try (ScriptedElectrum liar = new ScriptedElectrum(lie.script());
                LicenseSync sync = Shop.sync(folder, knowing(), liar)) {
            long began = System.nanoTime();
            Lookup look = sync.look(Shop.RULE, TXID, 0, Progress.NONE);
            assertTrue(System.nanoTime() - began < Duration.ofSeconds(20).toNanos());
            assertFalse(look.verdict() instanceof Verdict.Valid, look.toString());
            assertFalse(look.verdict() instanceof Verdict.NoMatch, look.toString());
            SourceReport report = look.sources().getFirst();
            assertEquals(lie.standing(), report.standing(), report.toString());
            assertTrue(report.words().chars().allMatch(c -> c >= ' ' && c <= '~'), report.words());
            assertTrue(!report.words().isEmpty(), report.toString());
        }
    }

    @ParameterizedTest
    @EnumSource
    void besideAnHonestServerItChangesNothing(Lie lie) throws Exception {
        for (boolean first : new boolean[] {true, false}) {
            try (ScriptedElectrum liar = new ScriptedElectrum(lie.script());
                    ScriptedElectrum honest = new ScriptedElectrum(new HonestScript(HONEST));
                    LicenseSync sync =
                            first
                                    ? Shop.sync(folder, Shop.chain(), liar, honest)
                                    : Shop.sync(folder, Shop.chain(), honest, liar)) {
                Lookup look = sync.look(Shop.RULE, TXID, 0, Progress.NONE);
                Verdict.Valid valid = assertInstanceOf(Verdict.Valid.class, look.verdict());
                assertEquals(HONEST.header(HEIGHT).hash(), valid.block(), look.toString());
                assertEquals(
                        SourceReport.Standing.AGREES,
                        look.sources().get(first ? 1 : 0).standing(),
                        look.toString());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasNeverMinedIsNeverValid(Lie lie) throws Exception {
        HonestScript script = lie.script();
        script.addToMempool(UNMINED);
        try (ScriptedElectrum liar = new ScriptedElectrum(script);
                LicenseSync sync = Shop.sync(folder, knowing(), liar)) {
            Lookup look = sync.look(Shop.RULE, Shop.txid(UNMINED), HEIGHT, Progress.NONE);
            assertFalse(look.verdict() instanceof Verdict.Valid, look.toString());
            assertFalse(look.verdict() instanceof Verdict.NoMatch, look.toString());
        }
    }

    @Test
    void aChainFromAnEarlyBlockCountsForNothing() throws Exception {
        TestChain real = new TestChain().mine(40);
        int early = real.mineWith(PAYMENT);
        real.mine(20);
        TestChain fake = real.fork(early - 1, 8);
        int fakeHeight = fake.mineWith(UNMINED);
        fake.mine(100);
        int known = early + 10;
        Checkpoint last =
                new Checkpoint(
                        known, real.header(known), java.math.BigInteger.valueOf(2L * (known + 1)));
        HeaderChain chain =
                HeaderChain.inMemory(Network.REGTEST, Checkpoints.startingAt(last), Shop.CLOCK);
        try (ScriptedElectrum liar = new ScriptedElectrum(new HonestScript(fake));
                ScriptedElectrum honest = new ScriptedElectrum(new HonestScript(real));
                LicenseSync sync = Shop.sync(folder, chain, liar, honest)) {
            Lookup forged = sync.look(Shop.RULE, Shop.txid(UNMINED), fakeHeight, Progress.NONE);
            assertInstanceOf(Verdict.NotFound.class, forged.verdict());
            assertEquals(SourceReport.Standing.LIED, forged.sources().getFirst().standing());
            assertTrue(forged.sources().getFirst().words().contains("" + known), forged.toString());
            Lookup below = sync.look(Shop.RULE, TXID, 0, Progress.NONE);
            Verdict.Valid valid = assertInstanceOf(Verdict.Valid.class, below.verdict());
            assertEquals(early, valid.height());
        }
        try (ScriptedElectrum twisted =
                        new ScriptedElectrum(
                                new HonestScript(real) {
                                    @Override
                                    protected String headers(int start, int count)
                                            throws IOException {
                                        return start < known
                                                ? headersJson(fake.headers(start, count))
                                                : super.headers(start, count);
                                    }

                                    @Override
                                    protected String branch(Hash txid, int height) {
                                        return branchJson(
                                                fake.branch(fakeHeight, 1), fakeHeight, 1);
                                    }

                                    @Override
                                    protected byte[] raw(Hash txid) throws IOException {
                                        return txid.equals(Shop.txid(UNMINED))
                                                ? UNMINED
                                                : super.raw(txid);
                                    }
                                });
                LicenseSync sync = Shop.sync(folder, chain, twisted)) {
            Lookup forged = sync.look(Shop.RULE, Shop.txid(UNMINED), fakeHeight, Progress.NONE);
            assertFalse(forged.verdict() instanceof Verdict.Valid, forged.toString());
            assertFalse(forged.verdict() instanceof Verdict.NoMatch, forged.toString());
        }
    }

    @Test
    void aLiarIsNotAskedAgain() throws Exception {
        try (ScriptedElectrum liar = new ScriptedElectrum(Lie.BAD_PROOF.script());
                LicenseSync sync = Shop.sync(folder, knowing(), liar)) {
            sync.look(Shop.RULE, TXID, 0, Progress.NONE);
            int asked = liar.asked().size();
            Lookup again = sync.look(Shop.RULE, TXID, 0, Progress.NONE);
            assertEquals(SourceReport.Standing.LIED, again.sources().getFirst().standing());
            assertEquals(asked, liar.asked().size());
        }
    }

    /// A chain that has seen the honest one: what it holds costs work to leave.
    private static HeaderChain knowing() throws IOException {
        HeaderChain chain = Shop.chain();
        chain.accept(HONEST.headers(1, HONEST.height()));
        return chain;
    }
}
