package dev.sovereign.finance.electrum;

import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;
import dev.sovereign.finance.net.ServerWords;

/// A version of the Electrum protocol.
record ProtocolVersion(int major, int minor) implements Comparable<ProtocolVersion> {

    static final ProtocolVersion OLDEST = new ProtocolVersion(1, 4);
    static final ProtocolVersion NEWEST = new ProtocolVersion(1, 7);

    /// From here on headers are a list.
    static final ProtocolVersion HEADER_LISTS = new ProtocolVersion(1, 6);

    /// From here on scripts are named themselves rather than by their hash.
    static final ProtocolVersion SCRIPTS = new ProtocolVersion(1, 7);

    private static final int CHARS = 16;

    /// Reads `1.4` or `1.4.2`, whose third number changes nothing for us.
    static ProtocolVersion parse(String text) throws ServerException {
        if (text.length() <= CHARS && text.matches("[0-9]{1,3}\\.[0-9]{1,3}(\\.[0-9]{1,3})?")) {
            String[] numbers = text.split("\\.", -1);
            ProtocolVersion version =
                    new ProtocolVersion(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
            if (version.compareTo(OLDEST) >= 0 && version.compareTo(NEWEST) <= 0) {
                return version;
            }
        }
        throw new ServerException(
                ServerError.OTHER_NETWORK,
                "the server speaks protocol \""
                        + ServerWords.shown(text)
                        + "\", this program "
                        + OLDEST
                        + " to "
                        + NEWEST);
    }

    boolean isAtLeast(ProtocolVersion other) {
        return compareTo(other) >= 0;
    }

    @Override
    public int compareTo(ProtocolVersion other) {
        return major != other.major
                ? Integer.compare(major, other.major)
                : Integer.compare(minor, other.minor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
