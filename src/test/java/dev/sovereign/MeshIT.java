package dev.sovereign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Listener;
import dev.sovereign.cli.connect.SocketCaller;
import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.Connection;
import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.Mesh;
import dev.sovereign.mesh.MeshOptions;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.SwarmKey;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.node.peers.MeshNode;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.File;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Real daemons in real homes: killed, cut off, and found again. Three of them in network
/// namespaces of their own where the test may make some (root on Linux with iproute2).
@Timeout(240)
class MeshIT {

    /// What the contract allows for finding each other again, and as long again for a machine that
    /// runs other tests at the same time.
    private static final long BACK_MILLIS = 20_000;

    /// The contract is 1 s, and a quiet machine takes half of that.
    private static final long WITHDRAWN_MILLIS = 3_000;

    /// Longer than what a node takes for a pause of its own: see Surroundings.
    private static final long STANDSTILL_MILLIS = 8_500;

    private static final int CROWD = 1_000;

    private static final String LOOPBACK = "/ip4/127.0.0.1/tcp/0";

    private static final Listener IGNORE = new Listener() {};

    private final Path folder;
    private final Map<String, Process> daemons = new LinkedHashMap<>();
    private final List<String> namespaces = new ArrayList<>();

    /// Of daemons that are made from now on.
    private String heap = "128m";

    /// More lines of `[mesh]` for daemons that are made from now on.
    private String settings = "";

    MeshIT() throws IOException {
        folder = Files.createTempDirectory("mesh-it-");
    }

    @AfterEach
    void end() throws Exception {
        for (Process daemon : daemons.values()) {
            daemon.destroyForcibly().onExit().join();
        }
        for (String namespace : namespaces) {
            run("ip", "netns", "del", namespace);
        }
        run("rm", "-rf", folder.toString());
    }

    private Home home(String name) {
        return Home.of(folder.resolve(name).toString(), Map.of());
    }

