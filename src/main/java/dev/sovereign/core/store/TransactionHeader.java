package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Map;

/// What a transaction's hash covers: everything but the payload itself, of which it covers the hash, and the local
/// number, which another machine would count differently.
///
///     1 byte   header version, 1
///     zigzag   time in milliseconds
///     string   author
///     varint   the author's sequence number, from 1
///     string   what
///     varint   tuples asserted
///     varint   tuples retracted
///     varint   bytes of payload
///     32 bytes SHA-256 of the same author's header before; for the first see [#origin]
///     32 bytes SHA-256 of the payload
///
/// @param previousHash 32 bytes; never changed
/// @param payloadHash 32 bytes; never changed
@SuppressWarnings("ArrayRecordComponent") // never compared, never changed
record TransactionHeader(
        long timeMillis,
        String author,
        long authorSequence,
        String what,
        long asserted,
        long retracted,
        long payloadBytes,
        byte[] previousHash,
        byte[] payloadHash) {

    private static final int VERSION = 1;

    /// Bounds author and `what`. A guess.
    static final int MAX_NAME_BYTES = 4096;

    /// Everything but the two hashes.
    void serializeFields(ByteOutput out) {
        out.u8(VERSION);
        out.zigzag(timeMillis);
        out.string(author);
        out.varint(authorSequence);
        out.string(what);
        out.varint(asserted);
        out.varint(retracted);
        out.varint(payloadBytes);
    }

    void serialize(ByteOutput out) {
        serializeFields(out);
        out.bytes(previousHash);
        out.bytes(payloadHash);
    }

    /// @param previousHash null when it follows in `in`
    /// @param payloadHash null when it follows in `in`
    static TransactionHeader parse(
            ByteInput in, byte @Nullable [] previousHash, byte @Nullable [] payloadHash)
            throws MalformedException {
        int version = in.u8();
        if (version != VERSION) {
            throw new MalformedException("a transaction's header has version " + version);
        }
        long timeMillis = in.zigzag();
        String author = in.string();
        long authorSequence = in.varint();
        String what = in.string();
        long asserted = in.varint();
        long retracted = in.varint();
        long payloadBytes = in.varint();
        return new TransactionHeader(
                timeMillis,
                author,
                authorSequence,
                what,
                asserted,
                retracted,
                payloadBytes,
                previousHash == null ? in.bytes(LogFormat.HASH_BYTES) : previousHash,
                payloadHash == null ? in.bytes(LogFormat.HASH_BYTES) : payloadHash);
    }

    /// As [#parse(ByteInput, byte[], byte[])], where a missing `previousHash` is the one that
    /// `tips` has for the author.
    static TransactionHeader parse(
            ByteInput in,
            byte @Nullable [] previousHash,
            byte[] payloadHash,
            Map<String, byte[]> tips)
            throws MalformedException {
        if (previousHash != null) {
            return parse(in, previousHash, payloadHash);
        }
        TransactionHeader header = parse(in, new byte[LogFormat.HASH_BYTES], payloadHash);
        byte[] tip = tips.get(header.author);
        if (tip == null) {
            throw new MalformedException(
                    "the hash before the first transaction of \""
                            + header.author
                            + "\" is missing");
        }
        return new TransactionHeader(
                header.timeMillis,
                header.author,
                header.authorSequence,
                header.what,
                header.asserted,
                header.retracted,
                header.payloadBytes,
                tip,
                payloadHash);
    }

    byte[] hash() {
        ByteOutput out = new ByteOutput(192);
        serialize(out);
        MessageDigest digest = Hashes.sha256();
        digest.update(out.array(), 0, out.size());
        return digest.digest();
    }

    /// What stands for the hash before an author's first transaction: it makes chains of authors
    /// with the same name in two stores different.
    static byte[] origin(byte[] storeId, String author) {
        MessageDigest digest = Hashes.sha256();
        digest.update("sovereign author\n".getBytes(StandardCharsets.US_ASCII));
        digest.update(storeId);
        digest.update(author.getBytes(StandardCharsets.UTF_8));
        return digest.digest();
    }

    Transaction toTransaction(long id, @Nullable String reason, boolean forgotten) {
        return new Transaction(
                id,
                timeMillis,
                author,
                authorSequence,
                what,
                reason,
                asserted,
                retracted,
                Hashes.hex(previousHash),
                Hashes.hex(payloadHash),
                Hashes.hex(hash()),
                forgotten);
    }
}
