package dev.sovereign.mesh;

import dev.sovereign.error.SovereignException;
import dev.sovereign.mesh.wire.MalformedException;
import dev.sovereign.mesh.wire.Varint;

import org.jspecify.annotations.Nullable;

import java.net.Inet4Address;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Where a peer can be reached, and who should answer there: parts such as
/// `/ip4/192.0.2.7/tcp/4747/p2p/12D3KooW…`. Two are equal when their bytes are.
///
/// In bytes, each part is `varint(code)` and its value; a value of variable size has
/// `varint(length)` before it.
///
/// @see <a href="https://github.com/multiformats/multiaddr">multiaddr</a>
public final class Multiaddr {

    /// Ours: the longest address of the kinds that we know is a name of 253 bytes with a PeerId;
    /// peers announce at most 256 bytes each (specs/mesh.md, 7).
    public static final int MAX_BYTES = 320;

    /// Ours: a relayed address has 6 parts.
    public static final int MAX_PARTS = 10;

    /// Most characters of a text that are looked at; a PeerId as CID takes 66.
    private static final int MAX_CHARS = 1024;

    /// What a part says. Codes are those of the multiaddr table.
    public enum Kind {
        IP4("ip4", 4, 4),
        TCP("tcp", 6, 2),
        IP6("ip6", 41, 16),
        IP6ZONE("ip6zone", 42, Kind.VARIABLE),
        DNS("dns", 53, Kind.VARIABLE),
        DNS4("dns4", 54, Kind.VARIABLE),
        DNS6("dns6", 55, Kind.VARIABLE),
        DNSADDR("dnsaddr", 56, Kind.VARIABLE),
        P2P_CIRCUIT("p2p-circuit", 290, 0),
        UNIX("unix", 400, Kind.VARIABLE),
        P2P("p2p", 421, Kind.VARIABLE);

        private static final int VARIABLE = -1;

        private final String word;
        private final int code;
        private final int size;

        Kind(String word, int code, int size) {
            this.word = word;
            this.code = code;
            this.size = size;
        }

        private static Kind ofCode(long code) throws MalformedException {
            for (Kind kind : values()) {
                if (kind.code == code) {
                    return kind;
                }
            }
            throw new MalformedException("multiaddr part of unknown code " + code);
        }

        private static Kind ofWord(String word) throws MalformedException {
            if (word.equals("ipfs")) {
                return P2P; // its old name
            }
            for (Kind kind : values()) {
                if (kind.word.equals(word)) {
                    return kind;
                }
            }
            throw new MalformedException("\"" + Quoted.of(word) + "\" is no part of a multiaddr");
        }
    }

    /// One part.
    ///
    /// @param value as text, without the kind's word; empty for [Kind#P2P_CIRCUIT]
    public record Part(Kind kind, String value) {}

    /// Where TCP leads.
    ///
    /// @param kind [Kind#IP4], [Kind#IP6], [Kind#DNS], [Kind#DNS4] or [Kind#DNS6]
    /// @param host an address or a name, as text; of an IPv6 address with a zone `ADDRESS%ZONE`
    /// @param port 0 to 65535
    public record Endpoint(Kind kind, String host, int port) {}

    private final byte[] bytes;
    private final List<Part> parts;
    private final String text;

    private Multiaddr(byte[] bytes, List<Part> parts) {
        this.bytes = bytes;
        this.parts = List.copyOf(parts);
        StringBuilder all = new StringBuilder();
        for (Part part : parts) {
            all.append('/').append(part.kind.word);
            if (part.kind == Kind.UNIX) {
                all.append(part.value); // begins with a slash of its own
            } else if (part.kind.size != 0) {
                all.append('/').append(part.value);
            }
        }
        this.text = all.toString();
    }

    /// The binary form, from outside.
    ///
    /// @throws MalformedException also for a kind that we do not know: the caller skips the address
    public static Multiaddr parse(byte[] bytes) throws MalformedException {
        if (bytes.length == 0 || bytes.length > MAX_BYTES) {
            throw new MalformedException(
                    "multiaddr of " + bytes.length + " bytes, expected 1 to " + MAX_BYTES);
        }
        ByteBuffer in = ByteBuffer.wrap(bytes);
        List<Part> parts = new ArrayList<>();
        while (in.hasRemaining()) {
            Kind kind = Kind.ofCode(Varint.read(in));
            long length = kind.size == Kind.VARIABLE ? Varint.read(in) : kind.size;
            if (length > in.remaining() || (length == 0 && kind.size == Kind.VARIABLE)) {
                throw new MalformedException(
                        "/" + kind.word + " has " + length + " bytes, " + in.remaining() + " left");
            }
            byte[] value = new byte[(int) length];
            in.get(value);
            add(parts, new Part(kind, valueText(kind, value)));
        }
        return new Multiaddr(bytes.clone(), parts);
    }

