package dev.sovereign;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Listener;
import dev.sovereign.cli.connect.SocketCaller;
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
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/// Real daemons in real homes: killed, cut off, and found again. Three of them in network
/// namespaces of their own where the test may make some (root on Linux with iproute2).
@Timeout(240)
class MeshIT {

    /// What the contract allows for finding each other again, and as long again for a machine that
    /// runs other tests at the same time.
    private static final long BACK_MILLIS = 20_000;

    private static final Listener IGNORE = new Listener() {};

    private final Path folder;
    private final Map<String, Process> daemons = new LinkedHashMap<>();
    private final List<String> namespaces = new ArrayList<>();

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
            Files.writeString(home.configFile(), "[mesh]\nlisten = [\"" + listen + "\"]\n");
        }
        List<String> command = new ArrayList<>(List.of(prefix));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-Xmx128m",
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
        try (SocketCaller caller =
                new SocketCaller(
                        home(name),
                        new Callers.Reach(null, false, 30_000L),
                        _ -> {},
                        _ -> {
                            throw new IOException("the daemon " + name + " does not run");
                        })) {
            return caller.call(request, IGNORE);
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

    @Test
    void aDaemonThatWasKilledIsFoundAgain() throws Exception {
        Map<String, String> listen = new LinkedHashMap<>();
        listen.put("one", "/ip4/127.0.0.1/tcp/0");
        listen.put("two", "/ip4/127.0.0.1/tcp/0");
        start("one", listen.get("one"));
        start("two", listen.get("two"));
        MeshNode.keys(home("one"), Configuration.defaults()).create(null);
        Files.copy(
                home("one").config().resolve("swarm.key"),
                home("two").config().resolve("swarm.key"),
                StandardCopyOption.COPY_ATTRIBUTES);
        String two = ask("two", new Request.Status()).mesh().listening().getFirst();
        ask("two", new Request.PeerAllow(id("one"), "one"));
        ask("one", new Request.PeerAdd("two", two));
        until("connected", BACK_MILLIS, () -> connected("one", "two"));

        Process first = daemons.get("one");
        assertTrue(first != null);
        first.destroyForcibly().onExit().join();
        start("one", listen.get("one"));
        long millis = until("back", BACK_MILLIS, () -> connected("one", "two"));
        System.err.println("MeshIT: found again " + millis + " ms after a kill -9");
        until("there, too", BACK_MILLIS, () -> connected("two", "one"));
    }

    @Test
    void aLinkThatWasLostBringsEverybodyBack() throws Exception {
        assumeTrue(run("ip", "netns", "list") == 0 && run("id", "-u") == 0, "no iproute2");
        String mark = "m" + ProcessHandle.current().pid() % 100_000;
        String hub = mark + "h";
        assumeTrue(run("ip", "netns", "add", hub) == 0, "network namespaces need root");
        namespaces.add(hub);
        must("ip", "-n", hub, "link", "add", "name", "hub0", "type", "bridge");
        must("ip", "-n", hub, "link", "set", "hub0", "up");
        Map<String, String> listen = new LinkedHashMap<>();
        for (int i = 1; i <= 3; i++) {
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
            listen.put(name, "/ip4/10.77.0." + i + "/tcp/4747");
            start(name, "/ip4/0.0.0.0/tcp/4747", "ip", "netns", "exec", namespace);
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
}
