package dev.sovereign.finance.net;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.List;
import java.util.Map;

@Timeout(30)
class DialerTest {

    @Test
    void givesTheProxyANameAndNoUser() throws Exception {
        try (ServerSocket target = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
                ScriptedProxy proxy =
                        new ScriptedProxy(Map.of("abc.onion:50001", target.getLocalPort()), 0)) {
            Dialer dialer = new Dialer(proxy.address());
            try (Socket socket = dialer.connect(new Endpoint("abc.onion", 50001));
                    Socket served = target.accept()) {
                socket.getOutputStream().write(7);
                assertEquals(7, served.getInputStream().read());
                served.getOutputStream().write(9);
                assertEquals(9, socket.getInputStream().read());
            }
            assertEquals(List.of("3 abc.onion:50001"), proxy.asked());
            assertArrayEquals(new byte[] {5, 1, 0}, proxy.greetings().getFirst());
        }
    }

    @Test
    void saysWhyTheProxyRefused() throws Exception {
        try (ScriptedProxy proxy = new ScriptedProxy(Map.of(), 0)) {
            IOException refused =
                    assertThrows(
                            IOException.class,
                            () ->
                                    new Dialer(proxy.address())
                                            .connect(new Endpoint("nowhere.example", 1)));
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("nowhere.example:1"),
                    String.valueOf(refused.getMessage()));
            assertTrue(
                    String.valueOf(refused.getMessage()).contains("not reachable"),
                    String.valueOf(refused.getMessage()));
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0400",
                "05ff",
                "0502",
                "",
                "05",
                "0500 04",
                "0500 0500",
                "0500 05000009",
                "485454502f312e31"
            })
    void refusesWhatIsNoProxy(String hex) throws Exception {
        byte[] answer = java.util.HexFormat.of().parseHex(hex.replace(" ", ""));
        try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            Thread.ofVirtual()
                    .start(() -> {
                        try (Socket socket = server.accept()) {
                            socket.getInputStream().readNBytes(3);
                            socket.getOutputStream().write(answer);
                            socket.shutdownOutput();
                            socket.getInputStream().readAllBytes();
                        } catch (IOException gone) {
                            // the client hung up
                        }
                    });
            Dialer dialer = new Dialer(new Endpoint("127.0.0.1", server.getLocalPort()));
            assertThrows(IOException.class, () -> dialer.connect(new Endpoint("a.example", 1)));
        }
    }

    @Test
    void endpointsAreReadAsWritten() {
        assertEquals(new Endpoint("a.example", 1), Endpoint.parse("A.example:1"));
        assertEquals(new Endpoint("::1", 65_535), Endpoint.parse("[::1]:65535"));
        assertTrue(new Endpoint("127.0.0.1", 1).isAddress());
        for (String wrong :
                List.of(
                        "",
                        ":1",
                        "a:",
                        "a:0",
                        "a:65536",
                        "a:1x",
                        "a b:1",
                        "::1:1",
                        "a:123456",
                        "\u0130:1")) {
            assertThrows(IllegalArgumentException.class, () -> Endpoint.parse(wrong), wrong);
        }
    }
}
