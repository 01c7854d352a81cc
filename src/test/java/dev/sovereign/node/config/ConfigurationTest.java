package dev.sovereign.node.config;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.error.Where;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;

@SuppressWarnings("StringConcatToTextBlock") // line ends and escapes are what is tested
class ConfigurationTest {

    @Test
    void readsEveryTypeInEveryNotation() {
        Configuration read =
                Configuration.parse(
                        "config.toml",
                        """
                        # top
                        daemon.idle = '90s' # literal
                        [limits]
                        timeout = "250ms"
                        "max-tuples" = 1_000_000
                        max-memory = ""\"
                        256m""\"
                        fuel = 0x10
                        [mesh]
                        test-protocols = true
                        listen = [ "/ip4/127.0.0.1/tcp/1", # one
                           '/ip6/::1/tcp/2',
                        ]
                        [log]
                        level = "d\\u0065bug"
                        """);
        assertEquals(90_000, read.number(Key.DAEMON_IDLE));
        assertEquals(250, read.limits().timeMillis());
        assertEquals(1_000_000, read.limits().tuples());
        assertEquals(256L << 20, read.limits().memoryBytes());
        assertEquals(16, read.limits().fuel());
        assertTrue(read.flag(Key.MESH_TEST_PROTOCOLS));
        assertEquals("/ip4/127.0.0.1/tcp/1,/ip6/::1/tcp/2", read.text(Key.MESH_LISTEN));
        assertEquals("debug", read.text(Key.LOG_LEVEL));
        assertFalse(read.isSet(Key.LICENSE_SATS));
        assertNull(read.number(Key.LICENSE_SATS));
    }

    @Test
    void saysEverythingThatIsWrongWithItsPlace() {
        SovereignException refused =
                assertThrows(
                        SovereignException.class,
                        () ->
                                Configuration.parse(
                                        "config.toml",
                                        """
                                        [daemon]
                                        idel = "30m"
                                        idle = 30
                                        heap = "big
                                        [limits]
                                        fuel = 1.5
                                        [log]
                                        level = "loud"
                                        level = "info"
                                        """));
        List<String> said =
                refused.diagnostics().stream().map(d -> label(d) + " " + d.code()).toList();
        assertEquals(
                List.of(
                        "config.toml:2:1 config.unknown-key",
                        "config.toml:3:8 config.bad-value",
                        "config.toml:4:8 config.syntax",
                        "config.toml:6:8 config.syntax",
                        "config.toml:8:9 config.bad-value",
                        "config.toml:9:1 config.duplicate-key"),
                said);
        assertEquals("did you mean \"daemon.idle\"?", refused.diagnostics().getFirst().hint());
    }

    private static String label(Diagnostic diagnostic) {
        Where where = diagnostic.where();
        return where == null ? "" : where.label();
    }

    @Test
    void changesOneKeyAndNothingElse(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("config.toml");
        Files.writeString(
                path,
                "# mine\n"
                        + "[daemon]  # d\n"
                        + "idle = \"5m\" # short\n\n"
                        + "[mesh]\n"
                        + "# m\n"
                        + "listen = [\n"
                        + " \"/a\",\n"
                        + "]\n");
        ConfigurationFile file = new ConfigurationFile(path);
        file.set("daemon.idle", "10s");
        file.set("daemon.heap", "256m");
        file.set("limits.fuel", "7");
        file.set("license.machine-id", "a\"\\\n€");
        file.unset("mesh.listen");
        file.unset("log.level");
        assertEquals(
                "# mine\n[daemon]  # d\nheap = \"256m\"\nidle = \"10s\" # short\n\n[mesh]\n# m\n"
                        + "\n[limits]\nfuel = 7\n\n[license]\nmachine-id = \"a\\\"\\\\\\u000a€\"\n",
                Files.readString(path));
        assertEquals("a\"\\\n€", file.get("license.machine-id").settings().getFirst().value());
        assertEquals("file", file.get("daemon.idle").settings().getFirst().from());
        assertEquals("default", file.get("mesh.listen").settings().getFirst().from());
        assertEquals(Key.values().length, file.list().settings().size());
    }

    @Test
    void refusesToChangeWhatDoesNotParse(@TempDir Path folder) throws IOException {
        Path path = folder.resolve("config.toml");
        Files.writeString(path, "nonsense");
        ConfigurationFile file = new ConfigurationFile(path);
        assertThrows(SovereignException.class, () -> file.set("daemon.idle", "1s"));
        assertEquals("nonsense", Files.readString(path));
        assertThrows(SovereignException.class, () -> file.set("daemon.idle", "soon"));
        assertThrows(SovereignException.class, () -> file.get("daemon.idol"));
    }

    /// Any bytes are read or refused; nothing else comes out.
    @Test
    void readsOrRefusesAnything() {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        String alphabet = "[]=\"'.#,\\\n\r \tabu019_-{}mesh.listen€";
        for (int round = Integer.getInteger("sovereign.fuzz.count", 20_000); round > 0; round--) {
            StringBuilder text = new StringBuilder();
            for (int i = random.nextInt(60); i > 0; i--) {
                text.append(alphabet.charAt(random.nextInt(alphabet.length())));
            }
            try {
                Configuration.parse("f", text.toString());
            } catch (SovereignException refused) {
                // as it should
            } catch (RuntimeException defect) {
                throw new AssertionError("seed " + seed + ": " + text, defect);
            }
        }
    }
}
