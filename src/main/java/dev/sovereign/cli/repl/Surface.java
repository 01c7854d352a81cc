package dev.sovereign.cli.repl;

import dev.sovereign.cli.Streams;

import org.jspecify.annotations.Nullable;

/// Where a prompt's answers go.
interface Surface {

    /// The streams of the next command; as wide as the terminal is now.
    Streams streams();

    /// Holds an answer back until it is known whether it fits the screen; null where answers are
    /// written as they come. Whoever takes one closes it.
    @Nullable Page page();

    /// The streams of a command whose output goes to a page.
    Streams paged(Page page);

    /// Puts a text at the next prompt, to be edited.
    void offer(String text);

    /// Whether somebody sits there: more words, and carets under what was typed.
    boolean isInteractive();

    boolean isColored();

    /// Cells of the terminal; 0 when there is none.
    int columns();
}
