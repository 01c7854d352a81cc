package dev.sovereign.finance.net;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/// A SOCKS5 proxy on loopback that leads names to ports of this machine, and keeps what it was
/// asked for.
public final class ScriptedProxy implements AutoCloseable {

    private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final Map<String, Integer> names;
    private final int reply;
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final List<byte[]> greetings = new CopyOnWriteArrayList<>();

    /// @param names ports of this machine by `name:port`
    /// @param reply what is answered; 0 connects
    public ScriptedProxy(Map<String, Integer> names, int reply) throws IOException {
        this.names = names;
        this.reply = reply;
        Thread.ofVirtual().name("scripted-proxy").start(this::accept);
    }

    public Endpoint address() {
        return new Endpoint("127.0.0.1", server.getLocalPort());
    }

    /// Kind of address and destination of each request, such as `3 name:port`.
    public List<String> asked() {
        return List.copyOf(asked);
    }

    /// The first bytes of each client: version and ways to authenticate.
    public List<byte[]> greetings() {
        return List.copyOf(greetings);
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                Thread.ofVirtual().name("scripted-proxy-line").start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        try (socket) {
            DataInputStream in = new DataInputStream(socket.getInputStream());
            OutputStream out = socket.getOutputStream();
            byte[] greeting = new byte[2];
            in.readFully(greeting);
            byte[] methods = in.readNBytes(greeting[1]);
            greetings.add(new byte[] {greeting[0], greeting[1], methods[0]});
            out.write(new byte[] {5, 0});
            in.readFully(new byte[3]);
            int kind = in.readUnsignedByte();
            byte[] host = in.readNBytes(kind == 3 ? in.readUnsignedByte() : kind == 1 ? 4 : 16);
            String name =
                    new String(host, StandardCharsets.US_ASCII) + ":" + in.readUnsignedShort();
            asked.add(kind + " " + name);
            Integer port = names.get(name);
            out.write(new byte[] {5, (byte) (port == null ? 4 : reply), 0, 3, 2, 'o', 'k', 0, 1});
            if (port == null || reply != 0) {
                return;
            }
            try (Socket target = new Socket(InetAddress.getLoopbackAddress(), port)) {
                Thread back = Thread.ofVirtual().start(() -> copy(socket, target));
                copy(target, socket);
                back.join();
            }
        } catch (IOException gone) {
            // the client hung up
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        }
    }

    private static void copy(Socket from, Socket to) {
        try (InputStream in = from.getInputStream();
                OutputStream out = to.getOutputStream()) {
            in.transferTo(out);
        } catch (IOException gone) {
            // either side hung up
        }
    }

    @Override
    public void close() throws IOException {
        server.close();
    }
}
