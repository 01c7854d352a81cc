package dev.sovereign.mesh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Locale;

class SwarmKeyTest {

    /// The vector of go-libp2p's and rust-libp2p's fingerprint (specs/mesh.md, 1).
    private static final String KEY =
            "6189c5cf0b87fb800c1a9feeda73c6ab5e998db48fb9e6a978575c770ceef683";

    private static final String FINGERPRINT = "45fc986bbc9388a11d939df26f730f0c";

    private static final byte[] BYTES = HexFormat.of().parseHex(KEY);

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static SwarmKey parse(String text) {
        return SwarmKey.parse(ascii(text), "swarm.key");
    }

    private static byte[] binary(byte[] key, String tail) {
        ByteArrayOutputStream file = new ByteArrayOutputStream();
        file.writeBytes(ascii("/key/swarm/psk/1.0.0/\n/bin/\n"));
        file.writeBytes(key);
        file.writeBytes(ascii(tail));
        return file.toByteArray();
    }

    private static String refusal(byte[] content) {
        SovereignException refused =
                assertThrows(SovereignException.class, () -> SwarmKey.parse(content, "swarm.key"));
        assertFalse(refused.first().message().contains("6189"), "quotes the key");
        return refused.first().code();
    }

    private static String refusal(String content) {
        return refusal(ascii(content));
    }

    @Test
    void theFingerprintIsThatOfGoAndRust() {
        assertEquals(FINGERPRINT, SwarmKey.ofBytes(BYTES).fingerprint());
    }

    @Test
    void readsAllThreeEncodings() {
        String header = "/key/swarm/psk/1.0.0/\n";
        SwarmKey expected = SwarmKey.ofBytes(BYTES);
        assertEquals(expected, parse(header + "/base16/\n" + KEY + "\n"));
        assertEquals(expected, parse(header + "/base16/\n" + KEY));
        assertEquals(expected, parse(header + "/base16/\n" + KEY.toUpperCase(Locale.ROOT)));
        assertEquals(
                expected, parse("/key/swarm/psk/1.0.0/\r\n/base16/\r\n" + KEY + "\r\n \t\r\n"));
        assertEquals(
                expected,
                parse(header + "/base64/\n" + Base64.getEncoder().encodeToString(BYTES) + "\n"));
        assertEquals(expected, SwarmKey.parse(binary(BYTES, ""), "swarm.key"));
        assertEquals(expected, SwarmKey.parse(binary(BYTES, "\n"), "swarm.key"));
    }

    @Test
    void rawBytesThatLookLikeWhiteSpaceBelongToTheKey() {
        byte[] key = BYTES.clone();
        key[0] = '\n';
        key[30] = '\r';
        key[31] = '\n';
        assertArrayEquals(key, SwarmKey.parse(binary(key, "\n"), "swarm.key").exportBytes());
        assertArrayEquals(key, SwarmKey.parse(binary(key, ""), "swarm.key").exportBytes());
    }

    @Test
    void refusesEverythingElse() {
        String header = "/key/swarm/psk/1.0.0/\n";
        assertEquals("mesh.swarm-key-header", refusal(""));
        assertEquals("mesh.swarm-key-header", refusal("/key/swarm/psk/1.0.0\n/base16/\n" + KEY));
        assertEquals("mesh.swarm-key-header", refusal("/key/swarm/psk/2.0.0/\n/base16/\n" + KEY));
        assertEquals("mesh.swarm-key-header", refusal("\n" + header + "/base16/\n" + KEY));
        assertEquals("mesh.swarm-key-header", refusal("/base16/\n" + KEY));
        assertEquals("mesh.swarm-key-header", refusal(KEY));
        assertEquals("mesh.swarm-key-encoding", refusal(header + "/base46/\n" + KEY));
        assertEquals("mesh.swarm-key-encoding", refusal(header + "/base16/ \n" + KEY));
        assertEquals("mesh.swarm-key-encoding", refusal(header));
        assertEquals("mesh.swarm-key-bytes", refusal(header + "/base16/\n"));
        assertEquals("mesh.swarm-key-bytes", refusal(header + "/base16/\n" + KEY.substring(2)));
        assertEquals("mesh.swarm-key-bytes", refusal(header + "/base16/\n" + KEY + "00"));
        assertEquals("mesh.swarm-key-bytes", refusal(header + "/base16/\n" + KEY + "\n00\n"));
        assertEquals("mesh.swarm-key-bytes", refusal(header + "/base16/\n " + KEY));
        assertEquals(
                "mesh.swarm-key-bytes", refusal(header + "/base16/\n" + KEY.replace('6', 'g')));
        String base64 = Base64.getEncoder().encodeToString(BYTES);
        assertEquals(
                "mesh.swarm-key-bytes", refusal(header + "/base64/\n" + base64.substring(0, 43)));
        // the same 32 bytes with other bits in the rest of the last digit
        String other = base64.substring(0, 42) + (char) (base64.charAt(42) + 1) + "=";
        assertEquals("mesh.swarm-key-bytes", refusal(header + "/base64/\n" + other));
        assertEquals("mesh.swarm-key-bytes", refusal(binary(new byte[31], "")));
        assertEquals("mesh.swarm-key-bytes", refusal(binary(BYTES, "x")));
    }

    @Test
    void aKeyThatEverybodyKnowsIsRefused() throws IOException {
        assertEquals(
                "mesh.swarm-key-public", refusal(Files.readAllBytes(Path.of("swarm.key.example"))));
        assertEquals("mesh.swarm-key-public", refusal(binary(new byte[32], "")));
    }

    @Test
    void theFileIsOursAloneAndReadStrictly(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("swarm.key");
        assertNull(SwarmKey.read(file));
        SwarmKey key = SwarmKey.generate(new SecureRandom());
        key.write(file, false);
        assertEquals(
                "rw-------", PosixFilePermissions.toString(Files.getPosixFilePermissions(file)));
        assertEquals(
                "/key/swarm/psk/1.0.0/\n/base16/\n"
                        + HexFormat.of().formatHex(key.exportBytes())
                        + "\n",
                Files.readString(file));
        assertEquals(key, SwarmKey.read(file));

        SwarmKey other = SwarmKey.ofBytes(BYTES);
        SovereignException exists =
                assertThrows(SovereignException.class, () -> other.write(file, false));
        assertEquals("mesh.key-exists", exists.first().code());
        assertEquals(key, SwarmKey.read(file));
        other.write(file, true);
        assertEquals(other, SwarmKey.read(file));

        for (String mode : new String[] {"rw-r-----", "rw----r--", "rw--w----", "rw------x"}) {
            Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
            SovereignException exposed =
                    assertThrows(SovereignException.class, () -> SwarmKey.read(file), mode);
            assertEquals("mesh.key-exposed", exposed.first().code());
        }
    }

    @Test
    void printsItsFingerprintOnly() {
        assertEquals("SwarmKey[" + FINGERPRINT + "]", SwarmKey.ofBytes(BYTES).toString());
    }
}
