package dev.sovereign.finance.net;

import org.jspecify.annotations.Nullable;

import java.io.IOException;

/// A server that could not be used, and why. Its message holds no bytes from outside that were not
/// made printable.
public final class ServerException extends IOException {

    private static final long serialVersionUID = 1L;

    private final ServerError error;
    private final @Nullable String hint;

    public ServerException(ServerError error, String message) {
        this(error, message, null, null);
    }

    public ServerException(
            ServerError error, String message, @Nullable String hint, @Nullable Throwable cause) {
        super(message, cause);
        this.error = error;
        this.hint = hint;
    }

    /// The server broke the protocol: its session is over.
    public static ServerException fault(String message) {
        return new ServerException(ServerError.FAULT, message);
    }

    /// The message, which there always is.
    public String words() {
        return String.valueOf(getMessage());
    }

    public ServerError error() {
        return error;
    }

    public @Nullable String hint() {
        return hint;
    }

    /// This failure with the server's name in front, for those who asked several.
    public ServerException of(Object server) {
        return new ServerException(error, server + ": " + words(), hint, this);
    }
}
