package dev.sovereign.node.machine;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.FileVisitor;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/// Adds up what lies in the folders of local file systems, for `sys_folder`: what `du` does, within
/// bounds. Each file system is walked for itself; links are not followed. Sizes are those of the
/// files, not of the blocks they take, and a file with two names counts twice.
final class Folders implements FileVisitor<Path> {

    /// Smaller folders make no rows, in bytes: they fill no disk.
    static final long LEAST_BYTES = 16L << 20;

    /// Files and folders looked at in one question; beyond, folders are not complete.
    private static final long MAX_ENTRIES = 4_000_000;

    /// For all file systems together, in milliseconds: a full laptop with a warm cache takes less.
    private static final long MAX_MILLIS = 20_000;

    /// Folders within folders; deeper ones are not complete.
    private static final int MAX_DEPTH = 64;

    /// A file system to walk.
    record Mount(Path path) {}

    private static final class Open {
        final Path path;
        long bytes;
        long ownBytes;
        long files;
        boolean complete = true;

        Open(Path path) {
            this.path = path;
        }
    }

    private final List<Mount> mounts;
    private final Consumer<Object[]> row;
    private final Deque<Open> open = new ArrayDeque<>();
    private final Set<Object> walked = new HashSet<>();
    private final long deadlineNanos =
            System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(MAX_MILLIS);
    private long entries;
    private Path mount = Path.of("/");
    private @Nullable Object device;

    Folders(List<Mount> mounts, Consumer<Object[]> row) {
        this.mounts = mounts;
        this.row = row;
    }

    void walk() {
        for (Mount next : mounts) {
            mount = next.path();
            device = device(mount);
            if (device != null && !walked.add(device)) {
                continue; // mounted twice
            }
            try {
                Files.walkFileTree(mount, Set.of(), MAX_DEPTH, this);
            } catch (IOException unreadable) {
                incomplete();
            }
            while (!open.isEmpty()) { // it was ended early
                incomplete();
                close();
            }
        }
    }

    @Override
    public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
        if (isSpent()) {
            incomplete();
            return FileVisitResult.TERMINATE;
        }
        Object here = device(folder);
        if (device != null && !device.equals(here)) {
            return FileVisitResult.SKIP_SUBTREE; // another file system has its own turn
        }
        open.push(new Open(folder));
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
        Open folder = open.peek();
        if (folder == null) {
            return FileVisitResult.CONTINUE;
        }
        if (attributes.isRegularFile()) {
            folder.ownBytes += attributes.size();
            folder.bytes += attributes.size();
            folder.files++;
        } else if (attributes.isDirectory()) {
            incomplete(); // too deep
        }
        if (isSpent()) {
            incomplete();
            return FileVisitResult.TERMINATE;
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException refused) {
        incomplete();
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException broke) {
        if (broke != null) {
            incomplete();
        }
        close();
        return FileVisitResult.CONTINUE;
    }

    private void close() {
        Open folder = open.pop();
        Open parent = open.peek();
        if (parent != null) {
            parent.bytes += folder.bytes;
            parent.files += folder.files;
            parent.complete &= folder.complete;
        }
        if (folder.bytes >= LEAST_BYTES || parent == null) {
            row.accept(
                    new Object[] {
                        folder.path.toString(),
                        parent == null ? "" : parent.path.toString(),
                        mount.toString(),
                        folder.bytes,
                        folder.ownBytes,
                        folder.files,
                        folder.complete ? 1L : 0L
                    });
        }
    }

    private void incomplete() {
        Open folder = open.peek();
        if (folder != null) {
            folder.complete = false;
        }
    }

    private boolean isSpent() {
        return ++entries > MAX_ENTRIES
                || (entries % 1_024 == 0 && System.nanoTime() > deadlineNanos)
                || Thread.currentThread().isInterrupted();
    }

    /// What tells file systems apart; null where the system has no such number.
    private static @Nullable Object device(Path path) {
        try {
            return Files.getAttribute(path, "unix:dev", LinkOption.NOFOLLOW_LINKS);
        } catch (IOException | UnsupportedOperationException | IllegalArgumentException none) {
            return null;
        }
    }
}
