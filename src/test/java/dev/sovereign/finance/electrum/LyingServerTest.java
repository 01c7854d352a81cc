package dev.sovereign.finance.electrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.TestChain;
import dev.sovereign.finance.net.Dialer;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;

/// What a session survives: each server here breaks the protocol in one way, and each must end in
/// one clear [ServerException] in time. Lies that keep the protocol are in the tests of
/// `finance.sync`.
@Timeout(40)
class LyingServerTest {

    /// Instead of 20 s, to be quick.
    private static final int ANSWER_MILLIS = 2_000;

    @TempDir Path folder;

    private interface Use {
        void use(ElectrumSession session) throws IOException, InterruptedException;
    }

    private ServerException failure(ScriptedElectrum.Script script, Use use) throws Exception {
        try (ScriptedElectrum server = new ScriptedElectrum(script)) {
            ElectrumClient client =
                    new ElectrumClient(
                            Network.REGTEST,
                            new Dialer(null),
                            new Pins(folder.resolve("electrum.pins")),
                            null,
                            ANSWER_MILLIS);
            long began = System.nanoTime();
            ServerException failed =
                    assertThrows(
                            ServerException.class,
                            () -> {
                                try (ElectrumSession session =
                                        client.open(
                                                server.address(), ElectrumSession.Listener.NONE)) {
                                    use.use(session);
                                }
                            });
            long took = Duration.ofNanos(System.nanoTime() - began).toMillis();
            assertTrue(took < ANSWER_MILLIS + 6_000, "took " + took + " ms: " + failed.words());
            assertTrue(failed.words().chars().allMatch(c -> c >= ' ' && c <= '~'), failed.words());
            return failed;
        }
    }

    private static HonestScript honest() {
        return new HonestScript(new TestChain().mine(10));
    }

