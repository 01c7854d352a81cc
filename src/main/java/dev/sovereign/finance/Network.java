package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

import java.util.HexFormat;

/// A Bitcoin network, with what tells its chain from another's (license.md, section 4). bitcoinj's
/// parameters are not used for this: its signet limit is wrong, and it has no testnet4.
public enum Network {
    MAINNET(
            "mainnet",
            0x1d00ffff,
            true,
            false,
            "01000000"
                    + "00".repeat(32)
                    + "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a"
                    + "29ab5f49ffff001d1dac2b7c",
            "/org.bitcoin.production.checkpoints.txt"),
    /// testnet3.
    TESTNET(
            "testnet",
            0x1d00ffff,
            true,
            true,
            "01000000"
                    + "00".repeat(32)
                    + "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a"
                    + "dae5494dffff001d1aa4ae18",
            "/org.bitcoin.test.checkpoints.txt"),
    TESTNET4(
            "testnet4",
            0x1d00ffff,
            true,
            true,
            "01000000"
                    + "00".repeat(32)
                    + "4e7b2b9128fe0291db0693af2ae418b767e657cd407e80cb1434221eaea7a07a"
                    + "046f3566ffff001dbb0c7817",
            null),
    SIGNET(
            "signet",
            0x1e0377ae,
            true,
            false,
            "01000000"
                    + "00".repeat(32)
                    + "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a"
                    + "008f4d5fae77031e8ad22203",
            "/org.bitcoin.signet.checkpoints.txt"),
    REGTEST(
            "regtest",
            0x207fffff,
            false,
            false,
            "01000000"
                    + "00".repeat(32)
                    + "3ba3edfd7a7b12b27ac72c3e67768f617fc81bc3888a51323a9fb8aa4b1e5e4a"
                    + "dae5494dffff7f2002000000",
            null);

    /// Blocks of one difficulty.
    public static final int RETARGET_BLOCKS = 2016;

    private final String word;
    private final int limitBits;
    private final boolean retargets;
    private final boolean twentyMinuteRule;
    private final String genesisHex;
    private final @Nullable String checkpointResource;

    Network(
            String word,
            int limitBits,
            boolean retargets,
            boolean twentyMinuteRule,
            String genesisHex,
            @Nullable String checkpointResource) {
        this.word = word;
        this.limitBits = limitBits;
        this.retargets = retargets;
        this.twentyMinuteRule = twentyMinuteRule;
        this.genesisHex = genesisHex;
        this.checkpointResource = checkpointResource;
    }

    /// The name in configuration, proof files and answers.
    public String word() {
        return word;
    }

    /// The network of a name; null when there is none.
    public static @Nullable Network ofWord(String word) {
        for (Network network : values()) {
            if (network.word.equals(word)) {
                return network;
            }
        }
        return null;
    }

    /// The easiest target, in compact form.
    public int limitBits() {
        return limitBits;
    }

    /// Whether difficulty follows the time that blocks take; on regtest it never changes.
    public boolean retargets() {
        return retargets;
    }

    /// Whether a block may have the easiest target when none came for 20 minutes.
    public boolean hasTwentyMinuteRule() {
        return twentyMinuteRule;
    }

    /// BIP94: a period's base is its first block, and its time may not fall back far.
    public boolean hasTimewarpRule() {
        return this == TESTNET4;
    }

    /// Blocks there cost next to nothing, so they prove nothing: every verdict says so.
    public boolean isTest() {
        return this != MAINNET;
    }

    /// Confirmations that are asked for when nothing else is configured.
    public int defaultConfirmations() {
        return this == MAINNET ? 6 : 1;
    }

    /// The first block's header.
    public Header genesis() {
        return Header.of(HexFormat.of().parseHex(genesisHex));
    }

    @Nullable String checkpointResource() {
        return checkpointResource;
    }

    @Override
    public String toString() {
        return word;
    }
}
