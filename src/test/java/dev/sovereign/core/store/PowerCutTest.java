package dev.sovereign.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// Cuts the power at a random operation, several times in the life of one store, and looks whether
/// all that was acknowledged is there, and nothing of it by half. `-Dsovereign.powercuts=500` for
/// the long run; `-Dsovereign.powercuts.seed` repeats.
final class PowerCutTest {

    private static final int CUTS = Integer.getInteger("sovereign.powercuts", 60);
    private static final long SEED = Long.getLong("sovereign.powercuts.seed", 20260101L);
    private static final int CUTS_A_STORE = 5;
    private static final Path DIRECTORY = Path.of("/sim/store");

    @Test
    void keepsWhatWasAcknowledged() {
        for (int i = 0; i < CUTS / 2 / CUTS_A_STORE; i++) {
            live(SEED + i, false);
        }
    }

    @Test
    void keepsWhatWasAcknowledgedEncrypted() {
        for (int i = 0; i < CUTS / 2 / CUTS_A_STORE; i++) {
            live(SEED + 1_000_000 + i, true);
        }
    }

    private static StoreOptions options(Random random) {
        return new StoreOptions(
                Path.of("/sim/store.key"),
                random.nextInt(3) > 0,
                random.nextBoolean() ? 20_000 : StoreOptions.STATE_LAG_BYTES,
                random.nextBoolean() ? 0 : StoreOptions.REPLAY_BYTES,
                random.nextBoolean() ? 200_000 : StoreOptions.SEGMENT_BYTES,
                InstantSource.fixed(Instant.ofEpochSecond(1_800_000_000L)));
    }

    /// One store through several power cuts.
    private static void live(long seed, boolean encrypted) {
        String name = "seed " + seed + (encrypted ? " encrypted" : "");
        Random random = new Random(seed);
        SimFiles files = new SimFiles();
        SimpleSymbols symbols = new SimpleSymbols();
        RandomDrafts drafts = new RandomDrafts(random, symbols);
        List<Draft> acknowledged = new ArrayList<>();
        if (encrypted) {
            try (FactStore store =
                    FactStore.open(files, DIRECTORY, options(random), symbols, NoReplay.INSTANCE)) {
                store.encrypt(Progress.NONE);
            }
        }
        for (int cut = 0; cut < CUTS_A_STORE; cut++) {
            List<Draft> unsure = new ArrayList<>();
            if (random.nextInt(4) > 0) {
                files.cutAfter(random.nextInt(random.nextBoolean() ? 15 : 200));
            }
            try {
                work(files, random, symbols, drafts, acknowledged, unsure, name);
            } catch (SovereignException refusal) {
                assertTrue(
                        isPowerCut(refusal),
                        () -> name + ": " + refusal.first().code() + " " + refusal.getMessage());
            } catch (RuntimeException other) {
                if (!isPowerCut(other)) {
                    throw other;
                }
            }
            files = random.nextInt(4) == 0 ? files.afterKill() : files.afterPowerCut(random);
            drafts = verify(files, random, symbols, acknowledged, unsure, name + " cut " + cut);
        }
    }

    private static boolean isPowerCut(Throwable failure) {
        for (Throwable at = failure; at != null; at = at.getCause()) {
            if (at instanceof SimFiles.PowerCut) {
                return true;
            }
        }
        return false;
    }

    private static void work(
            SimFiles files,
            Random random,
            SimpleSymbols symbols,
            RandomDrafts drafts,
            List<Draft> acknowledged,
            List<Draft> unsure,
            String name) {
        try (FactStore store =
                FactStore.open(files, DIRECTORY, options(random), symbols, NoReplay.INSTANCE)) {
            assertEquals(acknowledged.size(), store.lastTx(), name);
            for (int i = random.nextInt(40); i >= 0; i--) {
                Draft draft =
                        drafts.next(
                                acknowledged.size() + unsure.size() + 1,
                                random.nextInt(12) == 0 ? 20_000 : 10);
                unsure.add(draft);
                store.append(draft);
                if (random.nextInt(3) == 0) {
                    store.force();
                    acknowledged.addAll(unsure);
                    unsure.clear();
                }
                if (random.nextInt(25) == 0) {
                    if (converts(store, random)) { // which forces first
                        acknowledged.addAll(unsure);
                        unsure.clear();
                    }
                }
            }
            if (random.nextBoolean()) {
                // like a killed process: neither CLOSE nor H2
                throw new IllegalStateException(new SimFiles.PowerCut());
            }
        }
        acknowledged.addAll(unsure);
        unsure.clear();
    }

    /// @return false when there was nothing to convert, and so nothing was forced
    private static boolean converts(FactStore store, Random random) {
        if (random.nextBoolean()) {
            store.compact(Progress.NONE);
            return true;
        }
        if (store.info().encrypted()) {
            store.rekey(Progress.NONE);
            return true;
        }
        return false;
    }

    /// Whatever is found must be the acknowledged transactions, and then a beginning of those that
    /// were not.
    private static RandomDrafts verify(
            SimFiles files,
            Random random,
            SimpleSymbols symbols,
            List<Draft> acknowledged,
            List<Draft> unsure,
            String name) {
        Model found = new Model(symbols);
        try (FactStore store = FactStore.open(files, DIRECTORY, options(random), symbols, found)) {
            long last = store.lastTx();
            if (last < acknowledged.size() || last > acknowledged.size() + unsure.size()) {
                fail(
                        name
                                + ": "
                                + last
                                + " transactions, acknowledged "
                                + acknowledged.size()
                                + ", begun "
                                + unsure.size()
                                + " more; "
                                + store.recovery());
            }
            acknowledged.addAll(unsure.subList(0, (int) last - acknowledged.size()));
            Model expected = new Model(symbols);
            long tx = 0;
            for (Draft draft : acknowledged) {
                expected.apply(draft, ++tx);
            }
            assertEquals(expected.lines(), found.lines(), name);
            for (var note : store.recovery().notes()) {
                assertTrue(
                        note.code().equals("core.store-tail-cut")
                                || note.code().equals("core.store-state-rebuilt"),
                        name + ": " + note);
            }
            assertEquals(
                    List.of(),
                    store.check(Progress.NONE).stream()
                            .filter(p -> !p.code().equals("core.store-state-rebuilt"))
                            .toList(),
                    name);
        }
        return RandomDrafts.after(random, symbols, acknowledged);
    }
}
