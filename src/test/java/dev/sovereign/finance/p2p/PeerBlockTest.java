package dev.sovereign.finance.p2p;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.Header;
import dev.sovereign.finance.TestChain;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;

import org.bitcoinj.core.Block;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a peer sends for a block, and what of it counts.
class PeerBlockTest {

    private final byte[] payment = TestChain.payment(1, TestChain.opReturn(new byte[32]));
    private final TestChain chain = new TestChain().mine(3);
    private final int height =
            chain.mineWith(payment, TestChain.payment(2, TestChain.opReturn(new byte[3])));
    private final Hash hash = chain.header(height).hash();

    private static Block block(Header header, List<byte[]> transactions) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(header.bytes());
        bytes.write(transactions.size());
        transactions.forEach(bytes::writeBytes);
        return Block.read(ByteBuffer.wrap(bytes.toByteArray()));
    }

    @Test
    void theBlockThatWasAskedForProvesItsTransactions() throws Exception {
        PeerBlock block = PeerBlock.checked(block(chain.header(height), chain.block(height)), hash);
        Hash txid = Hash.twice(payment);
        assertArrayEquals(payment, block.transaction(txid));
        assertNull(block.transaction(Hash.ZERO));
        Hash root = chain.header(height).merkleRoot();
        assertEquals(Optional.empty(), block.proof(txid, height).fault(txid, root));
        assertEquals(chain.branch(height, 1), block.proof(txid, height).branch());
        byte[] first = block.coinbase(height).raw();
        assertEquals(
                Optional.empty(), block.coinbase(height).proof().fault(Hash.twice(first), root));
    }

    @Test
    void anotherBlockAndOtherTransactionsAreLies() {
        List<byte[]> block = chain.block(height);
        refuses(block(chain.header(height - 1), block), "sent " + chain.header(height - 1).hash());
        List<byte[]> fewer = block.subList(0, 2);
        refuses(block(chain.header(height), fewer), "are not the block's");
        List<byte[]> swapped = new ArrayList<>(block);
        swapped.add(swapped.remove(1));
        refuses(block(chain.header(height), swapped), "are not the block's");
        List<byte[]> repeated = new ArrayList<>(block);
        repeated.add(block.getLast());
        refuses(block(chain.header(height), repeated), "are not the block's");
    }

    private void refuses(Block block, String words) {
        ServerException lie =
                assertThrows(ServerException.class, () -> PeerBlock.checked(block, hash));
        assertEquals(ServerError.FAULT, lie.error());
        assertTrue(lie.words().contains(words), lie.words());
    }

    @Test
    void aTreeWithEqualNeighborsIsSeen() {
        Hash a = Hash.twice(new byte[] {1});
        Hash b = Hash.twice(new byte[] {2});
        Hash c = Hash.twice(new byte[] {3});
        MerkleTree odd = new MerkleTree(List.of(a, b, c));
        MerkleTree repeated = new MerkleTree(List.of(a, b, c, c));
        assertEquals(odd.root(), repeated.root());
        assertFalse(odd.repeats());
        assertTrue(repeated.repeats());
        assertEquals(a, new MerkleTree(List.of(a)).root());
    }
}
