package dev.sovereign.runtime.wasm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// Operators that are more than a JVM instruction. Public for generated code; the interpreter uses
/// the same methods, so that both give the same bits. Every NaN that is computed here is the
/// canonical one.
public final class Ops {

    private static final VarHandle SHORT =
            MethodHandles.byteArrayViewVarHandle(short[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    private static final double TWO_TO_63 = 0x1p63;
    private static final double TWO_TO_64 = 0x1p64;

    /// In the place of fuel while a callee keeps it in the instance. No fuel is ever so low.
    static final long WRITTEN = Long.MIN_VALUE;

    private Ops() {}

    /// Writes back what fuel is left before a call.
    ///
    /// @return [#WRITTEN]
    public static long save(Instance instance, long fuel) {
        instance.fuel = fuel;
        return WRITTEN;
    }

    /// Asks for more fuel at a loop's head when there is none left.
    public static long charged(Instance instance, long fuel) {
        return fuel >= 0 ? fuel : instance.more(fuel, 0);
    }

    /// Writes back what fuel is left when a function ends in an exception.
    public static Throwable leave(Throwable thrown, Instance instance, long fuel) {
        if (fuel != WRITTEN) {
            instance.fuel = fuel;
        }
        return thrown;
    }

    // ---- memory: an access out of bounds throws IndexOutOfBoundsException, which is a trap

    public static int load8S(int address, byte[] memory) {
        return memory[address];
    }

    public static int load8U(int address, byte[] memory) {
        return memory[address] & 0xff;
    }

    public static int load16S(int address, byte[] memory) {
        return (short) SHORT.get(memory, address);
    }

    public static int load16U(int address, byte[] memory) {
        return (short) SHORT.get(memory, address) & 0xffff;
    }

    public static int load32(int address, byte[] memory) {
        return (int) INT.get(memory, address);
    }

    public static long load64(int address, byte[] memory) {
        return (long) LONG.get(memory, address);
    }

    public static float loadF32(int address, byte[] memory) {
        return Float.intBitsToFloat((int) INT.get(memory, address));
    }

    public static double loadF64(int address, byte[] memory) {
        return Double.longBitsToDouble((long) LONG.get(memory, address));
    }

    public static void store8(int address, int value, byte[] memory) {
        memory[address] = (byte) value;
    }

    public static void store16(int address, int value, byte[] memory) {
        SHORT.set(memory, address, (short) value);
    }

    public static void store32(int address, int value, byte[] memory) {
        INT.set(memory, address, value);
    }

    public static void store64(int address, long value, byte[] memory) {
        LONG.set(memory, address, value);
    }

    public static void storeF32(int address, float value, byte[] memory) {
        INT.set(memory, address, Float.floatToRawIntBits(value));
    }

    public static void storeF64(int address, double value, byte[] memory) {
        LONG.set(memory, address, Double.doubleToRawLongBits(value));
    }

    /// The memory of an instance.
    public static byte[] bytes(Instance instance) {
        return instance.memory.bytes;
    }

    /// Adds an offset of an access, exactly: a sum past 2 GiB is negative and so out of bounds.
    public static int offset(int address, int offset) {
        return java.util.Objects.checkIndex(address, Integer.MAX_VALUE) + offset;
    }

    // ---- integers

    public static int divS(int a, int b) {
        if (b == -1 && a == Integer.MIN_VALUE) {
            throw new WasmTrap("integer overflow");
        }
        return a / b;
    }

    public static long divS(long a, long b) {
        if (b == -1 && a == Long.MIN_VALUE) {
            throw new WasmTrap("integer overflow");
        }
        return a / b;
    }

    /// What the operator `unreachable` throws.
    public static RuntimeException unreachable() {
        return new WasmTrap("unreachable");
    }

    // ---- floats: Java's operators give the right numbers; NaNs and signs need care

    /// The canonical NaN in the place of any.
    public static float canonical(float x) {
        return Float.isNaN(x) ? Float.NaN : x;
    }

    public static double canonical(double x) {
        return Double.isNaN(x) ? Double.NaN : x;
    }

    public static float abs(float x) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(x) & 0x7fff_ffff);
    }

