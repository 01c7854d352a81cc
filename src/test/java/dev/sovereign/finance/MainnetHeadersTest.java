package dev.sovereign.finance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Real headers and proofs of mainnet, where they lie beside the checkout.
class MainnetHeadersTest {

    private static final Path HEADERS = Vectors.SHARED.resolve("mainnet-headers-0-10236.bin");
    private static final Path PROOFS = Vectors.SHARED.resolve("license-mainnet.json");

    @Test
    void fiveRetargetsOfMainnetAreAccepted() throws IOException {
        assumeTrue(Files.exists(HEADERS), "no mainnet headers beside this checkout");
        byte[] all = Files.readAllBytes(HEADERS);
        HeaderChain chain =
                HeaderChain.inMemory(
                        Network.MAINNET, Checkpoints.genesisOnly(Network.MAINNET), Instant::now);
        // in pieces, as servers send them
        for (int at = 0; at < all.length; at += 2000 * Header.BYTES) {
            int end = Math.min(all.length, at + 2000 * Header.BYTES);
            assertInstanceOf(
                    Acceptance.Extended.class, chain.accept(Arrays.copyOfRange(all, at, end)));
        }
        assertEquals(10_236, chain.tip().height());
        assertEquals("27fd27fd27fd", chain.tip().work().toString(16));
        assertEquals(
                Checkpoints.of(Network.MAINNET).at(10_080),
                new Checkpoint(
                        10_080,
                        java.util.Objects.requireNonNull(chain.at(10_080)),
                        chain.checkpoints()
                                .last()
                                .work()
                                .multiply(java.math.BigInteger.valueOf(10_081))));
        for (int height = 0; height <= 10_236; height += 97) {
            assertEquals(
                    height, chain.heightOf(java.util.Objects.requireNonNull(chain.hash(height))));
        }
    }

    @Test
    void realTransactionsAreInTheirBlocks() throws IOException {
        assumeTrue(Files.exists(PROOFS), "no mainnet proofs beside this checkout");
        List<Map<String, Object>> proofs = Vectors.maps(Vectors.read(PROOFS), "proofs");
        assertTrue(proofs.size() >= 2);
        for (Map<String, Object> vector : proofs) {
            Header header = Header.of(Vectors.hex(vector, "header"));
            assertEquals(Vectors.text(vector, "block_hash"), header.hash().toString());
            RawTransaction transaction = RawTransaction.parse(Vectors.hex(vector, "raw"));
            assertEquals(Vectors.text(vector, "txid"), transaction.txid().toString());
            List<Hash> branch =
                    Vectors.list(vector, "branch").stream()
                            .map(item -> Hash.ofShown((String) item))
                            .toList();
            int height = Vectors.integer(vector, "height");
            int position = Vectors.integer(vector, "pos");
            assertEquals(
                    Optional.empty(),
                    new MerkleProof(height, position, branch)
                            .fault(transaction.txid(), header.merkleRoot()));
            assertTrue(
                    new MerkleProof(height, position ^ 1, branch)
                            .fault(transaction.txid(), header.merkleRoot())
                            .isPresent());
        }
    }
}
