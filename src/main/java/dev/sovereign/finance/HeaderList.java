package dev.sovereign.finance;

import java.util.ArrayList;
import java.util.List;

/// Checked headers of consecutive heights, found by height and by hash. Not thread-safe: its chain
/// has the lock.
final class HeaderList implements HeaderView {

    private static final int CHUNK = Network.RETARGET_BLOCKS;
    private static final int FREE = 0;

    private final int base;
    private final List<byte[]> chunks = new ArrayList<>();
    private int count;
    private Hash tipHash;

    /// Open addressing: `position + 1` of headers, by the low word of their hashes. Entries of
    /// headers that are gone stay until it grows; each hit is compared with the header there.
    private int[] index = new int[8192];

    private int used;

    HeaderList(Checkpoint start) {
        base = start.height();
        tipHash = start.hash();
        append(start.header().bytes(), start.hash());
    }

    @Override
    public int base() {
        return base;
    }

    int tip() {
        return base + count - 1;
    }

    boolean holds(int height) {
        return height >= base && height < base + count;
    }

    private byte[] chunk(int height) {
        return chunks.get((height - base) / CHUNK);
    }

    private int offset(int height) {
        return (height - base) % CHUNK * Header.BYTES;
    }

    @Override
    public int bits(int height) {
        return Header.intAt(chunk(height), offset(height) + Header.BITS);
    }

    @Override
    public long time(int height) {
        return Integer.toUnsignedLong(Header.intAt(chunk(height), offset(height) + Header.TIME));
    }

    Header header(int height) {
        return Header.at(chunk(height), offset(height));
    }

    /// A header's hash stands in the one after it.
    Hash hash(int height) {
        return height == tip()
                ? tipHash
                : Hash.at(chunk(height + 1), offset(height + 1) + Header.PREV);
    }

    private boolean hasHash(int height, Hash hash) {
        return height == tip()
                ? tipHash.equals(hash)
                : hash.isAt(chunk(height + 1), offset(height + 1) + Header.PREV);
    }

    byte[] copy(int height, int length) {
        byte[] bytes = new byte[length * Header.BYTES];
        int done = 0;
        while (done < length) {
            int from = offset(height + done);
            int part = Math.min(CHUNK - from / Header.BYTES, length - done);
            System.arraycopy(
                    chunk(height + done), from, bytes, done * Header.BYTES, part * Header.BYTES);
            done += part;
        }
        return bytes;
    }

    /// @param last hash of the last header of `run`
    void append(byte[] run, Hash last) {
        int added = run.length / Header.BYTES;
        int done = 0;
        while (done < added) {
            int position = count + done;
            if (position / CHUNK == chunks.size()) {
                chunks.add(new byte[CHUNK * Header.BYTES]);
            }
            int part = Math.min(CHUNK - position % CHUNK, added - done);
            System.arraycopy(
                    run,
                    done * Header.BYTES,
                    chunks.get(position / CHUNK),
                    position % CHUNK * Header.BYTES,
                    part * Header.BYTES);
            done += part;
        }
        int first = count;
        count += added;
        tipHash = last;
        if ((used + added) * 2L > index.length) {
            grow();
        } else {
            for (int position = first; position < count; position++) {
                put(position);
            }
        }
    }

    /// Forgets everything above `height`, which is held.
    void truncate(int height) {
        tipHash = hash(height);
        count = height - base + 1;
        int needed = (count + CHUNK - 1) / CHUNK;
        while (chunks.size() > needed) {
            chunks.removeLast();
        }
    }

    /// -1 when no header has this hash.
    int heightOf(Hash hash) {
        int mask = index.length - 1;
        for (int slot = slot(hash.w0(), mask); index[slot] != FREE; slot = (slot + 1) & mask) {
            int height = base + index[slot] - 1;
            if (holds(height) && hasHash(height, hash)) {
                return height;
            }
        }
        return -1;
    }

    private static int slot(long word, int mask) {
        return (int) (word ^ (word >>> 32)) & mask;
    }

    private void put(int position) {
        int height = base + position;
        long word = height == tip() ? tipHash.w0() : hash(height).w0();
        int mask = index.length - 1;
        int slot = slot(word, mask);
        while (index[slot] != FREE) {
            slot = (slot + 1) & mask;
        }
        index[slot] = position + 1;
        used++;
    }

    private void grow() {
        int size = Integer.highestOneBit(Math.max(count, 1024) * 4 - 1) * 2;
        index = new int[size];
        used = 0;
        for (int position = 0; position < count; position++) {
            put(position);
        }
    }
}
