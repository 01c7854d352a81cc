package dev.sovereign.mesh.pnet;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/// [#BLOCKS] consecutive blocks of a Salsa20 key stream, made word by word across all of them: in
/// that layout the JIT compiles a quarter round to whole vector instructions.
///
/// It does so only under conditions that were found by reading what C2 of JDK 25 makes of it, and
/// where one is not met, four vectors of 2, 2, 4 and 8 words take the place of one of 16: a loop
/// holds one quarter round; it is compiled by itself, which calls through an interface of many
/// implementations see to; loads and stores go up in memory; and the four words p, q, r, s lie
/// there in this order or turned by one or three places. [#ROW] is an order of the words in which
/// all eight quarter rounds do; the first row stays empty, because what lies at the very beginning
/// of an array upsets it too. Any other order gives the same bytes, at half the speed.
///
/// Not thread-safe: belongs to one direction of a connection.
final class Salsa20Batch {

    /// 32 KiB of lanes, within the first-level cache with room for the data. Fewer blocks cost more
    /// for each: a loop's ends are not vectors.
    static final int BLOCKS = 512;

    private static final int BLOCK_BYTES = 64;
    private static final int WORDS = 16;
    private static final int DOUBLE_ROUNDS = 10;
    private static final int COUNTER = 8;

    private static final VarHandle LONG =
            MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

    /// Where word w of all blocks lies: from `ROW[w] * BLOCKS` on.
    private static final int[] ROW = {16, 3, 4, 13, 5, 7, 9, 15, 6, 8, 12, 1, 11, 14, 2, 10};

    private interface Quarter {
        void round(int[] x);
    }

    private static final Quarter[] QUARTERS = {
        Salsa20Batch::column0,
        Salsa20Batch::column1,
        Salsa20Batch::column2,
        Salsa20Batch::column3,
        Salsa20Batch::row0,
        Salsa20Batch::row1,
        Salsa20Batch::row2,
        Salsa20Batch::row3
    };

    private final int[] lanes = new int[(1 + WORDS) * BLOCKS];

    /// Makes the blocks from the counter in `state` on, which is a multiple of [#BLOCKS]: its low
    /// word does not overflow within a batch.
    void make(int[] state) {
        int[] x = lanes;
        for (int w = 0; w < WORDS; w++) {
            Arrays.fill(x, ROW[w] * BLOCKS, (ROW[w] + 1) * BLOCKS, state[w]);
        }
        addIndex(x, ROW[COUNTER] * BLOCKS);
        for (int i = 0; i < DOUBLE_ROUNDS; i++) {
            for (Quarter quarter : QUARTERS) {
                quarter.round(x);
            }
        }
        for (int w = 0; w < WORDS; w++) {
            add(x, ROW[w] * BLOCKS, state[w]);
        }
        addIndex(x, ROW[COUNTER] * BLOCKS);
    }

    /// Block b is b further.
    private static void addIndex(int[] x, int from) {
        for (int b = 0; b < BLOCKS; b++) {
            x[from + b] += b;
        }
    }

    private static void add(int[] x, int from, int word) {
        for (int b = 0; b < BLOCKS; b++) {
            x[from + b] += word;
        }
    }

    /// Combines `blocks` blocks of the batch, from `first` on, into `data` at `offset`.
    void combine(int first, int blocks, byte[] data, int offset) {
        int[] x = lanes;
        for (int i = 0; i < blocks; i++) {
            int b = first + i;
            int at = offset + i * BLOCK_BYTES;
            xor(data, at, x[16 * BLOCKS + b], x[3 * BLOCKS + b]);
            xor(data, at + 8, x[4 * BLOCKS + b], x[13 * BLOCKS + b]);
            xor(data, at + 16, x[5 * BLOCKS + b], x[7 * BLOCKS + b]);
            xor(data, at + 24, x[9 * BLOCKS + b], x[15 * BLOCKS + b]);
            xor(data, at + 32, x[6 * BLOCKS + b], x[8 * BLOCKS + b]);
            xor(data, at + 40, x[12 * BLOCKS + b], x[BLOCKS + b]);
            xor(data, at + 48, x[11 * BLOCKS + b], x[14 * BLOCKS + b]);
            xor(data, at + 56, x[2 * BLOCKS + b], x[10 * BLOCKS + b]);
        }
    }

    private static void xor(byte[] data, int at, int low, int high) {
        long key = Integer.toUnsignedLong(low) | ((long) high << 32);
        LONG.set(data, at, (long) LONG.get(data, at) ^ key);
    }

    private static void column0(int[] x) {
        for (int b = 0; b < BLOCKS; b++) {
            int q = x[5 * BLOCKS + b];
            int r = x[6 * BLOCKS + b];
            int s = x[11 * BLOCKS + b];
            int p = x[16 * BLOCKS + b];
            q ^= Integer.rotateLeft(p + s, 7);
            r ^= Integer.rotateLeft(q + p, 9);
            s ^= Integer.rotateLeft(r + q, 13);
            p ^= Integer.rotateLeft(s + r, 18);
            x[5 * BLOCKS + b] = q;
            x[6 * BLOCKS + b] = r;
            x[11 * BLOCKS + b] = s;
            x[16 * BLOCKS + b] = p;
        }
    }

