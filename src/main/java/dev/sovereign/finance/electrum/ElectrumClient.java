package dev.sovereign.finance.electrum;

import dev.sovereign.finance.Network;
import dev.sovereign.finance.net.Dialer;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;
import dev.sovereign.finance.net.ServerWords;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Socket;
import java.security.KeyStore;

/// Opens sessions: how to reach servers, which certificates were seen, which chain is asked for.
/// Any thread.
public final class ElectrumClient {

    private final Network network;
    private final Dialer dialer;
    private final Tls tls;
    private final int answerMillis;

    /// @param pins where certificates are remembered
    public ElectrumClient(Network network, Dialer dialer, Pins pins) {
        this(network, dialer, pins, null, ElectrumSession.ANSWER_MILLIS);
    }

    /// @param authorities who may vouch for a changed certificate; null is whom the system trusts
    /// @param answerMillis for one answer
    ElectrumClient(
            Network network,
            Dialer dialer,
            Pins pins,
            @Nullable KeyStore authorities,
            int answerMillis) {
        this.network = network;
        this.dialer = dialer;
        this.tls = new Tls(pins, authorities);
        this.answerMillis = answerMillis;
    }

    /// Connects, agrees on a version, and makes sure that the server serves our chain.
    ///
    /// @param listener hears what the server says unasked
    /// @throws ServerException when any of that fails; it takes at most 20 s
    public ElectrumSession open(ElectrumServer server, ElectrumSession.Listener listener)
            throws ServerException, InterruptedException {
        Socket socket = null;
        try {
            socket = dialer.connect(server.endpoint());
            Socket used = server.encrypted() ? tls.open(socket, server.endpoint()) : socket;
            ElectrumSession session = new ElectrumSession(used, listener, answerMillis);
            session.greet(network);
            return session;
        } catch (ServerException failed) {
            close(socket, failed);
            throw failed.of(server);
        } catch (IOException failed) {
            close(socket, failed);
            throw new ServerException(
                            ServerError.UNREACHABLE,
                            "cannot connect: "
                                    + ServerWords.shown(String.valueOf(failed.getMessage())),
                            "check license.electrum, license.proxy and the network",
                            failed)
                    .of(server);
        } catch (InterruptedException | RuntimeException failed) {
            close(socket, failed);
            throw failed;
        }
    }

    private static void close(@Nullable Socket socket, Throwable failed) {
        if (socket != null) {
            try {
                socket.close();
            } catch (IOException broken) {
                failed.addSuppressed(broken);
            }
        }
    }
}
