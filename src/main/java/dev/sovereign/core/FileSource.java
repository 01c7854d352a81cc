package dev.sovereign.core;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;

/// Opens files that the one who asks named; the knowledge base itself opens none but its own.
@FunctionalInterface
public interface FileSource {

    /// @param name as written
    /// @param fromProgram the program whose folder it is relative to; null is the asker's working
    ///   directory
    InputStream open(String name, @Nullable String fromProgram)
            throws IOException, InterruptedException;
}
