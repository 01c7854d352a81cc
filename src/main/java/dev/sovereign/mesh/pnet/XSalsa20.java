package dev.sovereign.mesh.pnet;

import org.jspecify.annotations.Nullable;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// One direction's key stream: XSalsa20, from counter 0, without a break.
///
/// Neither the key stream nor the time to make it depends on the data, so it is made in batches
/// ([Salsa20Batch]). What a short message leaves over stays there for the next one. A direction
/// that has moved little is served block by block and holds no batch: before a stranger has shown
/// the key, it costs us some hundred bytes.
///
/// Not thread-safe: a direction has one owner.
///
/// @see <a href="https://cr.yp.to/snuffle/xsalsa-20110204.pdf">Extending the Salsa20 nonce</a>
final class XSalsa20 {

    static final int KEY_BYTES = 32;
    static final int NONCE_BYTES = 24;

    private static final int BLOCK_BYTES = 64;
    private static final int WORDS = 16;
    private static final int DOUBLE_ROUNDS = 10;

    /// Blocks that are made one at a time before the first batch: a connection that never moves 64
    /// KiB in a direction never has lanes for it. A multiple of a batch.
    private static final long SINGLE_BLOCKS = 2L * Salsa20Batch.BLOCKS;

    private static final VarHandle INT =
            MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.LITTLE_ENDIAN);
    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// `expand 32-byte k`, as four little-endian words.
    private static final int[] SIGMA = {0x61707865, 0x3320646e, 0x79622d32, 0x6b206574};

    /// The state of block 0; words 8 and 9 hold the counter of the next block to be made.
    private final int[] state = new int[WORDS];

    /// Key stream of the block that is partly used, from [#tailAt] on.
    private final byte[] tail = new byte[BLOCK_BYTES];

    private int tailAt = BLOCK_BYTES;

    /// Null until the first batch.
    private @Nullable Salsa20Batch batch;

    /// The first block of the batch that is not used yet.
    private int batchAt = Salsa20Batch.BLOCKS;

    /// Copies what it needs of `key` (32 bytes) and `nonce` (24 bytes).
    XSalsa20(byte[] key, byte[] nonce) {
        if (key.length != KEY_BYTES || nonce.length != NONCE_BYTES) {
            throw new IllegalArgumentException(
                    "key of " + key.length + " and nonce of " + nonce.length + " bytes");
        }
        int[] words = new int[WORDS];
        arrange(words, key, nonce, 0);
        words[8] = (int) INT.get(nonce, 8);
        words[9] = (int) INT.get(nonce, 12);
        rounds(words);
        // HSalsa20: the diagonal and the nonce's words, without adding the initial state
        byte[] subkey = new byte[KEY_BYTES];
        int[] taken = {0, 5, 10, 15, 6, 7, 8, 9};
        for (int i = 0; i < taken.length; i++) {
            INT.set(subkey, 4 * i, words[taken[i]]);
        }
        arrange(state, subkey, nonce, 16);
        Arrays.fill(subkey, (byte) 0);
        Arrays.fill(words, 0);
    }

    /// Constants, key and eight bytes of nonce in their places; the counter is left alone.
    private static void arrange(int[] words, byte[] key, byte[] nonce, int nonceAt) {
        for (int i = 0; i < 4; i++) {
            words[5 * i] = SIGMA[i];
            words[1 + i] = (int) INT.get(key, 4 * i);
            words[11 + i] = (int) INT.get(key, 16 + 4 * i);
        }
        words[6] = (int) INT.get(nonce, nonceAt);
        words[7] = (int) INT.get(nonce, nonceAt + 4);
    }

    /// Combines the next `length` bytes of key stream into `data`, in place.
    void apply(byte[] data, int offset, int length) {
        int at = offset;
        int end = offset + length;
        while (tailAt < BLOCK_BYTES && at < end) {
            data[at++] ^= tail[tailAt++];
        }
        while (end - at >= BLOCK_BYTES) {
            Salsa20Batch made = ready();
            if (made == null) {
                single(tail);
                for (int i = 0; i < BLOCK_BYTES; i += Long.BYTES) {
                    LONG.set(
                            data, at + i, (long) LONG.get(data, at + i) ^ (long) LONG.get(tail, i));
                }
                at += BLOCK_BYTES;
                continue;
            }
            int blocks = Math.min(Salsa20Batch.BLOCKS - batchAt, (end - at) / BLOCK_BYTES);
            made.combine(batchAt, blocks, data, at);
            batchAt += blocks;
            at += blocks * BLOCK_BYTES;
        }
        if (at < end) {
            Salsa20Batch made = ready();
            if (made == null) {
                single(tail);
            } else {
                Arrays.fill(tail, (byte) 0);
                made.combine(batchAt++, 1, tail, 0);
            }
            tailAt = 0;
            while (at < end) {
                data[at++] ^= tail[tailAt++];
            }
        }
    }

    /// Writes the next block of key stream to `out` without any lanes.
    private void single(byte[] out) {
        int[] words = state.clone();
        rounds(words);
        for (int i = 0; i < WORDS; i++) {
            INT.set(out, 4 * i, words[i] + state[i]);
        }
        count(1);
    }

    /// The 64-bit counter, low word first.
    private long counter() {
        return Integer.toUnsignedLong(state[8]) | ((long) state[9] << 32);
    }

    private void count(int blocks) {
        long next = counter() + blocks;
        state[8] = (int) next;
        state[9] = (int) (next >>> 32);
    }

    /// A batch with a block that is not used yet; null while it is too early for batches.
    private @Nullable Salsa20Batch ready() {
        Salsa20Batch made = batch;
        if (made == null) {
            if (counter() < SINGLE_BLOCKS) {
                return null;
            }
            made = new Salsa20Batch();
            batch = made;
        }
        if (batchAt == Salsa20Batch.BLOCKS) {
            made.make(state);
            count(Salsa20Batch.BLOCKS);
            batchAt = 0;
        }
        return made;
    }

    /// Twenty rounds on one block.
    private static void rounds(int[] x) {
        for (int i = 0; i < DOUBLE_ROUNDS; i++) {
            quarter(x, 0, 4, 8, 12);
            quarter(x, 5, 9, 13, 1);
            quarter(x, 10, 14, 2, 6);
            quarter(x, 15, 3, 7, 11);
            quarter(x, 0, 1, 2, 3);
            quarter(x, 5, 6, 7, 4);
            quarter(x, 10, 11, 8, 9);
            quarter(x, 15, 12, 13, 14);
        }
    }

    private static void quarter(int[] x, int p, int q, int r, int s) {
        x[q] ^= Integer.rotateLeft(x[p] + x[s], 7);
        x[r] ^= Integer.rotateLeft(x[q] + x[p], 9);
        x[s] ^= Integer.rotateLeft(x[r] + x[q], 13);
        x[p] ^= Integer.rotateLeft(x[s] + x[r], 18);
    }
}
