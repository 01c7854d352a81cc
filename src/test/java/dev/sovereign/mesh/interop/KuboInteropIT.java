package dev.sovereign.mesh.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.mesh.Connection;
import dev.sovereign.mesh.Identity;
import dev.sovereign.mesh.JsonTree;
import dev.sovereign.mesh.Mesh;
import dev.sovereign.mesh.MeshOptions;
import dev.sovereign.mesh.Multiaddr;
import dev.sovereign.mesh.Stream;
import dev.sovereign.mesh.SwarmKey;
import dev.sovereign.mesh.ping.Ping;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A stock kubo daemon that insists on a private network. Only what does not look at the world
/// outside is left on; in the Maven profile `interop`, because its build takes minutes.
@Tag("interop")
@Timeout(value = 45, unit = TimeUnit.MINUTES) // the first build is in there
class KuboInteropIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(30);

    /// Everything that would reach for a public service, a router, or the LAN.
    private static final String[][] PRIVATE = {
        {"AutoConf.Enabled", "false"},
        {"AutoTLS.Enabled", "false"},
        {"AutoNAT.ServiceMode", "\"disabled\""},
        {"Routing.Type", "\"none\""},
        {"DNS.Resolvers", "{}"},
        {"Ipns.DelegatedPublishers", "[]"},
        {"Routing.DelegatedRouters", "[]"},
        {"Discovery.MDNS.Enabled", "false"},
        {"Provide.Enabled", "false"},
        {"Swarm.DisableNatPortMap", "true"},
        {"Swarm.RelayClient.Enabled", "false"},
        {"Swarm.EnableHolePunching", "false"},
        {"Swarm.Transports.Network.Websocket", "false"},
        {"Swarm.Transports.Network.QUIC", "false"},
        {"Swarm.Transports.Network.WebTransport", "false"},
        {"Swarm.Transports.Network.WebRTCDirect", "false"},
        {"Swarm.Transports.Network.Relay", "false"},
        {"Addresses.Swarm", "[\"/ip4/127.0.0.1/tcp/0\"]"},
        {"Addresses.API", "\"/ip4/127.0.0.1/tcp/0\""},
        {"Addresses.Gateway", "[]"}
    };

    private final SecureRandom random = new SecureRandom();
    @TempDir Path folder;
    private String ipfs;
    private SwarmKey key;
    private Process daemon;
    private Mesh mesh;

    @BeforeEach
    void start() throws Exception {
        Path built = PeerPrograms.KUBO.built().toAbsolutePath();
        ipfs = PeerPrograms.KUBO.start(built).getFirst();
        key = SwarmKey.generate(random);
        must("init", "--empty-repo");
        must("bootstrap", "rm", "--all");
        for (String[] setting : PRIVATE) {
            must("config", "--json", setting[0], setting[1]);
        }
        key.write(folder.resolve("swarm.key"), false);
        daemon = process("daemon").redirectErrorStream(true).start();
        awaitReady(daemon.inputReader());
        mesh = Mesh.start(MeshOptions.of(Identity.generate(random), key).withAgent("sovereign/it"));
    }

    private static void awaitReady(BufferedReader said) throws IOException {
        StringBuilder all = new StringBuilder();
        String line;
        while ((line = said.readLine()) != null) {
            all.append(line).append('\n');
            if (line.contains("Daemon is ready")) {
                Thread.ofVirtual().start(() -> said.lines().forEach(_ -> {}));
                return;
            }
        }
        throw new IOException("kubo ended:\n" + all);
    }

    @AfterEach
    void stop() throws Exception {
        if (mesh != null) {
            mesh.close();
        }
        if (daemon != null) {
            daemon.destroy();
            if (!daemon.waitFor(20, TimeUnit.SECONDS)) {
                daemon.destroyForcibly();
            }
        }
    }

    private ProcessBuilder process(String... words) {
        List<String> command = new ArrayList<>(List.of(ipfs));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.redirectInput(new File("/dev/null"));
        builder.environment().put("IPFS_PATH", folder.toString());
        builder.environment().put("LIBP2P_FORCE_PNET", "1");
        builder.environment().put("IPFS_TELEMETRY", "off");
        return builder;
    }

    private record Done(int status, String said) {}

    private Done ipfs(String... words) throws Exception {
        Process process = process(words).redirectErrorStream(true).start();
        String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Done(process.waitFor(), said);
    }

    private String must(String... words) throws Exception {
        Done done = ipfs(words);
        assertEquals(0, done.status(), String.join(" ", words) + ": " + done.said());
        return done.said();
    }

    @Test
    void kuboConnectsIdentifiesAndPings() throws Exception {
        Multiaddr ours = mesh.listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0"));
        must("swarm", "connect", ours.toString());
        Connection connection = mesh.connection(mesh.connections().getFirst().peer());
        assertTrue(connection != null);
        assertTrue(
                connection.identified().get(30, TimeUnit.SECONDS).agent().startsWith("kubo/"),
                connection.info().agent());
        JsonTree told = JsonTree.parse(must("id", mesh.peer().toString()));
        assertEquals("sovereign/it", told.get("AgentVersion").text());
        String pinged = must("ping", "-n", "3", mesh.peer().toString());
        assertEquals(3, pinged.lines().filter(line -> line.contains("time=")).count(), pinged);
    }

    @Test
    void kuboIsDialedIdentifiedAndPinged() throws Exception {
        JsonTree self = JsonTree.parse(must("id"));
        Multiaddr theirs = Multiaddr.of(self.get("Addresses").list().getFirst().text());
        Connection connection = mesh.dial(theirs, TIMEOUT);
        assertEquals(self.get("ID").text(), connection.peer().toString());
        assertTrue(
                connection
                        .identified()
                        .get(30, TimeUnit.SECONDS)
                        .protocols()
                        .contains(Ping.PROTOCOL));
        try (Stream stream = connection.open(Ping.PROTOCOL, TIMEOUT)) {
            for (int i = 0; i < 20; i++) {
                assertTrue(Ping.measure(stream, random) > 0);
            }
        }
        assertTrue(must("swarm", "peers").contains(mesh.peer().toString()));
    }

    @Test
    void anotherKeyIsRefused() throws Exception {
        try (Mesh stranger =
                Mesh.start(MeshOptions.of(Identity.generate(random), SwarmKey.generate(random)))) {
            Multiaddr address = stranger.listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0"));
            assertNotEquals(0, ipfs("swarm", "connect", address.toString()).status());
            assertEquals(List.of(), stranger.connections());
        }
    }

    @Test
    void withoutItsKeyItDoesNotStart() throws Exception {
        daemon.destroy();
        daemon.waitFor();
        Files.delete(folder.resolve("swarm.key"));
        assertNotEquals(0, ipfs("daemon").status());
    }
}
