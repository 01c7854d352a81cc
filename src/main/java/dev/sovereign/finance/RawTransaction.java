package dev.sovereign.finance;

import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.List;

/// A transaction as its bytes say it, with and without witness (BIP-0144). Stricter than a node:
/// every count in its shortest form, no trailing byte, at least one input and output, so the bytes
/// are the only ones that say this. Values are whatever is written; [#valuesAreInRange] judges.
///
/// @param txid hash without the witness: what Merkle trees are made of
/// @param bytes of the whole, with the witness
/// @param isCoinbase whether it makes new coins, which cannot be spent for 100 blocks
public record RawTransaction(Hash txid, int bytes, boolean isCoinbase, List<Output> outputs) {

    /// @param value satoshi, signed 64 bits as on the wire
    /// @param script the locking script; not to be changed
    @SuppressWarnings("ArrayRecordComponent") // compared by its bytes where it is used
    public record Output(long value, byte[] script) {}

    /// The size that an inner node of a Merkle tree has (CVE-2017-12842).
    static final int NODE_BYTES = 64;

    private static final int MIN_INPUT_BYTES = 41;
    private static final int MIN_OUTPUT_BYTES = 9;

    public RawTransaction {
        outputs = List.copyOf(outputs);
    }

    /// Reads a whole transaction.
    ///
    /// @throws MalformedException saying what is wrong; also for one of 64 bytes without witness,
    ///   which could be an inner node of a Merkle tree
    public static RawTransaction parse(byte[] raw) throws MalformedException {
        if (raw.length > FinanceLimits.MAX_TRANSACTION_BYTES) {
            throw new MalformedException(
                    "a transaction of "
                            + raw.length
                            + " bytes; the limit is "
                            + FinanceLimits.MAX_TRANSACTION_BYTES);
        }
        Reader in = new Reader(raw);
        RawTransaction transaction = read(in, true);
        if (in.stripped == NODE_BYTES) {
            throw new MalformedException(
                    "a transaction of 64 bytes could be a node of a Merkle tree");
        }
        return transaction;
    }

    /// Whether 64 bytes, the children of a Merkle node, are also a whole transaction.
    static boolean isTransaction(byte[] node) {
        try {
            read(new Reader(node), false);
            return true;
        } catch (MalformedException expected) {
            return false;
        }
    }

    private static RawTransaction read(Reader in, boolean mayHaveWitness)
            throws MalformedException {
        in.skip(4, "version");
        int bodyStart = in.position;
        boolean witness = mayHaveWitness && in.left() >= 2 && in.peek(0) == 0 && in.peek(1) == 1;
        if (witness) {
            in.skip(2, "marker");
            bodyStart = in.position;
        }
        int inputs = in.count(MIN_INPUT_BYTES, "inputs");
        if (inputs == 0) {
            throw new MalformedException("a transaction without inputs");
        }
        boolean nullInput = false;
        for (int i = 0; i < inputs; i++) {
            int outpoint = in.position;
            in.skip(36, "outpoint");
            nullInput = isNull(in.bytes, outpoint);
            in.skip(in.count(1, "input script"), "input script");
            in.skip(4, "sequence");
        }
        int count = in.count(MIN_OUTPUT_BYTES, "outputs");
        if (count == 0) {
            throw new MalformedException("a transaction without outputs");
        }
        List<Output> outputs = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            long value = in.int64("value");
            outputs.add(new Output(value, in.take(in.count(1, "script"), "script")));
        }
        int bodyEnd = in.position;
        if (witness) {
            readWitness(in, inputs);
        }
        int lockTime = in.position;
        in.skip(4, "lock time");
        if (in.left() != 0) {
            throw new MalformedException(in.left() + " bytes follow the transaction");
        }
        in.stripped = 4 + (bodyEnd - bodyStart) + 4;
        MessageDigest sha = Sha256.digest();
        sha.update(in.bytes, 0, 4);
        sha.update(in.bytes, bodyStart, bodyEnd - bodyStart);
        sha.update(in.bytes, lockTime, 4);
        Hash txid = Hash.at(sha.digest(sha.digest()), 0);
        return new RawTransaction(txid, in.bytes.length, inputs == 1 && nullInput, outputs);
    }

    private static void readWitness(Reader in, int inputs) throws MalformedException {
        boolean any = false;
        for (int i = 0; i < inputs; i++) {
            int items = in.count(1, "witness");
            any |= items > 0;
            for (int item = 0; item < items; item++) {
                in.skip(in.count(1, "witness item"), "witness item");
            }
        }
        if (!any) {
            throw new MalformedException("a witness is announced, and all of it is empty");
        }
    }

    private static boolean isNull(byte[] bytes, int outpoint) {
        return Hash.ZERO.isAt(bytes, outpoint) && Header.intAt(bytes, outpoint + 32) == -1;
    }

    /// Whether each value, and their sum, is an amount of money that can exist.
    public boolean valuesAreInRange() {
        long sum = 0;
        for (Output output : outputs) {
            if (output.value() < 0 || output.value() > FinanceLimits.MAX_SATS) {
                return false;
            }
            sum += output.value();
            if (sum > FinanceLimits.MAX_SATS) {
                return false;
            }
        }
        return true;
    }

    /// Bounded reading from the front.
    private static final class Reader {
        final byte[] bytes;
        int position;
        int stripped;

        Reader(byte[] bytes) {
            this.bytes = bytes;
        }

        int left() {
            return bytes.length - position;
        }

        int peek(int ahead) {
            return bytes[position + ahead];
        }

        void skip(int length, String what) throws MalformedException {
            if (length > left()) {
                throw new MalformedException("the transaction ends within its " + what);
            }
            position += length;
        }

        byte[] take(int length, String what) throws MalformedException {
            int from = position;
            skip(length, what);
            return java.util.Arrays.copyOfRange(bytes, from, position);
        }

        long int64(String what) throws MalformedException {
            int from = position;
            skip(8, what);
            return Integer.toUnsignedLong(Header.intAt(bytes, from))
                    | ((long) Header.intAt(bytes, from + 4) << 32);
        }

        /// A compact size in its shortest form, of things that take at least `each` bytes.
        int count(int each, String what) throws MalformedException {
            int from = position;
            skip(1, what);
            int first = bytes[from] & 0xff;
            int width = first < 0xfd ? 0 : 1 << (first - 0xfc);
            long value = first;
            if (width > 0) {
                skip(width, what);
                value = 0;
                for (int i = width; i > 0; i--) {
                    value = (value << 8) | (bytes[from + i] & 0xff);
                }
                long least = width == 2 ? 0xfd : 1L << (4 * width);
                if (Long.compareUnsigned(value, least) < 0) {
                    throw new MalformedException(
                            "the number of " + what + " is not written in its shortest form");
                }
            }
            if (Long.compareUnsigned(value, left() / each) > 0) {
                throw new MalformedException(
                        "the transaction announces "
                                + Long.toUnsignedString(value)
                                + " for "
                                + what
                                + ", more than it has bytes for");
            }
            return (int) value;
        }
    }
}
