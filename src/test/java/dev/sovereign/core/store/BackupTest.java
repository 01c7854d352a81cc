package dev.sovereign.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;

final class BackupTest {

    @TempDir Path home;

    private final SimpleSymbols symbols = new SimpleSymbols();

    private StoreOptions options(String name) {
        return StoreOptions.of(home.resolve(name + ".key"));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void restoresAConsistentMomentWhileWritesGoOn(boolean encrypted) throws Exception {
        ByteArrayOutputStream backup = new ByteArrayOutputStream();
        long in;
        try (FactStore store =
                FactStore.open(home.resolve("a"), options("a"), symbols, NoReplay.INSTANCE)) {
            if (encrypted) {
                store.encrypt(Progress.NONE);
            }
            SimStore.fill(store, 1, 50);
            AtomicBoolean stop = new AtomicBoolean();
            AtomicReference<RuntimeException> failure = new AtomicReference<>();
            CountDownLatch going = new CountDownLatch(20);
            Thread writer =
                    Thread.ofPlatform()
                            .start(() -> {
                                try {
                                    for (int i = 51; !stop.get(); i++) {
                                        SimStore.fill(store, i, i);
                                        going.countDown();
                                    }
                                } catch (RuntimeException broken) {
                                    failure.set(broken);
                                    while (going.getCount() > 0) {
                                        going.countDown();
                                    }
                                }
                            });
            going.await();
            in = store.backup(backup, Progress.NONE);
            stop.set(true);
            writer.join();
            assertEquals(null, failure.get());
            assertTrue(in >= 70 && in <= store.lastTx(), in + " of " + store.lastTx());
        }
        // into the same folder, so with the same key; the store that is there is kept
        Path aside =
                FactStore.restore(
                        home.resolve("a"),
                        options("a"),
                        new ByteArrayInputStream(backup.toByteArray()),
                        "b.backup",
                        Progress.NONE);
        Model found = new Model(symbols);
        try (FactStore store = FactStore.open(home.resolve("a"), options("a"), symbols, found)) {
            assertEquals(in, store.lastTx());
            assertEquals(in, found.facts.size());
            assertEquals(encrypted, store.info().encrypted());
            assertEquals(List.of(), store.check(Progress.NONE));
            SimStore.fill(store, 1000, 1001);
        }
        assertNotNull(aside);
        Model old = new Model(symbols);
        try (FactStore store = FactStore.open(aside, options("a"), symbols, old)) {
            assertTrue(store.lastTx() >= in);
            assertEquals(List.of(), store.check(Progress.NONE));
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void refusesABackupCutOrGarbledAnywhere(boolean encrypted) throws IOException {
        SimFiles files = new SimFiles();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FactStore store = SimStore.open(files, symbols, NoReplay.INSTANCE)) {
            if (encrypted) {
                store.encrypt(Progress.NONE);
            }
            SimStore.fill(store, 1, 5);
            store.backup(out, Progress.NONE);
            SimStore.fill(store, 6, 6);
        }
        byte[] bytes = out.toByteArray();
        for (int at = 0; at < bytes.length; at++) {
            refuses(files, Arrays.copyOf(bytes, at), "cut at " + at);
            byte[] garbled = bytes.clone();
            garbled[at] ^= (byte) (1 << (at % 8));
            refuses(files, garbled, "garbled at " + at);
        }
        refuses(files, Arrays.copyOf(bytes, bytes.length + 1), "longer");
        Model found = new Model(symbols);
        try (FactStore store = SimStore.open(files, symbols, found)) {
            assertEquals(6, found.facts.size());
            assertEquals(List.of(), store.recovery().notes());
        }
    }

    private static void refuses(SimFiles files, byte[] backup, String what) {
        SovereignException refusal =
                assertThrows(
                        SovereignException.class,
                        () ->
                                FactStore.restore(
                                        files,
                                        SimStore.DIRECTORY,
                                        SimStore.OPTIONS,
                                        new ByteArrayInputStream(backup),
                                        "b",
                                        Progress.NONE),
                        what);
        assertTrue(
                List.of("core.store-backup", "core.store-newer", "core.store-key-missing")
                        .contains(refusal.first().code()),
                what + ": " + refusal.getMessage());
    }

    @Test
    void restoresOverADamagedStore() throws IOException {
        SimFiles files = new SimFiles();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FactStore store = SimStore.open(files, symbols, NoReplay.INSTANCE)) {
            SimStore.fill(store, 1, 5);
            store.backup(out, Progress.NONE);
        }
        Path manifest = SimStore.DIRECTORY.resolve(Manifest.FILE);
        files.put(manifest, Arrays.copyOf(files.bytes(manifest), 20));
        Path aside =
                FactStore.restore(
                        files,
                        SimStore.DIRECTORY,
                        SimStore.OPTIONS,
                        new ByteArrayInputStream(out.toByteArray()),
                        "b",
                        Progress.NONE);
        assertNotNull(aside);
        assertTrue(files.exists(aside.resolve("g1/000001.log")));
        Model found = new Model(symbols);
        try (FactStore store = SimStore.open(files, symbols, found)) {
            assertEquals(5, found.facts.size());
            assertEquals(5, store.lastTx());
        }
    }

    @Test
    void keepsTheOldStoreWhenARestoreIsInterruptedAnywhere() throws IOException {
        SimFiles whole = new SimFiles();
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (FactStore store = SimStore.open(whole, symbols, NoReplay.INSTANCE)) {
            SimStore.fill(store, 1, 3);
            store.backup(out, Progress.NONE);
            SimStore.fill(store, 4, 7);
        }
        boolean finished = false;
        for (int n = 0; !finished; n++) {
            SimFiles files = whole.copy();
            files.cutAfter(n);
            try {
                FactStore.restore(
                        files,
                        SimStore.DIRECTORY,
                        SimStore.OPTIONS,
                        new ByteArrayInputStream(out.toByteArray()),
                        "b",
                        Progress.NONE);
                finished = true;
            } catch (IOException | RuntimeException cut) {
                assertTrue(n < 200, "does not end: " + cut);
            }
            SimFiles after = files.afterPowerCut(new java.util.Random(n));
            Model found = new Model(symbols);
            try (FactStore store = SimStore.open(after, symbols, found)) {
                assertTrue(
                        store.lastTx() == 7 || store.lastTx() == 3,
                        "cut at " + n + ": " + store.lastTx());
            }
            if (found.facts.size() == 3) {
                List<String> kept = after.list(SimStore.DIRECTORY.resolve("kept"));
                assertEquals(1, kept.size(), "cut at " + n);
                Model old = new Model(symbols);
                try (FactStore _ =
                        FactStore.open(
                                after,
                                SimStore.DIRECTORY.resolve("kept").resolve(kept.getFirst()),
                                SimStore.OPTIONS,
                                symbols,
                                old)) {
                    assertEquals(7, old.facts.size(), "cut at " + n);
                }
            }
        }
    }
}
