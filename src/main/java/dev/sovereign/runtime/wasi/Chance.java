package dev.sovereign.runtime.wasi;

import org.jspecify.annotations.Nullable;

import java.security.SecureRandom;

/// Random bytes of a run: real ones, or SplitMix64 (Steele, Lea, Flood 2014) from a seed, each
/// number as eight bytes, the lowest first.
final class Chance {

    private static final SecureRandom REAL = new SecureRandom();

    private final @Nullable Long seed;
    private long state;
    private long number;
    private int left;

    Chance(@Nullable Long seed) {
        this.seed = seed;
        this.state = seed == null ? 0 : seed;
    }

    boolean isReal() {
        return seed == null;
    }

    void fill(byte[] bytes) {
        if (isReal()) {
            REAL.nextBytes(bytes);
            return;
        }
        for (int i = 0; i < bytes.length; i++) {
            if (left == 0) {
                state += 0x9e3779b97f4a7c15L;
                long z = (state ^ (state >>> 30)) * 0xbf58476d1ce4e5b9L;
                z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
                number = z ^ (z >>> 31);
                left = 8;
            }
            bytes[i] = (byte) number;
            number >>>= 8;
            left--;
        }
    }
}
