package dev.sovereign.finance;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// A block header: 80 bytes on the wire, all numbers little-endian. Well-formed is all it is;
/// whether it has work, and follows another, [HeaderChain] says.
///
/// @param version signed, as miners set it; unchecked
/// @param prev hash of the parent
/// @param merkleRoot over all txids of the block
/// @param time unsigned 32 bits: seconds since 1970; see [#timeSeconds]
/// @param bits the target in compact form, see [CompactBits]
/// @param nonce unsigned 32 bits
public record Header(int version, Hash prev, Hash merkleRoot, int time, int bits, int nonce) {

    /// Bytes of a header, on the wire and in the store.
    public static final int BYTES = 80;

    static final int PREV = 4;
    static final int ROOT = 36;
    static final int TIME = 68;
    static final int BITS = 72;
    static final int NONCE = 76;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);

    /// Reads exactly 80 bytes.
    ///
    /// @throws IllegalArgumentException if there are more or fewer
    public static Header of(byte[] bytes) {
        if (bytes.length != BYTES) {
            throw new IllegalArgumentException("a header has 80 bytes, not " + bytes.length);
        }
        return at(bytes, 0);
    }

    /// Reads the 80 bytes at `offset`.
    public static Header at(byte[] bytes, int offset) {
        return new Header(
                intAt(bytes, offset),
                Hash.at(bytes, offset + PREV),
                Hash.at(bytes, offset + ROOT),
                intAt(bytes, offset + TIME),
                intAt(bytes, offset + BITS),
                intAt(bytes, offset + NONCE));
    }

    static int intAt(byte[] bytes, int offset) {
        return (int) INT.get(bytes, offset);
    }

    /// Seconds since 1970, as the unsigned number that it is.
    public long timeSeconds() {
        return Integer.toUnsignedLong(time);
    }

    /// The 80 bytes.
    public byte[] bytes() {
        byte[] bytes = new byte[BYTES];
        INT.set(bytes, 0, version);
        prev.write(bytes, PREV);
        merkleRoot.write(bytes, ROOT);
        INT.set(bytes, TIME, time);
        INT.set(bytes, BITS, bits);
        INT.set(bytes, NONCE, nonce);
        return bytes;
    }

    /// The block's hash: SHA-256 twice. Computed anew each time (0.3 microseconds).
    public Hash hash() {
        return Hash.twice(bytes());
    }
}
