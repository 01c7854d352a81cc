package dev.sovereign.finance;

import java.math.BigInteger;

/// The end of a chain.
///
/// @param work of all headers from the genesis block on, as far as checkpoints tell
/// @param timeSeconds since 1970, as its miner had it
public record Tip(int height, Hash hash, BigInteger work, long timeSeconds) {}