    public static double abs(double x) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(x) & Long.MAX_VALUE);
    }

    public static float neg(float x) {
        return Float.intBitsToFloat(Float.floatToRawIntBits(x) ^ 0x8000_0000);
    }

    public static double neg(double x) {
        return Double.longBitsToDouble(Double.doubleToRawLongBits(x) ^ Long.MIN_VALUE);
    }

    public static float copysign(float x, float sign) {
        return Float.intBitsToFloat(
                (Float.floatToRawIntBits(x) & 0x7fff_ffff)
                        | (Float.floatToRawIntBits(sign) & 0x8000_0000));
    }

    public static double copysign(double x, double sign) {
        return Double.longBitsToDouble(
                (Double.doubleToRawLongBits(x) & Long.MAX_VALUE)
                        | (Double.doubleToRawLongBits(sign) & Long.MIN_VALUE));
    }

    public static float ceil(float x) {
        return Float.isNaN(x) ? Float.NaN : (float) Math.ceil(x);
    }

    public static double ceil(double x) {
        return Double.isNaN(x) ? Double.NaN : Math.ceil(x);
    }

    public static float floor(float x) {
        return Float.isNaN(x) ? Float.NaN : (float) Math.floor(x);
    }

    public static double floor(double x) {
        return Double.isNaN(x) ? Double.NaN : Math.floor(x);
    }

    public static float trunc(float x) {
        return Float.isNaN(x) ? Float.NaN : (float) (x < 0 ? Math.ceil(x) : Math.floor(x));
    }

    public static double trunc(double x) {
        return Double.isNaN(x) ? Double.NaN : x < 0 ? Math.ceil(x) : Math.floor(x);
    }

    public static float nearest(float x) {
        return Float.isNaN(x) ? Float.NaN : (float) Math.rint(x);
    }

    public static double nearest(double x) {
        return Double.isNaN(x) ? Double.NaN : Math.rint(x);
    }

    public static float sqrt(float x) {
        float root = (float) Math.sqrt(x);
        return Float.isNaN(root) ? Float.NaN : root;
    }

    public static double sqrt(double x) {
        double root = Math.sqrt(x);
        return Double.isNaN(root) ? Double.NaN : root;
    }

    public static float min(float a, float b) {
        float least = Math.min(a, b);
        return Float.isNaN(least) ? Float.NaN : least;
    }

    public static double min(double a, double b) {
        double least = Math.min(a, b);
        return Double.isNaN(least) ? Double.NaN : least;
    }

    public static float max(float a, float b) {
        float most = Math.max(a, b);
        return Float.isNaN(most) ? Float.NaN : most;
    }

    public static double max(double a, double b) {
        double most = Math.max(a, b);
        return Double.isNaN(most) ? Double.NaN : most;
    }

    // ---- conversions

    private static WasmTrap inconvertible(boolean nan) {
        return new WasmTrap(nan ? "invalid conversion to integer" : "integer overflow");
    }

    public static int truncS32(float x) {
        return truncS32((double) x);
    }

    public static int truncU32(float x) {
        return truncU32((double) x);
    }

    public static int truncS32(double x) {
        if (x > -2147483649.0 && x < 2147483648.0) {
            return (int) x;
        }
        throw inconvertible(Double.isNaN(x));
    }

    public static int truncU32(double x) {
        if (x > -1 && x < 4294967296.0) {
            return (int) (long) x;
        }
        throw inconvertible(Double.isNaN(x));
    }

    public static long truncS64(float x) {
        return truncS64((double) x);
    }

    public static long truncU64(float x) {
        return truncU64((double) x);
    }

    public static long truncS64(double x) {
        if (x >= -TWO_TO_63 && x < TWO_TO_63) {
            return (long) x;
        }
        throw inconvertible(Double.isNaN(x));
    }

    public static long truncU64(double x) {
        if (x > -1 && x < TWO_TO_64) {
            return toUnsigned(x);
        }
        throw inconvertible(Double.isNaN(x));
    }

    private static long toUnsigned(double x) {
        return x < TWO_TO_63 ? (long) x : (long) (x - TWO_TO_63) ^ Long.MIN_VALUE;
    }

    public static int satU32(float x) {
        return satU32((double) x);
    }

    public static int satU32(double x) {
        return (int) Math.max(0, Math.min((long) x, 0xffff_ffffL));
    }

    public static long satU64(float x) {
        return satU64((double) x);
    }

    public static long satU64(double x) {
        if (!(x > 0)) {
            return 0;
        }
        return x >= TWO_TO_64 ? -1 : toUnsigned(x);
    }

    public static float convertU32ToF32(int x) {
        return (float) Integer.toUnsignedLong(x);
    }

    public static double convertU32ToF64(int x) {
        return (double) Integer.toUnsignedLong(x);
    }

    /// The lowest bit is kept when halving, so that rounding comes out as if there were 65 bits.
    public static float convertU64ToF32(long x) {
        return x >= 0 ? (float) x : (float) ((x >>> 1) | (x & 1)) * 2;
    }

    public static double convertU64ToF64(long x) {
        return x >= 0 ? (double) x : (double) ((x >>> 1) | (x & 1)) * 2;
    }
}