    /// Answers `method` with a text of its own, line end included.
    private static HonestScript saying(String method, String line) {
        return new HonestScript(new TestChain().mine(10)) {
            @Override
            public @Nullable String answer(ScriptedElectrum.Ask ask)
                    throws IOException, InterruptedException {
                if (!ask.method().equals(method)) {
                    return super.answer(ask);
                }
                ask.line().send(line.replace("ID", String.valueOf(ask.id())));
                return null;
            }
        };
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "\u0000\u00ff\u0001garbage\n",
                "null\n",
                "[]\n",
                "[{\"id\":ID,\"result\":{}}]\n",
                "{}\n",
                "{\"id\":ID}\n",
                "{\"id\":ID,\"result\":{}} {}\n",
                "{\"id\":ID,\"id\":ID,\"result\":{}}\n",
                "{\"id\":\"ID\",\"result\":{}}\n",
                "{\"id\":999,\"result\":{}}\n",
                "{\"id\":-1,\"result\":{}}\n",
                "{\"id\":1e0,\"result\":{}}\n",
                "{\"id\":18446744073709551617,\"result\":{}}\n",
                "{\"id\":123456789012345678901234567890,\"result\":{}}\n",
                "{\"id\":ID,\"result\":[]}\n",
                "{\"id\":ID,\"result\":\"00\"}\n",
                "{\"id\":ID,\"result\":{\"height\":10}}\n",
                "{\"id\":ID,\"result\":{\"height\":-1,\"hex\":\"00\"}}\n",
                "{\"id\":ID,\"result\":{\"height\":2147483648,\"hex\":\"00\"}}\n",
                "{\"id\":ID,\"result\":{\"height\":10.0,\"hex\":\"00\"}}\n",
                "{\"id\":ID,\"result\":{\"height\":9007199254740993,\"hex\":\"00\"}}\n",
                "{\"id\":ID,\"result\":{\"height\":\"10\",\"hex\":\"00\"}}\n",
                "{\"id\":ID,\"result\":{\"height\":10,\"hex\":\"zz\"}}\n",
                "{\"id\":ID,\"result\":{\"height\":10,\"hex\":\"00\"}}\n",
                "{\"id\":ID,\"result\":{\"height\":10,\"hex\":null}}\n"
            })
    void refusesWhatIsNoTip(String line) throws Exception {
        ServerException failed =
                failure(
                        saying("blockchain.headers.subscribe", line),
                        ElectrumSession::subscribeTip);
        assertEquals(ServerError.FAULT, failed.error(), failed.words());
    }

    @Test
    void refusesDeepJson() throws Exception {
        String deep =
                "{\"id\":ID,\"x\":"
                        + "[".repeat(100_000)
                        + "]".repeat(100_000)
                        + ",\"result\":{}}\n";
        ServerException failed =
                failure(
                        saying("blockchain.headers.subscribe", deep),
                        ElectrumSession::subscribeTip);
        assertEquals(ServerError.FAULT, failed.error());
        assertTrue(failed.words().contains("limits"), failed.words());
    }

    @Test
    void refusesMoreHeadersThanAsked() throws Exception {
        HonestScript generous =
                new HonestScript(new TestChain().mine(10)) {
                    @Override
                    protected String headers(int start, int count) {
                        return headersJson(chain().headers(start, count + 1));
                    }
                };
        assertEquals(
                ServerError.FAULT, failure(generous, session -> session.headers(1, 5)).error());
        generous.speaking("1.6");
        assertEquals(
                ServerError.FAULT, failure(generous, session -> session.headers(1, 5)).error());
    }

    @Test
    void refusesACountThatIsNotTheHeaders() throws Exception {
        ServerException failed =
                failure(
                        saying(
                                "blockchain.block.headers",
                                "{\"id\":ID,\"result\":{\"count\":3,\"hex\":\"\",\"max\":2016}}\n"),
                        session -> session.headers(1, 5));
        assertEquals(ServerError.FAULT, failed.error());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "25 siblings | 25 | 0 | 7",
                "another height | 2 | 0 | 8",
                "a position beyond the branch | 2 | 4 | 7",
                "a negative position | 2 | -1 | 7"
            })
    void refusesWhatIsNoBranch(String what, int siblings, int position, int height)
            throws Exception {
        String list = "\"" + "11".repeat(32) + "\"";
        String branch =
                "{\"block_height\":"
                        + height
                        + ",\"merkle\":["
                        + String.join(",", java.util.Collections.nCopies(siblings, list))
                        + "],\"pos\":"
                        + position
                        + "}";
        ServerException failed =
                failure(
                        saying(
                                "blockchain.transaction.get_merkle",
                                "{\"id\":ID,\"result\":" + branch + "}\n"),
                        session -> session.branch(Hash.ZERO, 7));
        assertEquals(ServerError.FAULT, failed.error(), what);
    }

    @Test
    void refusesAHistoryWithoutEnd() throws Exception {
        String entry = "{\"tx_hash\":\"" + "22".repeat(32) + "\",\"height\":1}";
        String list =
                String.join(",", java.util.Collections.nCopies(Answers.HISTORY_ENTRIES + 1, entry));
        ServerException failed =
                failure(
                        saying(
                                "blockchain.scripthash.get_history",
                                "{\"id\":ID,\"result\":[" + list + "]}\n"),
                        session -> session.history(new byte[] {0x51}));
        assertEquals(ServerError.FAULT, failed.error());
    }

    @Test
    void refusesATransactionThatIsTooLarge() throws Exception {
        ServerException failed =
                failure(
                        saying(
                                "blockchain.transaction.get",
                                "{\"id\":ID,\"result\":\"" + "00".repeat(400_001) + "\"}\n"),
                        session -> session.transaction(Hash.ZERO));
        assertEquals(ServerError.FAULT, failed.error());
    }

    @Test
    void refusesALineWithoutEnd() throws Exception {
        HonestScript flood =
                new HonestScript(new TestChain()) {
                    @Override
                    public String tip() throws IOException {
                        throw new IOException("unused");
                    }

                    @Override
                    public @Nullable String answer(ScriptedElectrum.Ask ask)
                            throws IOException, InterruptedException {
                        if (!ask.method().equals("blockchain.headers.subscribe")) {
                            return super.answer(ask);
                        }
                        while (true) {
                            ask.line().send(" ".repeat(65_536));
                        }
                    }
                };
        ServerException failed = failure(flood, ElectrumSession::subscribeTip);
        assertEquals(ServerError.FAULT, failed.error());
        assertTrue(failed.words().contains("2097152"), failed.words());
    }

    @Test
    void refusesAFloodOfNotifications() throws Exception {
        HonestScript flood =
                new HonestScript(new TestChain()) {
                    @Override
                    public @Nullable String answer(ScriptedElectrum.Ask ask)
                            throws IOException, InterruptedException {
                        if (!ask.method().equals("blockchain.headers.subscribe")) {
                            return super.answer(ask);
                        }
                        while (true) {
                            ask.line().send("{\"method\":\"server.ping\",\"params\":[]}\n");
                        }
                    }
                };
        ServerException failed = failure(flood, ElectrumSession::subscribeTip);
        assertEquals(ServerError.FAULT, failed.error());
        assertTrue(failed.words().contains("notifications"), failed.words());
    }

    @Test
    void aResetIsSaid() throws Exception {
        HonestScript reset =
                new HonestScript(new TestChain()) {
                    @Override
                    public @Nullable String answer(ScriptedElectrum.Ask ask)
                            throws IOException, InterruptedException {
                        if (ask.method().equals("blockchain.headers.subscribe")) {
                            ask.line().reset();
                            return null;
                        }
                        return super.answer(ask);
                    }
                };
        assertEquals(
                ServerError.UNREACHABLE, failure(reset, ElectrumSession::subscribeTip).error());
    }

    @Test
    void bytesOneByOneRunOutOfTime() throws Exception {
        HonestScript slow =
                new HonestScript(new TestChain()) {
                    @Override
                    public @Nullable String answer(ScriptedElectrum.Ask ask)
                            throws IOException, InterruptedException {
                        if (!ask.method().equals("blockchain.headers.subscribe")) {
                            return super.answer(ask);
                        }
                        String line = "{\"id\":" + ask.id() + ",\"result\":" + tip() + "}\n";
                        for (int i = 0; i < line.length(); i++) {
                            ask.line().send(line.substring(i, i + 1));
                            // the point of this liar is time itself
                            Thread.sleep(100);
                        }
                        return null;
                    }
                };
        assertEquals(ServerError.TIMEOUT, failure(slow, ElectrumSession::subscribeTip).error());
    }

    @Test
    void anAnswerHas20Seconds() {
        assertEquals(20_000, ElectrumSession.ANSWER_MILLIS);
    }

    @Test
    void silenceRunsOutOfTime() throws Exception {
        ServerException failed = failure(_ -> null, ElectrumSession::subscribeTip);
        assertEquals(ServerError.TIMEOUT, failed.error());
    }

    @Test
    void anotherChainIsSaid() throws Exception {
        HonestScript other =
                new HonestScript(new TestChain()) {
                    @Override
                    protected String features() {
                        return "{\"genesis_hash\":\"" + Network.MAINNET.genesis().hash() + "\"}";
                    }
                };
        ServerException failed = failure(other, ElectrumSession::subscribeTip);
        assertEquals(ServerError.OTHER_NETWORK, failed.error());
        assertTrue(failed.words().contains("regtest"), failed.words());
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.2", "1.8", "2.0", "1", "", "1.4.2.1", "99999999999.4", "\u001b[2J"})
    void anotherVersionIsSaid(String version) throws Exception {
        HonestScript other = honest();
        ServerException failed =
                failure(
                        new HonestScript(other.chain()) {
                            @Override
                            public @Nullable String answer(ScriptedElectrum.Ask ask)
                                    throws IOException, InterruptedException {
                                return ask.method().equals("server.version")
                                        ? "[\"X\"," + ScriptedElectrum.quoted(version) + "]"
                                        : super.answer(ask);
                            }
                        },
                        ElectrumSession::subscribeTip);
        assertEquals(ServerError.OTHER_NETWORK, failed.error());
    }
}
