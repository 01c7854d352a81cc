package dev.sovereign.finance.p2p;

import dev.sovereign.finance.net.Dialer;
import dev.sovereign.finance.net.Endpoint;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;

import javax.net.SocketFactory;

/// Sockets for bitcoinj that go where our [Dialer] goes, whatever address they are asked for: the
/// user's peer, through the user's proxy, by its name.
final class DialedSockets extends SocketFactory {

    private final Dialer dialer;
    private final Endpoint peer;

    DialedSockets(Dialer dialer, Endpoint peer) {
        this.dialer = dialer;
        this.peer = peer;
    }

    @Override
    public Socket createSocket() {
        return new Dialed();
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
        throw new SocketException("only unconnected sockets are made here");
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
            throws IOException {
        throw new SocketException("only unconnected sockets are made here");
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
        throw new SocketException("only unconnected sockets are made here");
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
            throws IOException {
        throw new SocketException("only unconnected sockets are made here");
    }

    private final class Dialed extends Socket {

        private volatile @Nullable Socket real;

        @Override
        public void connect(SocketAddress ignored, int timeoutMillis) throws IOException {
            try {
                Socket connected = dialer.connect(peer);
                real = connected;
                if (super.isClosed()) {
                    connected.close();
                }
            } catch (InterruptedException ended) {
                Thread.currentThread().interrupt();
                throw new SocketException("interrupted while connecting");
            }
        }

        private Socket real() throws SocketException {
            Socket connected = real;
            if (connected == null) {
                throw new SocketException("not connected");
            }
            return connected;
        }

        @Override
        public InputStream getInputStream() throws IOException {
            return real().getInputStream();
        }

        @Override
        public OutputStream getOutputStream() throws IOException {
            return real().getOutputStream();
        }

        @Override
        public void close() throws IOException {
            super.close();
            Socket connected = real;
            if (connected != null) {
                connected.close();
            }
        }
    }
}
