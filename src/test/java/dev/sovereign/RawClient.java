package dev.sovereign;

import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Build;
import dev.sovereign.protocol.Codec;
import dev.sovereign.protocol.FrameBuffer;
import dev.sovereign.protocol.FrameReader;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Message;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;

/// The protocol without any comfort.
final class RawClient implements AutoCloseable {

    private final SocketChannel channel;
    private final FrameReader reader;
    private final FrameBuffer frame = new FrameBuffer(Bounds.REQUEST_FRAME_BYTES);

    private RawClient(SocketChannel channel) {
        this.channel = channel;
        this.reader = new FrameReader(channel, Bounds.RESPONSE_FRAME_BYTES);
    }

    static RawClient connect(Home home) throws IOException {
        SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        channel.connect(UnixDomainSocketAddress.of(home.socket()));
        return new RawClient(channel);
    }

    static RawClient greeted(Home home) throws IOException {
        RawClient client = connect(home);
        client.send(Build.hello(0));
        if (!(client.receive() instanceof Message.Hello)) {
            throw new IOException("no handshake");
        }
        return client;
    }

    void send(Message message) throws IOException {
        Codec.encode(message, frame);
        send(ByteBuffer.wrap(frame.bytes(), 0, frame.size()));
    }

    void query(long id, String text) throws IOException {
        send(
                new Message.Ask(
                        id,
                        new Request.Query(
                                text, List.of(), null, null, false, Request.Limits.NONE)));
    }

    void send(ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    Message.@Nullable FromNode receive() throws IOException {
        return reader.next()
                ? Codec.fromNode(reader.bytes(), reader.offset(), reader.length())
                : null;
    }

    /// Skips what streams, of whichever request.
    Message.Answer closing() throws IOException {
        while (true) {
            Message.FromNode message = receive();
            if (message == null) {
                throw new IOException("the connection ended");
            }
            if (message instanceof Message.Answer answer
                    && answer.response() instanceof Response.Closing) {
                return answer;
            }
        }
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
