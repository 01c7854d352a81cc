package dev.sovereign.mesh;

import dev.sovereign.mesh.wire.Duplex;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;

/// A connection whose other side has said everything already; keeps what is written.
public final class MemoryDuplex implements Duplex {

    private final ByteArrayInputStream in;
    private final int step;
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private boolean closed;

    public MemoryDuplex(byte[] input) {
        this(input, Integer.MAX_VALUE);
    }

    /// @param step most bytes of one read
    public MemoryDuplex(byte[] input, int step) {
        this.in = new ByteArrayInputStream(input);
        this.step = step;
    }

    public byte[] written() {
        return out.toByteArray();
    }

    public boolean isClosed() {
        return closed;
    }

    @Override
    public int read(byte[] into, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        return in.read(into, offset, Math.min(length, step));
    }

    @Override
    public void write(byte[] from, int offset, int length) throws IOException {
        if (closed) {
            throw new IOException("closed");
        }
        out.write(from, offset, length);
    }

    @Override
    public void close() {
        closed = true;
    }
}
