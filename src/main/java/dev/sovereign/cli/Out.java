package dev.sovereign.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/// Standard output or error: UTF-8 text into a buffer of our own, without the locks and the
/// swallowed errors of [java.io.PrintStream]. Used by one thread at a time.
public final class Out {

    /// The reader has gone or the disk is full; nothing more can be written.
    public static final class Closed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Closed(IOException cause) {
            super(cause.getMessage(), cause, false, false);
        }
    }

    /// 64 KiB: what a Linux pipe holds.
    private static final int BUFFER_BYTES = 1 << 16;

    private final OutputStream stream;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int used;

    public Out(OutputStream stream) {
        this.stream = stream;
    }

    public Out print(CharSequence text) {
        byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
        write(bytes, 0, bytes.length);
        return this;
    }

    public void line(CharSequence text) {
        print(text);
        newline();
    }

    public void newline() {
        if (used == buffer.length) {
            drain();
        }
        buffer[used++] = '\n';
    }

    public void write(byte[] bytes, int offset, int length) {
        if (length > buffer.length - used) {
            drain();
            if (length > buffer.length) {
                send(bytes, offset, length);
                return;
            }
        }
        System.arraycopy(bytes, offset, buffer, used, length);
        used += length;
    }

    /// @throws Closed when it cannot be written
    public void flush() {
        drain();
        try {
            stream.flush();
        } catch (IOException broken) {
            throw new Closed(broken);
        }
    }

    private void drain() {
        int length = used;
        used = 0; // also when it fails: the end of the program flushes again
        if (length > 0) {
            send(buffer, 0, length);
        }
    }

    private void send(byte[] bytes, int offset, int length) {
        try {
            stream.write(bytes, offset, length);
        } catch (IOException broken) {
            throw new Closed(broken);
        }
    }
}
