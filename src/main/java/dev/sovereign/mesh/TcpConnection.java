package dev.sovereign.mesh;

import dev.sovereign.mesh.wire.Duplex;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/// The socket below everything else; counts what passes.
final class TcpConnection implements Duplex {

    /// Most bytes of one system call: the JDK copies them once outside the heap, and what the
    /// kernel does not take at once is copied again.
    private static final int MAX_CALL_BYTES = 128 * 1_024;

    private final SocketChannel channel;
    private final InetSocketAddress remote;
    private volatile long bytesIn;
    private volatile long bytesOut;

    TcpConnection(SocketChannel channel) throws IOException {
        this.channel = channel;
        channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
        this.remote = (InetSocketAddress) channel.getRemoteAddress();
    }

    InetSocketAddress remote() {
        return remote;
    }

    long bytesIn() {
        return bytesIn;
    }

    long bytesOut() {
        return bytesOut;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread reads
    public int read(byte[] into, int offset, int length) throws IOException {
        int count = channel.read(ByteBuffer.wrap(into, offset, Math.min(length, MAX_CALL_BYTES)));
        if (count > 0) {
            bytesIn += count;
        }
        return count;
    }

    @Override
    @SuppressWarnings("NonAtomicVolatileUpdate") // one thread writes
    public void write(byte[] from, int offset, int length) throws IOException {
        int at = offset;
        int end = offset + length;
        while (at < end) {
            int count =
                    channel.write(ByteBuffer.wrap(from, at, Math.min(end - at, MAX_CALL_BYTES)));
            at += count;
            bytesOut += count;
        }
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException impossible) {
            // the descriptor is gone all the same; the JDK throws only when the kernel reports a
            // write that failed earlier, and whoever wrote has been told
            throw new UncheckedIOException(impossible);
        }
    }
}
