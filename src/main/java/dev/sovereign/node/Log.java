package dev.sovereign.node;

import org.jspecify.annotations.Nullable;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.Locale;

/// The daemon's log: one line an event, `time LEVEL message`, in a file that is moved aside when it
/// is full. Never holds what users wrote (facts, queries, keys), only kinds, numbers and reasons.
/// Any thread may write; a log that cannot be written never stops the work.
public final class Log {

    /// Bytes of one file before it is moved aside.
    static final long FILE_BYTES = 4 << 20;

    /// Files kept beside the current one: `daemon.log.1` is the newest.
    static final int KEPT_FILES = 3;

    /// How much is written.
    public enum Level {
        ERROR,
        WARN,
        INFO,
        DEBUG;

        /// The level of a configured word; [#INFO] when there is none such.
        public static Level of(@Nullable String word) {
            for (Level level : values()) {
                if (level.name().toLowerCase(Locale.ROOT).equals(word)) {
                    return level;
                }
            }
            return INFO;
        }
    }

    private final @Nullable Path file;
    private final Level level;
    private final InstantSource clock;
    private final long fileBytes;

    /// Guarded by `this`, like the fields below.
    private @Nullable BufferedWriter out;

    private long written;

    private Log(@Nullable Path file, Level level, InstantSource clock, long fileBytes) {
        this.file = file;
        this.level = level;
        this.clock = clock;
        this.fileBytes = fileBytes;
    }

    /// A log in a file, which is made with its folder when something is written.
    public static Log to(Path file, Level level, InstantSource clock) {
        return new Log(file, level, clock, FILE_BYTES);
    }

    /// A log with another bound than [#FILE_BYTES].
    static Log to(Path file, Level level, InstantSource clock, long fileBytes) {
        return new Log(file, level, clock, fileBytes);
    }

    /// Writes nothing.
    public static Log none() {
        return new Log(null, Level.ERROR, InstantSource.system(), FILE_BYTES);
    }

    public void error(String message, @Nullable Throwable cause) {
        write(Level.ERROR, cause == null ? message : message + "\n" + trace(cause));
    }

    public void warn(String message) {
        write(Level.WARN, message);
    }

    public void info(String message) {
        write(Level.INFO, message);
    }

    public void debug(String message) {
        write(Level.DEBUG, message);
    }

    private void write(Level at, String message) {
        if (file == null || at.compareTo(level) > 0) {
            return;
        }
        String line =
                clock.instant().truncatedTo(ChronoUnit.MILLIS) + " " + at + " " + message + "\n";
        synchronized (this) {
            try {
                BufferedWriter writer = opened(file);
                writer.write(line);
                writer.flush();
                written += line.length();
                if (written >= fileBytes) {
                    rotate(file);
                }
            } catch (IOException full) {
                close();
            }
        }
    }

    /// The lock is held.
    private BufferedWriter opened(Path path) throws IOException {
        BufferedWriter open = out;
        if (open != null) {
            return open;
        }
        Path folder = path.getParent();
        if (folder != null) {
            Files.createDirectories(folder);
        }
        if (!Files.exists(path)) {
            Files.createFile(
                    path,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------")));
        }
        open = Files.newBufferedWriter(path, StandardCharsets.UTF_8, StandardOpenOption.APPEND);
        out = open;
        written = Files.size(path);
        return open;
    }

    /// The lock is held.
    private void rotate(Path path) throws IOException {
        close();
        for (int i = KEPT_FILES - 1; i >= 1; i--) {
            Path from = aside(path, i);
            if (Files.exists(from)) {
                Files.move(from, aside(path, i + 1), StandardCopyOption.REPLACE_EXISTING);
            }
        }
        Files.move(path, aside(path, 1), StandardCopyOption.REPLACE_EXISTING);
    }

    private static Path aside(Path path, int number) {
        return path.resolveSibling(path.getFileName() + "." + number);
    }

    private synchronized void close() {
        BufferedWriter open = out;
        out = null;
        if (open != null) {
            try {
                open.close();
            } catch (IOException full) {
                // the log is the last place that could say so
            }
        }
    }

    private static String trace(Throwable cause) {
        StringWriter text = new StringWriter();
        cause.printStackTrace(new PrintWriter(text));
        return text.toString().stripTrailing();
    }
}
