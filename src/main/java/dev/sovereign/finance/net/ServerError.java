package dev.sovereign.finance.net;

import dev.sovereign.error.ErrorCode;
import dev.sovereign.error.ErrorKind;

/// How a server or peer fails us.
public enum ServerError implements ErrorCode {
    /// `license.electrum` holds something that is no address of a server.
    ADDRESS("license.server-address", ErrorKind.USER),
    /// Nobody is configured to be asked.
    NOBODY("license.no-server", ErrorKind.REFUSED),
    /// Nobody answers at the address, or the connection ended.
    UNREACHABLE("license.server-unreachable", ErrorKind.REMOTE),
    /// It answers too slowly.
    TIMEOUT("license.server-timeout", ErrorKind.REMOTE),
    /// Its certificate is another than at the first connection.
    CERTIFICATE("license.server-certificate", ErrorKind.REFUSED),
    /// It breaks the protocol or a limit, or what it says is not true.
    FAULT("license.server-fault", ErrorKind.REMOTE),
    /// It shows a block that our clock does not allow yet: one of both is wrong.
    CLOCK("license.clock", ErrorKind.REMOTE),
    /// It serves another network, or a version of the protocol that we do not speak.
    OTHER_NETWORK("license.server-network", ErrorKind.REMOTE),
    /// It follows a branch with less work, or is behind; or there is too little to compare.
    DISAGREES("license.server-disagrees", ErrorKind.REMOTE),
    /// It answered a question with an error.
    REFUSAL("license.server-refusal", ErrorKind.REMOTE),
    /// It keeps no history of a script that is used this often.
    HISTORY_TOO_LARGE("license.history-too-large", ErrorKind.REMOTE),
    /// The file of certificates seen cannot be read or written.
    PINS("license.pins-unusable", ErrorKind.REFUSED);

    private final String code;
    private final ErrorKind kind;

    ServerError(String code, ErrorKind kind) {
        this.code = code;
        this.kind = kind;
    }

    @Override
    public String code() {
        return code;
    }

    @Override
    public ErrorKind kind() {
        return kind;
    }
}
