package dev.sovereign;

import dev.sovereign.node.StoredKnowledge;
import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Build;
import dev.sovereign.protocol.Codec;
import dev.sovereign.protocol.FrameBuffer;
import dev.sovereign.protocol.Home;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/// Does on a second core, while the command line is being parsed, what every connection needs
/// first: the JDK sets up its random numbers and providers before it opens a Unix socket, which
/// takes as long as everything else that a short command does.
final class Warmup implements Runnable {

    private static final byte[] STATUS =
            "{\"type\":\"ask\",\"id\":1,\"kind\":\"status\",\"body\":{}}"
                    .getBytes(StandardCharsets.UTF_8);

    private Warmup() {}

    static void start() {
        start(new Warmup());
    }

    /// In a daemon, whose first caller is waiting: the first JSON parser initializes big decimals,
    /// which takes as long as taking the lock and the socket.
    private static void startNode() {
        start(() -> {
            try {
                Codec.encode(Build.hello(0), new FrameBuffer(Bounds.RESPONSE_FRAME_BYTES));
                Codec.fromCaller(STATUS, 0, STATUS.length);
            } catch (IOException impossible) {
                throw new IllegalStateException(impossible);
            }
        });
    }

    /// In a daemon whose store may be encrypted: the JDK's cryptography takes as long to set up as
    /// taking the lock and the socket.
    static void startNode(Home home) {
        startNode();
        start(() -> StoredKnowledge.warmUp(home));
    }

    private static void start(Runnable work) {
        Thread thread = new Thread(null, work, "warmup", 0, false);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void run() {
        try {
            SocketChannel.open(StandardProtocolFamily.UNIX).close();
        } catch (IOException | UnsupportedOperationException elsewhere) {
            // whoever really connects will say so
        }
    }
}
