package dev.sovereign.mesh;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.mesh.wire.MalformedException;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;

/// Addresses that other implementations publish: see resources/vectors/mesh/README.md.
class MultiaddrVectorsTest {

    private static List<String> lines() throws IOException {
        try (InputStream in =
                Objects.requireNonNull(
                        MultiaddrVectorsTest.class.getResourceAsStream(
                                "/vectors/mesh/multiaddr.txt"))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.startsWith("#"))
                    .toList();
        }
    }

    @Test
    void addressesAreThoseOfRust() throws Exception {
        int same = 0;
        int refused = 0;
        for (String line : lines()) {
            String[] words = line.split(" ");
            if (words[0].equals("refused") || words[0].equals("other")) {
                assertThrows(MalformedException.class, () -> Multiaddr.parse(words[1]), line);
                refused++;
            } else {
                byte[] bytes = HexFormat.of().parseHex(words[1]);
                assertArrayEquals(bytes, Multiaddr.parse(words[0]).toBytes(), line);
                assertEquals(words[0], Multiaddr.parse(bytes).toString(), line);
                // the older name of /p2p is read, too
                assertArrayEquals(
                        bytes,
                        Multiaddr.parse(words[0].replace("/p2p/", "/ipfs/")).toBytes(),
                        line);
                same++;
            }
        }
        assertTrue(same == 11 && refused == 23, same + " and " + refused);
    }
}
