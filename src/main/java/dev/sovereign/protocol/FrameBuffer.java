package dev.sovereign.protocol;

import java.io.OutputStream;
import java.util.Arrays;

/// A frame being written: four bytes for its length, then what is written here. For one thread;
/// used again and again, and small again after a large frame.
public final class FrameBuffer extends OutputStream {

    /// Bytes of the big-endian length before each frame.
    public static final int HEADER_BYTES = 4;

    private static final int USUAL_BYTES = 4 << 10;
    private static final int KEPT_BYTES = 2 * Bounds.STREAM_FRAME_BYTES;

    private final int limit;
    private byte[] bytes = new byte[USUAL_BYTES];
    private int size = HEADER_BYTES;

    /// @param limit the most bytes of one frame, without its length
    public FrameBuffer(int limit) {
        this.limit = limit;
    }

    /// The frame with its length in front; valid up to [#size] and until the next one is begun.
    public byte[] bytes() {
        return bytes;
    }

    /// Bytes of the whole frame, its length included.
    public int size() {
        return size;
    }

    void begin() {
        size = HEADER_BYTES;
        if (bytes.length > KEPT_BYTES) {
            bytes = new byte[USUAL_BYTES];
        }
    }

    void end() {
        int length = size - HEADER_BYTES;
        bytes[0] = (byte) (length >>> 24);
        bytes[1] = (byte) (length >>> 16);
        bytes[2] = (byte) (length >>> 8);
        bytes[3] = (byte) length;
    }

    @Override
    public void write(int value) {
        room(1);
        bytes[size++] = (byte) value;
    }

    @Override
    public void write(byte[] source, int offset, int length) {
        room(length);
        System.arraycopy(source, offset, bytes, size, length);
        size += length;
    }

    private void room(int more) {
        if (more > limit + HEADER_BYTES - size) {
            throw new FrameFull();
        }
        if (size + more > bytes.length) {
            int doubled = Math.min(2 * bytes.length, limit + HEADER_BYTES);
            bytes = Arrays.copyOf(bytes, Math.max(size + more, doubled));
        }
    }

    /// The frame would pass its limit; travels through jackson-core and ends in [Codec].
    static final class FrameFull extends RuntimeException {
        private static final long serialVersionUID = 1L;

        FrameFull() {
            super("frame full", null, false, false);
        }
    }
}
