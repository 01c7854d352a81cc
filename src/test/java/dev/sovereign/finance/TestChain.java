package dev.sovereign.finance;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// A regtest chain that a test mines: real work (two hashes a block), real Merkle trees, and
/// transactions that nobody signed, which headers and proofs cannot tell. Every block has a
/// coinbase of its own; `salt` tells forks apart. One thread changes it, then any may read.
public final class TestChain {

    public static final int SECONDS = 600;
    private static final int EASIEST = 0x207fffff;

    private final int salt;
    private final Map<Integer, List<byte[]>> transactions = new TreeMap<>();
    private byte[] headers;
    private int count;

    public TestChain() {
        this.salt = 0;
        this.headers = Network.REGTEST.genesis().bytes();
        this.count = 1;
    }

    private TestChain(TestChain from, int height, int salt) {
        this.salt = salt;
        this.count = height + 1;
        this.headers = Arrays.copyOf(from.headers, count * Header.BYTES);
        from.transactions.forEach((at, block) -> {
            if (at <= height) {
                transactions.put(at, block);
            }
        });
    }

    /// A chain that is this one up to and including `height`, to be mined on its own.
    public synchronized TestChain fork(int height, int salt) {
        return new TestChain(this, height, salt);
    }

    public synchronized int height() {
        return count - 1;
    }

    /// Mines empty blocks.
    public synchronized TestChain mine(int blocks) {
        for (int i = 0; i < blocks; i++) {
            mineWith();
        }
        return this;
    }

    /// Mines one block with these after its coinbase.
    ///
    /// @return its height
    public synchronized int mineWith(byte[]... raw) {
        int height = count;
        List<byte[]> block = new ArrayList<>();
        block.add(coinbase(height, salt));
        block.addAll(List.of(raw));
        if (raw.length > 0) {
            transactions.put(height, List.copyOf(block));
        } else if (salt != 0) {
            transactions.put(height, List.copyOf(block));
        }
        Header parent = header(height - 1);
        append(
                worked(
                        new Header(
                                0x20000000,
                                parent.hash(),
                                root(block),
                                (int) (parent.timeSeconds() + SECONDS),
                                EASIEST,
                                0)));
        return height;
    }

    /// Adds a header as it is, for those who lie.
    public synchronized void append(Header header) {
        if (headers.length == count * Header.BYTES) {
            headers = Arrays.copyOf(headers, 2 * headers.length);
        }
        System.arraycopy(header.bytes(), 0, headers, count * Header.BYTES, Header.BYTES);
        count++;
    }

    /// The header with the first nonce whose hash is below the easiest target.
    public static Header worked(Header header) {
        int nonce = 0;
        while (true) {
            Header tried =
                    new Header(
                            header.version(),
                            header.prev(),
                            header.merkleRoot(),
                            header.time(),
                            header.bits(),
                            nonce);
            if (tried.hash().w3() >= 0) {
                return tried;
            }
            nonce++;
        }
    }

    public synchronized Header header(int height) {
        return Header.at(headers, height * Header.BYTES);
    }

    /// What there is of `count` headers from `start` on.
    public synchronized byte[] headers(int start, int count) {
        int end = Math.min(this.count, start + count);
        return start >= end
                ? new byte[0]
                : Arrays.copyOfRange(headers, start * Header.BYTES, end * Header.BYTES);
    }

    /// Raw transactions of a block, the coinbase first.
    public synchronized List<byte[]> block(int height) {
        List<byte[]> block = transactions.get(height);
        return block != null ? block : List.of(coinbase(height, 0));
    }

    /// Height and position of a transaction; null when no block has it.
    public synchronized int @Nullable [] find(Hash txid) {
        for (Map.Entry<Integer, List<byte[]>> entry : transactions.entrySet()) {
            for (int i = 0; i < entry.getValue().size(); i++) {
                if (Hash.twice(entry.getValue().get(i)).equals(txid)) {
                    return new int[] {entry.getKey(), i};
                }
            }
        }
        return null;
    }

    /// Siblings of a transaction, deepest first.
    public synchronized List<Hash> branch(int height, int position) {
        List<Hash> siblings = new ArrayList<>();
        List<Hash> level = new ArrayList<>(block(height).stream().map(Hash::twice).toList());
        int at = position;
        while (level.size() > 1) {
            siblings.add(level.get(Math.min(at ^ 1, level.size() - 1)));
            level = above(level);
            at >>= 1;
        }
        return siblings;
    }

    private static Hash root(List<byte[]> block) {
        List<Hash> level = block.stream().map(Hash::twice).toList();
        while (level.size() > 1) {
            level = above(level);
        }
        return level.getFirst();
    }

    private static List<Hash> above(List<Hash> level) {
        List<Hash> above = new ArrayList<>();
        for (int i = 0; i < level.size(); i += 2) {
            Hash right = level.get(Math.min(i + 1, level.size() - 1));
            above.add(Hash.twice(level.get(i).wire(), right.wire()));
        }
        return above;
    }

    private static byte[] coinbase(int height, int salt) {
        ByteBuffer script = ByteBuffer.allocate(9).order(ByteOrder.LITTLE_ENDIAN);
        script.put((byte) 8).putInt(height).putInt(salt);
        return transaction(
                new byte[32],
                0xffffffff,
                script.array(),
                List.of(new Output(5_000_000_000L, new byte[] {0x51})));
    }

    /// One output of a transaction.
    @SuppressWarnings("ArrayRecordComponent") // test data, never compared
    public record Output(long sats, byte[] script) {}

    /// A transaction that spends an outpoint made of `seed`.
    public static byte[] payment(int seed, Output... outputs) {
        byte[] prev = Hash.twice(ByteBuffer.allocate(4).putInt(seed).array()).wire();
        return transaction(prev, 0, new byte[0], List.of(outputs));
    }

    /// A transaction that spends an outpoint with a script.
    public static byte[] spend(Hash prev, int index, byte[] scriptSig, List<Output> outputs) {
        return transaction(prev.wire(), index, scriptSig, outputs);
    }

    /// `OP_RETURN` and one push of at most 75 bytes.
    public static Output opReturn(byte[] data) {
        byte[] script = new byte[2 + data.length];
        script[0] = 0x6a;
        script[1] = (byte) data.length;
        System.arraycopy(data, 0, script, 2, data.length);
        return new Output(0, script);
    }

    private static byte[] transaction(
            byte[] prev, int index, byte[] scriptSig, List<Output> outputs) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(little(4).putInt(2).array());
        out.write(1);
        out.writeBytes(prev);
        out.writeBytes(little(4).putInt(index).array());
        out.write(scriptSig.length);
        out.writeBytes(scriptSig);
        out.writeBytes(little(4).putInt(0xffffffff).array());
        out.write(outputs.size());
        for (Output output : outputs) {
            out.writeBytes(little(8).putLong(output.sats()).array());
            out.write(output.script().length);
            out.writeBytes(output.script());
        }
        out.writeBytes(little(4).putInt(0).array());
        return out.toByteArray();
    }

    private static ByteBuffer little(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
