package dev.sovereign.finance.net;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.ProtocolException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/// The client's side of SOCKS5 (RFC 1928), as little of it as a proxy to a name needs. The JDK's
/// own offers the name of the user who runs it; this one offers "no authentication" and nothing
/// else, and sends every host as a name, so that nothing is looked up here.
final class Socks5 {
    private Socks5() {}

    private static final int VERSION = 5;
    private static final int NO_AUTHENTICATION = 0;
    private static final int CONNECT = 1;
    private static final int IPV4 = 1;
    private static final int NAME = 3;
    private static final int IPV6 = 4;

    /// Asks the proxy at the other end of `socket` for a connection; afterwards the socket is that
    /// connection. The caller bounds the time.
    static void open(Socket socket, Endpoint to) throws IOException {
        DataInputStream in = new DataInputStream(socket.getInputStream());
        socket.getOutputStream().write(new byte[] {VERSION, 1, NO_AUTHENTICATION});
        try {
            expectVersion(in.readUnsignedByte());
            if (in.readUnsignedByte() != NO_AUTHENTICATION) {
                throw new ProtocolException("the proxy wants a user name, and gets none");
            }
            socket.getOutputStream().write(request(to));
            expectVersion(in.readUnsignedByte());
            int reply = in.readUnsignedByte();
            if (reply != 0) {
                throw new IOException("the proxy reached no " + to + ": " + meaning(reply));
            }
            in.readUnsignedByte();
            skipBoundAddress(in);
        } catch (EOFException closed) {
            throw new IOException("the proxy hung up", closed);
        }
    }

    private static byte[] request(Endpoint to) {
        byte[] name = to.host().getBytes(StandardCharsets.US_ASCII);
        byte[] request = new byte[7 + name.length];
        request[0] = VERSION;
        request[1] = CONNECT;
        request[3] = NAME;
        request[4] = (byte) name.length;
        System.arraycopy(name, 0, request, 5, name.length);
        request[5 + name.length] = (byte) (to.port() >>> 8);
        request[6 + name.length] = (byte) to.port();
        return request;
    }

    private static void expectVersion(int version) throws ProtocolException {
        if (version != VERSION) {
            throw new ProtocolException(
                    "the proxy does not speak SOCKS5: it says version " + version);
        }
    }

    /// The address that the proxy connects from: of no use, but in the way.
    private static void skipBoundAddress(DataInputStream in) throws IOException {
        int kind = in.readUnsignedByte();
        int bytes =
                switch (kind) {
                    case IPV4 -> 4;
                    case IPV6 -> 16;
                    case NAME -> in.readUnsignedByte();
                    default ->
                            throw new ProtocolException(
                                    "the proxy answers with an address of kind " + kind);
                };
        in.readFully(new byte[bytes + 2]);
    }

    /// RFC 1928 section 6.
    private static String meaning(int reply) {
        return switch (reply) {
            case 1 -> "it failed";
            case 2 -> "its rules forbid it";
            case 3 -> "the network is not reachable";
            case 4 -> "the host is not reachable";
            case 5 -> "the host refused";
            case 6 -> "it took too long";
            case 7 -> "the proxy cannot connect";
            case 8 -> "the proxy takes no names";
            default -> "reply " + reply;
        };
    }
}
