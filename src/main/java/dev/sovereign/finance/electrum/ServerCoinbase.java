package dev.sovereign.finance.electrum;

import dev.sovereign.finance.Hash;
import dev.sovereign.finance.MerkleProof;

/// The first transaction of a block and its way to the root, as a server says it.
public record ServerCoinbase(Hash txid, MerkleProof proof) {}
