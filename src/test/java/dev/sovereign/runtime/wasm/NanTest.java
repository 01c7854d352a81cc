package dev.sovereign.runtime.wasm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

import java.util.Objects;
import java.util.SplittableRandom;

/// The bits of a NaN are the same interpreted, compiled and compiled by HotSpot: those that
/// arithmetic makes are canonical, those that are only carried keep theirs.
class NanTest {

    private static final long CANONICAL = 0x7ff8_0000_0000_0000L;
    private static final int CANONICAL_32 = 0x7fc0_0000;

    /// NaNs with a sign, a payload, a signal; infinities, whose difference is a new one; a number.
    private static final double[] VALUES = {
        Double.longBitsToDouble(0xfff8_0000_0000_0000L),
        Double.longBitsToDouble(0x7ff8_0000_dead_beefL),
        Double.longBitsToDouble(0xfff4_0000_0000_0001L),
        Double.POSITIVE_INFINITY,
        Double.NEGATIVE_INFINITY,
        0.0,
        1.5
    };

    private static final int[] BINARY = {0xa0, 0xa1, 0xa2, 0xa3};

    /// As often as HotSpot's last compiler waits for, and more.
    private static final int CALLS = 30_000;

    private static long once(WasmModule module, Mode mode, long... arguments) throws Exception {
        long[] values = arguments.clone();
        Instance instance = instance(module, mode);
        instance.invoke(function(module), values, 100);
        return values[0];
    }

    private static int function(WasmModule module) {
        return Objects.requireNonNull(module.exports.get("f")).index();
    }

    private static Instance instance(WasmModule module, Mode mode) throws Exception {
        Instance instance =
                new Instance(
                        module,
                        new Instance.Linked(),
                        new Store(),
                        new Meter(Limits.MAX_FUEL),
                        Limits.DEFAULT,
                        mode);
        instance.initialize(100);
        return instance;
    }

    /// A function of two f64, given as their bits, that returns i64.
    private static WasmModule module(Object... code) throws Exception {
        Wat wat = new Wat();
        int type = wat.type(new int[] {Wat.I64, Wat.I64}, Wat.I64);
        int function =
                wat.function(
                        type,
                        new int[] {4, Wat.F64},
                        Wat.get(0),
                        0xbf,
                        Wat.set(2),
                        Wat.get(1),
                        0xbf,
                        Wat.set(3),
                        Wat.bytes(code));
        return WasmModule.load(wat.memory(1, 1).export("f", function).build());
    }

    @Test
    void arithmeticMakesTheCanonicalOne() throws Exception {
        for (int op : BINARY) {
            WasmModule module = module(Wat.get(2), Wat.get(3), op, 0xbd);
            for (double a : VALUES) {
                for (double b : VALUES) {
                    long x = Double.doubleToRawLongBits(a);
                    long y = Double.doubleToRawLongBits(b);
                    double expected =
                            switch (op) {
                                case 0xa0 -> a + b;
                                case 0xa1 -> a - b;
                                case 0xa2 -> a * b;
                                default -> a / b;
                            };
                    long bits = Double.doubleToLongBits(expected); // canonical
                    for (Mode mode : Mode.values()) {
                        assertEquals(bits, once(module, mode, x, y), op + ": " + a + ", " + b);
                    }
                }
            }
        }
    }

    @Test
    void isCanonicalWhereverItsBitsAreSeen() throws Exception {
        Object[][] seen = {
            {Wat.i32(8), Wat.get(2), Wat.get(3), 0xa0, 0x39, 3, 0, Wat.i32(8), 0x29, 3, 0}, // store
            {Wat.get(2), Wat.get(3), 0xa0, Wat.tee(4), 0xbd}, // a local that is only computed
            {Wat.get(2), Wat.get(3), 0xa0, Wat.set(2), Wat.get(2), 0xbd}, // and one that is not
            {Wat.get(2), Wat.get(3), 0xa0, Wat.get(2), Wat.get(0), 0x50, 0x1b, 0xbd}, // select: 2nd
            {Wat.get(2), 0xb6, 0xbb, 0xbd}, // demoted and promoted
            {Wat.f64(1), Wat.get(2), Wat.get(3), 0xa0, 0xa6, 0xbd}, // copysign: 1
            {Wat.get(2), Wat.get(3), 0xa0, 0x9a, 0xbd}, // neg
            {Wat.get(2), Wat.get(3), 0xa0, 0x02, 0x40, 0x0b, 0xbd}, // below a block
            {Wat.get(2), Wat.get(3), 0xa0, 0xb6, 0xbc, 0xad} // as f32
        };
        long nan = 0xfff8_0000_0000_0001L;
        long[] expected = {
            CANONICAL,
            CANONICAL,
            CANONICAL,
            nan,
            CANONICAL,
            Double.doubleToRawLongBits(1),
            CANONICAL | Long.MIN_VALUE,
            CANONICAL,
            CANONICAL_32
        };
        for (int i = 0; i < seen.length; i++) {
            WasmModule module = module(seen[i]);
            for (Mode mode : Mode.values()) {
                assertEquals(expected[i], once(module, mode, nan, nan), mode + ", case " + i);
            }
        }
    }

    @Test
    void keepsTheBitsOfOneThatIsOnlyCarried() throws Exception {
        WasmModule module =
                module(
                        Wat.get(2),
                        Wat.tee(4),
                        Wat.set(5),
                        Wat.i32(16),
                        Wat.get(5),
                        0x39,
                        3,
                        0,
                        Wat.i32(16),
                        0x2b,
                        3,
                        0,
                        Wat.get(3),
                        Wat.i32(1),
                        0x1b,
                        0xbd);
        for (long bits : new long[] {0xfff8_0000_0000_0001L, 0x7ff0_0000_0000_0001L}) {
            for (Mode mode : Mode.values()) {
                assertEquals(bits, once(module, mode, bits, 0), mode + ", " + bits);
            }
        }
    }

    @Test
    void isTheSameAfterHotSpotHasCompiledIt() throws Exception {
        WasmModule module =
                module(
                        Wat.get(2),
                        Wat.get(3),
                        0xa0,
                        Wat.tee(4),
                        Wat.get(2),
                        0xa2,
                        Wat.get(3),
                        0xa1,
                        Wat.get(4),
                        0xa3,
                        Wat.set(5),
                        Wat.i32(8),
                        Wat.get(5),
                        0x39,
                        3,
                        0,
                        Wat.get(4),
                        0xbd,
                        Wat.i32(8),
                        0x29,
                        3,
                        0,
                        0x85);
        Instance interpreted = instance(module, Mode.INTERPRETED);
        Instance compiled = instance(module, Mode.COMPILED);
        SplittableRandom random = new SplittableRandom(1);
        for (int i = 0; i < CALLS; i++) {
            double a = VALUES[random.nextInt(VALUES.length)];
            double b = VALUES[random.nextInt(VALUES.length)];
            long[] first = {Double.doubleToRawLongBits(a), Double.doubleToRawLongBits(b)};
            long[] second = first.clone();
            interpreted.invoke(function(module), first, 100);
            compiled.invoke(function(module), second, 100);
            assertEquals(first[0], second[0], "call " + i + ": " + a + ", " + b);
        }
    }
}
