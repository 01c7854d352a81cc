package dev.sovereign.finance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import dev.sovereign.Installation;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// The installed program with its launcher and real daemons: a license from a proof file to rules
/// that see it, and what must never happen on the way.
class LicenseIT {

    private static final String ADDRESS = "bcrt1qw508d6qejxtdg4y5r3zarvary0c5xw7kygt080";
    private static final String ID = "5e0c6f1d2b7a49c8a3d1e4f6b9087c21";
    private static final String OTHER_ID = "77aa6f1d2b7a49c8a3d1e4f6b9087c21";
    private static final long PATIENCE_SECONDS = 240;

    @TempDir Path temporary;
    private Path proof = Path.of("");
    private final List<Path> homes = new ArrayList<>();

    /// What any JVM that hashes does, and no more: glibc asks the name service for the user's name;
    /// the JDK's network library, which the first file channel loads (here that of java.security),
    /// tries whether IPv4 and IPv6 exist. Nothing is bound, connected or sent.
    private static final List<String> JVM =
            List.of(
                    "/var/run/nscd/socket",
                    "socket(AF_UNIX, SOCK_STREAM|SOCK_CLOEXEC|SOCK_NONBLOCK, 0)",
                    "socket(AF_INET, SOCK_STREAM, IPPROTO_IP)",
                    "socket(AF_INET6, SOCK_STREAM, IPPROTO_IP)",
                    "getsockname(",
                    "setsockopt(",
                    "getsockopt(",
                    "--- SIG");

    /// @param status exit status
    private record Ran(int status, String out, String err) {}

    @BeforeEach
    void mine() throws IOException {
        PaymentAddress address = PaymentAddress.parse(Network.REGTEST, ADDRESS);
        Payload payload = MachineId.of(ID, "the test").payload();
        byte[] raw = RegtestMiner.payment(address, 50_000, payload);
        proof = temporary.resolve("license.json");
        Files.write(proof, ProofJson.write(RegtestMiner.mined(raw, 120, 100)));
    }

    @AfterEach
    void stop() throws IOException, InterruptedException {
        for (Path home : homes) {
            sovereign(home, "daemon", "stop", "-q");
        }
    }

    private Path home(String name, String id) throws IOException, InterruptedException {
        Path home = temporary.resolve(name);
        homes.add(home);
        for (String[] setting :
                new String[][] {
                    {"license.network", "regtest"},
                    {"license.address", ADDRESS},
                    {"license.sats", "50000"},
                    {"license.machine-id", id}
                }) {
            assertEquals(0, sovereign(home, "config", "set", setting[0], setting[1]).status());
        }
        return home;
    }

