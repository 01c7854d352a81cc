package dev.sovereign.finance.p2p;

import dev.sovereign.finance.Hash;

import java.util.ArrayList;
import java.util.List;

/// The Merkle tree over all txids of a block.
final class MerkleTree {

    private final List<List<Hash>> levels = new ArrayList<>();
    private boolean repeats;

    /// @param leaves txids in the order of the block, at least one
    MerkleTree(List<Hash> leaves) {
        List<Hash> level = List.copyOf(leaves);
        levels.add(level);
        while (level.size() > 1) {
            level = above(level);
            levels.add(level);
        }
    }

    private List<Hash> above(List<Hash> level) {
        List<Hash> above = new ArrayList<>(level.size() / 2 + 1);
        for (int i = 0; i < level.size(); i += 2) {
            Hash left = level.get(i);
            boolean isAlone = i + 1 == level.size();
            Hash right = isAlone ? left : level.get(i + 1);
            repeats |= !isAlone && left.equals(right);
            above.add(Hash.twice(left.wire(), right.wire()));
        }
        return above;
    }

    /// Whether two neighbors are equal, so that another list of txids has this root too
    /// (CVE-2012-2459).
    boolean repeats() {
        return repeats;
    }

    Hash root() {
        return levels.getLast().getFirst();
    }

    /// The siblings on the way from a leaf to the root, the deepest first.
    List<Hash> branch(int position) {
        List<Hash> branch = new ArrayList<>();
        int at = position;
        for (List<Hash> level : levels.subList(0, levels.size() - 1)) {
            branch.add(level.get(Math.min(at ^ 1, level.size() - 1)));
            at >>= 1;
        }
        return branch;
    }
}
