package dev.sovereign.finance;

import java.math.BigInteger;

/// The compact form of a target: `bits = e << 24 | m` stands for `m * 256^(e-3)`.
public final class CompactBits {
    private CompactBits() {}

    private static final BigInteger ALL = BigInteger.ONE.shiftLeft(256);
    private static final int SIGN = 0x00800000;

    /// Whether bits stand for a target of 1 to 2^256-1.
    public static boolean isTarget(int bits) {
        int exponent = bits >>> 24;
        int mantissa = bits & 0x007fffff;
        if ((bits & SIGN) != 0 || mantissa == 0) {
            return false;
        }
        int shift = 8 * (exponent - 3);
        // the highest bit that is set must stay below bit 256, and one must stay above bit 0
        int length = Integer.SIZE - Integer.numberOfLeadingZeros(mantissa) + shift;
        return length > 0 && length <= 256;
    }

    /// The target.
    ///
    /// @throws IllegalArgumentException if [#isTarget] says no
    public static BigInteger target(int bits) {
        if (!isTarget(bits)) {
            throw new IllegalArgumentException("no target: " + Integer.toHexString(bits));
        }
        int shift = 8 * ((bits >>> 24) - 3);
        BigInteger mantissa = BigInteger.valueOf(bits & 0x007fffff);
        return shift >= 0 ? mantissa.shiftLeft(shift) : mantissa.shiftRight(-shift);
    }

    /// The compact form of a target, which loses what is below its 23 or 16 highest bits.
    public static int ofTarget(BigInteger target) {
        int bytes = (target.bitLength() + 7) / 8;
        int mantissa =
                bytes <= 3
                        ? target.intValueExact() << (8 * (3 - bytes))
                        : target.shiftRight(8 * (bytes - 3)).intValueExact();
        if ((mantissa & SIGN) != 0) {
            mantissa >>>= 8;
            bytes++;
        }
        return (bytes << 24) | mantissa;
    }

    /// The hashes that it takes on average to find one below the target: `2^256 / (target + 1)`.
    public static BigInteger work(int bits) {
        return ALL.divide(target(bits).add(BigInteger.ONE));
    }
}
