package dev.sovereign.cli.connect;

import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Codec;
import dev.sovereign.protocol.FrameBuffer;
import dev.sovereign.protocol.FrameReader;
import dev.sovereign.protocol.Message;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/// One connection to a daemon that has been greeted. For one thread; interrupting it closes the
/// connection.
final class Wire implements AutoCloseable {

    private final SocketChannel channel;
    private final FrameReader reader;
    private final FrameBuffer frame = new FrameBuffer(Bounds.REQUEST_FRAME_BYTES);

    private Wire(SocketChannel channel) {
        this.channel = channel;
        this.reader = new FrameReader(channel, Bounds.RESPONSE_FRAME_BYTES);
    }

    /// @throws IOException when nobody listens there
    static Wire connect(Path socket) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        try {
            channel.connect(UnixDomainSocketAddress.of(socket));
            return new Wire(channel);
        } catch (IOException nobody) {
            channel.close();
            throw nobody;
        }
    }

    void send(Message message) throws IOException {
        Codec.encode(message, frame);
        ByteBuffer bytes = ByteBuffer.wrap(frame.bytes(), 0, frame.size());
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// Waits for the next message; null when the daemon closed.
    Message.@Nullable FromNode receive() throws IOException {
        return reader.next()
                ? Codec.fromNode(reader.bytes(), reader.offset(), reader.length())
                : null;
    }

    @Override
    public void close() {
        try {
            channel.close();
        } catch (IOException gone) {
            // there is nothing left to close
        }
    }
}
