package dev.sovereign.node.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.SwarmKey;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/// Two nodes with one swarm key in this process: meeting, letting in, asking, withdrawing.
@Timeout(60)
class TwoNodesTest {

    /// The contract is 1 s, and a quiet machine takes half of that; this one may be shared.
    private static final long WITHDRAWN_MILLIS = 3_000;

    @TempDir Path folder;
    private TestNode ours;
    private TestNode theirs;

    @BeforeEach
    void open() throws IOException {
        ours = new TestNode(folder.resolve("ours"), "test-protocols = true");
        TestNode.keys(ours.home).create(null);
        Path theirHome = Files.createDirectories(folder.resolve("theirs"));
        Files.copy(
                ours.home.config().resolve("swarm.key"),
                theirHome.resolve("swarm.key"),
                java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        theirs = new TestNode(theirHome, "test-protocols = true");
    }

    @AfterEach
    void close() {
        ours.close();
        theirs.close();
    }

    private static String code(Executable refused) {
        return assertThrows(SovereignException.class, refused).first().code();
    }

    /// Both know each other, ours as `us`, theirs as `them`, and are connected.
    private void meet() throws Exception {
        theirs.ask(new Request.PeerAllow(ours.id(), "us"));
        ours.ask(new Request.PeerAdd("them", theirs.mesh().listening().getFirst()));
        TestNode.until("connected", 10_000, () -> ours.state("them").equals("connected"));
        TestNode.until("connected", 10_000, () -> theirs.state("us").equals("connected"));
    }

    @Test
    void aKeyThatAppearsTurnsTheMeshOn() throws Exception {
        assertTrue(ours.mesh().enabled());
        assertEquals(ours.mesh().fingerprint(), theirs.mesh().fingerprint());
        assertEquals(1, ours.mesh().listening().size());
        try (TestNode alone = new TestNode(folder.resolve("alone"))) {
            assertEquals(false, alone.mesh().enabled());
            assertEquals("mesh.off", code(() -> alone.ask(new Request.PeerList())));
            TestNode.keys(alone.home).create(null);
            assertTrue(alone.mesh().enabled());
        }
    }

    @Test
    void aStrangerWithTheKeyWaitsUntilItIsLetIn() throws Exception {
        ours.ask(new Request.PeerAdd("them", theirs.mesh().listening().getFirst()));
        String us = ours.id();
        TestNode.until("waiting", 10_000, () -> theirs.state(us).equals("waiting"));
        assertEquals("mesh.not-let-in", code(() -> ours.ask(new Request.PeerPing("them"))));
        theirs.ask(new Request.PeerAllow(us, "us"));
        Response.RoundTrip trip = (Response.RoundTrip) ours.ask(new Request.PeerPing("them"));
        assertEquals(theirs.id(), trip.peerId());
        TestNode.until("connected", 10_000, () -> theirs.state("us").equals("connected"));
        theirs.ask(new Request.PeerDeny("us"));
        TestNode.until("gone", 10_000, () -> !ours.state("them").equals("connected"));
        TestNode.until("denied", 10_000, () -> theirs.state("us").equals("denied"));
    }

    @Test
    void anAddressWithoutPeerIdSaysWhomItMet() throws Exception {
        String address = theirs.mesh().listening().getFirst();
        Response.Peers met =
                (Response.Peers)
                        ours.ask(
                                new Request.PeerAdd(
                                        "them", address.substring(0, address.indexOf("/p2p/"))));
        assertEquals(theirs.id(), met.peers().getFirst().peerId());
    }

    @Test
    void somebodyElseAtThatAddressIsRefused() throws Exception {
        String address = theirs.mesh().listening().getFirst();
        String other = "12D3KooWQ67qKo1meS1epTQ1UiELEeodpjmrUwbGreuCs5FNio6T";
        ours.ask(
                new Request.PeerAdd(
                        "other", address.substring(0, address.indexOf("/p2p/")) + "/p2p/" + other));
        assertEquals("mesh.unreachable", code(() -> ours.ask(new Request.PeerPing("other"))));
    }

    @Test
    void theBookOutlivesTheNode() throws Exception {
        meet();
        ours.close();
        ours = new TestNode(folder.resolve("ours"));
        TestNode.until("back", 10_000, () -> ours.state("them").equals("connected"));
    }

    @Test
    void thePolicyRefusesByDefaultAndAllowsByARule() throws Exception {
        meet();
        theirs.facts("edge(1, 2). edge(2, 3). secret(7). blocked(99).");
        assertEquals("mesh.policy", code(() -> ours.rowsAt("them", "edge(x, y)?")));
        assertEquals(
                "mesh.policy", code(() -> ours.ask(new Request.At("them", new Request.Status()))));
        // whoever may assert facts cannot grant
        theirs.facts("may(\"" + ours.id() + "\", \"query\", \"edge\").");
        assertEquals("mesh.policy", code(() -> ours.rowsAt("them", "edge(x, y)?")));

        theirs.rules(
                "policy",
                """
                may(p, "query", "edge") :- sys_peer(p, "us", _).
                may(p, "query", "path") :- sys_peer(p, "us", _).
                may(p, "status", "") :- sys_peer(p, "us", "connected").
                """);
        theirs.rules(
                "graph",
                "path(x, y) :- edge(x, y).\npath(x, z) :- edge(x, y), path(y, z), secret(_).");
        assertEquals(List.of(List.of(1L, 2L), List.of(2L, 3L)), ours.rowsAt("them", "edge(x, y)?"));
        assertEquals(3, ours.rowsAt("them", "path(x, y)?").size());
        Response.Heartbeat beat =
                (Response.Heartbeat) ours.ask(new Request.At("them", new Request.Status()));
        assertEquals(theirs.id(), beat.peerId());

        // every relation that is named needs it, wherever it stands
        for (String query :
                List.of(
                        "secret(x)?",
                        "edge(x, y), secret(x)?",
                        "edge(x, y), !secret(x)?",
                        "edge(x, y), n = count : { secret(_) }?",
                        "edge(x, _); secret(x)?",
                        "sys_fact(a, b, c, d)?",
                        "@policy.may(a, b, c)?",
                        "@graph.path(a, b)?")) {
            assertEquals("mesh.policy", code(() -> ours.rowsAt("them", query)), query);
        }
        // and the other direction has no policy at all
        assertEquals("mesh.policy", code(() -> theirs.rowsAt("us", "edge(x, y)?")));
        assertTrue(
                theirs.rows("sys_refusal(_, \"" + ours.id() + "\", \"query\", \"secret\", _)?")
                        .isEmpty(),
                "a yes-or-no question has no rows");
        assertTrue(theirs.rows("sys_refusal(t, p, \"query\", \"secret\", c)?").size() >= 3);
    }

    private static List<String> texts(List<Response.ProofStep> steps) {
        return steps.stream().map(Response.ProofStep::text).toList();
    }

    @Test
    void aProofShowsOnlyWhatTheRulesAllow() throws Exception {
        meet();
        theirs.facts("edge(1, 2). edge(2, 3). secret(7). blocked(99).");
        theirs.rules(
                "graph",
                """
                path(x, y) :- edge(x, y).
                path(x, z) :- edge(x, y), path(y, z), y < z, !blocked(y), secret(_).
                open(x) :- edge(x, y), y > 1, !blocked(x), 1 = count : { edge(x, _) }.
                """);
        assertEquals("mesh.policy", code(() -> ours.proofAt("them", "path(1, 3)")));
        // to ask is not to be told why
        theirs.rules("policy", "may(p, \"query\", \"path\") :- sys_peer(p, \"us\", _).");
        assertEquals("mesh.policy", code(() -> ours.proofAt("them", "path(1, 3)")));

        theirs.rules("policy", "may(p, \"why\", \"path\") :- sys_peer(p, \"us\", _).");
        List<Response.ProofStep> alone = ours.proofAt("them", "path(1, 3)");
        assertEquals(List.of("@graph.path(2, 3)", "@graph.path(1, 3)"), texts(alone));
        assertTrue(alone.getFirst().cut() && alone.getLast().cut());
        assertEquals(List.of(0L), alone.getLast().premises());
        assertEquals("mesh.policy", code(() -> ours.proofAt("them", "edge(1, 2)")));

        theirs.rules(
                "policy",
                "may(p, \"why\", r) :- sys_peer(p, \"us\", _), (r = \"path\"; r = \"edge\";"
                        + " r = \"open\").");
        List<Response.ProofStep> edges = ours.proofAt("them", "path(1, 3)");
        assertEquals(
                List.of("edge(1, 2)", "edge(2, 3)", "@graph.path(2, 3)", "@graph.path(1, 3)"),
                texts(edges));
        assertTrue(edges.getLast().cut(), "the secret and what was checked are left out");
        assertFalse(edges.get(2).cut());
        assertEquals(
                List.of("edge(1, 2)", "@graph.open(1)"), texts(ours.proofAt("them", "open(1)")));

        theirs.facts("shown(\"path\"). shown(\"edge\"). shown(\"open\"). shown(\"blocked\").");
        theirs.rules("policy", "may(p, \"why\", r) :- sys_peer(p, \"us\", _), shown(r).");
        List<Response.ProofStep> whole = ours.proofAt("them", "open(1)");
        assertEquals(5, whole.size(), texts(whole).toString());
        assertFalse(whole.getLast().cut());
        assertEquals(4, ours.proofAt("them", "path(1, 3)").size());
        theirs.facts("shown(\"secret\").");
        assertTrue(texts(ours.proofAt("them", "path(1, 3)")).contains("secret(7)"));
    }

    @Test
    void filesRulesAndFunctorsOfAPeerAreRefused() throws Exception {
        meet();
        theirs.facts("edge(1, 2).");
        theirs.rules("policy", "may(p, \"query\", \"edge\") :- sys_peer(p, _, _).");
        for (String query :
                List.of(
                        "foo(x) :- edge(x, _). foo(x)?",
                        "edge(5, 6). edge(x, y)?",
                        ".decl a(x:number)\na(x)?",
                        ".input edge\nedge(x, y)?",
                        "edge(x, y), match(\"a*\", \"b\")?",
                        "edge(x, y), z = strlen(\"abc\")?",
                        "edge(x, y), z = x + 1?",
                        "edge(x, y), z = @f(x)?",
                        ".include \"/etc/passwd\"\nedge(x, y)?")) {
            String code = code(() -> ours.rowsAt("them", query));
            assertTrue(
                    code.equals("mesh.not-for-peers") || code.startsWith("core."),
                    query + ": " + code);
        }
        Request.Query withFile =
                new Request.Query(
                        "edge(x, y)?",
                        List.of(new Request.Program("a.dl", "a(1).")),
                        null,
                        null,
                        false,
                        Request.Limits.NONE);
        assertEquals("mesh.not-for-peers", code(() -> ours.ask(new Request.At("them", withFile))));
        for (Request<?> request :
                List.of(
                        new Request.Stop(0),
                        new Request.StoreBackup(),
                        new Request.PeerList(),
                        new Request.Assert(List.of(), null),
                        new Request.RulesShow("policy"))) {
            assertEquals(
                    "mesh.not-for-peers", code(() -> ours.ask(new Request.At("them", request))));
        }
        assertEquals(List.of(List.of(1L, 2L)), theirs.rows("edge(x, y)?"));
    }

    @Test
    void takingTheRuleAwayEndsARunningAnswer() throws Exception {
        meet();
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 2_000; i++) {
            many.append("n(").append(i).append("). ");
        }
        theirs.facts(many.toString());
        theirs.rules("policy", "may(p, \"query\", \"n\") :- sys_peer(p, \"us\", _).");
        CountDownLatch streaming = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicReference<SovereignException> end = new AtomicReference<>();
        // reads one frame and then no more: windows fill, and the answer stays under way
        TestNode.Collector slow =
                new TestNode.Collector() {
                    @Override
                    public void send(Response response) throws InterruptedException {
                        if (response instanceof Response.Rows) {
                            streaming.countDown();
                            goOn.await();
                        }
                    }
                };
        Thread asking =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                ours.ask(
                                        new Request.At(
                                                "them", TestNode.query("n(x), n(y), x != y?")),
                                        slow);
                            } catch (SovereignException ended) {
                                end.set(ended);
                            } catch (IOException | InterruptedException other) {
                                throw new IllegalStateException(other);
                            }
                        });
        assertTrue(streaming.await(20, TimeUnit.SECONDS));
        theirs.ask(new Request.RulesRemove("policy"));
        TestNode.until(
                "the refusal is a fact",
                WITHDRAWN_MILLIS,
                () -> {
                    try {
                        return !theirs.rows("sys_refusal(t, p, \"query\", \"n\", c)?").isEmpty();
                    } catch (IOException | InterruptedException broke) {
                        throw new IllegalStateException(broke);
                    }
                });
        goOn.countDown();
        asking.join();
        assertTrue(end.get() != null, "the answer came to its end");
        assertEquals("mesh.policy", code(() -> ours.rowsAt("them", "n(x)?")));
    }

    @Test
    void rotatingTheKeyCutsNobodyOff() throws Exception {
        meet();
        String before = ours.mesh().fingerprint();
        Response.Keys rotated = TestNode.keys(theirs.home).rotate(null);
        assertEquals(before, rotated.previous());
        assertEquals(rotated.fingerprint(), theirs.mesh().fingerprint());
        assertEquals("connected", ours.state("them"));
        assertEquals("previous", theirs.peers().getFirst().key());

        // who has only the old key still gets in
        ours.close();
        ours = new TestNode(folder.resolve("ours"));
        TestNode.until("back", 10_000, () -> ours.state("them").equals("connected"));
        awaitKey("previous");

        // and whoever takes the new one uses it
        TestNode.keys(ours.home).rotate(theirs.home.config().resolve("swarm.key").toString());
        assertEquals(rotated.fingerprint(), ours.mesh().fingerprint());
        ours.close();
        ours = new TestNode(folder.resolve("ours"));
        TestNode.until("back", 10_000, () -> ours.state("them").equals("connected"));
        awaitKey("current");
    }

    /// Waits until our connection uses this key, as they see it.
    private void awaitKey(String key) {
        TestNode.until(
                key,
                10_000,
                () -> {
                    try {
                        return key.equals(theirs.peers().getFirst().key());
                    } catch (IOException | InterruptedException broke) {
                        throw new IllegalStateException(broke);
                    }
                });
    }

    @Test
    void anotherNetworkIsNotReached() throws Exception {
        try (TestNode stranger = new TestNode(folder.resolve("stranger"))) {
            SwarmKey.generate(new java.security.SecureRandom())
                    .write(stranger.home.config().resolve("swarm.key"), false);
            stranger.ask(new Request.PeerAdd("them", theirs.mesh().listening().getFirst()));
            assertEquals(
                    "mesh.unreachable", code(() -> stranger.ask(new Request.PeerPing("them"))));
            assertEquals("", theirs.state(stranger.id()));
        }
    }
}
