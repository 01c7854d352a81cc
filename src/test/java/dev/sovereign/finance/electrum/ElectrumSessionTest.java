package dev.sovereign.finance.electrum;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.Header;
import dev.sovereign.finance.MerkleProof;
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
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

@Timeout(30)
class ElectrumSessionTest {

    private static final byte[] SCRIPT = HexFormat.of().parseHex("0014" + "ab".repeat(20));
    private static final byte[] PAYMENT =
            TestChain.payment(
                    1, new TestChain.Output(5_000, SCRIPT), TestChain.opReturn(new byte[32]));

    @TempDir Path folder;

    private ElectrumSession open(ScriptedElectrum server, ElectrumSession.Listener listener)
            throws IOException, InterruptedException {
        ElectrumClient client =
                new ElectrumClient(
                        Network.REGTEST,
                        new Dialer(null),
                        new Pins(folder.resolve("electrum.pins")));
        return client.open(server.address(), listener);
    }

    private static ElectrumSession.Listener deaf() {
        return ElectrumSession.Listener.NONE;
    }

    @ParameterizedTest
    @ValueSource(strings = {"1.4", "1.4.2", "1.5", "1.6", "1.7"})
    void speaksEveryVersionFrom14To17(String version) throws Exception {
        TestChain chain = new TestChain().mine(20);
        int height = chain.mineWith(PAYMENT, TestChain.payment(2, TestChain.opReturn(new byte[5])));
        HonestScript honest = new HonestScript(chain).speaking(version);
        byte[] waiting = TestChain.payment(3, new TestChain.Output(7_000, SCRIPT));
        honest.addToMempool(waiting);
        try (ScriptedElectrum server = new ScriptedElectrum(honest);
                ElectrumSession session = open(server, deaf())) {
            assertEquals(new ServerTip(height, chain.header(height)), session.subscribeTip());
            assertArrayEquals(chain.headers(5, 100), session.headers(5, 100));
            assertEquals(0, session.headers(500, 10).length);
            Hash txid = Hash.twice(PAYMENT);
            assertEquals(
                    List.of(
                            new HistoryEntry(txid, height),
                            new HistoryEntry(Hash.twice(waiting), 0)),
                    session.history(SCRIPT));
            assertArrayEquals(PAYMENT, session.transaction(txid));
            MerkleProof branch = session.branch(txid, height);
            Hash root = chain.header(height).merkleRoot();
            assertEquals(Optional.empty(), branch.fault(txid, root));
            assertEquals(1, branch.position());
            ServerCoinbase coinbase = session.coinbase(height);
            assertEquals(Optional.empty(), coinbase.proof().fault(coinbase.txid(), root));
            session.ping();
        }
    }

