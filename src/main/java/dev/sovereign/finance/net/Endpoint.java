package dev.sovereign.finance.net;

import java.util.Locale;

/// A host and a port, as a person wrote them. Nothing is looked up here.
///
/// @param host a name, an IPv4 address, or an IPv6 address without its brackets; lower case
/// @param port 1 to 65,535
public record Endpoint(String host, int port) {

    /// A name of DNS has at most this many characters (RFC 1035), and one byte says so in SOCKS5.
    static final int HOST_CHARS = 253;

    private static final int LAST_PORT = 65_535;

    public Endpoint {
        host = host.toLowerCase(Locale.ROOT);
        if (host.isEmpty() || host.length() > HOST_CHARS || !isPlain(host)) {
            throw new IllegalArgumentException(
                    "\"" + printable(host) + "\" is neither a host name nor an address");
        }
        if (port < 1 || port > LAST_PORT) {
            throw new IllegalArgumentException("the port " + port + " is not in 1 to " + LAST_PORT);
        }
    }

    /// Reads `host:port` or `[ipv6]:port`.
    ///
    /// @throws IllegalArgumentException when it is neither; the message names the value
    public static Endpoint parse(String text) {
        String value = text.strip();
        int colon = value.lastIndexOf(':');
        if (colon <= 0 || colon == value.length() - 1) {
            throw new IllegalArgumentException(
                    "\"" + printable(text) + "\" is not host:port, such as \"example.org:50002\"");
        }
        String host = value.substring(0, colon);
        if (host.startsWith("[") && host.endsWith("]")) {
            host = host.substring(1, host.length() - 1);
        } else if (host.indexOf(':') >= 0) {
            throw new IllegalArgumentException(
                    "\"" + printable(text) + "\": an IPv6 address is written as [address]:port");
        }
        return new Endpoint(host, port(text, value.substring(colon + 1)));
    }

    private static int port(String text, String digits) {
        boolean plain = digits.length() <= 5 && digits.chars().allMatch(c -> c >= '0' && c <= '9');
        if (!plain) {
            throw new IllegalArgumentException(
                    "\"" + printable(text) + "\" has no port of 1 to " + LAST_PORT);
        }
        return Integer.parseInt(digits);
    }

    /// Whether the host is an address rather than a name: such a one is never announced in TLS.
    public boolean isAddress() {
        return host.indexOf(':') >= 0
                || host.chars().allMatch(c -> c == '.' || (c >= '0' && c <= '9'));
    }

    /// Letters, digits, dot, hyphen, underscore, and what IPv6 needs.
    private static boolean isPlain(String host) {
        return host.chars()
                .allMatch(c ->
                        (c >= 'a' && c <= 'z')
                                || (c >= '0' && c <= '9')
                                || c == '.'
                                || c == '-'
                                || c == '_'
                                || c == ':'
                                || c == '%');
    }

    private static String printable(String text) {
        StringBuilder out = new StringBuilder();
        text.chars()
                .limit(HOST_CHARS)
                .forEach(c -> out.append(c < ' ' || c > '~' ? '?' : (char) c));
        return out.toString();
    }

    @Override
    public String toString() {
        return (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    }
}
