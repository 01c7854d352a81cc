package dev.sovereign.cli.repl;

import dev.sovereign.cli.Streams;

/// Where a prompt's answers go.
interface Surface {

    /// The streams of the next command; as wide as the terminal is now.
    Streams streams();

    /// Whether somebody sits there: more words, and carets under what was typed.
    boolean isInteractive();

    boolean isColored();

    /// Cells of the terminal; 0 when there is none.
    int columns();
}
