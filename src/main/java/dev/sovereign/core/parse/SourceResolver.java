package dev.sovereign.core.parse;

import dev.sovereign.core.ast.Source;

import java.io.IOException;

/// Finds the texts that a program includes.
@FunctionalInterface
public interface SourceResolver {

    /// Refuses every include.
    SourceResolver NONE =
            (from, path) -> {
                throw new IOException("nothing can be included here");
            };

    /// Reads the text that `from` includes as `path`, as written between the quotes.
    ///
    /// @return the text under the name that errors show; equal names are the same file for `.once`
    /// @throws IOException if it is not there or not readable; its message is shown
    Source resolve(Source from, String path) throws IOException;
}
