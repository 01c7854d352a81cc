package dev.sovereign.mesh.multistream;

import dev.sovereign.mesh.wire.Duplex;
import dev.sovereign.mesh.wire.MalformedException;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Predicate;

/// Both sides agree on the name of the protocol that follows. Reads not one byte beyond the
/// agreement: a lazy initiator's first bytes of the protocol may already be there.
///
/// Time is bounded by whoever owns the connection or stream.
public final class Multistream {

    /// What either side sends first: `\x13/multistream/1.0.0\n`.
    private static final byte[] HEADER = message("/multistream/1.0.0");

    private static final byte[] NOT_AVAILABLE = message("na");

    /// Longest message, line feed included; go and js have the same bound.
    static final int MAX_MESSAGE_BYTES = 1_024;

    /// Most names that an initiator may propose; ours, a guess at ten times what anybody needs.
    static final int MAX_PROPOSALS = 16;

    private Multistream() {}

    /// The first message of either side; a copy.
    public static byte[] header() {
        return HEADER.clone();
    }

    /// Proposes `names` in turn; header and first proposal travel in one write.
    ///
    /// @return the one that was accepted; null when all were refused
    public static @Nullable String propose(Duplex connection, List<String> names)
            throws IOException {
        byte[] first = message(names.getFirst());
        byte[] both = new byte[HEADER.length + first.length];
        System.arraycopy(HEADER, 0, both, 0, HEADER.length);
        System.arraycopy(first, 0, both, HEADER.length, first.length);
        connection.write(both, 0, both.length);
        expectHeader(connection);
        for (int i = 0; i < names.size(); i++) {
            if (i > 0) {
                write(connection, message(names.get(i)));
            }
            String answer = read(connection);
            if (answer.equals(names.get(i))) {
                return answer;
            }
            if (!answer.equals("na")) {
                throw new MalformedException(
                        "\"" + shown(answer) + "\" answers the proposal \"" + names.get(i) + "\"");
            }
        }
        return null;
    }

    /// Reads the header, answers it, then agrees to the first proposed name that `known` takes.
    public static String respond(Duplex connection, Predicate<String> known) throws IOException {
        expectHeader(connection);
        return respondAfterHeader(connection, known);
    }

    /// As [#respond], where the initiator's header has been read already.
    public static String respondAfterHeader(Duplex connection, Predicate<String> known)
            throws IOException {
        write(connection, HEADER.clone());
        for (int i = 0; i < MAX_PROPOSALS; i++) {
            String name = read(connection);
            if (name.equals("/multistream/1.0.0")) {
                throw new MalformedException("a second header where a name is due");
            }
            if (known.test(name)) {
                write(connection, message(name));
                return name;
            }
            write(connection, NOT_AVAILABLE.clone());
        }
        throw new MalformedException("more than " + MAX_PROPOSALS + " proposals");
    }

    private static void expectHeader(Duplex connection) throws IOException {
        String header = read(connection);
        if (!header.equals("/multistream/1.0.0")) {
            throw new MalformedException("begins with \"" + shown(header) + "\"");
        }
    }

    private static void write(Duplex connection, byte[] message) throws IOException {
        connection.write(message, 0, message.length);
    }

    /// Reads one message: its text without the line feed.
    private static String read(Duplex connection) throws IOException {
        byte[] prefix = new byte[1];
        connection.readFully(prefix, 0, 1);
        int length = prefix[0];
        if (length < 0) {
            length &= 0x7f;
            connection.readFully(prefix, 0, 1);
            if (prefix[0] <= 0) {
                throw new MalformedException("a message length of more than two bytes, or padded");
            }
            length |= prefix[0] << 7;
        }
        if (length == 0 || length > MAX_MESSAGE_BYTES) {
            throw new MalformedException(
                    "a message of " + length + " bytes, 1 to " + MAX_MESSAGE_BYTES + " may be");
        }
        byte[] text = new byte[length];
        connection.readFully(text, 0, length);
        if (text[length - 1] != '\n') {
            throw new MalformedException("a message without a line feed at its end");
        }
        return new String(text, 0, length - 1, StandardCharsets.UTF_8);
    }

    static byte[] message(String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        int length = utf8.length + 1;
        if (length > MAX_MESSAGE_BYTES) {
            throw new IllegalArgumentException("a protocol name of " + utf8.length + " bytes");
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream(length + 2);
        if (length >= 0x80) {
            out.write(length | 0x80);
            out.write(length >>> 7);
        } else {
            out.write(length);
        }
        out.writeBytes(utf8);
        out.write('\n');
        return out.toByteArray();
    }

    /// Printable, and short enough for a message.
    private static String shown(String text) {
        String head = text.length() > 40 ? text.substring(0, 40) + "…" : text;
        return head.replaceAll("[^\\x20-\\x7e…]", "?");
    }
}
