package dev.sovereign.cli;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/// What surrounds a command: its three streams, which of them are a terminal, how wide that is, the
/// environment and the working directory. The process has one; the REPL and tests make their own.
public final class Streams {

    private static final int DEFAULT_COLUMNS = 80;
    private static final int DEFAULT_ROWS = 24;
    private static final int MIN_COLUMNS = 20;
    private static final int MAX_COLUMNS = 10_000;

    final InputStream in;
    final Out out;
    final Out err;
    final boolean inIsTerminal;
    final boolean outIsTerminal;
    final boolean errIsTerminal;
    final Map<String, String> environment;
    final Path directory;
    private int columns;

    /// @param columns width of the terminal in cells; 0 finds it out when it is asked for
    public Streams(
            InputStream in,
            Out out,
            Out err,
            boolean inIsTerminal,
            boolean outIsTerminal,
            boolean errIsTerminal,
            Map<String, String> environment,
            Path directory,
            int columns) {
        this.in = in;
        this.out = out;
        this.err = err;
        this.inIsTerminal = inIsTerminal;
        this.outIsTerminal = outIsTerminal;
        this.errIsTerminal = errIsTerminal;
        this.environment = environment;
        this.directory = directory;
        this.columns = columns;
    }

    /// Those of this process.
    public static Streams ofProcess() {
        return new Streams(
                new Stdin(new FileInputStream(FileDescriptor.in)),
                new Out(new FileOutputStream(FileDescriptor.out)),
                new Out(new FileOutputStream(FileDescriptor.err)),
                isTerminal(0),
                isTerminal(1),
                isTerminal(2),
                System.getenv(),
                Path.of(""),
                0);
    }

    public Out out() {
        return out;
    }

    public Out err() {
        return err;
    }

    public Map<String, String> environment() {
        return environment;
    }

    /// Width of the terminal in cells.
    public int columns() {
        if (columns == 0) {
            columns = findColumns();
        }
        return columns;
    }

    /// Whether the terminal takes colors and box drawing: neither `NO_COLOR` nor `TERM=dumb`.
    boolean isPlain() {
        String noColor = environment.get("NO_COLOR");
        return (noColor != null && !noColor.isEmpty()) || "dumb".equals(environment.get("TERM"));
    }

    /// Asks the kernel's view of the process: Java itself only knows whether both ends of a console
    /// are there. The launcher may say it with `-Dsovereign.terminals=012` where there is no
    /// `/proc`.
    @SuppressWarnings("SystemConsoleNull") // depends on the jdk.console property
    private static boolean isTerminal(int descriptor) {
        String told = System.getProperty("sovereign.terminals");
        if (told != null) {
            return told.indexOf('0' + descriptor) >= 0;
        }
        if (File.separatorChar == '/') {
            try {
                String target =
                        Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor)).toString();
                return target.startsWith("/dev/pts/")
                        || target.startsWith("/dev/tty")
                        || target.equals("/dev/console");
            } catch (IOException noProc) {
                // not Linux, or the descriptor is closed
            }
        }
        java.io.Console console = System.console();
        return console != null && console.isTerminal();
    }

    /// Whether the terminal shows more than ASCII.
    boolean isUnicode() {
        return !isPlain() && "UTF-8".equalsIgnoreCase(System.getProperty("stdout.encoding", ""));
    }

    /// Cells of a terminal.
    record Size(int rows, int columns) {}

    /// As it is now: people resize windows.
    Size sizeNow() {
        Size found = stty();
        return found != null ? found : new Size(DEFAULT_ROWS, columns());
    }

    private int findColumns() {
        int told = number(environment.get("COLUMNS"));
        if (told > 0) {
            return told;
        }
        Size found = stty();
        return found != null ? found.columns() : DEFAULT_COLUMNS;
    }

    /// Asks `stty`, about a millisecond: only a table or help on a terminal comes here.
    private static @Nullable Size stty() {
        File tty = new File("/dev/tty");
        if (!tty.exists()) {
            return null;
        }
        try {
            Process stty =
                    new ProcessBuilder("stty", "size")
                            .redirectInput(tty)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start();
            try (InputStream answer = stty.getInputStream()) {
                String size =
                        new String(answer.readNBytes(64), java.nio.charset.StandardCharsets.UTF_8);
                int space = size.indexOf(' ');
                int columns = space < 0 ? 0 : number(size.substring(space + 1).strip());
                int rows = space < 0 ? 0 : digits(size.substring(0, space).strip());
                return columns == 0 ? null : new Size(rows == 0 ? DEFAULT_ROWS : rows, columns);
            } finally {
                if (!stty.waitFor(1, TimeUnit.SECONDS)) {
                    stty.destroyForcibly();
                }
            }
        } catch (IOException noStty) {
            return null;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return null;
        }
    }

    /// A plausible width, else 0.
    private static int number(@Nullable String text) {
        int value = digits(text);
        return value == 0 ? 0 : Math.clamp(value, MIN_COLUMNS, MAX_COLUMNS);
    }

    /// A number of at most five digits, else 0.
    private static int digits(@Nullable String text) {
        if (text == null || text.isEmpty() || text.length() > 5) {
            return 0;
        }
        for (int i = 0; i < text.length(); i++) {
            if (text.charAt(i) < '0' || text.charAt(i) > '9') {
                return 0;
            }
        }
        return Integer.parseInt(text);
    }
}
