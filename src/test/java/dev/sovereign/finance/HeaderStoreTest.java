package dev.sovereign.finance;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.error.SovereignException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;

/// The file of headers: 80 bytes each, and whatever happens to it, a chain that is right.
class HeaderStoreTest {

    private static final Map<String, Object> VECTORS = Vectors.load();
    private static final Map<String, Object> GOOD = Vectors.maps(VECTORS, "chains").getFirst();
    private static final byte[] HEADERS = Vectors.hex(GOOD, "headers");
    private static final int START = Vectors.integer(GOOD, "start_height");
    private static final int COUNT = HEADERS.length / Header.BYTES;

    @TempDir Path folder;

    private HeaderStore open() throws IOException {
        Instant now = Instant.ofEpochSecond(Vectors.number(GOOD, "now"));
        return HeaderStore.open(
                folder,
                Network.REGTEST,
                Checkpoints.startingAt(
                        new Checkpoint(START, Header.at(HEADERS, 0), BigInteger.ZERO)),
                () -> now);
    }

    private Path file() {
        return HeaderStore.file(folder, Network.REGTEST);
    }

    private void fill() throws IOException {
        try (HeaderStore store = open()) {
            assertInstanceOf(Acceptance.Extended.class, store.chain().accept(HEADERS));
        }
    }

    @Test
    void theFileIsTheHeadersAndNothingElse() throws IOException {
        fill();
        assertArrayEquals(HEADERS, Files.readAllBytes(file()));
        try (HeaderStore store = open()) {
            assertEquals(START + COUNT - 1, store.chain().tip().height());
            assertEquals(0, store.droppedBytes());
        }
    }

    @Test
    void oneProcessHoldsIt() throws IOException {
        try (HeaderStore _ = open()) {
            SovereignException refused = assertThrows(SovereignException.class, this::open);
            assertEquals("license.store-locked", refused.first().code());
        }
        open().close();
    }

    /// Cut anywhere, or with any byte changed: what is opened is the chain up to there, and the
    /// file is what was opened.
    @Test
    void whateverHappensToTheFileTheChainIsRight() throws IOException {
        fill();
        long seed = new SplittableRandom().nextLong();
        SplittableRandom random = new SplittableRandom(seed);
        int rounds = Integer.getInteger("sovereign.fuzz.count", 300);
        for (int i = 0; i < Math.min(rounds, 20_000); i++) {
            byte[] bytes = HEADERS.clone();
            int right;
            if (random.nextBoolean()) {
                int length = random.nextInt(bytes.length + 1);
                bytes = Arrays.copyOf(bytes, length);
                right = length / Header.BYTES;
            } else {
                int at = Header.BYTES + random.nextInt(bytes.length - Header.BYTES);
                bytes[at] ^= (byte) (1 << random.nextInt(8));
                right = at / Header.BYTES;
            }
            Files.write(file(), bytes);
            try (HeaderStore store = open()) {
                HeaderChain chain = store.chain();
                int kept = chain.tip().height() - START + 1;
                assertTrue(kept >= Math.max(1, right), "seed " + seed);
                // a changed version or nonce may happen to have work: 1 in 2 on regtest
                assertTrue(kept <= Math.max(1, right + 1), "seed " + seed);
                assertEquals(kept * (long) Header.BYTES, Files.size(file()));
                chain.accept(HEADERS);
                assertEquals(START + COUNT - 1, chain.tip().height(), "seed " + seed);
            }
        }
    }

    @Test
    void aReorganizationRewritesTheTail() throws IOException {
        fill();
        byte[] fork =
                Vectors.hex(
                        Vectors.maps(VECTORS, "forks").stream()
                                .filter(vector -> "more-work".equals(vector.get("name")))
                                .findFirst()
                                .orElseThrow(),
                        "headers");
        Tip tip;
        try (HeaderStore store = open()) {
            assertInstanceOf(Acceptance.Reorganized.class, store.chain().accept(fork));
            tip = store.chain().tip();
        }
        try (HeaderStore store = open()) {
            assertEquals(tip, store.chain().tip());
        }
        // half of the new tail, then the old one again: a crash in the middle of the write
        byte[] half = Files.readAllBytes(file());
        int cut = (478 - START + 2) * Header.BYTES;
        System.arraycopy(HEADERS, cut, half, cut, HEADERS.length - cut);
        Files.write(file(), half);
        try (HeaderStore store = open()) {
            assertEquals(479, store.chain().tip().height());
            store.chain().accept(HEADERS);
            store.chain().accept(fork);
            assertEquals(tip, store.chain().tip());
        }
    }

    @Test
    void aFileOfAnotherChainIsSetAside() throws IOException {
        Files.write(file(), Network.MAINNET.genesis().bytes());
        try (HeaderStore store = open()) {
            assertEquals(START, store.chain().tip().height());
        }
        assertTrue(Files.exists(file().resolveSibling(file().getFileName() + ".unknown")));
    }

    @Test
    void readingNeedsNoLock() throws IOException {
        fill();
        Checkpoints checkpoints =
                Checkpoints.startingAt(
                        new Checkpoint(START, Header.at(HEADERS, 0), BigInteger.ZERO));
        try (HeaderStore store = open()) {
            HeaderChain copy = HeaderStore.read(folder, Network.REGTEST, checkpoints, Instant::now);
            assertEquals(store.chain().tip(), copy.tip());
        }
    }
}
