package dev.sovereign.finance;

import java.util.List;
import java.util.Optional;

/// Shows that a transaction is in a block: the siblings on the way from its txid to the root, as
/// Electrum's `blockchain.transaction.get_merkle` gives them (license.md, section 5).
///
/// @param height of the block
/// @param position of the transaction in the block; 0 is the coinbase
/// @param branch the deepest sibling first
public record MerkleProof(int height, int position, List<Hash> branch) {

    public MerkleProof {
        branch = List.copyOf(branch);
    }

    /// What is wrong with this as a proof that `txid` is below `root`; empty when nothing is.
    public Optional<String> fault(Hash txid, Hash root) {
        if (branch.size() > FinanceLimits.MAX_BRANCH) {
            return Optional.of(
                    "the branch has "
                            + branch.size()
                            + " levels, no block more than "
                            + FinanceLimits.MAX_BRANCH);
        }
        if (position < 0 || position >> branch.size() != 0) {
            return Optional.of(
                    "position " + position + " does not fit a branch of " + branch.size());
        }
        Hash node = txid;
        byte[] children = new byte[RawTransaction.NODE_BYTES];
        int bits = position;
        for (Hash sibling : branch) {
            boolean isRight = (bits & 1) != 0;
            if (isRight && sibling.equals(node)) {
                return Optional.of("a left sibling equals what it is the sibling of");
            }
            (isRight ? sibling : node).write(children, 0);
            (isRight ? node : sibling).write(children, Hash.BYTES);
            if (RawTransaction.isTransaction(children)) {
                return Optional.of("a node of the branch is itself a transaction");
            }
            node = Hash.twice(children);
            bits >>= 1;
        }
        return node.equals(root)
                ? Optional.empty()
                : Optional.of("the branch leads to " + node + ", the block has " + root);
    }
}
