package dev.sovereign.cli.repl;

import org.jspecify.annotations.Nullable;

import java.io.InputStream;

/// Where inputs come from, one at a time.
interface Input extends AutoCloseable {

    /// An input that cannot be read is ended by an exception of this class.
    final class TooLong extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /// Characters of one input; what is longer is data and goes in with `import`.
    int MAX_CHARS = 64 << 20;

    /// Waits for the next input.
    ///
    /// @return null at the end
    /// @throws TooLong when it has more than [#MAX_CHARS]
    @Nullable Typed next();

    /// What a command reads that asks for standard input, from here to the end of input.
    InputStream rest();

    /// Puts a text into the next input, to be edited, where lines can be edited.
    void offer(String text);

    /// Says a line above whatever is on the screen.
    void say(String line);

    @Override
    void close();
}
