package dev.sovereign.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.Test;

import java.util.List;

/// A device that is full or fails: nothing is acknowledged that is not there, and nothing else is
/// there after opening anew.
final class WriteFailureTest {

    private final SimpleSymbols symbols = new SimpleSymbols();

    @Test
    void refusesOnAFullDeviceAndGoesOnWhenOpenedAnew() {
        SimFiles files = new SimFiles();
        FactStore store = SimStore.open(files, symbols, NoReplay.INSTANCE);
        SimStore.fill(store, 1, 10);
        files.capacity(files.used() + 100_000);
        int done = 10;
        String code = "";
        while (code.isEmpty()) {
            try {
                SimStore.fill(store, done + 1, done + 1);
                done++;
            } catch (SovereignException full) {
                code = full.first().code();
            }
        }
        assertEquals("core.store-full", code);
        assertTrue(done > 100, "did " + done);
        int acknowledged = done;
        assertEquals(acknowledged, store.durableTx());
        assertEquals(acknowledged, store.lastTx());
        assertEquals(
                "core.store-failed-before",
                assertThrows(SovereignException.class, () -> SimStore.fill(store, 1, 1))
                        .first()
                        .code());
        assertEquals(acknowledged, store.log(Long.MAX_VALUE, 10_000).size());
        store.close();
        files.heal();
        Model found = new Model(symbols);
        try (FactStore again = SimStore.open(files, symbols, found)) {
            assertEquals(acknowledged, again.lastTx());
            assertEquals(List.of(), again.recovery().notes());
            SimStore.fill(again, 5000, 5001);
            assertEquals(List.of(), again.check(Progress.NONE));
        }
    }

    @Test
    void acknowledgesNothingWhateverOperationFails() {
        for (int n = 0; n < 12; n++) {
            SimFiles files = new SimFiles();
            FactStore store = SimStore.open(files, symbols, NoReplay.INSTANCE);
            SimStore.fill(store, 1, 3);
            files.failAfter(n, "Input/output error");
            int done = 3;
            String code = "";
            while (code.isEmpty()) {
                try {
                    SimStore.fill(store, done + 1, done + 1);
                    done++;
                } catch (SovereignException broken) {
                    code = broken.first().code();
                }
            }
            assertEquals("core.store-write-failed", code, "failing from operation " + n);
            assertThrows(SovereignException.class, store::force);
            SimFiles later = files.afterKill();
            later.heal();
            Model found = new Model(symbols);
            try (FactStore again = SimStore.open(later, symbols, found)) {
                // What was written and not acknowledged may be there, whole.
                assertTrue(
                        again.lastTx() == done || again.lastTx() == done + 1,
                        "failing from operation " + n + ": " + again.lastTx() + " of " + done);
                assertEquals(again.lastTx(), found.facts.size());
                assertEquals(List.of(), again.check(Progress.NONE));
            }
        }
    }

    @Test
    void changesNothingWhenAConversionFails() {
        for (int n = 0; n < 14; n++) {
            SimFiles files = new SimFiles();
            try (FactStore store = SimStore.open(files, symbols, NoReplay.INSTANCE)) {
                SimStore.fill(store, 1, 5);
                files.failAfter(n, "Input/output error");
                assertThrows(
                        SovereignException.class,
                        () -> {
                            store.encrypt(Progress.NONE);
                            throw new SovereignException(StoreError.CLOSED, "it worked");
                        });
            } catch (SovereignException closing) {
                // the device still fails
            }
            SimFiles later = files.afterKill();
            Model found = new Model(symbols);
            try (FactStore again = SimStore.open(later, symbols, found)) {
                assertEquals(5, found.facts.size(), "failing from operation " + n);
                assertEquals(List.of(), again.check(Progress.NONE));
            }
        }
    }
}
