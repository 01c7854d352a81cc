package dev.sovereign.finance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.Installation;
import dev.sovereign.finance.TestChain;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// A license as a buyer lives with it: the real launcher and daemon, a real regtest node, a real
/// Electrum server.
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class LicenseLifeIT {

    private static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
    private static final byte[] SCRIPT =
            HexFormat.of().parseHex("0014751e76e8199196d454941c45d1b3a323f1433bd6");

    /// P2SH of `OP_TRUE`.
    private static final byte[] CHANGE =
            HexFormat.of().parseHex("a914da1745e9b549bd0bfa1a569971c77eba30cd5a4b87");

    private static final String MACHINE = "e2e0123456789abcdef-this-machine";
    private static final String OTHER_MACHINE = "e2e0123456789abcdef-that-machine";
    private static final long SECONDS = 120;

    private record Ran(int status, String out, String err) {
        String field(String name) {
            Matcher matcher = Pattern.compile("\"" + name + "\":\"?([^\",}]*)").matcher(out);
            assertTrue(matcher.find(), name + " is not in " + out + err);
            return matcher.group(1);
        }
    }

    @TempDir Path temp;

    private final List<Path> homes = new ArrayList<>();

    private Path home(String name, String machine, String electrum) throws IOException {
        Path home = Files.createDirectories(temp.resolve(name));
        homes.add(home);
        Files.writeString(
                home.resolve("config.toml"),
                """
                [license]
                network = "regtest"
                address = "%s"
                sats = 10000
                confirmations = 3
                machine-id = "%s"
                %s
                """
                        .formatted(
                                ADDRESS,
                                machine,
                                electrum.isEmpty() ? "" : "electrum = [" + electrum + "]"));
        return home;
    }

    private Process start(Path home, String... words) throws IOException {
        List<String> command = new ArrayList<>(List.of(Installation.LAUNCHER.toString()));
        command.addAll(List.of(words));
        ProcessBuilder builder = new ProcessBuilder(command);
        builder.environment().put("SOVEREIGN_HOME", home.toString());
        builder.environment().putAll(Installation.environment());
        Process process = builder.start();
        process.getOutputStream().close();
        return process;
    }

    private static Ran end(Process process) throws IOException, InterruptedException {
        CompletableFuture<String> err =
                CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        String out = text(process.getInputStream());
        return new Ran(process.waitFor(), out, err.join());
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "unreadable: " + e;
        }
    }

    private Ran run(Path home, String... words) throws IOException, InterruptedException {
        return end(start(home, words));
    }

    /// Asks until the verdict is this one: the daemon's watch has to hear of it by itself.
    private Ran until(Path home, String verdict) throws Exception {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
        while (true) {
            Ran status = run(home, "license", "status", "--json");
            if (status.field("verdict").equals(verdict)) {
                return status;
            }
            assertTrue(System.nanoTime() < deadline, "still " + status);
        }
    }

    private void kill(Path home) throws Exception {
        long pid = Long.parseLong(run(home, "status", "--json").field("pid"));
        ProcessHandle daemon = ProcessHandle.of(pid).orElseThrow();
        assertTrue(daemon.destroyForcibly());
        daemon.onExit().get(SECONDS, TimeUnit.SECONDS);
    }

    @AfterEach
    void stopDaemons() throws Exception {
        for (Path home : homes) {
            run(home, "daemon", "stop");
        }
    }

    @Test
    void paidMinedConfirmedProvenReorganizedAndMinedAgain() throws Exception {
        Path a = Files.createDirectory(temp.resolve("node-a"));
        Path b = Files.createDirectory(temp.resolve("node-b"));
        try (Btcd node = Btcd.start(a);
                Btcd rival = Btcd.start(b)) {
            node.generate(Btcd.MATURITY + 5);
            rival.follow(node);
            rival.leave(node);
            try (ElectrumX server = ElectrumX.start(node, a)) {
                Path home = home("home", MACHINE, "\"tcp://127.0.0.1:" + server.port() + "\"");

                Ran offer = run(home, "license", "request", "--json");
                assertEquals(ADDRESS, offer.field("address"));
                byte[] payload = HexFormat.of().parseHex(offer.field("payload"));
                byte[] raw =
                        node.pay(
                                new TestChain.Output(12_000, SCRIPT),
                                TestChain.opReturn(payload),
                                new TestChain.Output(4_999_900_000L, CHANGE));
                String txid = dev.sovereign.finance.RawTransaction.parse(raw).txid().toString();

                Ran waiting = run(home, "license", "activate", txid, "--no-wait", "--json");
                long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);
                while (waiting.status() == 12 && System.nanoTime() < deadline) {
                    // the server polls its node's mempool
                    waiting = run(home, "license", "activate", txid, "--no-wait", "--json");
                }
                assertEquals(10, waiting.status(), waiting.toString());
                assertEquals("0", waiting.field("confirmations"));

                // no activation follows: the next daemon knows what is awaited
                kill(home);
                node.generate(1);
                Ran mined = until(home, "pending");
                assertEquals("1", mined.field("confirmations"));

                Process following = start(home, "license", "activate", txid, "--json");
                node.generate(2);
                Ran valid = end(following);
                assertEquals(0, valid.status(), valid.toString());
                assertEquals("valid", valid.field("verdict"));
                assertEquals("12000", valid.field("paidSats"));

                Path proof = temp.resolve("license.json");
                Ran exported = run(home, "license", "export", proof.toString());
                assertEquals(0, exported.status(), exported.toString());
                Path fresh = home("fresh", MACHINE, "");
                Ran offline = run(fresh, "license", "verify", proof.toString(), "--json");
                assertEquals(0, offline.status(), offline.toString());
                Path other = home("other", OTHER_MACHINE, "");
                Ran refused = run(other, "license", "verify", proof.toString(), "--json");
                assertEquals(11, refused.status(), refused.toString());
                assertTrue(refused.out().contains("BINDING_MISMATCH"), refused.out());
                assertTrue(refused.out().contains(offer.field("payload")), refused.out());

                rival.generate(6);
                node.follow(rival);
                Ran dropped = until(home, "pending");
                assertEquals(valid.field("block"), dropped.field("dropped"));
                node.leave(rival);
                node.generate(3);
                Ran again = until(home, "valid");
                assertEquals(String.valueOf(Btcd.MATURITY + 12), again.field("height"));

                assertSaysSo(home);
                theIdIsNowhere(home);
                assertFalse(Files.readString(proof).contains(MACHINE));
            }
        }
    }

    /// The reorganization stands in the log, with what the license was and is.
    private static void assertSaysSo(Path home) throws IOException {
        StringBuilder logs = new StringBuilder();
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(f -> f.toString().contains("log")).toList()) {
                if (Files.isRegularFile(file)) {
                    logs.append(Files.readString(file, StandardCharsets.ISO_8859_1));
                }
            }
        }
        assertTrue(logs.indexOf("reorganization of") >= 0, logs.toString());
        assertTrue(logs.indexOf("was valid, is pending") >= 0, logs.toString());
    }

    /// The machine id stands where a person put it, and in no other file.
    private static void theIdIsNowhere(Path home) throws IOException {
        int looked = 0;
        try (Stream<Path> files = Files.walk(home)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                looked++;
                boolean isConfig = file.getFileName().toString().equals("config.toml");
                String bytes = Files.readString(file, StandardCharsets.ISO_8859_1);
                assertEquals(isConfig, bytes.contains(MACHINE), file.toString());
            }
        }
        assertTrue(looked > 3, "only " + looked + " files");
    }
}
