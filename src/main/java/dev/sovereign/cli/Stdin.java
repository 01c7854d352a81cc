package dev.sovereign.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/// Standard input that says when somebody waits for it, because such a wait cannot be interrupted.
final class Stdin extends FilterInputStream {

    private static volatile boolean waiting;

    Stdin(InputStream in) {
        super(in);
    }

    static boolean isWaiting() {
        return waiting;
    }

    @Override
    public int read() throws IOException {
        waiting = true;
        try {
            return super.read();
        } finally {
            waiting = false;
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        waiting = true;
        try {
            return super.read(bytes, offset, length);
        } finally {
            waiting = false;
        }
    }

    /// Standard input stays open: it is not ours.
    @Override
    public void close() {}
}
