package dev.sovereign.core.io;

import java.nio.charset.StandardCharsets;

/// How rows of delimited text are written.
///
/// @param delimiter between cells; at least one character
/// @param quoting how a cell holds the delimiter or a line end
/// @param header whether the first row names the columns
public record Delimited(String delimiter, Quoting quoting, boolean header) {

    /// How a cell holds characters that end it.
    public enum Quoting {
        /// Not at all: Soufflé's own files.
        NONE,
        /// RFC 4180: in double quotes, a quote doubled.
        RFC4180,
        /// With a backslash, as `query --format tsv` writes: `\t`, `\n`, `\\`.
        BACKSLASH
    }

    /// Soufflé's default: tab-separated, nothing quoted.
    public static final Delimited FACTS = new Delimited("\t", Quoting.NONE, false);

    public Delimited {
        if (delimiter.isEmpty() || delimiter.indexOf('\n') >= 0) {
            throw new IllegalArgumentException("not a delimiter: \"" + delimiter + "\"");
        }
    }

    byte[] delimiterBytes() {
        return delimiter.getBytes(StandardCharsets.UTF_8);
    }
}