    /// The text form, from outside or from a person.
    public static Multiaddr parse(String text) throws MalformedException {
        if (text.length() > MAX_CHARS) {
            throw new MalformedException(
                    "multiaddr of " + text.length() + " characters, at most " + MAX_CHARS);
        }
        if (!text.startsWith("/")) {
            throw new MalformedException("a multiaddr begins with \"/\"");
        }
        List<Part> parts = new ArrayList<>();
        ByteBuffer out = ByteBuffer.allocate(MAX_CHARS + MAX_PARTS * 2 * Varint.MAX_BYTES);
        int at = 1;
        while (at <= text.length()) {
            int end = end(text, at);
            Kind kind = Kind.ofWord(text.substring(at, end));
            at = end + 1;
            String value = "";
            if (kind == Kind.UNIX) {
                value = text.substring(Math.min(end, text.length()));
                at = text.length() + 1;
            } else if (kind.size != 0) {
                if (at > text.length()) {
                    throw new MalformedException("/" + kind.word + " has no value");
                }
                end = end(text, at);
                value = text.substring(at, end);
                at = end + 1;
            }
            byte[] valueBytes = valueBytes(kind, value);
            // the text of a value may have had more than one spelling; ours is written
            add(parts, new Part(kind, valueText(kind, valueBytes)));
            append(out, kind, valueBytes);
        }
        byte[] bytes = Arrays.copyOf(out.array(), out.position());
        if (bytes.length > MAX_BYTES) {
            throw new MalformedException(
                    "multiaddr of " + bytes.length + " bytes, at most " + MAX_BYTES);
        }
        return new Multiaddr(bytes, parts);
    }

    /// What a person wrote.
    ///
    /// @throws SovereignException [MeshError#MULTIADDR]
    public static Multiaddr of(String text) {
        try {
            return parse(text);
        } catch (MalformedException malformed) {
            throw new SovereignException(
                    MeshError.MULTIADDR,
                    "\"" + Quoted.of(text) + "\" is no multiaddr: " + malformed.getMessage(),
                    "such as /ip4/192.0.2.7/tcp/4747/p2p/12D3KooW…",
                    malformed);
        }
    }

    /// `/ip4|ip6/ADDRESS/tcp/PORT`.
    public static Multiaddr tcp(InetAddress address, int port) {
        byte[] raw = address.getAddress();
        Kind kind = address instanceof Inet4Address ? Kind.IP4 : Kind.IP6;
        ByteBuffer out = ByteBuffer.allocate(2 + raw.length + 2);
        append(out, kind, raw);
        append(out, Kind.TCP, portBytes(port));
        try {
            return parse(Arrays.copyOf(out.array(), out.position()));
        } catch (MalformedException impossible) {
            throw new IllegalStateException("a socket address is no multiaddr", impossible);
        }
    }

    public List<Part> parts() {
        return parts;
    }

    /// Who should answer: the value of a `/p2p` at the end; null without one.
    public @Nullable PeerId peer() {
        Part last = parts.getLast();
        return last.kind == Kind.P2P ? PeerId.of(last.value) : null;
    }

    /// The same address with `/p2p/PEER` at its end instead of whatever stood there.
    public Multiaddr withPeer(PeerId peer) {
        Multiaddr place = withoutPeer();
        byte[] value = peer.toBytes();
        ByteBuffer out = ByteBuffer.allocate(place.bytes.length + 4 + value.length);
        out.put(place.bytes);
        append(out, Kind.P2P, value);
        List<Part> longer = new ArrayList<>(place.parts);
        longer.add(new Part(Kind.P2P, peer.toString()));
        return new Multiaddr(Arrays.copyOf(out.array(), out.position()), longer);
    }

    /// The same address without a `/p2p` at its end; the address itself when it is nothing else.
    public Multiaddr withoutPeer() {
        PeerId peer = peer();
        if (peer == null || parts.size() == 1) {
            return this;
        }
        int tail = 2 + 1 + peer.toBytes().length; // code 421 takes 2 bytes, a length under 128 one
        return new Multiaddr(
                Arrays.copyOf(bytes, bytes.length - tail), parts.subList(0, parts.size() - 1));
    }

    /// Where to dial or listen; null unless the address is
    /// `[/ip6zone/ZONE]/ip4|ip6|dns|dns4|dns6/HOST/tcp/PORT[/p2p/PEER]` and nothing else.
    public @Nullable Endpoint endpoint() {
        List<Part> place = withoutPeer().parts;
        String zone = "";
        if (place.getFirst().kind == Kind.IP6ZONE) {
            zone = "%" + place.getFirst().value;
            place = place.subList(1, place.size());
        }
        if (place.size() != 2 || place.get(1).kind != Kind.TCP) {
            return null;
        }
        Part host = place.getFirst();
        int port = Integer.parseInt(place.get(1).value);
        return switch (host.kind) {
            case IP6 -> new Endpoint(host.kind, host.value + zone, port);
            case IP4, DNS, DNS4, DNS6 ->
                    zone.isEmpty() ? new Endpoint(host.kind, host.value, port) : null;
            case TCP, IP6ZONE, DNSADDR, P2P_CIRCUIT, UNIX, P2P -> null;
        };
    }

