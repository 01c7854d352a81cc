package dev.sovereign.cli.connect;

import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Build;
import dev.sovereign.protocol.Codec;
import dev.sovereign.protocol.FrameBuffer;
import dev.sovereign.protocol.FrameReader;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.HomeFolders;
import dev.sovereign.protocol.Request;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/// Asks a daemon that runs for names, for somebody who has pressed Tab: one write, one answer, and
/// no JSON parser, whose start takes a third of the whole command (docs/benchmarks.md). It knows
/// one spelling of one answer, the one that our own writer gives to names without escapes. Anything
/// else, from either end, it leaves to [SocketCaller].
public final class QuickNames {
    private QuickNames() {}

    private static final byte[] HELLO = bytes("{\"type\":\"hello\",");
    private static final byte[] BEFORE =
            bytes(
                    "{\"type\":\"answer\",\"id\":1,\"closing\":true,\"kind\":\"name-list\","
                            + "\"body\":{\"names\":[");
    private static final byte[] AFTER = bytes("]}}");

    /// Null when it has to be asked in the usual way; that finds out why, too. A daemon that does
    /// not answer in time has no names.
    ///
    /// @param timeoutMillis for connecting and the answer together
    /// @throws dev.sovereign.error.SovereignException `home.foreign`
    public static @Nullable List<String> ask(Home home, Request.Names asked, long timeoutMillis) {
        byte[] question = question(asked);
        if (question == null) {
            return null;
        }
        if (!Files.exists(home.socket()) && !Files.exists(home.lockFile())) {
            return List.of(); // no daemon has run here: a socket would cost more than the rest
        }
        HomeFolders.checkRuntime(home);
        Watchdog watchdog = new Watchdog();
        watchdog.arm(timeoutMillis);
        List<String> names = null;
        try (SocketChannel channel = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            channel.connect(UnixDomainSocketAddress.of(home.socket()));
            names = ask(channel, question);
        } catch (IOException nobodyThere) {
            // or somebody who speaks another language
        } finally {
            if (watchdog.disarm()) {
                names = List.of();
            }
        }
        return names;
    }

    private static @Nullable List<String> ask(SocketChannel channel, byte[] question)
            throws IOException {
        ByteBuffer bytes = ByteBuffer.wrap(question);
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
        FrameReader reader = new FrameReader(channel, Bounds.RESPONSE_FRAME_BYTES);
        if (!reader.next() || !isAt(HELLO, reader.bytes(), reader.offset())) {
            return null;
        }
        return reader.next() ? names(reader.bytes(), reader.offset(), reader.length()) : null;
    }

    /// Both frames of a caller; null when they hold what has to be escaped.
    private static byte @Nullable [] question(Request.Names asked) {
        String prefix = asked.prefix() == null ? "" : asked.prefix();
        if (!isPlain(Build.version() + Build.hash() + asked.kind() + prefix)) {
            return null;
        }
        byte[] hello =
                bytes(
                        "{\"type\":\"hello\",\"protocol\":"
                                + Codec.PROTOCOL
                                + ",\"version\":\""
                                + Build.version()
                                + "\",\"build\":\""
                                + Build.hash()
                                + "\",\"pid\":0}");
        byte[] ask =
                bytes(
                        "{\"type\":\"ask\",\"id\":1,\"kind\":\"names\",\"body\":{\"kind\":\""
                                + asked.kind()
                                + "\",\"prefix\":\""
                                + prefix
                                + "\"}}");
        return ByteBuffer.allocate(2 * FrameBuffer.HEADER_BYTES + hello.length + ask.length)
                .putInt(hello.length)
                .put(hello)
                .putInt(ask.length)
                .put(ask)
                .array();
    }

    private static boolean isPlain(String text) {
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c < ' ' || c > '~' || c == '"' || c == '\\') {
                return false;
            }
        }
        return true;
    }

    /// The names of an answer in the spelling that we know; null for every other.
    static @Nullable List<String> names(byte[] bytes, int offset, int length) {
        int end = offset + length - AFTER.length;
        int at = offset + BEFORE.length;
        if (at > end || !isAt(BEFORE, bytes, offset) || !isAt(AFTER, bytes, end)) {
            return null;
        }
        List<String> names = new ArrayList<>();
        while (at < end) {
            if (!names.isEmpty() && bytes[at++] != ',') {
                return null;
            }
            if (at >= end || bytes[at] != '"') {
                return null;
            }
            int start = ++at;
            while (at < end && bytes[at] != '"') {
                if (bytes[at] == '\\') {
                    return null;
                }
                at++;
            }
            if (at == end) {
                return null;
            }
            names.add(new String(bytes, start, at - start, StandardCharsets.UTF_8));
            at++;
        }
        return names;
    }

    private static boolean isAt(byte[] wanted, byte[] bytes, int offset) {
        if (offset + wanted.length > bytes.length) {
            return false;
        }
        for (int i = 0; i < wanted.length; i++) {
            if (bytes[offset + i] != wanted[i]) {
                return false;
            }
        }
        return true;
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
