package dev.sovereign.finance;

/// What anything from outside may be at most. Everything here is checked before memory is taken.
public final class FinanceLimits {
    private FinanceLimits() {}

    /// Bytes of a raw transaction with its witness; nodes relay no larger one (400,000 weight).
    public static final int MAX_TRANSACTION_BYTES = 400_000;

    /// Siblings of a Merkle proof: a block of 4,000,000 weight has fewer than 2^17 transactions,
    /// and Electrum's own limit is 30. 24 levels are 16 million.
    public static final int MAX_BRANCH = 24;

    /// Bytes of a proof file (license.md, section 10): room for 100,000 headers and two
    /// transactions of the largest size.
    public static final int MAX_PROOF_BYTES = 16 << 20;

    /// Headers in one proof file or one call of [HeaderChain#accept]: what a proof file can hold,
    /// and 20 years of blocks above the last checkpoint of a release would be ten times as many.
    public static final int MAX_RUN_HEADERS = 150_000;

    /// Headers of all side branches together that a chain keeps until one has more work; 1.6 MB.
    /// The longest fork that mainnet has seen was 53 blocks; test networks have had thousands.
    public static final int MAX_BRANCH_HEADERS = 20_000;

    /// Side branches kept at a time; the oldest goes first.
    public static final int MAX_BRANCHES = 16;

    /// Headers that a chain holds: 1.6 billion bytes, 380 years of blocks. A height is an `int`.
    public static final int MAX_HEADERS = 20_000_000;

    /// Satoshi that can exist: 21,000,000 bitcoin.
    public static final long MAX_SATS = 2_100_000_000_000_000L;

    /// Characters of a machine id.
    public static final int MAX_MACHINE_ID_CHARS = 256;

    /// Confirmations that a configuration may ask for: about two years.
    public static final int MAX_CONFIRMATIONS = 100_000;

    /// Confirmations of a coinbase transaction before its outputs can be spent at all.
    public static final int COINBASE_CONFIRMATIONS = 100;
}
