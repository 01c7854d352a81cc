package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// The disk, through [FileChannel].
///
/// An interrupted thread closes the channel that it uses, for everybody. So reading threads open
/// their own, and an interrupt that is pending when a write begins is put off until the write is
/// done.
final class DiskFiles implements FileLayer {

    @Override
    public File open(Path path, Mode mode) throws IOException {
        FileChannel channel =
                switch (mode) {
                    case READ -> FileChannel.open(path, StandardOpenOption.READ);
                    case WRITE ->
                            FileChannel.open(
                                    path, StandardOpenOption.READ, StandardOpenOption.WRITE);
                    case CREATE ->
                            FileChannel.open(
                                    path,
                                    Set.of(
                                            StandardOpenOption.READ,
                                            StandardOpenOption.WRITE,
                                            StandardOpenOption.CREATE_NEW),
                                    privately(path, "rw-------"));
                };
        return new OpenFile(channel);
    }

    private record OpenFile(FileChannel channel) implements File {

        @Override
        public int read(ByteBuffer into, long position) throws IOException {
            return channel.read(into, position);
        }

        @Override
        public void write(ByteBuffer from, long position) throws IOException {
            boolean interrupted = Thread.interrupted();
            try {
                long at = position;
                while (from.hasRemaining()) {
                    at += channel.write(from, at);
                }
            } finally {
                restore(interrupted);
            }
        }

        @Override
        public long size() throws IOException {
            return channel.size();
        }

        @Override
        public void truncate(long size) throws IOException {
            boolean interrupted = Thread.interrupted();
            try {
                channel.truncate(size);
            } finally {
                restore(interrupted);
            }
        }

        @Override
        public void force(boolean metadata) throws IOException {
            boolean interrupted = Thread.interrupted();
            try {
                channel.force(metadata);
            } finally {
                restore(interrupted);
            }
        }

        @Override
        public void close() throws IOException {
            channel.close();
        }

        private static void restore(boolean interrupted) {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    @Override
    public boolean exists(Path path) {
        return Files.exists(path);
    }

    @Override
    public long size(Path path) throws IOException {
        return Files.exists(path) ? Files.size(path) : 0;
    }

    @Override
    public List<String> list(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        List<String> names = new ArrayList<>();
        try (var entries = Files.newDirectoryStream(directory)) {
            for (Path entry : entries) {
                names.add(String.valueOf(entry.getFileName()));
            }
        }
        Collections.sort(names);
        return names;
    }

    @Override
    public void createDirectories(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            Files.createDirectories(directory, privately(directory, "rwx------"));
        }
    }

    @Override
    public void move(Path from, Path to) throws IOException {
        Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    @Override
    public void delete(Path path) throws IOException {
        if (!Files.isDirectory(path)) {
            Files.deleteIfExists(path);
            return;
        }
        Files.walkFileTree(
                path,
                new SimpleFileVisitor<>() {
                    @Override
                    public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                            throws IOException {
                        Files.deleteIfExists(file);
                        return FileVisitResult.CONTINUE;
                    }

                    @Override
                    public FileVisitResult postVisitDirectory(
                            Path directory, @Nullable IOException failure) throws IOException {
                        if (failure != null) {
                            throw failure;
                        }
                        Files.deleteIfExists(directory);
                        return FileVisitResult.CONTINUE;
                    }
                });
    }

    @Override
    public void forceDirectory(Path directory) throws IOException {
        if (!isPosix(directory)) {
            return; // Windows opens no folder as a file; its file system journals names by itself
        }
        boolean interrupted = Thread.interrupted();
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        } finally {
            OpenFile.restore(interrupted);
        }
    }

    @Override
    public boolean othersCanRead(Path path) throws IOException {
        if (!isPosix(path)) {
            return false;
        }
        Set<PosixFilePermission> permissions = Files.getPosixFilePermissions(path);
        return permissions.contains(PosixFilePermission.GROUP_READ)
                || permissions.contains(PosixFilePermission.OTHERS_READ)
                || permissions.contains(PosixFilePermission.GROUP_WRITE)
                || permissions.contains(PosixFilePermission.OTHERS_WRITE);
    }

    @Override
    public @Nullable Closeable lock(Path path) throws IOException {
        FileChannel channel =
                FileChannel.open(
                        path,
                        Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE),
                        privately(path, "rw-------"));
        try {
            FileLock lock = channel.tryLock();
            if (lock != null) {
                return channel;
            }
        } catch (OverlappingFileLockException heldByThisProcess) {
            // the same answer as for another process
        } catch (IOException failure) {
            channel.close();
            throw failure;
        }
        channel.close();
        return null;
    }

    @Override
    public String h2Name(Path path) {
        return "file:" + path.toAbsolutePath();
    }

    private static FileAttribute<?>[] privately(Path path, String permissions) {
        return isPosix(path)
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString(permissions))
                }
                : new FileAttribute<?>[0];
    }

    private static boolean isPosix(Path path) {
        return path.getFileSystem().supportedFileAttributeViews().contains("posix");
    }
}
