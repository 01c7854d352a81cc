package dev.sovereign;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;

/// Does on a second core, while the command line is being parsed, what every connection needs
/// first: the JDK sets up its random numbers and providers before it opens a Unix socket, which
/// takes as long as everything else that a short command does.
final class Warmup implements Runnable {

    private Warmup() {}

    static void start() {
        Thread thread = new Thread(null, new Warmup(), "warmup", 0, false);
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
