package dev.sovereign.runtime.wasm;

/// Numeric operators on bits, as [Interpreter] keeps them.
final class Arithmetic {

    private Arithmetic() {}

    private static float f(long bits) {
        return Float.intBitsToFloat((int) bits);
    }

    private static double d(long bits) {
        return Double.longBitsToDouble(bits);
    }

    private static long bits(float value) {
        return Float.floatToRawIntBits(value);
    }

    private static long bits(double value) {
        return Double.doubleToRawLongBits(value);
    }

    private static int truth(boolean value) {
        return value ? 1 : 0;
    }

    static long unary(int op, long a) {
        return switch (op) {
            case 0x45 -> (int) a == 0 ? 1 : 0;
            case 0x50 -> a == 0 ? 1 : 0;
            case 0x67 -> Integer.numberOfLeadingZeros((int) a);
            case 0x68 -> Integer.numberOfTrailingZeros((int) a);
            case 0x69 -> Integer.bitCount((int) a);
            case 0x79 -> Long.numberOfLeadingZeros(a);
            case 0x7a -> Long.numberOfTrailingZeros(a);
            case 0x7b -> Long.bitCount(a);
            case 0x8b -> bits(Ops.abs(f(a)));
            case 0x8c -> bits(Ops.neg(f(a)));
            case 0x8d -> bits(Ops.ceil(f(a)));
            case 0x8e -> bits(Ops.floor(f(a)));
            case 0x8f -> bits(Ops.trunc(f(a)));
            case 0x90 -> bits(Ops.nearest(f(a)));
            case 0x91 -> bits(Ops.sqrt(f(a)));
            case 0x99 -> bits(Ops.abs(d(a)));
            case 0x9a -> bits(Ops.neg(d(a)));
            case 0x9b -> bits(Ops.ceil(d(a)));
            case 0x9c -> bits(Ops.floor(d(a)));
            case 0x9d -> bits(Ops.trunc(d(a)));
            case 0x9e -> bits(Ops.nearest(d(a)));
            case 0x9f -> bits(Ops.sqrt(d(a)));
            case 0xa7 -> (int) a;
            case 0xa8 -> Ops.truncS32(f(a));
            case 0xa9 -> Ops.truncU32(f(a));
            case 0xaa -> Ops.truncS32(d(a));
            case 0xab -> Ops.truncU32(d(a));
            case 0xac -> (int) a;
            case 0xad -> a & 0xffff_ffffL;
            case 0xae -> Ops.truncS64(f(a));
            case 0xaf -> Ops.truncU64(f(a));
            case 0xb0 -> Ops.truncS64(d(a));
            case 0xb1 -> Ops.truncU64(d(a));
            case 0xb2 -> bits((float) (int) a);
            case 0xb3 -> bits(Ops.convertU32ToF32((int) a));
            case 0xb4 -> bits((float) a);
            case 0xb5 -> bits(Ops.convertU64ToF32(a));
            case 0xb6 -> bits(Ops.canonical((float) d(a)));
            case 0xb7 -> bits((double) (int) a);
            case 0xb8 -> bits(Ops.convertU32ToF64((int) a));
            case 0xb9 -> bits((double) a);
            case 0xba -> bits(Ops.convertU64ToF64(a));
            case 0xbb -> bits(Ops.canonical((double) f(a)));
            case 0xbc -> a;
            case 0xbd -> a;
            case 0xbe -> a;
            case 0xbf -> a;
            case 0xc0 -> (byte) a;
            case 0xc1 -> (short) a;
            case 0xc2 -> (byte) a;
            case 0xc3 -> (short) a;
            case 0xc4 -> (int) a;
            case 0x100 -> (int) f(a);
            case 0x101 -> Ops.satU32(f(a));
            case 0x102 -> (int) d(a);
            case 0x103 -> Ops.satU32(d(a));
            case 0x104 -> (long) f(a);
            case 0x105 -> Ops.satU64(f(a));
            case 0x106 -> (long) d(a);
            case 0x107 -> Ops.satU64(d(a));
            default -> throw new IllegalStateException("operator " + op);
        };
    }

