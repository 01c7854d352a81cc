package dev.sovereign.cli.repl;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Leaves out the program's name that words on standard error begin with: at its own prompt nobody
/// asks who is speaking. A line also begins where one has been wiped away.
final class Unprefixed extends FilterOutputStream {

    private static final byte[] PREFIX = "sovereign: ".getBytes(StandardCharsets.US_ASCII);

    private static final byte[] WIPE = {0x1b, '[', 'K'};

    /// Bytes of the prefix that this line began with and that are held back; -1 after its
    /// beginning.
    private int held;

    /// Bytes of [#WIPE] that have just passed.
    private int wiping;

    Unprefixed(OutputStream out) {
        super(out);
    }

    @Override
    public void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
        int from = offset;
        for (int i = offset; i < offset + length; i++) {
            wiping = bytes[i] == WIPE[wiping] ? wiping + 1 : bytes[i] == WIPE[0] ? 1 : 0;
            if (wiping == WIPE.length) {
                release();
                held = 0;
                wiping = 0;
            } else if (held >= 0 && bytes[i] == PREFIX[held]) {
                out.write(bytes, from, i - from);
                from = i + 1;
                held = held + 1 == PREFIX.length ? -1 : held + 1;
            } else if (held >= 0) {
                release();
                held = bytes[i] == '\n' ? 0 : -1;
            } else if (bytes[i] == '\n') {
                held = 0;
            }
        }
        out.write(bytes, from, offset + length - from);
    }

    private void release() throws IOException {
        if (held > 0) {
            out.write(PREFIX, 0, held);
        }
    }

    @Override
    public void flush() throws IOException {
        if (held > 0) {
            release();
            held = -1;
        }
        out.flush();
    }
}