    private static void column1(int[] x) {
        for (int b = 0; b < BLOCKS; b++) {
            int s = x[3 * BLOCKS + b];
            int p = x[7 * BLOCKS + b];
            int q = x[8 * BLOCKS + b];
            int r = x[14 * BLOCKS + b];
            q ^= Integer.rotateLeft(p + s, 7);
            r ^= Integer.rotateLeft(q + p, 9);
            s ^= Integer.rotateLeft(r + q, 13);
            p ^= Integer.rotateLeft(s + r, 18);
            x[3 * BLOCKS + b] = s;
            x[7 * BLOCKS + b] = p;
            x[8 * BLOCKS + b] = q;
            x[14 * BLOCKS + b] = r;
        }
    }

    private static void column2(int[] x) {
        for (int b = 0; b < BLOCKS; b++) {
            int q = x[2 * BLOCKS + b];
            int r = x[4 * BLOCKS + b];
            int s = x[9 * BLOCKS + b];
            int p = x[12 * BLOCKS + b];
            q ^= Integer.rotateLeft(p + s, 7);
            r ^= Integer.rotateLeft(q + p, 9);
            s ^= Integer.rotateLeft(r + q, 13);
            p ^= Integer.rotateLeft(s + r, 18);
            x[2 * BLOCKS + b] = q;
            x[4 * BLOCKS + b] = r;
            x[9 * BLOCKS + b] = s;
            x[12 * BLOCKS + b] = p;
        }
    }

    private static void column3(int[] x) {
        for (int b = 0; b < BLOCKS; b++) {
            int s = x[BLOCKS + b];
            int p = x[10 * BLOCKS + b];
            int q = x[13 * BLOCKS + b];
            int r = x[15 * BLOCKS + b];
            q ^= Integer.rotateLeft(p + s, 7);
            r ^= Integer.rotateLeft(q + p, 9);
            s ^= Integer.rotateLeft(r + q, 13);
            p ^= Integer.rotateLeft(s + r, 18);
            x[BLOCKS + b] = s;
            x[10 * BLOCKS + b] = p;
            x[13 * BLOCKS + b] = q;
            x[15 * BLOCKS + b] = r;
        }
    }

    private static void row0(int[] x) {
        for (int b = 0; b < BLOCKS; b++) {
            int q = x[3 * BLOCKS + b];
            int r = x[4 * BLOCKS + b];
            int s = x[13 * BLOCKS + b];
            int p = x[16 * BLOCKS + b];
            q ^= Integer.rotateLeft(p + s, 7);
            r ^= Integer.rotateLeft(q + p, 9);
            s ^= Integer.rotateLeft(r + q, 13);
            p ^= Integer.rotateLeft(s + r, 18);
            x[3 * BLOCKS + b] = q;
            x[4 * BLOCKS + b] = r;
            x[13 * BLOCKS + b] = s;
            x[16 * BLOCKS + b] = p;
        }
    }

    private static void row1(int[] x) {
        for (int b = 0; b < BLOCKS; b++) {
            int s = x[5 * BLOCKS + b];
            int p = x[7 * BLOCKS + b];
            int q = x[9 * BLOCKS + b];
            int r = x[15 * BLOCKS + b];
            q ^= Integer.rotateLeft(p + s, 7);
            r ^= Integer.rotateLeft(q + p, 9);
            s ^= Integer.rotateLeft(r + q, 13);
            p ^= Integer.rotateLeft(s + r, 18);
            x[5 * BLOCKS + b] = s;
            x[7 * BLOCKS + b] = p;
            x[9 * BLOCKS + b] = q;
            x[15 * BLOCKS + b] = r;
        }
    }

    private static void row2(int[] x) {
        for (int b = 0; b < BLOCKS; b++) {
            int q = x[BLOCKS + b];
            int r = x[6 * BLOCKS + b];
            int s = x[8 * BLOCKS + b];
            int p = x[12 * BLOCKS + b];
            q ^= Integer.rotateLeft(p + s, 7);
            r ^= Integer.rotateLeft(q + p, 9);
            s ^= Integer.rotateLeft(r + q, 13);
            p ^= Integer.rotateLeft(s + r, 18);
            x[BLOCKS + b] = q;
            x[6 * BLOCKS + b] = r;
            x[8 * BLOCKS + b] = s;
            x[12 * BLOCKS + b] = p;
        }
    }

    private static void row3(int[] x) {
        for (int b = 0; b < BLOCKS; b++) {
            int s = x[2 * BLOCKS + b];
            int p = x[10 * BLOCKS + b];
            int q = x[11 * BLOCKS + b];
            int r = x[14 * BLOCKS + b];
            q ^= Integer.rotateLeft(p + s, 7);
            r ^= Integer.rotateLeft(q + p, 9);
            s ^= Integer.rotateLeft(r + q, 13);
            p ^= Integer.rotateLeft(s + r, 18);
            x[2 * BLOCKS + b] = s;
            x[10 * BLOCKS + b] = p;
            x[11 * BLOCKS + b] = q;
            x[14 * BLOCKS + b] = r;
        }
    }
}