    @SuppressWarnings("NarrowCalculation") // 32-bit results are what is meant
    static long binary(int op, long a, long b) {
        return switch (op) {
            case 0x46 -> truth((int) a == (int) b);
            case 0x47 -> truth((int) a != (int) b);
            case 0x48 -> truth((int) a < (int) b);
            case 0x49 -> truth(Integer.compareUnsigned((int) a, (int) b) < 0);
            case 0x4a -> truth((int) a > (int) b);
            case 0x4b -> truth(Integer.compareUnsigned((int) a, (int) b) > 0);
            case 0x4c -> truth((int) a <= (int) b);
            case 0x4d -> truth(Integer.compareUnsigned((int) a, (int) b) <= 0);
            case 0x4e -> truth((int) a >= (int) b);
            case 0x4f -> truth(Integer.compareUnsigned((int) a, (int) b) >= 0);
            case 0x51 -> truth(a == b);
            case 0x52 -> truth(a != b);
            case 0x53 -> truth(a < b);
            case 0x54 -> truth(Long.compareUnsigned(a, b) < 0);
            case 0x55 -> truth(a > b);
            case 0x56 -> truth(Long.compareUnsigned(a, b) > 0);
            case 0x57 -> truth(a <= b);
            case 0x58 -> truth(Long.compareUnsigned(a, b) <= 0);
            case 0x59 -> truth(a >= b);
            case 0x5a -> truth(Long.compareUnsigned(a, b) >= 0);
            case 0x5b -> truth(f(a) == f(b));
            case 0x5c -> truth(f(a) != f(b));
            case 0x5d -> truth(f(a) < f(b));
            case 0x5e -> truth(f(a) > f(b));
            case 0x5f -> truth(f(a) <= f(b));
            case 0x60 -> truth(f(a) >= f(b));
            case 0x61 -> truth(d(a) == d(b));
            case 0x62 -> truth(d(a) != d(b));
            case 0x63 -> truth(d(a) < d(b));
            case 0x64 -> truth(d(a) > d(b));
            case 0x65 -> truth(d(a) <= d(b));
            case 0x66 -> truth(d(a) >= d(b));
            case 0x6a -> (int) a + (int) b;
            case 0x6b -> (int) a - (int) b;
            case 0x6c -> (int) a * (int) b;
            case 0x6d -> Ops.divS((int) a, (int) b);
            case 0x6e -> Integer.divideUnsigned((int) a, (int) b);
            case 0x6f -> (int) a % (int) b;
            case 0x70 -> Integer.remainderUnsigned((int) a, (int) b);
            case 0x71 -> (int) a & (int) b;
            case 0x72 -> (int) a | (int) b;
            case 0x73 -> (int) a ^ (int) b;
            case 0x74 -> (int) a << (int) b;
            case 0x75 -> (int) a >> (int) b;
            case 0x76 -> (int) a >>> (int) b;
            case 0x77 -> Integer.rotateLeft((int) a, (int) b);
            case 0x78 -> Integer.rotateRight((int) a, (int) b);
            case 0x7c -> a + b;
            case 0x7d -> a - b;
            case 0x7e -> a * b;
            case 0x7f -> Ops.divS(a, b);
            case 0x80 -> Long.divideUnsigned(a, b);
            case 0x81 -> a % b;
            case 0x82 -> Long.remainderUnsigned(a, b);
            case 0x83 -> a & b;
            case 0x84 -> a | b;
            case 0x85 -> a ^ b;
            case 0x86 -> a << b;
            case 0x87 -> a >> b;
            case 0x88 -> a >>> b;
            case 0x89 -> Long.rotateLeft(a, (int) b);
            case 0x8a -> Long.rotateRight(a, (int) b);
            case 0x92 -> bits(Ops.canonical(f(a) + f(b)));
            case 0x93 -> bits(Ops.canonical(f(a) - f(b)));
            case 0x94 -> bits(Ops.canonical(f(a) * f(b)));
            case 0x95 -> bits(Ops.canonical(f(a) / f(b)));
            case 0x96 -> bits(Ops.min(f(a), f(b)));
            case 0x97 -> bits(Ops.max(f(a), f(b)));
            case 0x98 -> bits(Ops.copysign(f(a), f(b)));
            case 0xa0 -> bits(Ops.canonical(d(a) + d(b)));
            case 0xa1 -> bits(Ops.canonical(d(a) - d(b)));
            case 0xa2 -> bits(Ops.canonical(d(a) * d(b)));
            case 0xa3 -> bits(Ops.canonical(d(a) / d(b)));
            case 0xa4 -> bits(Ops.min(d(a), d(b)));
            case 0xa5 -> bits(Ops.max(d(a), d(b)));
            case 0xa6 -> bits(Ops.copysign(d(a), d(b)));
            default -> throw new IllegalStateException("operator " + op);
        };
    }
}
