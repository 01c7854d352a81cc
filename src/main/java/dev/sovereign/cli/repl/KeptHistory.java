package dev.sovereign.cli.repl;

import org.jline.reader.impl.history.DefaultHistory;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Set;
import java.util.regex.Pattern;

/// What was typed in a home, for its owner's eyes only. A history that cannot be read or written is
/// said once and is no reason to stop.
///
/// Nothing secret is ever typed as an input: passphrases are asked for without echo, and such lines
/// do not come here. The password of an address is not kept, nor is what begins with a blank.
final class KeptHistory extends DefaultHistory {

    /// Inputs that are kept.
    static final int ENTRIES = 2_000;

    /// Characters of one input that is kept; a longer one was pasted.
    private static final int ENTRY_CHARS = 16 << 10;

    private static final Set<PosixFilePermission> OWNER =
            PosixFilePermissions.fromString("rw-------");

    /// `socks5://user:password@host`
    private static final Pattern PASSWORD = Pattern.compile("://[^/\\s@]*:[^/\\s@]*@");

    private boolean paused;
    private @Nullable String trouble;

    /// Makes the file, or takes back what others may do with it.
    void prepare(Path file) {
        try {
            Path folder = file.toAbsolutePath().getParent();
            if (folder != null && !Files.isDirectory(folder)) {
                FileAttribute<?> us =
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rwx------"));
                Files.createDirectories(folder, us);
            }
            if (!Files.exists(file)) {
                Files.createFile(file, PosixFilePermissions.asFileAttribute(OWNER));
            } else if (!Files.getPosixFilePermissions(file).equals(OWNER)) {
                Files.setPosixFilePermissions(file, OWNER);
            }
        } catch (IOException unusable) {
            trouble = "the history is not kept: " + unusable;
        } catch (UnsupportedOperationException noPosix) {
            // such a file system has its own ideas of who may read
        }
    }

    /// What went wrong since the last call, in a line for people; null when nothing did.
    @Nullable String trouble() {
        String said = trouble;
        trouble = null;
        return said;
    }

    /// While paused nothing is kept.
    void pause(boolean yes) {
        paused = yes;
    }

    @Override
    public void add(Instant time, String line) {
        String kept = line.stripTrailing();
        if (!paused
                && !kept.isBlank()
                && kept.length() <= ENTRY_CHARS
                && !PASSWORD.matcher(kept).find()) {
            super.add(time, kept);
        }
    }

    @Override
    public void load() throws IOException {
        try {
            super.load();
        } catch (IOException | java.io.UncheckedIOException unreadable) {
            trouble = "the history cannot be read: " + unreadable;
        }
    }

    @Override
    public void save() throws IOException {
        try {
            super.save();
        } catch (IOException | java.io.UncheckedIOException unwritable) {
            trouble = trouble == null ? "the history is not kept: " + unwritable : trouble;
        }
    }
}
