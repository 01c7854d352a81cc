package dev.sovereign.mesh;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// A scan with every probe that nmap knows, of a listener on loopback, names nothing. Without nmap
/// here the test says so; `.ci/run` installs it where it may.
@Timeout(600)
class NmapIT {

    /// Every probe that nmap has takes five minutes, most of which it waits: in the profile
    /// `interop`. Otherwise the most common ones.
    private static final boolean ALL = Boolean.getBoolean("sovereign.nmap.all");

    private static boolean hasNmap() throws InterruptedException {
        try {
            return new ProcessBuilder("nmap", "--version")
                            .redirectErrorStream(true)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    @Test
    void theProbesOfNmapTogetherNameNothing() throws Exception {
        if (!hasNmap()) {
            Assumptions.abort("no nmap here");
        }
        SecureRandom random = new SecureRandom();
        try (Mesh mesh =
                Mesh.start(MeshOptions.of(Identity.generate(random), SwarmKey.generate(random)))) {
            Multiaddr address = mesh.listen(Multiaddr.of("/ip4/127.0.0.1/tcp/0"));
            int port = Objects.requireNonNull(address.endpoint()).port();
            Process nmap =
                    new ProcessBuilder(
                                    "nmap",
                                    "-n",
                                    "-Pn",
                                    "-sT",
                                    "-sV",
                                    "--version-intensity",
                                    ALL ? "9" : "1",
                                    "-oX",
                                    "-",
                                    "-p",
                                    Integer.toString(port),
                                    "127.0.0.1")
                            .redirectErrorStream(true)
                            .start();
            String report =
                    new String(nmap.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertEquals(0, nmap.waitFor(), report);
            assertTrue(report.contains("state=\"open\""), report);
            // it did try: a probe is a connection, and all of them are over a hundred
            assertTrue(mesh.refusedCount() > (ALL ? 50 : 2), mesh.refusedCount() + " connections");
            List<String> named =
                    Pattern.compile("<service [^>]*?name=\"([^\"]*)\"")
                            .matcher(report)
                            .results()
                            .map(MatchResult::group)
                            .toList();
            for (String service : named) {
                assertFalse(
                        service.contains("product=") || service.contains("extrainfo="), service);
            }
            String words = report.toLowerCase(Locale.ROOT);
            for (String word :
                    List.of("libp2p", "ipfs", "sovereign", "multistream", "noise", "yamux")) {
                assertFalse(words.contains(word), "\"" + word + "\" in " + report);
            }
            System.err.println("NmapIT: " + named + ", " + mesh.refusedCount() + " connections");
        }
    }
}