    private Ran sovereign(Path home, String... words) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(Installation.ROOT + "/bin/sovereign"));
        command.addAll(List.of(words));
        return run(home, command);
    }

    private Ran run(Path home, List<String> command) throws IOException, InterruptedException {
        Path out = Files.createTempFile(temporary, "out", "");
        Path err = Files.createTempFile(temporary, "err", "");
        ProcessBuilder builder =
                new ProcessBuilder(command)
                        .redirectOutput(out.toFile())
                        .redirectError(err.toFile());
        Map<String, String> environment = new HashMap<>(System.getenv());
        environment.put("SOVEREIGN_HOME", home.toString());
        environment.putAll(Installation.environment());
        builder.environment().clear();
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        assertTrue(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS), command.toString());
        return new Ran(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    @Test
    void aProofFileBecomesALicenseThatRulesSee() throws IOException, InterruptedException {
        Path home = home("one", ID);
        assertEquals(12, sovereign(home, "license", "status").status());

        Ran imported = sovereign(home, "license", "import", proof.toString(), "--json");
        assertEquals(0, imported.status(), imported.toString());
        assertTrue(imported.out().contains("\"verdict\":\"valid\""), imported.out());
        assertTrue(imported.out().contains("\"confirmations\":21"), imported.out());

        Ran seen = sovereign(home, "query", "sys_license(n, v, _, h, c)?", "--format", "tsv");
        assertEquals("regtest\tvalid\t100\t21\n", seen.out(), seen.err());
        Ran status = sovereign(home, "status", "--json");
        assertTrue(
                status.out()
                        .contains("\"license\":{\"verdict\":\"valid\",\"network\":\"regtest\"}"),
                status.out());
        assertEquals(80 * 121, Files.size(home.resolve("license").resolve("headers-regtest.bin")));

        // a new daemon judges what is stored, with nothing but the two files
        assertEquals(0, sovereign(home, "daemon", "stop").status());
        assertEquals(0, sovereign(home, "license", "status").status());

        Path exported = temporary.resolve("exported.json");
        assertEquals(0, sovereign(home, "license", "export", exported.toString()).status());
        Path fresh = home("fresh", ID);
        assertEquals(0, sovereign(fresh, "license", "verify", exported.toString()).status());
        assertEquals(0, sovereign(fresh, "license", "import", exported.toString()).status());
        Ran explained = sovereign(fresh, "license", "explain");
        assertEquals(0, explained.status());
        assertTrue(explained.out().contains("ok   Merkle proof"), explained.out());

        assertTheIdIsOnlyInTheConfiguration(home);
        assertTheIdIsOnlyInTheConfiguration(fresh);
    }

    private void assertTheIdIsOnlyInTheConfiguration(Path home) throws IOException {
        List<Path> files;
        try (Stream<Path> all = Files.walk(home)) {
            files = all.filter(Files::isRegularFile).toList();
        }
        int searched = 0;
        for (Path file : files) {
            String text = new String(Files.readAllBytes(file), ISO_8859_1);
            boolean isConfiguration = file.getFileName().toString().equals("config.toml");
            assertEquals(isConfiguration, text.contains(ID), file.toString());
            searched++;
        }
        assertTrue(searched >= 5, "only " + searched + " files in " + home);
    }

    @Test
    void anotherMachineIsRefusedAndToldWhichPayloadItWas()
            throws IOException, InterruptedException {
        Path home = home("other", OTHER_ID);
        Ran refused = sovereign(home, "license", "import", proof.toString());
        assertEquals(11, refused.status(), refused.toString());
        assertTrue(refused.out().contains("BINDING_MISMATCH"), refused.out());
        String payload = MachineId.of(ID, "the test").payload().hex();
        assertTrue(refused.err().contains(payload), refused.err());
        assertFalse((refused.out() + refused.err()).contains(OTHER_ID));
        assertEquals(12, sovereign(home, "license", "status").status());
    }

    @Test
    void verifyAndCheckOpenNoSocketAndStartNoDaemon() throws IOException, InterruptedException {
        boolean there = Files.isExecutable(Path.of("/usr/bin/strace"));
        if ("true".equals(System.getenv("CI"))) {
            assertTrue(there, "strace is not installed");
        }
        assumeTrue(there, "strace is not installed");
        Path home = home("alone", ID);
        Path trace = temporary.resolve("trace");
        String tx =
                java.util.HexFormat.of().formatHex(ProofJson.read(Files.readAllBytes(proof)).raw());
        for (List<String> words :
                List.of(
                        List.of("license", "verify", proof.toString()),
                        List.of("license", "check", "--tx", tx),
                        List.of("license", "id"),
                        List.of("license", "request"))) {
            List<String> command =
                    new ArrayList<>(
                            List.of(
                                    "/usr/bin/strace",
                                    "-f",
                                    "-qq",
                                    "-e",
                                    "trace=%network,execve",
                                    "-o",
                                    trace.toString(),
                                    Installation.ROOT + "/bin/sovereign"));
            command.addAll(words);
            Ran ran = run(home, command);
            assertEquals(0, ran.status(), words + ": " + ran);
            String calls = Files.readString(trace, UTF_8);
            assertTrue(calls.contains("execve("), "nothing was traced");
            List<String> ours =
                    calls.lines()
                            .filter(line -> !line.contains("execve("))
                            .filter(line -> !line.contains("<detached")) // no call
                            .filter(line -> JVM.stream().noneMatch(line::contains))
                            .toList();
            assertEquals(List.of(), ours, words.toString());
        }
        assertFalse(Files.exists(home.resolve("daemon.lock")));
    }

    @Test
    void theExampleGateOpensForTheMachineThatWasPaidFor() throws IOException, InterruptedException {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> gate =
                List.of(
                        java.toString(),
                        "-cp",
                        Installation.ROOT + "/lib/*",
                        "examples/license-gate/LicenseGate.java");
        List<String> ours = new ArrayList<>(gate);
        ours.addAll(List.of(proof.toString(), ID));
        Ran open = run(temporary, ours);
        assertEquals(0, open.status(), open.toString());
        assertTrue(open.out().startsWith("licensed by "), open.out());
        List<String> theirs = new ArrayList<>(gate);
        theirs.addAll(List.of(proof.toString(), OTHER_ID));
        Ran shut = run(temporary, theirs);
        assertEquals(11, shut.status(), shut.toString());
        assertTrue(shut.out().contains("BINDING_MISMATCH"), shut.out());
    }
}
