package dev.sovereign.cli.repl;

import dev.sovereign.cli.Editor;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Map;

/// The answer of one command on its way to a terminal: held back until it is longer than the
/// screen, and from then on given to a pager. Words about it go the same way and keep their place.
///
/// The lock is this object's, because what draws progress has a thread of its own.
final class Page extends OutputStream {

    /// How a shell says that there is no such command, or that it cannot be run.
    private static final int NOT_RUNNABLE = 126;

    private static final int NOT_FOUND = 127;

    private final OutputStream screen;
    private final OutputStream progress;
    private final String command;
    private final int rows;
    private final int columns;
    private final ByteArrayOutputStream held = new ByteArrayOutputStream();

    /// Where everything goes from now on; null while it is held back.
    private @Nullable OutputStream to;

    private @Nullable Process pager;
    private int lines;
    private int cells;

    /// @param progress takes what is drawn over and wiped away, as long as nothing is paged
    /// @param command of the pager, for a shell
    /// @param rows of the screen, one of which is the next prompt's
    Page(OutputStream screen, OutputStream progress, String command, int rows, int columns) {
        this.screen = screen;
        this.progress = progress;
        this.command = command;
        this.rows = rows - 1;
        this.columns = columns;
    }

    /// The command of the pager that the environment asks for, as git reads it; empty for none.
    static String command(Map<String, String> environment) {
        String asked = environment.getOrDefault("PAGER", "less").strip();
        return asked.equals("cat") ? "" : asked;
    }

    @Override
    public synchronized void write(int b) throws IOException {
        write(new byte[] {(byte) b}, 0, 1);
    }

    @Override
    public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
        OutputStream open = to;
        if (open != null) {
            open.write(bytes, offset, length);
            return;
        }
        held.write(bytes, offset, length);
        for (int i = offset; i < offset + length; i++) {
            count(bytes[i]);
        }
        if (lines >= rows) {
            to = start();
            held.writeTo(to);
        }
    }

    /// Counts lines as the screen shows them: a long one takes several. Escape sequences count as
    /// if they were seen, so that a colored answer is paged a little early.
    private void count(byte b) {
        if (b == '\n') {
            lines++;
            cells = 0;
        } else if ((b & 0xc0) != 0x80 && ++cells > columns) { // not the middle of a character
            lines++;
            cells = 1;
        }
    }

    private OutputStream start() {
        ProcessBuilder builder =
                new ProcessBuilder("sh", "-c", command)
                        .redirectOutput(ProcessBuilder.Redirect.INHERIT)
                        .redirectError(ProcessBuilder.Redirect.INHERIT);
        builder.environment().putIfAbsent("LESS", "FRX"); // as git has it
        try {
            Process started = builder.start();
            pager = started;
            return started.getOutputStream();
        } catch (IOException noShell) {
            return screen;
        }
    }

    @Override
    public synchronized void flush() throws IOException {
        OutputStream open = to;
        if (open != null) {
            open.flush();
        }
    }

    /// Shows what was held back, or waits until nobody looks at the pager any more. Ctrl-C is the
    /// pager's then.
    @Override
    public synchronized void close() throws IOException {
        OutputStream open = to;
        Process started = pager;
        if (open == null) {
            held.writeTo(screen);
        } else if (started != null && !endsWell(started, open)) {
            held.writeTo(screen); // the shell has said why there is no more
        }
        screen.flush();
    }

    /// Waits for the pager; false when there was none.
    private static boolean endsWell(Process pager, OutputStream to) {
        try {
            to.close();
        } catch (IOException left) {
            // somebody has seen enough
        }
        int status = Editor.await(pager);
        return status != NOT_FOUND && status != NOT_RUNNABLE;
    }

    /// Words about the answer. What begins at the left edge again is progress.
    OutputStream words() {
        return new OutputStream() {
            @Override
            public void write(int b) throws IOException {
                write(new byte[] {(byte) b}, 0, 1);
            }

            @Override
            public void write(byte[] bytes, int offset, int length) throws IOException {
                if (length > 0 && bytes[offset] == '\r') {
                    draw(bytes, offset, length);
                } else {
                    Page.this.write(bytes, offset, length);
                }
            }

            @Override
            public void flush() throws IOException {
                Page.this.flush();
            }
        };
    }

    private synchronized void draw(byte[] bytes, int offset, int length) throws IOException {
        if (pager == null) {
            progress.write(bytes, offset, length);
            progress.flush();
        }
    }
}
