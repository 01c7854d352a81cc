package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HexFormat;

/// 32 bytes of SHA-256: a block's hash, a txid, a node of a Merkle tree. As a number it is
/// little-endian, so the four words are its 64-bit digits, `w3` the highest.
///
/// @param w0 bytes 0 to 7 on the wire
/// @param w3 bytes 24 to 31 on the wire; they are shown first
public record Hash(long w0, long w1, long w2, long w3) {

    /// Bytes of a hash.
    public static final int BYTES = 32;

    /// The parent of a genesis block.
    public static final Hash ZERO = new Hash(0, 0, 0, 0);

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// The 32 bytes at `offset`, in wire order.
    public static Hash at(byte[] bytes, int offset) {
        return new Hash(
                (long) LONG.get(bytes, offset),
                (long) LONG.get(bytes, offset + 8),
                (long) LONG.get(bytes, offset + 16),
                (long) LONG.get(bytes, offset + 24));
    }

    /// Reads 64 hex digits in the order that hashes are shown in.
    ///
    /// @throws IllegalArgumentException if it is anything else
    public static Hash ofShown(String shown) {
        if (shown.length() != 2 * BYTES) {
            throw new IllegalArgumentException("a hash has 64 hex digits");
        }
        byte[] bytes = HexFormat.of().parseHex(shown);
        reverse(bytes);
        return at(bytes, 0);
    }

    /// SHA-256 of SHA-256 of all `parts`, one after the other.
    public static Hash twice(byte[]... parts) {
        MessageDigest sha = Sha256.digest();
        for (byte[] part : parts) {
            sha.update(part);
        }
        return at(sha.digest(sha.digest()), 0);
    }

    /// A copy in wire order.
    public byte[] wire() {
        byte[] bytes = new byte[BYTES];
        write(bytes, 0);
        return bytes;
    }

    void write(byte[] bytes, int offset) {
        LONG.set(bytes, offset, w0);
        LONG.set(bytes, offset + 8, w1);
        LONG.set(bytes, offset + 16, w2);
        LONG.set(bytes, offset + 24, w3);
    }

    /// Whether the bytes at `offset` are this hash.
    boolean isAt(byte[] bytes, int offset) {
        return (long) LONG.get(bytes, offset) == w0
                && (long) LONG.get(bytes, offset + 8) == w1
                && (long) LONG.get(bytes, offset + 16) == w2
                && (long) LONG.get(bytes, offset + 24) == w3;
    }

    // by hand: a record's own are made when they are first called, which takes a fresh JVM some
    // 10 ms of every start
    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Hash hash
                && w0 == hash.w0
                && w1 == hash.w1
                && w2 == hash.w2
                && w3 == hash.w3;
    }

    @Override
    public int hashCode() {
        return Long.hashCode(w0 ^ w1 ^ w2 ^ w3);
    }

    private static void reverse(byte[] bytes) {
        for (int i = 0, j = bytes.length - 1; i < j; i++, j--) {
            byte swap = bytes[i];
            bytes[i] = bytes[j];
            bytes[j] = swap;
        }
    }

    /// 64 hex digits in the order that block explorers show: the reverse of the wire.
    @Override
    public String toString() {
        HexFormat hex = HexFormat.of();
        return hex.toHexDigits(w3)
                + hex.toHexDigits(w2)
                + hex.toHexDigits(w1)
                + hex.toHexDigits(w0);
    }
}
