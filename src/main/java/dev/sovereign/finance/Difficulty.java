package dev.sovereign.finance;

import java.math.BigInteger;

/// The rule that gives each header its target (license.md, section 4).
final class Difficulty {
    private Difficulty() {}

    /// Seconds that 2,016 blocks should take.
    private static final long PERIOD_SECONDS = 1_209_600;

    private static final long TWENTY_MINUTES = 1200;

    /// BIP94: seconds that a period's first block may lie before its parent.
    private static final long TIMEWARP_SECONDS = 600;

    /// The bits that the header at `height` must have.
    ///
    /// @param time its own time, which counts under the 20 minute rule
    static int next(Network network, HeaderView view, int height, long time) {
        int parent = height - 1;
        if (!network.retargets()) {
            return network.limitBits();
        }
        if (height % Network.RETARGET_BLOCKS == 0) {
            int first = height - Network.RETARGET_BLOCKS;
            return retarget(
                    network,
                    view.bits(first),
                    view.bits(parent),
                    view.time(parent) - view.time(first));
        }
        if (!network.hasTwentyMinuteRule()) {
            return view.bits(parent);
        }
        if (time > view.time(parent) + TWENTY_MINUTES) {
            return network.limitBits();
        }
        int at = parent;
        while (at % Network.RETARGET_BLOCKS != 0 && view.bits(at) == network.limitBits()) {
            at--;
        }
        return view.bits(at);
    }

    /// The bits of a new period.
    ///
    /// @param firstBits of the last period's first block
    /// @param lastBits of its last block
    /// @param span seconds between both
    static int retarget(Network network, int firstBits, int lastBits, long span) {
        long clamped = Math.clamp(span, PERIOD_SECONDS / 4, PERIOD_SECONDS * 4);
        BigInteger base = CompactBits.target(network.hasTimewarpRule() ? firstBits : lastBits);
        BigInteger target =
                base.multiply(BigInteger.valueOf(clamped))
                        .divide(BigInteger.valueOf(PERIOD_SECONDS));
        BigInteger limit = CompactBits.target(network.limitBits());
        return CompactBits.ofTarget(target.min(limit));
    }

    /// Whether BIP94 forbids this time to a period's first header.
    static boolean warps(Network network, int height, long time, long parentTime) {
        return network.hasTimewarpRule()
                && height % Network.RETARGET_BLOCKS == 0
                && time < parentTime - TIMEWARP_SECONDS;
    }
}
