package dev.sovereign.node.peers;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Response;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;

class KeysTest {

    @TempDir Path folder;

    private Path program() {
        return folder.resolve("program/sovereign");
    }

    private Keys keys(InstantSource clock) {
        return new Keys(
                Home.of(folder.resolve("home").toString(), Map.of()),
                program(),
                Duration.ofDays(7),
                clock);
    }

    private Keys keys() {
        return keys(InstantSource.system());
    }

    private static String code(Runnable refused) {
        return assertThrows(SovereignException.class, refused::run).first().code();
    }

    @Test
    void theConfigFolderComesBeforeTheProgramsOwn() throws IOException {
        assertNull(keys().show().fingerprint());
        Files.createDirectories(folder.resolve("program"));
        Response.Keys beside = keys().create(folder.resolve("program/swarm.key").toString());
        assertEquals(beside.fingerprint(), keys().show().fingerprint());
        Response.Keys own = keys().create(null);
        assertNotEquals(beside.fingerprint(), own.fingerprint());
        assertEquals(own.fingerprint(), keys().show().fingerprint());
        assertEquals(own.path(), folder.resolve("home/swarm.key").toString());
    }

    @Test
    void aSecondNewKeyIsRefused() {
        Response.Keys first = keys().create(null);
        assertEquals("mesh.key-exists", code(() -> keys().create(null)));
        assertEquals(first.fingerprint(), keys().show().fingerprint());
    }

    @Test
    void theIdentityIsMadeOnceAndIsOursAlone() throws IOException {
        String id = keys().id().peerId();
        assertEquals(id, keys().id().peerId());
        assertEquals(
                "rw-------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("home/identity.key"))));
        assertEquals(
                "rwx------",
                PosixFilePermissions.toString(
                        Files.getPosixFilePermissions(folder.resolve("home"))));
    }

    @Test
    void theKeyBeforeIsAcceptedForTheGracePeriod() {
        Response.Keys first = keys().create(null);
        Response.Keys second = keys().rotate(null);
        assertNotEquals(first.fingerprint(), second.fingerprint());
        assertEquals(first.fingerprint(), second.previous());
        assertEquals(2, keys().ring().keys().size());
        String stamp = keys().stamp();

        Keys later = keys(InstantSource.fixed(Instant.now().plus(Duration.ofDays(8))));
        assertEquals(1, later.ring().keys().size());
        assertNull(later.show().previous());
        assertNotEquals(stamp, later.stamp(), "the end of the period is noticed");
    }

    @Test
    void anotherMachineTakesTheNewKeyFromItsFile() {
        keys().create(null);
        Path file = folder.resolve("new.key");
        Response.Keys made = keys().create(file.toString());
        assertEquals(made.fingerprint(), keys().rotate(file.toString()).fingerprint());
        assertEquals("mesh.key-rotate", code(() -> keys().rotate(file.toString())));
        assertEquals("mesh.key-rotate", code(() -> keys().rotate(folder + "/missing")));
    }

    @Test
    void thereIsNothingToRotateWithoutAKey() {
        assertEquals("mesh.key-rotate", code(() -> keys().rotate(null)));
    }

    @Test
    void theExampleIsNoKey() throws IOException {
        Path file = folder.resolve("home/swarm.key");
        Files.createDirectories(folder.resolve("home"));
        Files.copy(Path.of("swarm.key.example"), file);
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
        assertEquals("mesh.swarm-key-public", code(() -> keys().show()));
    }
}
