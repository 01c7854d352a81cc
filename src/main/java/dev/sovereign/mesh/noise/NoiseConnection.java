package dev.sovereign.mesh.noise;

import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.wire.Duplex;
import dev.sovereign.mesh.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.io.EOFException;
import java.io.IOException;

/// A connection after the handshake: each record is 2 bytes of length and that many sealed bytes.
/// Borders of records mean nothing to the layer above.
///
/// Buffers grow with what is moved and shrink when a connection becomes quiet: a thousand idle
/// connections cost some KiB each.
public final class NoiseConnection implements Duplex {

    /// Most that one record carries: 65,535 bytes less the tag.
    public static final int MAX_CLEAR_BYTES = 65_535 - CipherState.TAG_BYTES;

    private static final byte[] NO_AD = {};
    private static final int LENGTH_BYTES = 2;
    private static final int MAX_RECORD_BYTES = LENGTH_BYTES + 65_535;

    /// Records sealed before they are written at once. Four are 256 KiB: system calls are cheap by
    /// then, and the batch still fits the second-level cache.
    private static final int BATCH_RECORDS = 4;

    private static final int FIRST_BUFFER_BYTES = 2_048;
    private static final int MAX_BUFFER_BYTES = BATCH_RECORDS * MAX_RECORD_BYTES;

    /// Reads or writes in a row that used less than a quarter of a buffer before it shrinks.
    private static final int SMALL_USES = 64;

    private final Duplex inner;
    private final CipherState sealing;
    private final CipherState opening;
    private final PeerId peer;
    private final @Nullable String muxer;

    /// Sealed records; the first bytes may be message 3 of the handshake, not sent yet.
    private byte[] out;

    private int outPending;
    private int smallWrites;

    /// Sealed bytes from [#inAt] to [#inEnd]; opened ones from [#clearAt] to [#clearEnd], before
    /// them.
    private byte[] in = new byte[FIRST_BUFFER_BYTES];

    private int inAt;
    private int inEnd;
    private int clearAt;
    private int clearEnd;
    private int smallReads;

    /// @param pending what must go out before the first record
    NoiseConnection(
            Duplex inner,
            byte[] sealingKey,
            byte[] openingKey,
            byte[] pending,
            PeerId peer,
            @Nullable String muxer) {
        this.inner = inner;
        this.sealing = new CipherState(sealingKey);
        this.opening = new CipherState(openingKey);
        this.out = pending;
        this.outPending = pending.length;
        this.peer = peer;
        this.muxer = muxer;
    }

    /// Who is at the other end, proven.
    public PeerId peer() {
        return peer;
    }

    /// The muxer agreed on in the handshake; null when one side told none.
    public @Nullable String muxer() {
        return muxer;
    }

