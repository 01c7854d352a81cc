package dev.sovereign.mesh.pnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.Random;

/// Published key streams of XSalsa20.
class XSalsa20VectorsTest {

    private static final HexFormat HEX = HexFormat.of();

    /// "Cryptography in NaCl" (D. J. Bernstein, 2009), sections 9 and 10.
    private static final byte[] NACL_KEY =
            HEX.parseHex("1b27556473e985d462cd51197a9a46c76009549eac6474f206c4ee0844f68389");

    private static final byte[] NACL_NONCE =
            HEX.parseHex("69696ee955b62b73cd62bda875fc73d68219e0036b7a0b37");

    private static byte[] keyStream(byte[] key, byte[] nonce, int length) {
        byte[] stream = new byte[length];
        new XSalsa20(key, nonce).apply(stream, 0, length);
        return stream;
    }

    @Test
    void theFirstBytesAreThoseOfNacl() {
        assertEquals(
                "eea6a7251c1e72916d11c2cb214d3c252539121d8e234e652d651fa4c8cff880",
                HEX.formatHex(keyStream(NACL_KEY, NACL_NONCE, 32)));
    }

    @Test
    void fourMebibytesHaveTheDigestThatNaclGives() throws Exception {
        byte[] digest =
                MessageDigest.getInstance("SHA-256")
                        .digest(keyStream(NACL_KEY, NACL_NONCE, 4_194_304));
        assertEquals(
                "662b9d0e3463029156069b12f918691a98f7dfb2ca0393c96bbfc6b1fbd630a2",
                HEX.formatHex(digest));
    }

    /// golang.org/x/crypto, `salsa20/salsa20_test.go`.
    @Test
    void theVectorsOfGoPass() {
        byte[] key = "this is 32-byte key for xsalsa20".getBytes(StandardCharsets.US_ASCII);
        byte[] nonce = "24-byte nonce for xsalsa".getBytes(StandardCharsets.US_ASCII);
        byte[] hello = "Hello world!".getBytes(StandardCharsets.US_ASCII);
        new XSalsa20(key, nonce).apply(hello, 0, hello.length);
        assertEquals("002d4513843fc240c401e541", HEX.formatHex(hello));
        assertEquals(
                "4848297feb1fb52fb66d81609bd547fabcbe7026edc8b5e5e449d088bfa69c08"
                        + "8f5d8da1d791267c2c195a7f8cae9c4b4050d08ce6d3a151ec265f3a58e47648",
                HEX.formatHex(keyStream(key, nonce, 64)));
    }

    @Test
    void howTheDataIsCutMakesNoDifference() {
        byte[] whole = keyStream(NACL_KEY, NACL_NONCE, 300_000);
        long seed = new Random().nextLong();
        Random random = new Random(seed);
        for (int round = 0; round < 20; round++) {
            byte[] cut = new byte[whole.length];
            XSalsa20 cipher = new XSalsa20(NACL_KEY, NACL_NONCE);
            int at = 0;
            while (at < cut.length) {
                int count =
                        Math.min(
                                cut.length - at,
                                random.nextInt(random.nextBoolean() ? 100 : 40_000));
                cipher.apply(cut, at, count);
                at += count;
            }
            assertArrayEquals(whole, cut, "seed " + seed);
        }
    }
}
