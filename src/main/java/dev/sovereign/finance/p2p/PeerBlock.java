package dev.sovereign.finance.p2p;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.Header;
import dev.sovereign.finance.MerkleProof;
import dev.sovereign.finance.ProofFile;
import dev.sovereign.finance.net.ServerException;

import org.bitcoinj.base.Sha256Hash;
import org.bitcoinj.core.Block;
import org.bitcoinj.core.Transaction;
import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;

/// A block that is the one that was asked for: its header has the hash, its transactions the root.
public final class PeerBlock {

    private final List<Transaction> transactions;
    private final List<Hash> txids;
    private final MerkleTree tree;

    private PeerBlock(List<Transaction> transactions, List<Hash> txids, MerkleTree tree) {
        this.transactions = transactions;
        this.txids = txids;
        this.tree = tree;
    }

    /// @throws ServerException when it is another block, or its transactions are not its own
    static PeerBlock checked(Block block, Hash asked) throws ServerException {
        Header header = header(block);
        if (!header.hash().equals(asked)) {
            throw ServerException.fault(
                    "it was asked for block " + asked + " and sent " + header.hash());
        }
        List<Transaction> transactions = block.getTransactions();
        if (transactions == null || transactions.isEmpty()) {
            throw ServerException.fault("it sent block " + asked + " without transactions");
        }
        List<Hash> txids = new ArrayList<>(transactions.size());
        for (Transaction transaction : transactions) {
            txids.add(hash(transaction.getTxId()));
        }
        MerkleTree tree = new MerkleTree(txids);
        if (tree.repeats() || !tree.root().equals(header.merkleRoot())) {
            throw ServerException.fault(
                    "the transactions that it sent with block " + asked + " are not the block's");
        }
        return new PeerBlock(List.copyOf(transactions), List.copyOf(txids), tree);
    }

    static Header header(Block block) {
        return new Header(
                (int) block.getVersion(),
                hash(block.getPrevBlockHash()),
                hash(block.getMerkleRoot()),
                (int) block.time().getEpochSecond(),
                (int) block.getDifficultyTarget(),
                (int) block.getNonce());
    }

    private static Hash hash(Sha256Hash shownOrder) {
        return Hash.ofShown(shownOrder.toString());
    }

    /// The bytes of a transaction of this block; null when it has none of this txid.
    public byte @Nullable [] transaction(Hash txid) {
        int position = txids.indexOf(txid);
        return position < 0 ? null : transactions.get(position).serialize();
    }

    /// Shows that a transaction of this block is in it.
    ///
    /// @param height of this block
    public MerkleProof proof(Hash txid, int height) {
        int position = txids.indexOf(txid);
        return new MerkleProof(height, position, tree.branch(position));
    }

    /// The first transaction, with its own proof.
    public ProofFile.Coinbase coinbase(int height) {
        return new ProofFile.Coinbase(
                transactions.getFirst().serialize(), new MerkleProof(height, 0, tree.branch(0)));
    }
}
