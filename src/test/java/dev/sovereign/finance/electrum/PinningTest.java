package dev.sovereign.finance.electrum;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.finance.Network;
import dev.sovereign.finance.TestChain;
import dev.sovereign.finance.net.Dialer;
import dev.sovereign.finance.net.Endpoint;
import dev.sovereign.finance.net.ScriptedProxy;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.Map;

/// TLS on first use: what is remembered, what may change, what is refused.
@Timeout(60)
class PinningTest {

    private static final Endpoint NAMED = new Endpoint("127.0.0.1", 50_002);

    @TempDir Path folder;

    private Pins pins() {
        return new Pins(folder.resolve("electrum.pins"));
    }

    /// Connects to the server with these keys as to `127.0.0.1:50002`, through a proxy that leads
    /// there, so that the name stays while servers come and go.
    private void connect(KeyStore keys, KeyStore authorities) throws Exception {
        try (ScriptedElectrum server =
                        new ScriptedElectrum(
                                new HonestScript(new TestChain().mine(2)),
                                Certificates.sockets(keys),
                                true);
                ScriptedProxy proxy =
                        new ScriptedProxy(Map.of(NAMED.toString(), server.port()), 0)) {
            ElectrumClient client =
                    new ElectrumClient(
                            Network.REGTEST,
                            new Dialer(proxy.address()),
                            pins(),
                            authorities,
                            5_000);
            try (ElectrumSession session =
                    client.open(new ElectrumServer(NAMED, true), ElectrumSession.Listener.NONE)) {
                assertEquals(2, session.subscribeTip().height());
            }
        }
    }

    private static String print(KeyStore keys) throws Exception {
        return Tls.print((X509Certificate) keys.getCertificate("key"));
    }

    @Test
    void theFirstCertificateIsRememberedAndAnotherRefused() throws Exception {
        Certificates made = new Certificates(folder);
        KeyStore first = made.selfSigned("first");
        KeyStore other = made.selfSigned("other");
        KeyStore authority = made.signed("renewed", "authority");
        KeyStore trust = made.trusting("authority");

        connect(first, trust);
        assertEquals(print(first), pins().of(NAMED));
        connect(first, trust);

        ServerException refused = assertThrows(ServerException.class, () -> connect(other, trust));
        assertEquals(ServerError.CERTIFICATE, refused.error());
        assertTrue(refused.words().contains(print(first)), refused.words());
        assertTrue(refused.words().contains(print(other)), refused.words());
        assertEquals(print(first), pins().of(NAMED));

        connect(authority, trust);
        assertEquals(print(authority), pins().of(NAMED));
        assertThrows(ServerException.class, () -> connect(first, trust));
        assertEquals(print(authority), pins().of(NAMED));
    }

    @Test
    void aServerWithoutTlsIsSaidInTime() throws Exception {
        try (ServerSocket silent = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket socket = silent.accept()) {
                            socket.getInputStream().readAllBytes();
                        } catch (IOException gone) {
                            // the client hung up
                        }
                    });
            ElectrumClient client = new ElectrumClient(Network.REGTEST, new Dialer(null), pins());
            ElectrumServer address = ElectrumServer.parse("127.0.0.1:" + silent.getLocalPort());
            ServerException late =
                    assertThrows(
                            ServerException.class,
                            () -> client.open(address, ElectrumSession.Listener.NONE));
            assertEquals(ServerError.TIMEOUT, late.error());
        }
    }

    @Test
    void pinsAreKeptForTheOwnerAlone() throws Exception {
        Pins pins = pins();
        assertNull(pins.of(NAMED));
        pins.put(NAMED, "ab".repeat(32));
        pins.put(new Endpoint("b.example", 1), "cd".repeat(32));
        pins.put(NAMED, "ef".repeat(32));
        assertEquals("ef".repeat(32), new Pins(folder.resolve("electrum.pins")).of(NAMED));
        assertEquals("cd".repeat(32), pins.of(new Endpoint("b.example", 1)));
        assertEquals(
                PosixFilePermissions.fromString("rw-------"),
                Files.getPosixFilePermissions(folder.resolve("electrum.pins")));
        assertNotEquals(0, Files.size(folder.resolve("electrum.pins")));
    }

    @Test
    void aBrokenFileOfPinsIsNotTrustedAfresh() throws Exception {
        Files.writeString(folder.resolve("electrum.pins"), "127.0.0.1:50002 zz\n");
        ServerException refused = assertThrows(ServerException.class, () -> pins().of(NAMED));
        assertEquals(ServerError.PINS, refused.error());
        assertThrows(ServerException.class, () -> pins().put(NAMED, "ab".repeat(32)));
    }
}
