package dev.sovereign.finance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

class AwaitedTest {

    private static final Hash TXID = Hash.ofShown("0123456789abcdef".repeat(4));

    @TempDir Path folder;

    @Test
    void aPaymentIsAwaitedUntilCleared() throws IOException {
        Path data = folder.resolve("license");
        assertNull(new Awaited(data, Network.REGTEST).load());
        new Awaited(data, Network.REGTEST).save(new Awaited.Payment(TXID, 812));
        assertEquals(new Awaited.Payment(TXID, 812), new Awaited(data, Network.REGTEST).load());
        assertNull(new Awaited(data, Network.MAINNET).load());
        assertEquals(
                PosixFilePermissions.fromString("rw-------"),
                Files.getPosixFilePermissions(data.resolve("awaited-regtest")));
        new Awaited(data, Network.REGTEST).clear();
        assertNull(new Awaited(data, Network.REGTEST).load());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " 1",
                "0123 1",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef -1",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef 99999999999",
                "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdeg 1"
            })
    void anythingElseIsRefused(String text) throws IOException {
        Files.writeString(folder.resolve("awaited-regtest"), text);
        Awaited awaited = new Awaited(folder, Network.REGTEST);
        assertThrows(MalformedException.class, awaited::load);
    }
}
