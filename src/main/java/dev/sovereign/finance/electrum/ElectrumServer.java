package dev.sovereign.finance.electrum;

import dev.sovereign.finance.net.Endpoint;
import dev.sovereign.finance.net.ServerError;
import dev.sovereign.finance.net.ServerException;

import java.util.Locale;

/// Where an Electrum server listens, and how.
///
/// @param encrypted TLS, which is what `host:port` means; plain TCP has to be asked for
public record ElectrumServer(Endpoint endpoint, boolean encrypted) {

    private static final String PLAIN = "tcp://";
    private static final String TLS = "ssl://";

    /// Reads `host:port` (TLS), `ssl://host:port`, `tcp://host:port`, and the forms of Electrum's
    /// own lists, `host:port:s` and `host:port:t`.
    ///
    /// @throws ServerException [ServerError#ADDRESS]
    public static ElectrumServer parse(String text) throws ServerException {
        String value = text.strip();
        String lower = value.toLowerCase(Locale.ROOT);
        boolean encrypted = true;
        if (lower.startsWith(PLAIN) || lower.startsWith(TLS)) {
            encrypted = lower.startsWith(TLS);
            value = value.substring(PLAIN.length());
        } else if (lower.endsWith(":t") || lower.endsWith(":s")) {
            encrypted = lower.endsWith(":s");
            value = value.substring(0, value.length() - 2);
        }
        try {
            return new ElectrumServer(Endpoint.parse(value), encrypted);
        } catch (IllegalArgumentException wrong) {
            throw new ServerException(
                    ServerError.ADDRESS,
                    "in license.electrum " + wrong.getMessage(),
                    "a server is written as host:port, which means TLS, or as tcp://host:port",
                    wrong);
        }
    }

    @Override
    public String toString() {
        return (encrypted ? "" : PLAIN) + endpoint;
    }
}
