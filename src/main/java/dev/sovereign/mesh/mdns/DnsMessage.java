package dev.sovereign.mesh.mdns;

import dev.sovereign.mesh.wire.MalformedException;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// A DNS message, as far as finding a service goes: its questions, and the PTR and TXT records
/// among its answers; records of other types are passed over. Names are lower case, without the
/// root's dot; bytes of a label that no host name has read as `?`.
///
/// @param id of the question that it asks or answers; 0 in multicast
/// @param isResponse answers rather than asks
/// @see <a href="https://www.rfc-editor.org/rfc/rfc1035#section-4">RFC 1035, 4</a>
record DnsMessage(int id, boolean isResponse, List<Question> questions, List<Resource> resources) {

    /// RFC 6762, 17: the largest that mDNS sends.
    static final int MAX_BYTES = 9_000;

    /// Ours, far over what one answer about one service holds.
    private static final int MAX_QUESTIONS = 64;

    private static final int MAX_RESOURCES = 128;

    /// RFC 1035, 2.3.4.
    private static final int MAX_NAME_BYTES = 255;

    private static final int MAX_LABEL_BYTES = 63;

    static final int PTR = 12;
    static final int TXT = 16;
    private static final int IN = 1;

    /// Set in a question's class: answer me alone. In a record's: forget what you knew.
    private static final int TOP_BIT = 0x8000;

    /// Response, and the one whose words count (RFC 6762, 18).
    private static final int RESPONSE_FLAGS = 0x8400;

    private static final int HEADER_BYTES = 12;

    /// @param type such as [#PTR]; 255 asks for all
    /// @param unicast the answer should come to the asker alone
    record Question(String name, int type, boolean unicast) {
        boolean asksFor(int wanted) {
            return type == wanted || type == 255;
        }
    }

    /// One answer; it holds for [#ttlSeconds].
    sealed interface Resource {
        String name();

        long ttlSeconds();
    }

    /// `name` has an instance `target`.
    record Pointer(String name, long ttlSeconds, String target) implements Resource {}

    /// Strings of at most 255 bytes, ISO 8859-1.
    record Text(String name, long ttlSeconds, List<String> strings) implements Resource {
        Text {
            strings = List.copyOf(strings);
        }
    }

    DnsMessage {
        questions = List.copyOf(questions);
        resources = List.copyOf(resources);
    }

    /// @param packet its first `length` bytes
    static DnsMessage parse(byte[] packet, int length) throws MalformedException {
        return new Reader(packet, length).read();
    }

    /// One pass over a packet.
    private static final class Reader {

        private final byte[] packet;
        private final int end;
        private int at;

        Reader(byte[] packet, int length) throws MalformedException {
            if (length > MAX_BYTES) {
                throw new MalformedException("a packet of " + length + " bytes");
            }
            this.packet = packet;
            this.end = length;
        }

        DnsMessage read() throws MalformedException {
            int id = u16();
            int flags = u16();
            if ((flags & 0x780f) != 0) {
                throw new MalformedException("no plain query, and no answer to one");
            }
            int questionCount = u16();
            int resourceCount = u16() + u16() + u16();
            if (questionCount > MAX_QUESTIONS || resourceCount > MAX_RESOURCES) {
                throw new MalformedException(
                        questionCount + " questions and " + resourceCount + " records");
            }
            List<Question> questions = new ArrayList<>();
            for (int i = 0; i < questionCount; i++) {
                String name = name();
                int type = u16();
                int kind = u16();
                if ((kind & ~TOP_BIT) == IN) {
                    questions.add(new Question(name, type, (kind & TOP_BIT) != 0));
                }
            }
            List<Resource> resources = new ArrayList<>();
            for (int i = 0; i < resourceCount; i++) {
                resource(resources);
            }
            return new DnsMessage(id, (flags & 0x8000) != 0, questions, resources);
        }

        private void resource(List<Resource> resources) throws MalformedException {
            String name = name();
            int type = u16();
            int kind = u16() & ~TOP_BIT;
            long ttl = ((long) u16() << 16) | u16();
            int dataEnd = u16() + at;
            if (dataEnd > end) {
                throw new MalformedException("a record that goes beyond its packet");
            }
            if (kind == IN && type == PTR) {
                String target = name();
                if (at != dataEnd) {
                    throw new MalformedException("a pointer of another length than it says");
                }
                resources.add(new Pointer(name, ttl, target));
            } else if (kind == IN && type == TXT) {
                List<String> strings = new ArrayList<>();
                while (at < dataEnd) {
                    int length = packet[at++] & 0xff;
                    if (length > dataEnd - at) {
                        throw new MalformedException("a string that goes beyond its record");
                    }
                    strings.add(new String(packet, at, length, StandardCharsets.ISO_8859_1));
                    at += length;
                }
                resources.add(new Text(name, ttl, strings));
            }
            at = dataEnd;
        }

