package dev.sovereign.node;

import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;

/// What a handler sees of the one who asked. Used by the thread that runs the request; only
/// [#cancelled] and [#onCancel] may be used by any thread.
///
/// Cancelling never interrupts the handler's thread (that would close a file channel under a
/// write): it sets [#cancelled], runs the hooks, and ends every wait in this interface.
public interface Exchange {

    /// Streams one response. Blocks while the caller reads slowly: at most a few frames are ever
    /// held for it.
    ///
    /// @throws InterruptedException when the request was cancelled or the caller is gone
    void send(Response response) throws InterruptedException;

    /// Asks the caller for a file that the request named and waits until it is open.
    ///
    /// @param name the path as the user wrote it
    /// @param fromProgram the program whose folder the name is relative to; null for the caller's
    ///   working directory
    /// @return its bytes; reading blocks until they arrive; close it, also before its end
    /// @throws dev.sovereign.error.SovereignException `node.file-unreadable` when the caller cannot
    ///   read it
    /// @throws IOException when the connection broke; also from reading
    /// @throws InterruptedException when the request was cancelled; reading then throws
    ///   [java.io.InterruptedIOException]
    InputStream want(String name, @Nullable String fromProgram)
            throws IOException, InterruptedException;

    /// Whether the answer is no longer wanted. Cheap: long work asks often.
    boolean cancelled();

    /// Runs `hook` once when the request is cancelled, at once if it already is. Hooks are short
    /// and never block. They run on another thread.
    void onCancel(Runnable hook);
}
