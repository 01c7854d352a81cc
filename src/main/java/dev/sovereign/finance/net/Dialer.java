package dev.sovereign.finance.net;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// Opens TCP connections, straight or through a SOCKS5 proxy. Immutable, any thread.
///
/// @param proxy null connects straight
public record Dialer(@Nullable Endpoint proxy) {

    /// Milliseconds for look-up and connection; of license.md section 7.
    public static final int CONNECT_MILLIS = 5_000;

    /// Milliseconds for a connection through a proxy: a Tor circuit takes seconds. A guess.
    public static final int PROXY_MILLIS = 10_000;

    /// Connects.
    ///
    /// @throws IOException when nobody answers in time; the message names the host
    public Socket connect(Endpoint to) throws IOException, InterruptedException {
        Socket socket = new Socket(Proxy.NO_PROXY);
        Endpoint first = proxy == null ? to : proxy;
        Duration limit = Duration.ofMillis(proxy == null ? CONNECT_MILLIS : PROXY_MILLIS);
        try (Alarm alarm = Alarm.set(limit, socket)) {
            try {
                socket.connect(resolved(first), CONNECT_MILLIS);
                socket.setTcpNoDelay(true);
                if (proxy != null) {
                    Socks5.open(socket, to);
                }
                return socket;
            } catch (IOException failed) {
                throw alarm.hasRung() ? late(to, limit, failed) : failed;
            }
        } catch (IOException | InterruptedException | RuntimeException failed) {
            socket.close();
            throw failed;
        }
    }

    private static IOException late(Endpoint to, Duration limit, IOException cause) {
        var late =
                new SocketTimeoutException(
                        "no connection to " + to + " within " + limit.toSeconds() + " s");
        late.initCause(cause);
        return late;
    }

    /// Looks a name up, on a thread of its own: the system's resolver knows no deadline.
    private static InetSocketAddress resolved(Endpoint to)
            throws IOException, InterruptedException {
        CompletableFuture<InetAddress> found = new CompletableFuture<>();
        Thread.ofVirtual()
                .name("resolve")
                .start(() -> {
                    try {
                        found.complete(InetAddress.getByName(to.host()));
                    } catch (UnknownHostException unknown) {
                        found.completeExceptionally(unknown);
                    }
                });
        try {
            return new InetSocketAddress(
                    found.get(CONNECT_MILLIS, TimeUnit.MILLISECONDS), to.port());
        } catch (ExecutionException unknown) {
            throw new UnknownHostException("there is no host \"" + to.host() + "\"");
        } catch (TimeoutException late) {
            throw new SocketTimeoutException(
                    "the name \""
                            + to.host()
                            + "\" was not found within "
                            + CONNECT_MILLIS / 1_000
                            + " s");
        }
    }
}
