package dev.sovereign.mesh;

import dev.sovereign.mesh.wire.MalformedException;

import java.net.Inet6Address;
import java.net.InetAddress;

/// IP addresses as text: read strictly and never resolved, written in the one form of RFC 5952.
final class IpText {

    private IpText() {}

    /// @param six whether an IPv6 address is due, an IPv4 one otherwise
    /// @return 16 or 4 bytes
    static byte[] parse(String text, boolean six) throws MalformedException {
        return six ? parse6(text) : parse4(text);
    }

    /// Four decimal numbers without leading zeros: other readers take those for octal.
    private static byte[] parse4(String text) throws MalformedException {
        String[] numbers = text.split("\\.", -1);
        byte[] bytes = new byte[4];
        for (int i = 0; i < numbers.length; i++) {
            if (numbers.length != 4
                    || !numbers[i].matches("0|[1-9][0-9]{0,2}")
                    || Integer.parseInt(numbers[i]) > 255) {
                throw new MalformedException("\"" + Quoted.of(text) + "\" is no IPv4 address");
            }
            bytes[i] = (byte) Integer.parseInt(numbers[i]);
        }
        return bytes;
    }

    private static byte[] parse6(String text) throws MalformedException {
        if (!text.matches("[0-9A-Fa-f:.]{2,45}") || text.indexOf(':') < 0) {
            throw new MalformedException("\"" + Quoted.of(text) + "\" is no IPv6 address");
        }
        try {
            InetAddress address = Inet6Address.ofLiteral(text);
            byte[] raw = address.getAddress();
            if (raw.length == 16) {
                return raw;
            }
            byte[] mapped = new byte[16]; // the JDK gives ::ffff:a.b.c.d as an IPv4 address
            mapped[10] = (byte) 0xff;
            mapped[11] = (byte) 0xff;
            System.arraycopy(raw, 0, mapped, 12, 4);
            return mapped;
        } catch (IllegalArgumentException malformed) {
            throw new MalformedException(
                    "\"" + Quoted.of(text) + "\" is no IPv6 address", malformed);
        }
    }

    /// @param address 4 or 16 bytes
    static String format(byte[] address) {
        StringBuilder text = new StringBuilder();
        if (address.length == 4) {
            for (int i = 0; i < 4; i++) {
                text.append(i == 0 ? "" : ".").append(address[i] & 0xff);
            }
            return text.toString();
        }
        int[] groups = new int[8];
        for (int i = 0; i < 8; i++) {
            groups[i] = (address[2 * i] & 0xff) << 8 | (address[2 * i + 1] & 0xff);
        }
        int start = -1; // the longest run of two or more zero groups, the first of equals
        int length = 1;
        for (int i = 0; i < 8; i++) {
            int run = 0;
            while (i + run < 8 && groups[i + run] == 0) {
                run++;
            }
            if (run > length) {
                start = i;
                length = run;
            }
        }
        for (int i = 0; i < 8; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (i > 0 && (start < 0 || i != start + length)) {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
