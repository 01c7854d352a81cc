package dev.sovereign.core.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.Stream;

final class KeyTest {

    @TempDir Path home;

    private final SimpleSymbols symbols = new SimpleSymbols();
    private Path key;

    @BeforeEach
    void encryptedStore() {
        key = home.resolve("store.key");
        try (FactStore store = open(NoReplay.INSTANCE)) {
            store.encrypt(Progress.NONE);
            store.append(
                    new Draft(
                            1,
                            "node",
                            "assert",
                            "topsecretreason",
                            List.of(
                                    new Change.Declare("named", RandomDrafts.NAMED),
                                    new Change.Assert(
                                            "named",
                                            new long[][] {
                                                {symbols.intern("topsecretname")},
                                                {0},
                                                {symbols.intern("topsecrettag")}
                                            },
                                            1),
                                    new Change.PutModule("m", "topsecrettext"))));
            store.force();
        }
    }

    private FactStore open(Replay sink) {
        return FactStore.open(home.resolve("store"), StoreOptions.of(key), symbols, sink);
    }

    private void refusedWith(String code) {
        SovereignException refusal =
                assertThrows(SovereignException.class, () -> open(NoReplay.INSTANCE));
        assertEquals(code, refusal.first().code());
    }

    @Test
    void writesNothingInTheClear() throws IOException {
        String secret = Files.readString(key).strip();
        try (Stream<Path> files = Files.walk(home.resolve("store"))) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertFalse(bytes.contains("topsecret"), file.toString());
                assertFalse(bytes.contains(secret), file.toString());
            }
        }
        assertTrue(Files.exists(home.resolve("store/g2/state.mv.db")));
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(key)));
    }

    @Test
    void leavesNothingEncryptedBehindThatWasInTheClear() throws IOException {
        try (FactStore store = open(NoReplay.INSTANCE)) {
            store.decrypt(Progress.NONE);
            assertFalse(store.info().encrypted());
            store.encrypt(Progress.NONE);
        }
        writesNothingInTheClear(home.resolve("store/g4"));
        assertFalse(Files.exists(home.resolve("store/g3")));
    }

    private static void writesNothingInTheClear(Path generation) throws IOException {
        try (Stream<Path> files = Files.walk(generation)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                String bytes = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                assertFalse(bytes.contains("topsecret"), file.toString());
            }
        }
    }

    @Test
    void refusesAMissingKey() throws IOException {
        Files.delete(key);
        refusedWith("core.store-key-missing");
    }

    @Test
    void refusesAnotherKey() throws IOException {
        Files.writeString(key, "ab".repeat(32));
        refusedWith("core.store-key-wrong");
    }

    @Test
    void refusesAKeyThatOthersCanRead() throws IOException {
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r-----"));
        refusedWith("core.store-key-exposed");
    }

    @Test
    void refusesACutKeyWithoutShowingIt() throws IOException {
        String secret = Files.readString(key);
        for (int cut = 0; cut < 64; cut++) {
            Files.writeString(key, secret.substring(0, cut));
            SovereignException refusal =
                    assertThrows(SovereignException.class, () -> open(NoReplay.INSTANCE));
            assertEquals("core.store-key-malformed", refusal.first().code());
            assertTrue(
                    cut < 8 || !refusal.toString().contains(secret.substring(0, cut)),
                    refusal.toString());
        }
    }

    @Test
    void opensABackupFromBeforeARekey() throws IOException {
        ByteArrayOutputStream backup = new ByteArrayOutputStream();
        try (FactStore store = open(NoReplay.INSTANCE)) {
            store.backup(backup, Progress.NONE);
            String before = store.info().keyFingerprint();
            store.rekey(Progress.NONE);
            assertFalse(before.equals(store.info().keyFingerprint()));
            assertTrue(Files.exists(home.resolve("store.key." + before)));
        }
        FactStore.restore(
                home.resolve("store"),
                StoreOptions.of(key),
                new ByteArrayInputStream(backup.toByteArray()),
                "old",
                Progress.NONE);
        Model found = new Model(symbols);
        try (FactStore store = open(found)) {
            assertEquals(1, found.facts.size());
            assertTrue(store.info().encrypted());
        }
    }

    @Test
    void namesTheStateOfEncryption() {
        try (FactStore store = open(NoReplay.INSTANCE)) {
            assertEquals(
                    "core.store-key-state",
                    assertThrows(SovereignException.class, () -> store.encrypt(Progress.NONE))
                            .first()
                            .code());
            store.decrypt(Progress.NONE);
            assertEquals(
                    "core.store-key-state",
                    assertThrows(SovereignException.class, () -> store.rekey(Progress.NONE))
                            .first()
                            .code());
        }
    }
}