    /// Seals and sends. Unlike other layers, leaves `from` as it was.
    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int batch = Math.min(end - at, BATCH_RECORDS * MAX_CLEAR_BYTES);
            int records = (batch + MAX_CLEAR_BYTES - 1) / MAX_CLEAR_BYTES;
            reserveOut(outPending + batch + records * (LENGTH_BYTES + CipherState.TAG_BYTES));
            int filled = outPending;
            for (int batchEnd = at + batch; at < batchEnd; ) {
                int clear = Math.min(batchEnd - at, MAX_CLEAR_BYTES);
                int sealed = clear + CipherState.TAG_BYTES;
                out[filled] = (byte) (sealed >>> 8);
                out[filled + 1] = (byte) sealed;
                sealing.seal(NO_AD, from, at, clear, out, filled + LENGTH_BYTES);
                filled += LENGTH_BYTES + sealed;
                at += clear;
            }
            outPending = 0;
            inner.write(out, 0, filled);
        }
    }

    private void reserveOut(int needed) {
        smallWrites = needed < out.length / 4 ? smallWrites + 1 : 0;
        boolean shrinks = smallWrites > SMALL_USES && out.length > FIRST_BUFFER_BYTES;
        if (needed > out.length || shrinks) {
            byte[] larger = new byte[Math.max(FIRST_BUFFER_BYTES, roundUp(needed))];
            System.arraycopy(out, 0, larger, 0, outPending);
            out = larger;
            smallWrites = 0;
        }
    }

    private static int roundUp(int size) {
        return size > MAX_BUFFER_BYTES / 2 ? Math.max(size, MAX_BUFFER_BYTES) : size * 2;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        while (clearAt == clearEnd) {
            int sealed = nextRecord();
            if (sealed < 0) {
                return -1;
            }
            int clear = sealed - CipherState.TAG_BYTES;
            int record = inAt + LENGTH_BYTES;
            inAt = record + sealed;
            if (clear <= length) {
                opening.open(NO_AD, in, record, sealed, into, offset);
                if (clear > 0) {
                    return clear;
                }
            } else {
                opening.open(NO_AD, in, record, sealed, in, record);
                clearAt = record;
                clearEnd = record + clear;
            }
        }
        int count = Math.min(length, clearEnd - clearAt);
        System.arraycopy(in, clearAt, into, offset, count);
        clearAt += count;
        return count;
    }

    /// Whether a read would find bytes without waiting for the other side; false may be wrong.
    public boolean hasBuffered() {
        return clearAt < clearEnd || inEnd - inAt > LENGTH_BYTES + CipherState.TAG_BYTES;
    }

    /// Makes one whole record available at [#inAt].
    ///
    /// @return the length of its sealed part; -1 at the end between two records
    private int nextRecord() throws IOException {
        if (!fill(LENGTH_BYTES)) {
            if (inAt == inEnd) {
                return -1;
            }
            throw new EOFException("ended within the length of a record");
        }
        int length = (Byte.toUnsignedInt(in[inAt]) << 8) | Byte.toUnsignedInt(in[inAt + 1]);
        if (length < CipherState.TAG_BYTES) {
            throw new MalformedException("a record of " + length + " bytes");
        }
        if (!fill(LENGTH_BYTES + length)) {
            throw new EOFException("ended within a record of " + length + " bytes");
        }
        return length;
    }

    /// Reads until `needed` bytes are there, or the end.
    private boolean fill(int needed) throws IOException {
        if (inEnd - inAt >= needed) {
            return true;
        }
        reserveIn(needed);
        while (inEnd - inAt < needed) {
            int room = in.length - inEnd;
            int count = inner.read(in, inEnd, room);
            if (count < 0) {
                return false;
            }
            inEnd += count;
            smallReads = inEnd < in.length / 4 ? smallReads + 1 : 0;
            if (count == room && in.length < MAX_BUFFER_BYTES) {
                // more is waiting: the next system call shall take more
                resizeIn(Math.min(MAX_BUFFER_BYTES, in.length * 4));
            }
        }
        return true;
    }

    private void reserveIn(int needed) {
        if (inAt == inEnd) {
            inAt = 0;
            inEnd = 0;
            clearAt = 0;
            clearEnd = 0;
            if (smallReads > SMALL_USES && in.length > FIRST_BUFFER_BYTES) {
                in = new byte[FIRST_BUFFER_BYTES];
                smallReads = 0;
            }
        }
        if (in.length < needed) {
            resizeIn(Math.max(needed, Math.min(MAX_BUFFER_BYTES, in.length * 4)));
        } else if (in.length - inAt < needed) {
            System.arraycopy(in, inAt, in, 0, inEnd - inAt);
            inEnd -= inAt;
            inAt = 0;
        }
    }

    private void resizeIn(int size) {
        byte[] larger = new byte[size];
        System.arraycopy(in, inAt, larger, 0, inEnd - inAt);
        in = larger;
        inEnd -= inAt;
        inAt = 0;
    }

    @Override
    public void close() {
        inner.close();
    }
}