        private int u16() throws MalformedException {
            if (end - at < 2) {
                throw new MalformedException("it ends early");
            }
            int value = (packet[at] & 0xff) << 8 | (packet[at + 1] & 0xff);
            at += 2;
            return value;
        }

        /// A name, whose end may stand further ahead in the packet. Each jump goes to before the
        /// part it was found in, so there is an end to it.
        private String name() throws MalformedException {
            StringBuilder name = new StringBuilder();
            int from = at;
            int partStart = at;
            boolean jumped = false;
            int bytes = 1;
            while (true) {
                if (from >= end) {
                    throw new MalformedException("a name that goes beyond its packet");
                }
                int length = packet[from++] & 0xff;
                if (length == 0) {
                    break;
                }
                if (length >= 0xc0) {
                    if (from >= end) {
                        throw new MalformedException("a name that goes beyond its packet");
                    }
                    int target = (length & 0x3f) << 8 | (packet[from++] & 0xff);
                    if (target < HEADER_BYTES || target >= partStart) {
                        throw new MalformedException("a name that goes on further behind");
                    }
                    if (!jumped) {
                        at = from;
                        jumped = true;
                    }
                    from = target;
                    partStart = target;
                    continue;
                }
                if (length > MAX_LABEL_BYTES || length > end - from) {
                    throw new MalformedException("a label of " + length + " bytes");
                }
                bytes += length + 1;
                if (bytes > MAX_NAME_BYTES) {
                    throw new MalformedException("a name of over " + MAX_NAME_BYTES + " bytes");
                }
                if (!name.isEmpty()) {
                    name.append('.');
                }
                for (int i = 0; i < length; i++) {
                    name.append(shown(packet[from + i]));
                }
                from += length;
            }
            if (!jumped) {
                at = from;
            }
            return name.toString();
        }

        private static char shown(byte next) {
            char c = (char) (next & 0xff);
            if (c >= 'A' && c <= 'Z') {
                return (char) (c + 'a' - 'A');
            }
            return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_'
                    ? c
                    : '?';
        }
    }

    /// @throws IllegalArgumentException when a name or string is longer than it may be
    byte[] toBytes() {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        u16(out, id);
        u16(out, isResponse ? RESPONSE_FLAGS : 0);
        u16(out, questions.size());
        u16(out, resources.size());
        u16(out, 0);
        u16(out, 0);
        for (Question question : questions) {
            name(out, question.name());
            u16(out, question.type());
            u16(out, question.unicast() ? IN | TOP_BIT : IN);
        }
        for (Resource resource : resources) {
            name(out, resource.name());
            ByteArrayOutputStream data = new ByteArrayOutputStream();
            switch (resource) {
                case Pointer pointer -> {
                    u16(out, PTR);
                    name(data, pointer.target());
                }
                case Text text -> {
                    u16(out, TXT);
                    for (String string : text.strings()) {
                        byte[] bytes = string.getBytes(StandardCharsets.ISO_8859_1);
                        if (bytes.length > 255) {
                            throw new IllegalArgumentException("a string of " + bytes.length);
                        }
                        data.write(bytes.length);
                        data.writeBytes(bytes);
                    }
                }
            }
            u16(out, IN);
            u16(out, (int) (resource.ttlSeconds() >>> 16));
            u16(out, (int) resource.ttlSeconds());
            u16(out, data.size());
            out.writeBytes(data.toByteArray());
        }
        return out.toByteArray();
    }

    private static void u16(ByteArrayOutputStream out, int value) {
        out.write(value >>> 8);
        out.write(value);
    }

    private static void name(ByteArrayOutputStream out, String name) {
        int before = out.size();
        for (String label : name.toLowerCase(Locale.ROOT).split("\\.")) {
            byte[] bytes = label.getBytes(StandardCharsets.ISO_8859_1);
            if (bytes.length == 0 || bytes.length > MAX_LABEL_BYTES) {
                throw new IllegalArgumentException("a label of " + bytes.length + " bytes");
            }
            out.write(bytes.length);
            out.writeBytes(bytes);
        }
        out.write(0);
        if (out.size() - before > MAX_NAME_BYTES) {
            throw new IllegalArgumentException("a name of " + (out.size() - before) + " bytes");
        }
    }
}
