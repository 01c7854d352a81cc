package dev.sovereign.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.util.List;
import java.util.Random;

final class FactStoreTest {

    @TempDir Path home;

    private final SimpleSymbols symbols = new SimpleSymbols();

    private FactStore open(Replay sink) {
        return FactStore.open(
                home.resolve("store"), StoreOptions.of(home.resolve("store.key")), symbols, sink);
    }

    private static Draft edges(long... fromTo) {
        long[][] columns = new long[2][fromTo.length / 2];
        for (int i = 0; i < fromTo.length; i++) {
            columns[i % 2][i / 2] = fromTo[i];
        }
        return new Draft(
                1000,
                "node",
                "assert",
                null,
                List.of(
                        new Change.Declare("edge", RandomDrafts.EDGE),
                        new Change.Assert("edge", columns, fromTo.length / 2)));
    }

    @Test
    void givesBackWhatWasPutIn() {
        try (FactStore store = open(NoReplay.INSTANCE)) {
            assertEquals(1, store.append(edges(1, 2, 2, 3)));
            assertEquals(0, store.durableTx());
            store.force();
            assertEquals(1, store.durableTx());
            assertEquals(2, store.log(Long.MAX_VALUE, 1).getFirst().asserted());
        }
        Model model = new Model(symbols);
        try (FactStore store = open(model)) {
            assertEquals(1, store.lastTx());
            assertEquals(List.of(), store.recovery().notes());
            assertTrue(model.facts.contains("edge(1,2,)@1"), model.facts.toString());
            assertEquals(2, model.facts.size());
            assertEquals(1, model.through);
            assertEquals(List.of(), store.check(Progress.NONE));
        }
    }

    @Test
    void refusesASecondOpening() {
        try (FactStore _ = open(NoReplay.INSTANCE)) {
            SovereignException refusal =
                    assertThrows(SovereignException.class, () -> open(NoReplay.INSTANCE));
            assertEquals("core.store-locked", refusal.first().code());
        }
    }

    @Test
    void dropsATransactionThatIsNotCommitted() {
        try (FactStore store = open(NoReplay.INSTANCE)) {
            store.append(edges(1, 2));
            try (FactStore.Appender appender = store.begin(1, "node", "import", null)) {
                long[][] many = new long[2][200_000];
                for (int i = 0; i < 200_000; i++) {
                    many[0][i] = i * 7919L;
                    many[1][i] = i * 104729L;
                }
                appender.add(new Change.Assert("edge", many, 200_000));
            }
            store.append(edges(3, 4));
            store.force();
        }
        Model model = new Model(symbols);
        try (FactStore store = open(model)) {
            assertEquals(2, store.lastTx());
            assertEquals(2, model.facts.size());
            assertEquals(List.of(), store.check(Progress.NONE));
        }
    }

    @Test
    void followsRandomTransactions() {
        for (int seed = 1; seed <= 5; seed++) {
            Path dir = home.resolve("s" + seed);
            StoreOptions options = StoreOptions.of(home.resolve("k" + seed));
            Random random = new Random(seed);
            SimpleSymbols names = new SimpleSymbols();
            Model expected = new Model(names);
            RandomDrafts drafts = new RandomDrafts(random, names);
            long tx = 0;
            for (int round = 0; round < 6; round++) {
                Model found = new Model(names);
                try (FactStore store = FactStore.open(FileLayer.DISK, dir, options, names, found)) {
                    assertEquals(expected.lines(), found.lines(), "seed " + seed);
                    for (int i = 0; i < 30; i++) {
                        Draft draft = drafts.next(++tx, 20);
                        assertEquals(tx, store.append(draft));
                        expected.apply(draft, tx);
                    }
                    if (round == 2) {
                        store.encrypt(Progress.NONE);
                    } else if (round == 3) {
                        store.rekey(Progress.NONE);
                        store.compact(Progress.NONE);
                    } else if (round == 4) {
                        store.decrypt(Progress.NONE);
                    }
                    store.force();
                    Model replayed = new Model(names);
                    store.replay(tx, names, replayed);
                    assertEquals(expected.lines(), replayed.lines(), "seed " + seed);
                    assertEquals(List.of(), store.check(Progress.NONE), "seed " + seed);
                    List<Transaction> log = store.log(Long.MAX_VALUE, Integer.MAX_VALUE);
                    assertEquals(tx, log.size());
                    assertEquals(tx, log.getFirst().id());
                    assertEquals(log.get(10), store.transaction(tx - 10));
                    assertNull(store.transaction(tx + 1));
                }
            }
        }
    }

    @Test
    void tellsTheHistoryOfAFact() {
        try (FactStore store = open(NoReplay.INSTANCE)) {
            store.append(edges(1, 2));
            store.append(edges(5, 6));
            store.append(
                    new Draft(
                            2000,
                            "ann",
                            "retract",
                            "it was wrong",
                            List.of(
                                    new Change.Retract(
                                            "edge", new long[][] {{1}, {2}}, new long[] {1}, 1))));
            store.force();
            List<FactEvent> events = store.history("edge", new long[] {1, 2});
            assertEquals(2, events.size());
            assertTrue(events.get(0).asserted());
            assertFalse(events.get(1).asserted());
            assertEquals("it was wrong", events.get(1).transaction().reason());
            assertEquals(3, store.txAt(2000));
            assertEquals(2, store.txAt(1999));
            assertEquals(0, store.txAt(999));
        }
    }
}
