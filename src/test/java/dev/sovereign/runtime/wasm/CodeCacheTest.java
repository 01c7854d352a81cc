package dev.sovereign.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.SplittableRandom;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

class CodeCacheTest {

    private static final Limits LIMITS = new Limits(300_000, 3, 20, 100, Duration.ofSeconds(60));

    @TempDir private Path parent;
    private Path folder;

    @BeforeEach
    void name() {
        folder = parent.resolve("code");
    }

    private static Outcome run(WasmModule module) {
        return new Run(module, HostFunctions.NONE, LIMITS).invoke("f", 3, 4);
    }

    private static boolean save(CodeCache cache, WasmModule module) throws IOException {
        return cache.save(module, module.sha256(), () -> true);
    }

    private static @Nullable WasmModule load(CodeCache cache, byte[] bytes) throws Exception {
        return cache.load(bytes, WasmModule.sha256(bytes));
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.toList();
        }
    }

    @Test
    void cachedCodeGivesTheSameResultsAndFuelAndNothingIsGenerated() throws Exception {
        CodeCache cache = new CodeCache(folder);
        long seed = System.nanoTime();
        for (int i = 0; i < 50; i++) {
            byte[] bytes = RandomModule.of(new SplittableRandom(seed + i));
            WasmModule fresh = WasmModule.load(bytes);
            assertNull(load(cache, bytes));
            Outcome outcome = run(fresh);
            assertTrue(save(cache, fresh));
            WasmModule cached = Objects.requireNonNull(load(cache, bytes));
            assertEquals(outcome, run(cached), "seed " + (seed + i));
            assertEquals(0, cached.code().generated(), "seed " + (seed + i));
            assertEquals(outcome, run(fresh), "seed " + (seed + i));
        }
    }

    @Test
    void onlyTheUserReadsIt() throws Exception {
        WasmModule module = WasmModule.load(RandomModule.of(new SplittableRandom(5)));
        save(new CodeCache(folder), module);
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(Files.getPosixFilePermissions(files().getFirst())));
        assertEquals(
                "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(folder)));
    }

    @Test
    void aChangedByteIsNoticedAndTheFileRemoved() throws Exception {
        CodeCache cache = new CodeCache(folder);
        byte[] bytes = RandomModule.of(new SplittableRandom(5));
        save(cache, WasmModule.load(bytes));
        Path file = files().getFirst();
        byte[] good = Files.readAllBytes(file);
        for (int at = 0; at < good.length; at += 1 + good.length / 50) {
            byte[] bad = good.clone();
            bad[at] ^= 0x10;
            Files.write(file, bad);
            assertNull(load(cache, bytes), "byte " + at);
            assertFalse(Files.exists(file), "the bad file is gone");
        }
    }

    @Test
    void codeOfAnotherModuleUnderItsNameIsNotTaken() throws Exception {
        CodeCache cache = new CodeCache(folder);
        byte[] one = RandomModule.of(new SplittableRandom(5));
        byte[] other = RandomModule.of(new SplittableRandom(6));
        save(cache, WasmModule.load(one));
        Path first = files().getFirst();
        byte[] code = Files.readAllBytes(first);
        save(cache, WasmModule.load(other));
        for (Path file : files()) {
            Files.write(file, code);
        }
        assertNull(load(cache, other));
        assertNotNull(load(cache, one));
    }

    @Test
    void aFileThatIsCutShortIsNotTaken() throws Exception {
        CodeCache cache = new CodeCache(folder);
        byte[] bytes = RandomModule.of(new SplittableRandom(6));
        save(cache, WasmModule.load(bytes));
        Path file = files().getFirst();
        byte[] good = Files.readAllBytes(file);
        for (int length : new int[] {0, 1, 31, 32, 36, good.length - 1}) {
            Files.write(file, java.util.Arrays.copyOf(good, length));
            assertNull(load(cache, bytes), "length " + length);
        }
    }

    @Test
    void whatWasUsedLongestAgoMakesRoomAndWhatWasLeftHalfWrittenGoes() throws Exception {
        byte[][] modules = new byte[4][];
        long bytes = 0;
        for (int i = 0; i < modules.length; i++) {
            modules[i] = RandomModule.of(new SplittableRandom(i));
            save(new CodeCache(folder), WasmModule.load(modules[i]));
        }
        List<Path> all = files();
        for (Path file : all) {
            Files.setLastModifiedTime(file, FileTime.from(Instant.now().minusSeconds(7300)));
            bytes += Files.size(file);
        }
        Path half = folder.resolve("half.4711");
        Files.write(half, new byte[10]);
        Files.setLastModifiedTime(half, FileTime.from(Instant.now().minusSeconds(7300)));
        CodeCache small = new CodeCache(folder, bytes);
        assertNotNull(load(small, modules[0]), "it is used, and so the last to go");
        for (int i = 4; i < 10; i++) {
            save(small, WasmModule.load(RandomModule.of(new SplittableRandom(i))));
        }
        assertTrue(sizes() <= bytes, sizes() + " bytes, " + bytes + " have room");
        assertFalse(Files.exists(half));
        for (int i = 1; i < modules.length; i++) {
            assertNull(load(small, modules[i]), "module " + i);
        }
    }

    private long sizes() throws IOException {
        long bytes = 0;
        for (Path file : files()) {
            bytes += Files.size(file);
        }
        return bytes;
    }

    @Test
    void generatingEndsWhenItIsToldTo() throws Exception {
        CodeCache cache = new CodeCache(folder);
        WasmModule module = WasmModule.load(RandomModule.of(new SplittableRandom(7)));
        AtomicInteger asked = new AtomicInteger();
        assertFalse(cache.save(module, module.sha256(), () -> asked.incrementAndGet() < 2));
        assertFalse(Files.exists(folder));
        assertEquals(2, asked.get());
    }
}
