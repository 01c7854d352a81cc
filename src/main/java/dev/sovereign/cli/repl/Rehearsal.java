package dev.sovereign.cli.repl;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PipedInputStream;
import java.io.PipedOutputStream;
import java.nio.charset.StandardCharsets;

/// Stands in for a person at a terminal: reads what the prompt writes, and types the next input
/// each time it begins to edit a line.
final class Rehearsal extends OutputStream {

    /// The tab completes; the last key is Ctrl-D.
    private static final String[] INPUTS = {
        "edge(1, 2).\r",
        "path(x, y) :-\r  edge(x, y).\r",
        "path(1, X)?\r",
        "path(1, X\r\r",
        "none(X)?\r",
        ".sta\t\r",
        "edg\t\t\u0003",
        ".session\r",
        ".schema\r",
        "edge(\t\u0003",
        "\u0004"
    };

    private final PipedOutputStream keys = new PipedOutputStream();
    private final byte[] start = Repl.PASTE_ON.getBytes(StandardCharsets.US_ASCII);
    private int seen;
    private int next;

    InputStream input() throws IOException {
        return new PipedInputStream(keys);
    }

    @Override
    public void write(int b) throws IOException {
        seen = b == start[seen] ? seen + 1 : b == start[0] ? 1 : 0;
        if (seen == start.length) {
            seen = 0;
            String typed = next < INPUTS.length ? INPUTS[next++] : "\u0004";
            keys.write(typed.getBytes(StandardCharsets.US_ASCII));
            keys.flush();
        }
    }
}
