package dev.sovereign.finance.electrum;

import dev.sovereign.finance.net.ServerException;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

import javax.net.ServerSocketFactory;

/// An Electrum server on loopback whose answers a test writes. It keeps every byte that it was
/// sent, and how often each method was asked.
public final class ScriptedElectrum implements AutoCloseable {

    /// Answers one question.
    public interface Script {
        /// @return JSON of the result; null when the script answered by itself, or never will
        /// @throws Refused to answer with an error
        @Nullable String answer(Ask ask) throws IOException, InterruptedException;
    }

    /// @param params strings, longs, booleans and lists of these
    public record Ask(Line line, long id, String method, List<Object> params) {
        public String text(int index) {
            return (String) params.get(index);
        }

        public int number(int index) {
            return Math.toIntExact((Long) params.get(index));
        }
    }

    /// The way back to one client.
    public static final class Line {
        private final Socket socket;
        private final OutputStream out;

        Line(Socket socket) throws IOException {
            this.socket = socket;
            this.out = socket.getOutputStream();
        }

        /// Sends a text as it is.
        public synchronized void send(String text) throws IOException {
            out.write(text.getBytes(StandardCharsets.UTF_8));
            out.flush();
        }

        /// Hangs up without a word: the client reads a reset.
        public void reset() throws IOException {
            socket.setSoLinger(true, 0);
            socket.close();
        }
    }

    /// An error of JSON-RPC.
    public static final class Refused extends IOException {
        private static final long serialVersionUID = 1L;
        private final int code;

        public Refused(int code, String message) {
            super(message);
            this.code = code;
        }
    }

    private static final JsonFactory JSON = new JsonFactory();

    private final ServerSocket server;
    private final boolean encrypted;
    private volatile Script script;
    private final Set<Line> lines = ConcurrentHashMap.newKeySet();
    private final List<String> asked = new CopyOnWriteArrayList<>();
    private final ByteArrayOutputStream received = new ByteArrayOutputStream();
    private final AtomicInteger connections = new AtomicInteger();

    public ScriptedElectrum(Script script) throws IOException {
        this(script, ServerSocketFactory.getDefault(), false);
    }

    public ScriptedElectrum(Script script, ServerSocketFactory sockets, boolean encrypted)
            throws IOException {
        this.script = script;
        this.encrypted = encrypted;
        this.server = sockets.createServerSocket(0, 50, InetAddress.getLoopbackAddress());
        Thread.ofVirtual().name("scripted-electrum").start(this::accept);
    }

    /// Changes what it answers from now on.
    public void become(Script other) {
        this.script = other;
    }

    public int port() {
        return server.getLocalPort();
    }

    public ElectrumServer address() throws ServerException {
        return ElectrumServer.parse((encrypted ? "ssl" : "tcp") + "://127.0.0.1:" + port());
    }

    /// Methods asked so far, in order.
    public List<String> asked() {
        return List.copyOf(asked);
    }

    public int connections() {
        return connections.get();
    }

    /// Everything that clients sent.
    public String received() {
        synchronized (received) {
            return received.toString(StandardCharsets.ISO_8859_1);
        }
    }

    /// Says something unasked to everybody.
    public void notifyAll(String method, String params) throws IOException {
        for (Line line : lines) {
            line.send(
                    "{\"jsonrpc\":\"2.0\",\"method\":\""
                            + method
                            + "\",\"params\":"
                            + params
                            + "}\n");
        }
    }

    /// Hangs up on everybody.
    public void dropAll() throws IOException {
        for (Line line : lines) {
            line.reset();
        }
    }

    private void accept() {
        while (!server.isClosed()) {
            try {
                Socket socket = server.accept();
                connections.incrementAndGet();
                Thread.ofVirtual().name("scripted-line").start(() -> serve(socket));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(Socket socket) {
        Line line = null;
        try (socket) {
            line = new Line(socket);
            lines.add(line);
            InputStream in = socket.getInputStream();
            ByteArrayOutputStream text = new ByteArrayOutputStream();
            for (int b = in.read(); b >= 0; b = in.read()) {
                synchronized (received) {
                    received.write(b);
                }
                if (b != '\n') {
                    text.write(b);
                    continue;
                }
                Ask ask = parse(line, text.toByteArray());
                text.reset();
                asked.add(ask.method());
                answer(ask);
            }
        } catch (IOException gone) {
            // the client hung up, or the script did
        } catch (InterruptedException ended) {
            Thread.currentThread().interrupt();
        } finally {
            if (line != null) {
                lines.remove(line);
            }
        }
    }

    private void answer(Ask ask) throws IOException, InterruptedException {
        try {
            String result = script.answer(ask);
            if (result != null) {
                ask.line()
                        .send(
                                "{\"jsonrpc\":\"2.0\",\"result\":"
                                        + result
                                        + ",\"id\":"
                                        + ask.id()
                                        + "}\n");
            }
        } catch (Refused refused) {
            ask.line()
                    .send(
                            "{\"jsonrpc\":\"2.0\",\"error\":{\"code\":"
                                    + refused.code
                                    + ",\"message\":"
                                    + quoted(String.valueOf(refused.getMessage()))
                                    + "},\"id\":"
                                    + ask.id()
                                    + "}\n");
        }
    }

    /// A JSON string, everything beyond printable ASCII escaped.
    public static String quoted(String text) {
        StringBuilder out = new StringBuilder("\"");
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            out.append(
                    c >= ' ' && c <= '~' && c != '"' && c != '\\'
                            ? String.valueOf(c)
                            : "\\u%04x".formatted((int) c));
        }
        return out.append('"').toString();
    }

    private static Ask parse(Line line, byte[] bytes) throws IOException {
        long id = 0;
        String method = "";
        List<Object> params = List.of();
        try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), bytes)) {
            parser.nextToken();
            for (String name = parser.nextName(); name != null; name = parser.nextName()) {
                JsonToken token = parser.nextToken();
                switch (name) {
                    case "jsonrpc" -> parser.skipChildren();
                    case "id" -> id = parser.getLongValue();
                    case "method" -> method = parser.getString();
                    case "params" -> params = list(parser);
                    default -> throw new SocketException("the client sent " + name + " " + token);
                }
            }
        }
        return new Ask(line, id, method, params);
    }

    private static List<Object> list(JsonParser parser) {
        List<Object> list = new ArrayList<>();
        for (JsonToken token = parser.nextToken();
                token != JsonToken.END_ARRAY;
                token = parser.nextToken()) {
            list.add(
                    switch (token) {
                        case VALUE_STRING -> parser.getString();
                        case VALUE_NUMBER_INT -> parser.getLongValue();
                        case VALUE_TRUE -> true;
                        case VALUE_FALSE -> false;
                        case START_ARRAY -> list(parser);
                        default -> throw new IllegalStateException("unexpected " + token);
                    });
        }
        return list;
    }

    @Override
    public void close() throws IOException {
        server.close();
        for (Line line : lines) {
            line.socket.close();
        }
    }
}
