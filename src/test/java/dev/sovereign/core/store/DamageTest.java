package dev.sovereign.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Cuts and garbles every file at every byte: it opens again with what is whole, or is refused with
/// a way out.
final class DamageTest {

    private static final int TRANSACTIONS = 8;

    private final SimpleSymbols symbols = new SimpleSymbols();

    private SimFiles store(boolean encrypted, boolean killed) {
        SimFiles files = new SimFiles();
        SimFiles found = files;
        try (FactStore store = SimStore.open(files, symbols, NoReplay.INSTANCE)) {
            if (encrypted) {
                SimStore.fill(store, 1, 2);
                store.encrypt(Progress.NONE);
                SimStore.fill(store, 3, TRANSACTIONS);
            } else {
                SimStore.fill(store, 1, TRANSACTIONS);
            }
            if (killed) {
                found = files.afterKill();
            }
        } catch (SovereignException closingAfterTheKill) {
            assertTrue(killed);
        }
        return found;
    }

    private static Path log(boolean encrypted) {
        return SimStore.DIRECTORY.resolve(encrypted ? "g2/000001.log" : "g1/000001.log");
    }

    /// Where each transaction's last record ends.
    private static List<Long> ends(SimFiles files, boolean encrypted) throws IOException {
        LogFiles log =
                new LogFiles(
                        files,
                        SimStore.DIRECTORY.resolve(encrypted ? "g2" : "g1"),
                        Manifest.read(files, SimStore.DIRECTORY).storeId(),
                        encrypted ? new byte[32] : null);
        List<Long> ends = new ArrayList<>();
        long size = files.bytes(log(encrypted)).length;
        int packed = 0;
        try (LogHop hop = new LogHop(log, Position.START, new Position(1, size))) {
            boolean due = false;
            long last = 0;
            while (hop.next()) {
                if (due) {
                    ends.add(hop.position().offset());
                    due = false;
                }
                last = hop.nextOffset();
                if (hop.type() == LogFormat.PACK) {
                    packed = 2; // what was there before it was encrypted
                }
                if (hop.type() == LogFormat.TRANSACTION && hop.has(LogFormat.LAST)) {
                    due = true;
                }
            }
            if (due) {
                ends.add(last);
            }
        }
        List<Long> all = new ArrayList<>();
        for (int i = 0; i < packed; i++) {
            all.add(200L); // not exact; the test asks only from the third on
        }
        all.addAll(ends);
        return all;
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "encrypted", "plain killed", "encrypted killed"})
    void opensOrRefusesALogCutAnywhere(String how) throws IOException {
        boolean encrypted = how.startsWith("encrypted");
        boolean killed = how.endsWith("killed");
        SimFiles whole = store(encrypted, killed);
        byte[] bytes = whole.bytes(log(encrypted));
        List<Long> ends = ends(whole, encrypted);
        long dataEnd = ends.getLast();
        int opened = 0;
        int refused = 0;
        int step = 1;
        for (int cut = 0; cut < bytes.length; cut += step) {
            if (cut > dataEnd + 100) {
                step = 4099; // zeros allocated ahead
            }
            SimFiles files = whole.copy();
            files.put(log(encrypted), Arrays.copyOf(bytes, cut));
            Model found = new Model(symbols);
            String where = how + " cut at " + cut;
            try (FactStore store = SimStore.open(files, symbols, found)) {
                opened++;
                int expected = 0;
                for (long end : ends) {
                    expected += end <= cut ? 1 : 0;
                }
                if (!encrypted || expected > 2) {
                    assertEquals(expected, found.facts.size(), where);
                }
                assertFalse(found.facts.isEmpty(), where + ": silently emptied");
                assertTrue(
                        found.facts.size() == TRANSACTIONS || !store.recovery().notes().isEmpty(),
                        where + ": nothing was said");
                if (cut % 32 == 0) { // it makes H2's files: slow
                    assertEquals(List.of(), store.check(Progress.NONE), where);
                }
                SimStore.fill(store, 100, 101);
            } catch (SovereignException refusal) {
                refused++;
                assertEquals("core.store-damaged", refusal.first().code(), where);
                assertNotNull(refusal.first().hint(), where);
                assertFalse(
                        FactStore.examine(
                                        files, SimStore.DIRECTORY, SimStore.OPTIONS, Progress.NONE)
                                .isEmpty(),
                        where);
                continue;
            }
            Model again = new Model(symbols);
            try (FactStore store = SimStore.open(files, symbols, again)) {
                assertEquals(found.facts.size() + 2, again.facts.size(), where);
                assertEquals(List.of(), store.recovery().notes(), where);
            }
        }
        assertTrue(opened > 200 && refused >= LogFormat.FileHeader.BYTES, opened + " " + refused);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void noticesEveryGarbledByteOfAClosedLog(boolean encrypted) throws IOException {
        SimFiles whole = store(encrypted, false);
        byte[] bytes = whole.bytes(log(encrypted));
        int refused = 0;
        for (int at = 0; at < bytes.length; at++) {
            SimFiles files = whole.copy();
            byte[] garbled = bytes.clone();
            garbled[at] ^= (byte) (1 << (at % 8));
            files.put(log(encrypted), garbled);
            Model found = new Model(symbols);
            try (FactStore store = SimStore.open(files, symbols, found)) {
                assertEquals(TRANSACTIONS, found.facts.size(), "garbled at " + at);
                assertFalse(store.recovery().notes().isEmpty(), "garbled at " + at);
            } catch (SovereignException refusal) {
                refused++;
                assertTrue(
                        refusal.first().code().equals("core.store-damaged")
                                || refusal.first().code().equals("core.store-newer"),
                        "garbled at " + at + ": " + refusal.getMessage());
                assertFalse(
                        FactStore.examine(
                                        files, SimStore.DIRECTORY, SimStore.OPTIONS, Progress.NONE)
                                .isEmpty(),
                        "garbled at " + at);
            }
        }
        assertTrue(refused >= bytes.length - LogFormat.RECORD_HEADER_BYTES, "refused " + refused);
    }

    /// The checksum of the last record, which proves that the one before was whole once, ends in a
    /// zero in one log of 256.
    @Test
    void aLastRecordThatEndsInZerosProvesDamageToo() throws IOException {
        SimFiles whole = store(false, false);
        byte[] bytes = whole.bytes(log(false));
        for (int tries = 0; bytes[bytes.length - 1] != 0; tries++) {
            assertTrue(tries < 10_000, "no checksum ends in a zero");
            whole = store(false, false); // with a salt of its own
            bytes = whole.bytes(log(false));
        }
        bytes[bytes.length - LogFormat.RECORD_HEADER_BYTES - 1] ^= 1;
        whole.put(log(false), bytes);
        SimFiles garbled = whole;
        SovereignException refusal =
                assertThrows(
                        SovereignException.class,
                        () -> SimStore.open(garbled, symbols, NoReplay.INSTANCE));
        assertEquals("core.store-damaged", refusal.first().code());
    }

    @Test
    void refusesAManifestCutOrGarbledAnywhere() {
        SimFiles whole = store(true, false);
        Path manifest = SimStore.DIRECTORY.resolve(Manifest.FILE);
        byte[] bytes = whole.bytes(manifest);
        for (int at = 0; at < bytes.length; at++) {
            for (boolean cut : new boolean[] {true, false}) {
                SimFiles files = whole.copy();
                byte[] bad = cut ? Arrays.copyOf(bytes, at) : bytes.clone();
                if (!cut) {
                    bad[at] ^= 1;
                }
                files.put(manifest, bad);
                SovereignException refusal =
                        assertThrows(
                                SovereignException.class,
                                () -> SimStore.open(files, symbols, NoReplay.INSTANCE));
                assertTrue(
                        refusal.first().code().equals("core.store-damaged")
                                || refusal.first().code().equals("core.store-newer"),
                        refusal.getMessage());
                assertNotNull(refusal.first().hint());
            }
        }
        whole.remove(manifest);
        SovereignException refusal =
                assertThrows(
                        SovereignException.class,
                        () -> SimStore.open(whole, symbols, NoReplay.INSTANCE));
        assertEquals("core.store-damaged", refusal.first().code());
    }

    @Test
    void refusesANewerFormat() {
        SimFiles files = store(false, false);
        Path manifest = SimStore.DIRECTORY.resolve(Manifest.FILE);
        String text = new String(files.bytes(manifest), java.nio.charset.StandardCharsets.UTF_8);
        files.put(
                manifest,
                text.replace("format 1", "format 2")
                        .getBytes(java.nio.charset.StandardCharsets.UTF_8));
        SovereignException refusal =
                assertThrows(
                        SovereignException.class,
                        () -> SimStore.open(files, symbols, NoReplay.INSTANCE));
        assertEquals("core.store-newer", refusal.first().code());
    }

    @Test
    void refusesALogWithAFileMissingOrCutInTheMidst() {
        SimFiles whole = new SimFiles();
        StoreOptions small = SimStore.withSegments(1000);
        try (FactStore store =
                FactStore.open(whole, SimStore.DIRECTORY, small, symbols, NoReplay.INSTANCE)) {
            SimStore.fill(store, 1, 30);
            assertTrue(store.info().segments() >= 4, store.info().toString());
            assertEquals(List.of(), store.check(Progress.NONE));
            assertEquals(30, store.log(Long.MAX_VALUE, 100).size());
            assertEquals(17, store.log(20, 3).get(2).id());
        }
        int last = 0;
        while (whole.exists(SimStore.DIRECTORY.resolve("g1/00000" + (last + 1) + ".log"))) {
            last++;
        }
        for (int number = 1; number <= last; number++) {
            Path file = SimStore.DIRECTORY.resolve("g1/00000" + number + ".log");
            SimFiles missing = whole.copy();
            missing.remove(file);
            assertRefused(missing, small, "without file " + number);
            byte[] bytes = whole.bytes(file);
            for (int cut = 0; number < last && cut < bytes.length; cut++) {
                SimFiles files = whole.copy();
                files.put(file, Arrays.copyOf(bytes, cut));
                assertRefused(files, small, "file " + number + " cut at " + cut);
            }
        }
    }

    private void assertRefused(SimFiles files, StoreOptions options, String what) {
        SovereignException refusal =
                assertThrows(
                        SovereignException.class,
                        () ->
                                FactStore.open(
                                        files,
                                        SimStore.DIRECTORY,
                                        options,
                                        symbols,
                                        NoReplay.INSTANCE),
                        what);
        assertEquals("core.store-damaged", refusal.first().code(), what);
        assertFalse(
                FactStore.examine(files, SimStore.DIRECTORY, options, Progress.NONE).isEmpty(),
                what);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void rebuildsH2ThatIsDeletedCutOrGarbled(boolean encrypted) {
        SimFiles whole = new SimFiles();
        StoreOptions options = SimStore.withState(0);
        Model expected = new Model(symbols);
        try (FactStore store =
                FactStore.open(whole, SimStore.DIRECTORY, options, symbols, NoReplay.INSTANCE)) {
            if (encrypted) {
                store.encrypt(Progress.NONE);
            }
            java.util.Random random = new java.util.Random(5);
            RandomDrafts drafts = new RandomDrafts(random, symbols);
            for (int tx = 1; tx <= 60; tx++) {
                Draft draft = drafts.next(tx, 100);
                store.append(draft);
                expected.apply(draft, tx);
            }
        }
        Path state = SimStore.DIRECTORY.resolve(encrypted ? "g2/state.mv.db" : "g1/state.mv.db");
        byte[] bytes = whole.bytes(state);
        assertTrue(open(whole, options, expected).fromState());
        SimFiles without = whole.copy();
        without.remove(state);
        assertFalse(open(without, options, expected).fromState());
        assertTrue(open(without, options, expected).fromState());
        java.util.Random random = new java.util.Random(6);
        int used = 0;
        for (int i = 0; i < 40; i++) {
            SimFiles files = whole.copy();
            if (i % 2 == 0) {
                files.put(state, Arrays.copyOf(bytes, random.nextInt(bytes.length)));
            } else {
                byte[] garbled = bytes.clone();
                for (int k = 0; k < 1 + random.nextInt(50); k++) {
                    garbled[random.nextInt(garbled.length)] ^= (byte) (1 + random.nextInt(255));
                }
                files.put(state, garbled);
            }
            used += open(files, options, expected).fromState() ? 1 : 0;
            assertTrue(open(files, options, expected).fromState(), "not rebuilt, case " + i);
        }
        assertTrue(used < 40, "no damage was noticed");
    }

    private Recovery open(SimFiles files, StoreOptions options, Model expected) {
        Model found = new Model(symbols);
        try (FactStore store = FactStore.open(files, SimStore.DIRECTORY, options, symbols, found)) {
            assertEquals(expected.lines(), found.lines());
            return store.recovery();
        }
    }
}
