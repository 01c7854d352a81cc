package dev.sovereign.runtime.wasm;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/// A linear memory: one array, exactly as long as the memory, so that the array's own bounds are
/// the memory's. Every access from the host is checked; one out of bounds is a [WasmTrap].
/// Addresses and lengths are 32-bit, read as unsigned.
///
/// Owned by the run's thread.
public final class Memory {

    public static final int PAGE_BYTES = 65_536;

    /// The memory's bytes, for generated code; replaced when it grows.
    public byte[] bytes;

    private final int maxPages;
    private final long declaredMax;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// @param pages at the start
    /// @param maxPages what growing may reach
    /// @param declaredMax what the module says, for linking; -1 when it says nothing
    Memory(int pages, int maxPages, long declaredMax) {
        this.bytes = new byte[Math.multiplyExact(pages, PAGE_BYTES)];
        this.maxPages = maxPages;
        this.declaredMax = declaredMax;
    }

    /// Its present size.
    public int pages() {
        return bytes.length / PAGE_BYTES;
    }

    long declaredMax() {
        return declaredMax;
    }

    /// Adds pages, or returns -1 and changes nothing where the limit would be passed.
    ///
    /// @param delta unsigned
    int grow(int delta) {
        int before = pages();
        if (delta == 0) {
            return before;
        }
        if (delta < 0 || delta > maxPages - before) {
            return -1;
        }
        bytes = Arrays.copyOf(bytes, (before + delta) * PAGE_BYTES);
        return before;
    }

    /// A copy of some bytes.
    public byte[] read(int address, int length) {
        int from = check(address, length);
        return Arrays.copyOfRange(bytes, from, from + length);
    }

    /// A copy of some bytes, put into `target` from `offset` on.
    public void read(int address, byte[] target, int offset, int length) {
        System.arraycopy(bytes, check(address, length), target, offset, length);
    }

    public void write(int address, byte[] source) {
        write(address, source, 0, source.length);
    }

    public void write(int address, byte[] source, int offset, int length) {
        Objects.checkFromIndexSize(offset, length, source.length);
        System.arraycopy(source, offset, bytes, check(address, length), length);
    }

    /// Sets some bytes to one value.
    public void fill(int address, int length, byte value) {
        int from = check(address, length);
        Arrays.fill(bytes, from, from + length, value);
    }

    /// Text in UTF-8; what is not becomes U+FFFD.
    public String readUtf8(int address, int length) {
        return new String(bytes, check(address, length), length, StandardCharsets.UTF_8);
    }

    public byte readByte(int address) {
        return bytes[check(address, 1)];
    }

    public void writeByte(int address, byte value) {
        bytes[check(address, 1)] = value;
    }

    /// Little-endian, as everything in a linear memory.
    public int readInt(int address) {
        return (int) INT.get(bytes, check(address, 4));
    }

    public void writeInt(int address, int value) {
        INT.set(bytes, check(address, 4), value);
    }

    public void writeShort(int address, short value) {
        int at = check(address, 2);
        bytes[at] = (byte) value;
        bytes[at + 1] = (byte) (value >> 8);
    }

    public long readLong(int address) {
        return (long) LONG.get(bytes, check(address, 8));
    }

    public void writeLong(int address, long value) {
        LONG.set(bytes, check(address, 8), value);
    }

    /// The index of the first byte.
    ///
    /// @throws WasmTrap unless all bytes are there
    public int check(int address, int length) {
        if (address < 0 || length < 0 || (long) address + length > bytes.length) {
            throw new WasmTrap(
                    "out of bounds memory access: %d bytes at %d of %d"
                            .formatted(
                                    Integer.toUnsignedLong(length),
                                    Integer.toUnsignedLong(address),
                                    bytes.length));
        }
        return address;
    }
}
