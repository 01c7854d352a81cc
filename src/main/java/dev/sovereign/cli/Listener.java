package dev.sovereign.cli;

import dev.sovereign.protocol.Response;

import java.io.IOException;
import java.io.InputStream;

/// Receives what streams before a closing response. Every method does nothing unless overridden,
/// except [#open], which refuses.
public interface Listener {

    /// Begins the answer of one query.
    default void columns(Response.Columns columns) {}

    default void rows(Response.Rows rows) {}

    default void proofSteps(Response.ProofSteps steps) {}

    default void chunk(Response.Chunk chunk) {}

    default void text(Response.Text text) {}

    default void note(Response.Note note) {}

    default void progress(Response.Progress progress) {}

    default void meshEvent(Response.MeshEvent event) {}

    /// Opens a file that the request named, for reading from its start; the caller of this method
    /// closes it.
    ///
    /// @throws IOException when it cannot be read; the other end is told why
    default InputStream open(Response.Wanted wanted) throws IOException {
        throw new IOException("no file was offered: " + wanted.name());
    }
}
