package dev.sovereign.node.peers;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.Connection;
import dev.sovereign.mesh.PeerId;
import dev.sovereign.mesh.Stream;
import dev.sovereign.node.Exchange;
import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Build;
import dev.sovereign.protocol.Codec;
import dev.sovereign.protocol.FrameBuffer;
import dev.sovereign.protocol.FrameReader;
import dev.sovereign.protocol.Message;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.io.IOException;
import java.net.ProtocolException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;

/// Asks a peer one request and passes on what it streams. Files that it wants are not given: a peer
/// reads nothing of this machine.
final class IpcCaller {

    private static final Duration OPEN = Duration.ofSeconds(10);

    private final Stream stream;
    private final StreamLink link;
    private final PeerId peer;
    private final FrameReader reader;
    private final FrameBuffer frame = new FrameBuffer(Bounds.REQUEST_FRAME_BYTES);

    private IpcCaller(Stream stream) {
        this.stream = stream;
        this.link = new StreamLink(stream);
        this.peer = stream.connection().peer();
        this.reader = new FrameReader(link, Bounds.RESPONSE_FRAME_BYTES);
    }

    /// @throws SovereignException what the peer refuses, and [PeerError#BROKE]
    /// @throws InterruptedException when the one who asked no longer wants it
    static Response.Closing ask(Connection connection, Request<?> request, Exchange exchange)
            throws InterruptedException {
        PeerId peer = connection.peer();
        try (Stream stream = connection.open(IpcService.PROTOCOL, OPEN)) {
            exchange.onCancel(() -> stream.reset("cancelled"));
            return new IpcCaller(stream).ask(request, exchange);
        } catch (ProtocolException notServed) {
            throw broke(peer, "it does not answer requests of peers", notServed);
        } catch (IOException gone) {
            if (exchange.cancelled()) {
                throw new InterruptedException("cancelled");
            }
            throw broke(peer, String.valueOf(gone.getMessage()), gone);
        }
    }

    private static SovereignException broke(PeerId peer, String why, Throwable cause) {
        return new SovereignException(
                PeerError.BROKE,
                "the peer " + peer + " broke off: " + why,
                "`sovereign peer ping " + peer + "` says whether it is there",
                cause);
    }

    private Response.Closing ask(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException {
        stream.deadline(Duration.ofMillis(Bounds.HANDSHAKE_MILLIS));
        send(Build.hello(0));
        if (!(receive() instanceof Message.Hello hello)) {
            throw new ProtocolException("it did not greet");
        }
        if (hello.protocol() != Codec.PROTOCOL) {
            throw new ProtocolException(
                    "it speaks version "
                            + hello.protocol()
                            + " of the protocol, this node version "
                            + Codec.PROTOCOL);
        }
        stream.deadline(null);
        send(new Message.Ask(1, request));
        while (true) {
            switch (receive()) {
                case Message.Answer(long id, Response response) when id == 1 -> {
                    if (response instanceof Response.Closing closing) {
                        return closing;
                    }
                    if (response instanceof Response.Wanted wanted) {
                        send(
                                new Message.FileFailed(
                                        1, wanted.handle(), "files are not given to a peer"));
                    } else {
                        exchange.send(response);
                    }
                }
                case Message.Broken(List<dev.sovereign.error.Diagnostic> diagnostics) -> {
                    return new Response.Failure(diagnostics);
                }
                case Message.Bye _ -> throw new ProtocolException("its daemon is ending");
                case Message.Answer _,
                        Message.Hello _,
                        Message.Credit _,
                        Message.FileClose _,
                        Message.Unknown _ -> {
                    // of nothing that was asked here, or from a newer program
                }
            }
        }
    }

    private void send(Message message) throws IOException {
        Codec.encode(message, frame);
        link.write(ByteBuffer.wrap(frame.bytes(), 0, frame.size()));
    }

    private Message.FromNode receive() throws IOException {
        if (!reader.next()) {
            throw new IOException("it ended before its answer was whole");
        }
        return Codec.fromNode(reader.bytes(), reader.offset(), reader.length());
    }

    @Override
    public String toString() {
        return "IpcCaller[" + peer + "]";
    }
}
