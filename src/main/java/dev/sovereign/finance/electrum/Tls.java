package dev.sovereign.finance.electrum;

import dev.sovereign.finance.net.Alarm;
import dev.sovereign.finance.net.Endpoint;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;
import dev.sovereign.finance.net.ServerWords;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.util.HexFormat;

import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/// TLS that trusts a certificate at the first connection and from then on that one, because most
/// servers made their own. Another certificate is taken only when an authority that the system
/// trusts signed it for this name (a renewal); otherwise it is refused.
final class Tls {

    /// Milliseconds for the handshake; of license.md section 7.
    static final int HANDSHAKE_MILLIS = 5_000;

    private final Pins pins;
    private final @Nullable KeyStore authorities;

    /// @param authorities null is what the system trusts
    Tls(Pins pins, @Nullable KeyStore authorities) {
        this.pins = pins;
        this.authorities = authorities;
    }

    /// Encrypts `plain`, whose owner closes it when this throws.
    ///
    /// @throws ServerException when the certificate is not the one that was seen first
    Socket open(Socket plain, Endpoint endpoint) throws IOException {
        FirstUse trust = new FirstUse(endpoint, pins.of(endpoint));
        SSLSocket socket =
                (SSLSocket)
                        context(trust)
                                .getSocketFactory()
                                .createSocket(plain, endpoint.host(), endpoint.port(), true);
        SSLParameters parameters = socket.getSSLParameters();
        parameters.setProtocols(new String[] {"TLSv1.3", "TLSv1.2"});
        // asks the authorities for the name too; certificates seen before need none
        parameters.setEndpointIdentificationAlgorithm("HTTPS");
        socket.setSSLParameters(parameters);
        try (Alarm alarm = Alarm.set(Duration.ofMillis(HANDSHAKE_MILLIS), plain)) {
            try {
                socket.startHandshake();
            } catch (IOException failed) {
                throw explained(failed, alarm, trust);
            }
        }
        if (trust.shown == null) {
            throw ServerException.fault("the server showed no certificate");
        }
        pins.put(endpoint, trust.shown);
        return socket;
    }

    private static SSLContext context(TrustManager trust) throws IOException {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {trust}, null);
            return context;
        } catch (GeneralSecurityException broken) {
            throw new IOException("this JDK has no TLS", broken);
        }
    }

    private static IOException explained(IOException failed, Alarm alarm, FirstUse trust) {
        if (alarm.hasRung()) {
            return new ServerException(
                    ServerError.TIMEOUT,
                    "the server did not finish the TLS handshake within "
                            + HANDSHAKE_MILLIS / 1_000
                            + " s",
                    null,
                    failed);
        }
        if (trust.refusal != null) {
            return trust.refusal;
        }
        return new ServerException(
                ServerError.UNREACHABLE,
                "no TLS with the server: " + ServerWords.shown(String.valueOf(failed.getMessage())),
                "a server without TLS is written as tcp://host:port",
                failed);
    }

    static String print(X509Certificate certificate) throws CertificateException {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(certificate.getEncoded());
            return HexFormat.of().formatHex(digest);
        } catch (GeneralSecurityException unreadable) {
            throw new CertificateException("the certificate cannot be encoded", unreadable);
        }
    }

    /// Judges the certificate of one handshake.
    private final class FirstUse extends X509ExtendedTrustManager {

        private final Endpoint endpoint;
        private final @Nullable String pinned;
        private @Nullable String shown;
        private @Nullable ServerException refusal;

        FirstUse(Endpoint endpoint, @Nullable String pinned) {
            this.endpoint = endpoint;
            this.pinned = pinned;
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            String print = print(chain[0]);
            if (pinned != null && !pinned.equals(print)) {
                try {
                    ofAuthorities().checkServerTrusted(chain, authType, socket);
                } catch (CertificateException stranger) {
                    refusal = changed(pinned, print, stranger);
                    throw stranger;
                }
            }
            shown = print;
        }

        private ServerException changed(String before, String now, Throwable cause) {
            return new ServerException(
                    ServerError.CERTIFICATE,
                    "the certificate of "
                            + endpoint
                            + " was "
                            + before
                            + " and is now "
                            + now
                            + ", which no authority vouches for",
                    "somebody may be listening in. If its operator changed it, remove the line of "
                            + endpoint
                            + " from the file electrum.pins",
                    cause);
        }

        private X509ExtendedTrustManager ofAuthorities() throws CertificateException {
            try {
                TrustManagerFactory factory =
                        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
                factory.init(authorities);
                for (TrustManager manager : factory.getTrustManagers()) {
                    if (manager instanceof X509ExtendedTrustManager extended) {
                        return extended;
                    }
                }
                throw new CertificateException("this system trusts no authorities");
            } catch (GeneralSecurityException broken) {
                throw new CertificateException("this system's authorities cannot be read", broken);
            }
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("only sockets are used");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType)
                throws CertificateException {
            throw new CertificateException("only sockets are used");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, Socket socket)
                throws CertificateException {
            throw new CertificateException("we are no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType, SSLEngine engine)
                throws CertificateException {
            throw new CertificateException("we are no server");
        }

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType)
                throws CertificateException {
            throw new CertificateException("we are no server");
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