    @Test
    void matchesAnswersThatComeInAnyOrder() throws Exception {
        TestChain chain = new TestChain().mine(50);
        List<String> held = Collections.synchronizedList(new ArrayList<>());
        int together = ElectrumSession.IN_FLIGHT;
        HonestScript reordering =
                new HonestScript(chain) {
                    @Override
                    public @Nullable String answer(ScriptedElectrum.Ask ask)
                            throws IOException, InterruptedException {
                        if (!ask.method().equals("blockchain.block.headers")) {
                            return super.answer(ask);
                        }
                        held.add(
                                "{\"id\":" + ask.id() + ",\"result\":" + super.answer(ask) + "}\n");
                        if (held.size() == together) {
                            Collections.reverse(held);
                            ask.line().send(String.join("", held));
                        }
                        return null;
                    }
                };
        try (ScriptedElectrum server = new ScriptedElectrum(reordering);
                ElectrumSession session = open(server, deaf())) {
            List<CompletableFuture<byte[]>> answers = new ArrayList<>();
            for (int i = 0; i < together; i++) {
                int height = i;
                CompletableFuture<byte[]> answer = new CompletableFuture<>();
                answers.add(answer);
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                answer.complete(session.headers(height, 1));
                            } catch (ServerException | InterruptedException failed) {
                                answer.completeExceptionally(failed);
                            }
                        });
            }
            for (int i = 0; i < together; i++) {
                assertArrayEquals(chain.headers(i, 1), answers.get(i).get());
            }
        }
    }

    @Test
    void hearsOfBlocksAndOfChangedHistories() throws Exception {
        TestChain chain = new TestChain().mine(3);
        HonestScript honest = new HonestScript(chain);
        Recorder recorder = new Recorder();
        try (ScriptedElectrum server = new ScriptedElectrum(honest);
                ElectrumSession session = open(server, recorder)) {
            session.subscribeTip();
            session.subscribeScript(SCRIPT);
            chain.mine(1);
            server.notifyAll("blockchain.headers.subscribe", "[" + honest.tip() + "]");
            assertEquals(new ServerTip(4, chain.header(4)), recorder.heard.take());
            server.notifyAll(
                    "blockchain.scripthash.subscribe", "[\"" + "00".repeat(32) + "\",null]");
            assertEquals("history", recorder.heard.take());
            server.notifyAll("server.ping", "[\"0000\"]");
            session.ping();
            server.dropAll();
            assertEquals(
                    ServerError.UNREACHABLE,
                    assertInstanceOf(ServerException.class, recorder.heard.take()).error());
        }
    }

    @Test
    void aRefusalIsPrintableAndCutAndEndsNothing() throws Exception {
        HonestScript rude =
                new HonestScript(new TestChain().mine(1)) {
                    @Override
                    protected String transaction(Hash txid) throws IOException {
                        throw new ScriptedElectrum.Refused(
                                2, "\u001b[31mred\u202e\n" + "x".repeat(5_000));
                    }
                };
        try (ScriptedElectrum server = new ScriptedElectrum(rude);
                ElectrumSession session = open(server, deaf())) {
            ServerException refused =
                    assertThrows(ServerException.class, () -> session.transaction(Hash.ZERO));
            assertEquals(ServerError.REFUSAL, refused.error());
            String message = refused.words();
            assertTrue(message.chars().allMatch(c -> c >= ' ' && c <= '~'), message);
            assertTrue(message.contains("\\u001b[31mred\\u202e\\u000a"), message);
            assertTrue(message.length() < 300, message);
            session.ping();
        }
    }

    @Test
    void aHistoryTooLargeSaysWhatToDo() throws Exception {
        HonestScript busy =
                new HonestScript(new TestChain()) {
                    @Override
                    public @Nullable String answer(ScriptedElectrum.Ask ask)
                            throws IOException, InterruptedException {
                        if (ask.method().endsWith("get_history")) {
                            throw new ScriptedElectrum.Refused(1, "history too large");
                        }
                        return super.answer(ask);
                    }
                };
        try (ScriptedElectrum server = new ScriptedElectrum(busy);
                ElectrumSession session = open(server, deaf())) {
            ServerException refused =
                    assertThrows(ServerException.class, () -> session.history(SCRIPT));
            assertEquals(ServerError.HISTORY_TOO_LARGE, refused.error());
            assertTrue(String.valueOf(refused.hint()).contains("activate TXID"));
        }
    }

    @Test
    void asksNothingBeforeTheVersion() throws Exception {
        try (ScriptedElectrum server = new ScriptedElectrum(new HonestScript(new TestChain()));
                ElectrumSession session = open(server, deaf())) {
            session.subscribeTip();
            assertEquals(
                    List.of("server.version", "server.features", "blockchain.headers.subscribe"),
                    server.asked());
            assertEquals("Scripted 1.0", session.software());
        }
    }

    @Test
    void namesTheServerThatIsNotThere() throws Exception {
        ElectrumServer gone;
        try (ScriptedElectrum server = new ScriptedElectrum(new HonestScript(new TestChain()))) {
            gone = server.address();
        }
        ElectrumClient client =
                new ElectrumClient(
                        Network.REGTEST,
                        new Dialer(null),
                        new Pins(folder.resolve("electrum.pins")));
        ServerException refused =
                assertThrows(ServerException.class, () -> client.open(gone, deaf()));
        assertEquals(ServerError.UNREACHABLE, refused.error());
        assertTrue(refused.words().startsWith(gone.toString()), refused.words());
    }

    @Test
    void headersAreWhole() {
        assertEquals(80, Header.BYTES);
        assertThrows(ServerException.class, () -> ElectrumServer.parse("no-port"));
        assertThrows(ServerException.class, () -> ElectrumServer.parse("host:0"));
        assertThrows(ServerException.class, () -> ElectrumServer.parse("ho\u001bst:1"));
        assertThrows(ServerException.class, () -> ElectrumServer.parse("::1:50002"));
    }

    @Test
    void readsTheFormsOfAddresses() throws Exception {
        assertEquals("a.example:50002", ElectrumServer.parse(" A.example:50002 ").toString());
        assertEquals("a.example:50002", ElectrumServer.parse("ssl://a.example:50002").toString());
        assertEquals(
                "tcp://a.example:50001", ElectrumServer.parse("tcp://a.example:50001").toString());
        assertEquals("tcp://a.example:50001", ElectrumServer.parse("a.example:50001:t").toString());
        assertEquals("[::1]:50002", ElectrumServer.parse("[::1]:50002:s").toString());
    }
}
