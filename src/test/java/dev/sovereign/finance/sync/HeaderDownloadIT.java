package dev.sovereign.finance.sync;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.finance.Header;
import dev.sovereign.finance.HeaderStore;
import dev.sovereign.finance.Network;
import dev.sovereign.finance.TestChain;
import dev.sovereign.finance.electrum.HonestScript;
import dev.sovereign.finance.electrum.ScriptedElectrum;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import tools.jackson.core.json.JsonFactory;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/// Headers from a server on loopback, by a process of its own: how long it takes in how much heap,
/// and what remains of it when it is killed.
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class HeaderDownloadIT {

    private static final int HEADERS = 100_000;
    private static final long MILLIS = 8_000;
    private static final String HEAP = "-Xmx64m";
    private static final int KILLS = Integer.getInteger("sovereign.kills", 20);

    @TempDir Path folder;

    private Process download(int port) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        HEAP,
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-cp",
                        classPath(),
                        "dev.sovereign.finance.sync.HeaderDownload",
                        folder.toString(),
                        String.valueOf(port))
                .redirectErrorStream(true)
                .start();
    }

    /// Where the classes come from that the child needs, whoever loaded them here.
    private static String classPath() {
        return Stream.of(HeaderDownload.class, HeaderStore.class, JsonFactory.class)
                .map(type -> type.getProtectionDomain().getCodeSource().getLocation())
                .map(location -> Path.of(URI.create(location.toString())).toString())
                .distinct()
                .collect(Collectors.joining(File.pathSeparator));
    }

    private static String said(Process process) throws IOException, InterruptedException {
        String text =
                new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
        assertEquals(0, process.waitFor(), text);
        return text;
    }

    @Test
    void aHundredThousandHeadersInEightSecondsAnd64MiB() throws Exception {
        TestChain chain = new TestChain().mine(HEADERS);
        try (ScriptedElectrum server = new ScriptedElectrum(new HonestScript(chain))) {
            long began = System.nanoTime();
            String said = said(download(server.port()));
            long wall = TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - began);
            System.out.println("headers: " + said + " ms inside, " + wall + " ms wall");
            assertEquals(String.valueOf(HEADERS), said.split(" ", -1)[0]);
            assertTrue(wall <= MILLIS, wall + " ms");
        }
        Path file = HeaderStore.file(folder, Network.REGTEST);
        assertEquals((HEADERS + 1L) * Header.BYTES, Files.size(file));
        assertArrayEquals(chain.headers(0, HEADERS + 1), Files.readAllBytes(file));
    }

    @Test
    void killedAgainAndAgainItGoesOnWhereItWas() throws Exception {
        long seed = Long.getLong("sovereign.seed", System.nanoTime());
        Random random = new Random(seed);
        int perAnswer = 100;
        TestChain chain = new TestChain().mine(KILLS * 2 * perAnswer * 4);
        Path file = HeaderStore.file(folder, Network.REGTEST);
        for (int kill = 0; kill < KILLS; kill++) {
            int fatal = 3 + random.nextInt(8);
            int pause = random.nextInt(200_000);
            Process[] child = new Process[1];
            AtomicInteger answers = new AtomicInteger();
            AtomicInteger firstAsked = new AtomicInteger(-1);
            HonestScript few =
                    new HonestScript(chain) {
                        @Override
                        protected String headers(int start, int count) {
                            firstAsked.compareAndSet(-1, start);
                            if (answers.incrementAndGet() == fatal) {
                                for (int i = 0; i < pause; i++) {
                                    Thread.onSpinWait();
                                }
                                child[0].destroyForcibly();
                            }
                            return headersJson(chain.headers(start, Math.min(count, perAnswer)));
                        }
                    };
            long held = Files.exists(file) ? Files.size(file) / Header.BYTES : 1;
            try (ScriptedElectrum server = new ScriptedElectrum(few)) {
                child[0] = download(server.port());
                child[0].waitFor();
                assertTrue(
                        firstAsked.get() >= held,
                        "began at " + firstAsked + " with " + held + " headers, seed " + seed);
            }
            byte[] kept = Files.readAllBytes(file);
            assertTrue(kept.length / Header.BYTES > held, "nothing was kept, seed " + seed);
            byte[] right = chain.headers(0, kept.length / Header.BYTES);
            assertArrayEquals(right, Arrays.copyOf(kept, right.length), "seed " + seed);
        }
        try (ScriptedElectrum server = new ScriptedElectrum(new HonestScript(chain))) {
            assertEquals(
                    List.of(String.valueOf(chain.height())),
                    List.of(said(download(server.port())).split(" ", -1)[0]));
        }
    }
}
