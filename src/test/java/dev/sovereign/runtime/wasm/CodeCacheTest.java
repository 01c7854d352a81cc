package dev.sovereign.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.stream.Stream;

class CodeCacheTest {

    private static final Limits LIMITS = new Limits(300_000, 3, 20, 100, Duration.ofSeconds(60));

    @TempDir private Path folder;

    private static Outcome run(WasmModule module) {
        return new Run(module, HostFunctions.NONE, LIMITS).invoke("f", 3, 4);
    }

    private Path onlyFile() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.reduce(
                            (first, second) -> {
                                throw new IllegalStateException("two files");
                            })
                    .orElseThrow();
        }
    }

    @Test
    void cachedCodeGivesTheSameResultsAndFuel() throws Exception {
        CodeCache cache = new CodeCache(folder);
        long seed = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            byte[] bytes = RandomModule.of(new SplittableRandom(seed + i));
            WasmModule fresh = WasmModule.load(bytes);
            assertFalse(cache.load(fresh));
            Outcome outcome = run(fresh);
            assertTrue(cache.save(fresh));
            assertFalse(cache.save(fresh), "nothing is new");
            WasmModule cached = WasmModule.load(bytes);
            assertTrue(cache.load(cached));
            assertEquals(outcome, run(cached), "seed " + (seed + i));
            assertFalse(cache.save(cached), "all of it came from the cache");
        }
    }

    @Test
    void aChangedByteIsNoticedAndTheCodeMadeAnew() throws Exception {
        CodeCache cache = new CodeCache(folder);
        byte[] bytes = RandomModule.of(new SplittableRandom(5));
        WasmModule fresh = WasmModule.load(bytes);
        Outcome outcome = run(fresh);
        cache.save(fresh);
        Path file = onlyFile();
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        byte[] good = Files.readAllBytes(file);
        for (int at = 0; at < good.length; at += 1 + good.length / 50) {
            byte[] bad = good.clone();
            bad[at] ^= 0x10;
            Files.write(file, bad);
            WasmModule module = WasmModule.load(bytes);
            assertFalse(cache.load(module), "byte " + at);
            assertFalse(Files.exists(file), "the bad file is gone");
            assertEquals(outcome, run(module));
        }
    }

    @Test
    void aFileThatIsCutShortIsNotTaken() throws Exception {
        CodeCache cache = new CodeCache(folder);
        byte[] bytes = RandomModule.of(new SplittableRandom(6));
        WasmModule fresh = WasmModule.load(bytes);
        run(fresh);
        cache.save(fresh);
        Path file = onlyFile();
        byte[] good = Files.readAllBytes(file);
        for (int length : new int[] {0, 1, 31, 32, 36, good.length - 1}) {
            Files.write(file, java.util.Arrays.copyOf(good, length));
            assertFalse(cache.load(WasmModule.load(bytes)), "length " + length);
        }
    }
}