    /// Whether the address is bound to the machine or the wire that it was written on: loopback,
    /// link-local, unspecified, multicast, or a Unix socket. Never dialed when a peer announces it.
    public boolean isLocalOnly() {
        for (Part part : parts) {
            switch (part.kind) {
                case IP4, IP6 -> {
                    InetAddress address = address(part);
                    if (address.isLoopbackAddress()
                            || address.isLinkLocalAddress()
                            || address.isAnyLocalAddress()
                            || address.isMulticastAddress()) {
                        return true;
                    }
                }
                case UNIX, IP6ZONE -> {
                    return true;
                }
                case DNS, DNS4, DNS6, DNSADDR -> {
                    String name = part.value.toLowerCase(java.util.Locale.ROOT);
                    if (name.equals("localhost") || name.endsWith(".localhost")) {
                        return true;
                    }
                }
                case TCP, P2P_CIRCUIT, P2P -> {}
            }
        }
        return false;
    }

    /// The binary form; a copy.
    public byte[] toBytes() {
        return bytes.clone();
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof Multiaddr that && Arrays.equals(bytes, that.bytes);
    }

    @Override
    public int hashCode() {
        return Arrays.hashCode(bytes);
    }

    @Override
    public String toString() {
        return text;
    }

    private static void add(List<Part> parts, Part part) throws MalformedException {
        if (parts.size() == MAX_PARTS) {
            throw new MalformedException("multiaddr of more than " + MAX_PARTS + " parts");
        }
        parts.add(part);
    }

    private static void append(ByteBuffer out, Kind kind, byte[] value) {
        Varint.write(out, kind.code);
        if (kind.size == Kind.VARIABLE) {
            Varint.write(out, value.length);
        }
        out.put(value);
    }

    private static int end(String text, int from) {
        int slash = text.indexOf('/', from);
        return slash < 0 ? text.length() : slash;
    }

    private static InetAddress address(Part part) {
        try {
            return InetAddress.getByAddress(IpText.parse(part.value, part.kind == Kind.IP6));
        } catch (MalformedException | java.net.UnknownHostException impossible) {
            throw new IllegalStateException("a checked address is none", impossible);
        }
    }

    private static byte[] portBytes(int port) {
        if (port >>> 16 != 0) {
            throw new IllegalArgumentException("no port: " + port);
        }
        return new byte[] {(byte) (port >>> 8), (byte) port};
    }

    private static byte[] valueBytes(Kind kind, String value) throws MalformedException {
        byte[] bytes =
                switch (kind) {
                    case IP4 -> IpText.parse(value, false);
                    case IP6 -> IpText.parse(value, true);
                    case TCP -> portBytes(port(value));
                    case P2P -> PeerId.parse(value).toBytes();
                    case IP6ZONE, DNS, DNS4, DNS6, DNSADDR, UNIX ->
                            value.getBytes(StandardCharsets.UTF_8);
                    case P2P_CIRCUIT -> new byte[0];
                };
        if (bytes.length == 0 && kind.size != 0) {
            throw new MalformedException("/" + kind.word + " has no value");
        }
        return bytes;
    }

    /// Also checks the value: both forms come through here.
    private static String valueText(Kind kind, byte[] value) throws MalformedException {
        return switch (kind) {
            case IP4, IP6 -> IpText.format(value);
            case TCP -> Integer.toString((value[0] & 0xff) << 8 | (value[1] & 0xff));
            case P2P -> PeerId.ofMultihash(value).toString();
            case DNS, DNS4, DNS6, DNSADDR -> hostName(ascii(kind, value));
            case IP6ZONE -> {
                String zone = ascii(kind, value);
                if (zone.indexOf('/') >= 0) {
                    throw new MalformedException("/ip6zone has a slash in its value");
                }
                yield zone;
            }
            case UNIX -> {
                String path = ascii(kind, value);
                if (!path.startsWith("/")) {
                    throw new MalformedException("/unix has a path that does not begin with \"/\"");
                }
                yield path;
            }
            case P2P_CIRCUIT -> "";
        };
    }

    private static int port(String value) throws MalformedException {
        if (!value.matches("0|[1-9][0-9]{0,4}") || Integer.parseInt(value) > 65535) {
            throw new MalformedException("\"" + Quoted.of(value) + "\" is no port");
        }
        return Integer.parseInt(value);
    }

    private static String ascii(Kind kind, byte[] value) throws MalformedException {
        for (byte next : value) {
            if (next <= ' ' || next == 0x7f) {
                throw new MalformedException("/" + kind.word + " has other than printable ASCII");
            }
        }
        return new String(value, StandardCharsets.US_ASCII);
    }

    /// RFC 1123 with the underscore that real names have; `_dnsaddr` needs it.
    private static String hostName(String name) throws MalformedException {
        for (String label : name.split("\\.", -1)) {
            if (!label.matches("[A-Za-z0-9_][A-Za-z0-9_-]{0,62}") || name.length() > 253) {
                throw new MalformedException("\"" + Quoted.of(name) + "\" is no host name");
            }
        }
        return name;
    }
}