    /// Starts a daemon and waits until it serves.
    ///
    /// @param listen its address
    /// @param prefix such as `ip netns exec NAME`
    private void start(String name, String listen, String... prefix) throws IOException {
        Home home = home(name);
        Files.createDirectories(home.data());
        if (!Files.exists(home.configFile())) {
            Files.writeString(
                    home.configFile(), "[mesh]\nlisten = [\"" + listen + "\"]\n" + settings);
        }
        List<String> command = new ArrayList<>(List.of(prefix));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx" + heap,
                        "-cp",
                        classPath(),
                        "dev.sovereign.Main",
                        "daemon",
                        "run"));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SOVEREIGN_HOME", home.data().toString());
        builder.environment().put(DaemonStarter.SPAWNED, "1");
        builder.redirectInput(new File("/dev/null"));
        builder.redirectError(folder.resolve(name + ".err").toFile());
        Process daemon = builder.start();
        daemons.put(name, daemon);
        try (var announced = daemon.inputReader()) {
            assertTrue(String.valueOf(announced.readLine()).contains("ready"), name);
        }
    }

    private static String classPath() throws IOException {
        List<String> entries = new ArrayList<>();
        for (String type :
                List.of(
                        "dev.sovereign.Main",
                        "org.h2.Driver",
                        "tools.jackson.core.json.JsonFactory",
                        "org.jspecify.annotations.Nullable")) {
            try {
                entries.add(
                        Path.of(
                                        Class.forName(type)
                                                .getProtectionDomain()
                                                .getCodeSource()
                                                .getLocation()
                                                .toURI())
                                .toString());
            } catch (ClassNotFoundException | URISyntaxException missing) {
                throw new IOException(missing);
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    private <R extends Response.Closing> R ask(String name, Request<R> request)
            throws InterruptedException {
        return ask(name, request, IGNORE);
    }

    private <R extends Response.Closing> R ask(String name, Request<R> request, Listener listener)
            throws InterruptedException {
        try (SocketCaller caller =
                new SocketCaller(
                        home(name),
                        new Callers.Reach(null, false, 30_000L),
                        _ -> {},
                        _ -> {
                            throw new IOException("the daemon " + name + " does not run");
                        })) {
            return caller.call(request, listener);
        }
    }

    private String id(String name) throws InterruptedException {
        return String.valueOf(ask(name, new Request.Status()).peerId());
    }

    private Response.@Nullable Peer peer(String at, String name) throws InterruptedException {
        for (Response.Peer peer : ask(at, new Request.PeerList()).peers()) {
            if (name.equals(peer.name())) {
                return peer;
            }
        }
        return null;
    }

    private boolean connected(String at, String name) throws InterruptedException {
        Response.Peer peer = peer(at, name);
        return peer != null && peer.state().equals("connected");
    }

    private interface Claim {
        boolean holds() throws InterruptedException;
    }

    /// @return milliseconds that it took
    private static long until(String what, long millis, Claim claim) throws InterruptedException {
        long start = System.nanoTime();
        while (!claim.holds()) {
            long passed = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
            assertTrue(passed < millis, "not within " + millis + " ms: " + what);
            LockSupport.parkNanos(50_000_000);
        }
        return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - start);
    }

    private static int run(String... command) throws IOException, InterruptedException {
        Process process =
                new ProcessBuilder(command)
                        .redirectErrorStream(true)
                        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                        .start();
        return process.waitFor();
    }

    private static void must(String... command) throws IOException, InterruptedException {
        assertEquals(0, run(command), String.join(" ", command));
    }

    /// One swarm key for all, and each knows and allows each.
    private void introduce(Map<String, String> listen) throws IOException, InterruptedException {
        String first = listen.keySet().iterator().next();
        for (String name : listen.keySet()) {
            if (name.equals(first)) {
                MeshNode.keys(home(first), Configuration.defaults()).create(null);
            } else {
                Files.copy(
                        home(first).config().resolve("swarm.key"),
                        home(name).config().resolve("swarm.key"),
                        StandardCopyOption.COPY_ATTRIBUTES);
            }
        }
        Map<String, String> ids = new LinkedHashMap<>();
        for (String name : listen.keySet()) {
            assertTrue(ask(name, new Request.Status()).mesh().enabled(), name);
            ids.put(name, id(name));
        }
        for (String at : listen.keySet()) {
            for (String name : listen.keySet()) {
                if (!at.equals(name)) {
                    ask(at, new Request.PeerAdd(name, listen.get(name) + "/p2p/" + ids.get(name)));
                }
            }
        }
        for (String at : listen.keySet()) {
            for (String name : listen.keySet()) {
                if (!at.equals(name)) {
                    until(at + " has " + name, BACK_MILLIS, () -> connected(at, name));
                }
            }
        }
    }

    /// Two daemons of one network, `one` and `two`, that let each other stay.
    private void pair() throws IOException, InterruptedException {
        start("one", LOOPBACK);
        start("two", LOOPBACK);
        shareKey("one", "two");
        String two = ask("two", new Request.Status()).mesh().listening().getFirst();
        ask("two", new Request.PeerAllow(id("one"), "one"));
        ask("one", new Request.PeerAdd("two", two));
        until("connected", BACK_MILLIS, () -> connected("one", "two"));
    }

    private void shareKey(String from, String to) throws IOException {
        MeshNode.keys(home(from), Configuration.defaults()).create(null);
        Files.copy(
                home(from).config().resolve("swarm.key"),
                home(to).config().resolve("swarm.key"),
                StandardCopyOption.COPY_ATTRIBUTES);
    }

    @Test
    void aDaemonThatWasKilledIsFoundAgain() throws Exception {
        pair();

        Process first = daemons.get("one");
        assertTrue(first != null);
        first.destroyForcibly().onExit().join();
        start("one", LOOPBACK);
        long millis = until("back", BACK_MILLIS, () -> connected("one", "two"));
        System.err.println("MeshIT: found again " + millis + " ms after a kill -9");
        until("there, too", BACK_MILLIS, () -> connected("two", "one"));
    }

    /// Machines `n1` to `nN` at one switch, each a daemon in a network namespace of its own.
    ///
    /// @return the beginning of the namespaces' names: that of the switch ends with `h`
    private String lan(int machines) throws IOException, InterruptedException {
        assumeTrue(run("ip", "netns", "list") == 0 && run("id", "-u") == 0, "no iproute2");
        String mark = "m" + ProcessHandle.current().pid() % 100_000;
        String hub = mark + "h";
        assumeTrue(run("ip", "netns", "add", hub) == 0, "network namespaces need root");
        namespaces.add(hub);
        must(
                "ip",
                "-n",
                hub,
                "link",
                "add",
                "name",
                "hub0",
                "type",
                "bridge",
                "mcast_snooping",
                "0");
        must("ip", "-n", hub, "link", "set", "hub0", "up");
        for (int i = 1; i <= machines; i++) {
            String name = "n" + i;
            String namespace = mark + name;
            must("ip", "netns", "add", namespace);
            namespaces.add(namespace);
            must(
                    "ip",
                    "-n",
                    namespace,
                    "link",
                    "add",
                    "eth0",
                    "type",
                    "veth",
                    "peer",
                    "name",
                    "port" + i,
                    "netns",
                    hub);
            must("ip", "-n", hub, "link", "set", "port" + i, "master", "hub0", "up");
            must("ip", "-n", namespace, "addr", "add", "10.77.0." + i + "/24", "dev", "eth0");
            must("ip", "-n", namespace, "link", "set", "eth0", "up");
            must("ip", "-n", namespace, "link", "set", "lo", "up");
            start(name, "/ip4/0.0.0.0/tcp/4747", "ip", "netns", "exec", namespace);
        }
        return mark;
    }

    @Test
    void aLinkThatWasLostBringsEverybodyBack() throws Exception {
        String mark = lan(3);
        String hub = mark + "h";
        Map<String, String> listen = new LinkedHashMap<>();
        for (int i = 1; i <= 3; i++) {
            listen.put("n" + i, "/ip4/10.77.0." + i + "/tcp/4747");
        }
        introduce(listen);

        // the cable at one machine: it is noticed by itself
        must("ip", "-n", mark + "n3", "link", "set", "eth0", "down");
        until("lost", 60_000, () -> !connected("n3", "n1") && !connected("n3", "n2"));
        must("ip", "-n", mark + "n3", "link", "set", "eth0", "up");
        long own =
                until(
                        "back after its own link was down",
                        BACK_MILLIS,
                        () -> connected("n3", "n1") && connected("n3", "n2"));
        System.err.println("MeshIT: found again " + own + " ms after the link's return");

        // the cable at the switch, and a machine that is killed meanwhile
        must("ip", "-n", hub, "link", "set", "port2", "down");
        until("lost", 60_000, () -> !connected("n2", "n1"));
        Process second = daemons.get("n2");
        assertTrue(second != null);
        second.destroyForcibly().onExit().join();
        start("n2", "", "ip", "netns", "exec", mark + "n2");
        must("ip", "-n", hub, "link", "set", "port2", "up");
        long far =
                until(
                        "back after the switch's port was down",
                        BACK_MILLIS,
                        () -> connected("n2", "n1") && connected("n2", "n3"));
        System.err.println("MeshIT: found again " + far + " ms after the port's return");
        assertTrue(connected("n1", "n3"), "the others were not disturbed");
    }

    /// No address was ever given: each hears the other.
    @Test
    void machinesOfOneLanFindEachOther() throws Exception {
        settings = "mdns = true\n";
        lan(2);
        shareKey("n1", "n2");
        String first = id("n1");
        String second = id("n2");
        until("on", BACK_MILLIS, () -> ask("n1", new Request.Status()).mesh().enabled());
        until("on", BACK_MILLIS, () -> ask("n2", new Request.Status()).mesh().enabled());
        List<Response.Peer> found = ask("n1", new Request.PeerDiscover(3_000L)).peers();
        assertEquals(List.of(second), found.stream().map(Response.Peer::peerId).toList());
        assertEquals(List.of("/ip4/10.77.0.2/tcp/4747"), found.getFirst().addresses());
        assertEquals("unknown", found.getFirst().state());

        ask("n1", new Request.PeerAllow(second, "second"));
        ask("n2", new Request.PeerAllow(first, "first"));
        long millis = until("connected", BACK_MILLIS, () -> connected("n1", "second"));
        System.err.println("MeshIT: found on the LAN in " + millis + " ms");
    }

    /// What a process is to a machine that sleeps: it stands still and time goes on.
    @Test
    void aStandstillIsNoticed() throws Exception {
        pair();
        Process two = daemons.get("two");
        assertTrue(two != null);
        String pid = Long.toString(two.pid());
        must("kill", "-STOP", pid);
        try {
            long until = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STANDSTILL_MILLIS);
            while (System.nanoTime() - until < 0) {
                LockSupport.parkNanos(until - System.nanoTime());
            }
        } finally {
            must("kill", "-CONT", pid);
        }
        long millis =
                until(
                        "noticed",
                        BACK_MILLIS,
                        () -> {
                            try {
                                return Files.readString(home("two").logFile())
                                        .contains("stood still");
                            } catch (IOException unreadable) {
                                throw new AssertionError(unreadable);
                            }
                        });
        System.err.println("MeshIT: a standstill was noticed after " + millis + " ms");
        until("they talk", BACK_MILLIS, () -> connected("one", "two") && connected("two", "one"));
        assertTrue(ask("one", new Request.PeerPing("two")).nanos() > 0);
    }

    private static final class Collected implements Listener {
        final List<List<@Nullable Object>> rows = new ArrayList<>();
        final List<String> steps = new ArrayList<>();

        @Override
        public void rows(Response.Rows some) {
            rows.addAll(some.rows());
        }

        @Override
        public void proofSteps(Response.ProofSteps some) {
            some.steps().forEach(step -> steps.add(step.text()));
        }
    }

    private static Request.Query query(String text) {
        return new Request.Query(text, List.of(), null, null, false, Request.Limits.NONE);
    }

    private void rules(String at, String module, String text) throws InterruptedException {
        ask(at, new Request.RulesAdd(module, new Request.Program(module + ".dl", text)));
    }

    private void facts(String at, String text) throws InterruptedException {
        ask(at, new Request.Assert(List.of(new Request.Program("assert", text)), null));
    }

    private List<List<@Nullable Object>> rows(String at, String text) throws InterruptedException {
        Collected collected = new Collected();
        ask(at, query(text), collected);
        return collected.rows;
    }

    /// `one` asks `two`.
    ///
    /// @return the code of its refusal; empty when there is none
    private String refusal(Request<?> request, Listener listener) throws InterruptedException {
        try {
            return ask("one", new Request.At("two", request), listener)
                            instanceof Response.Failure failure
                    ? failure.diagnostics().getFirst().code()
                    : "";
        } catch (SovereignException refused) {
            return refused.first().code();
        }
    }

    private String refusal(Request<?> request) throws InterruptedException {
        return refusal(request, IGNORE);
    }

    @Test
    void aPeerIsToldWhatTheRulesAllowAndNoLonger() throws Exception {
        pair();
        String asker = id("one");
        facts("two", "edge(1, 2). edge(2, 3). may(\"" + asker + "\", \"query\", \"edge\").");
        Request.Why why =
                new Request.Why(
                        "edge(1, 2)", List.of(), null, null, false, null, Request.Limits.NONE);
        for (Request<?> request : List.of(query("edge(x, y)?"), new Request.Status(), why)) {
            assertEquals("mesh.policy", refusal(request), request.toString());
        }
        rules(
                "two",
                "policy",
                """
                may(p, "query", "edge") :- sys_peer(p, "one", "connected").
                may(p, "why", "edge") :- sys_peer(p, "one", _).
                may(p, "status", "") :- sys_peer(p, "one", _).
                """);
        Collected told = new Collected();
        assertEquals("", refusal(query("edge(x, y)?"), told));
        assertEquals(List.of(List.of(1L, 2L), List.of(2L, 3L)), told.rows);
        assertEquals("", refusal(new Request.Status()));
        assertEquals("", refusal(why, told));
        assertEquals(List.of("edge(1, 2)"), told.steps);
        for (String text :
                List.of(
                        "other(x, y)?",
                        "edge(x, y), z = strlen(\"abc\")?",
                        "found(x) :- edge(x, _). found(x)?",
                        ".input edge\nedge(x, y)?")) {
            assertNotEquals("", refusal(query(text)), text);
        }
        assertEquals(
                "mesh.not-for-peers",
                refusal(
                        new Request.Assert(
                                List.of(new Request.Program("a", "edge(9, 9).")), null)));
        assertFalse(
                rows("two", "sys_refusal(t, \"" + asker + "\", \"query\", \"edge\", c)?")
                        .isEmpty());
    }

    @Test
    void takingTheRuleAwayEndsARunningAnswer() throws Exception {
        pair();
        StringBuilder many = new StringBuilder();
        for (int i = 0; i < 900; i++) {
            many.append("n(").append(i).append("). ");
        }
        facts("two", many.toString());
        rules("two", "policy", "may(p, \"query\", \"n\") :- sys_peer(p, \"one\", _).");
        CountDownLatch streaming = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Listener slow =
                new Listener() {
                    @Override
                    public void rows(Response.Rows some) {
                        streaming.countDown();
                        try {
                            goOn.await();
                        } catch (InterruptedException ended) {
                            Thread.currentThread().interrupt();
                        }
                    }
                };
        CompletableFuture<String> end = new CompletableFuture<>();
        Thread.ofVirtual()
                .start(() -> {
                    try {
                        end.complete(refusal(query("n(x), n(y), x != y?"), slow));
                    } catch (InterruptedException | RuntimeException broke) {
                        end.completeExceptionally(broke);
                    }
                });
        assertTrue(streaming.await(30, TimeUnit.SECONDS));
        ask("two", new Request.RulesRemove("policy"));
        long millis =
                until(
                        "withdrawn",
                        WITHDRAWN_MILLIS,
                        () -> !rows("two", "sys_refusal(t, p, \"query\", \"n\", c)?").isEmpty());
        System.err.println("MeshIT: an answer was withdrawn after " + millis + " ms");
        goOn.countDown();
        assertNotEquals("", end.get(30, TimeUnit.SECONDS));
        assertEquals("mesh.policy", refusal(query("n(x)?")));
    }

    /// As many PeerIds as connections, all of them from one address.
    @Test
    void aThousandPeersFitIntoASmallDaemon() throws Exception {
        heap = "256m";
        settings = "allow-any = true\nmax-connections = 1100\n";
        start("one", LOOPBACK);
        SecureRandom random = new SecureRandom();
        MeshNode.keys(home("one"), Configuration.defaults()).create(null);
        SwarmKey key = SwarmKey.read(home("one").config().resolve("swarm.key"));
        assertTrue(key != null);
        Multiaddr address =
                Multiaddr.of(ask("one", new Request.Status()).mesh().listening().getFirst());
        List<Mesh> crowd = new ArrayList<>();
        try {
            List<Connection> connections = new ArrayList<>();
            for (int i = 0; i < CROWD; i++) {
                Mesh mesh = Mesh.start(MeshOptions.of(Identity.generate(random), key));
                crowd.add(mesh);
                connections.add(mesh.dial(address, Duration.ofSeconds(20)));
            }
            for (Connection connection : connections) {
                connection.identified().get(20, TimeUnit.SECONDS);
                assertTrue(connection.probe().get(20, TimeUnit.SECONDS).isPositive());
            }
            Response.Heartbeat beat = ask("one", new Request.Status());
            assertEquals(CROWD, beat.mesh().connections());
            assertEquals(CROWD, ask("one", new Request.PeerList()).peers().size());
            System.err.println(
                    "MeshIT: "
                            + CROWD
                            + " peers, heap "
                            + (beat.memory().heapUsedBytes() >> 20)
                            + " MiB, resident "
                            + (beat.memory().residentBytes() >> 20)
                            + " MiB");
            // and the daemon still answers
            facts("one", "n(1).");
            assertEquals(List.of(List.of(1L)), rows("one", "n(x)?"));
        } finally {
            for (Mesh mesh : crowd) {
                mesh.connections().forEach(connection -> connection.end("the end"));
                mesh.close();
            }
        }
        until(
                "all gone",
                BACK_MILLIS,
                () -> ask("one", new Request.Status()).mesh().connections() == 0);
    }
}
