package dev.sovereign.mesh;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/// Files that hold keys: 0600 in a 0700 folder, refused when others can read them, written whole or
/// not at all.
final class SecretFile {

    private static final Set<PosixFilePermission> OTHERS =
            EnumSet.complementOf(
                    EnumSet.of(
                            PosixFilePermission.OWNER_READ,
                            PosixFilePermission.OWNER_WRITE,
                            PosixFilePermission.OWNER_EXECUTE));

    private SecretFile() {}

    /// The whole content, symbolic links followed; null when there is no such file.
    ///
    /// @param what for the message: `swarm key`, `identity`
    /// @param max more bytes than this are no key
    /// @throws SovereignException [MeshError#KEY_EXPOSED] or [MeshError#KEY_FILE]
    static byte @Nullable [] read(Path path, String what, int max) {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            checkPrivate(path, what);
            ByteBuffer content = ByteBuffer.allocate(max + 1);
            while (content.hasRemaining() && channel.read(content) > 0) {}
            if (!content.hasRemaining()) {
                throw new IOException("it has over " + max + " bytes");
            }
            byte[] bytes = Arrays.copyOf(content.array(), content.position());
            Arrays.fill(content.array(), (byte) 0);
            return bytes;
        } catch (NoSuchFileException missing) {
            return null;
        } catch (IOException unreadable) {
            throw unusable("read", what, path, unreadable);
        }
    }

    /// Writes a new file, forced to the device with its folder, which is made when it is missing.
    ///
    /// @param replace whether a file of that name may be replaced
    /// @throws SovereignException [MeshError#KEY_EXISTS] or [MeshError#KEY_FILE]
    static void write(Path path, String what, byte[] content, boolean replace) {
        Path target = path.toAbsolutePath();
        Path folder = target.getParent();
        if (folder == null) {
            throw unusable("write", what, path, new IOException("it is a folder"));
        }
        Path temporary =
                folder.resolve(
                        "."
                                + target.getFileName()
                                + ".part-"
                                + ProcessHandle.current().pid()
                                + "-"
                                + Thread.currentThread().threadId());
        try {
            Files.createDirectories(folder, privately(folder, "rwx------"));
            Files.deleteIfExists(temporary);
            try {
                try (FileChannel channel =
                        FileChannel.open(
                                temporary,
                                Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                                privately(folder, "rw-------"))) {
                    ByteBuffer bytes = ByteBuffer.wrap(content);
                    while (bytes.hasRemaining()) {
                        channel.write(bytes);
                    }
                    channel.force(true);
                }
                put(temporary, target, replace);
            } finally {
                Files.deleteIfExists(temporary);
            }
            if (folder.getFileSystem().supportedFileAttributeViews().contains("posix")) {
                try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
                    directory.force(true);
                }
            }
        } catch (FileAlreadyExistsException exists) {
            throw new SovereignException(
                    MeshError.KEY_EXISTS,
                    what + " \"" + path + "\" exists already",
                    "move it away first; who loses a key loses what it opened",
                    exists);
        } catch (IOException unwritable) {
            throw unusable("write", what, path, unwritable);
        }
    }

    /// A link fails when the name is taken, even when another process takes it at this moment; a
    /// rename would replace it.
    private static void put(Path temporary, Path target, boolean replace) throws IOException {
        if (!replace) {
            try {
                Files.createLink(target, temporary);
                return;
            } catch (UnsupportedOperationException | AccessDeniedException noLinks) {
                if (Files.exists(target)) {
                    throw new FileAlreadyExistsException(target.toString());
                }
            }
        }
        try {
            Files.move(
                    temporary,
                    target,
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException sameFolder) {
            throw new IOException("its folder cannot rename a file", sameFolder);
        }
    }

    private static void checkPrivate(Path path, String what) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return; // Windows: the profile folder's access list decides
        }
        PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
        if (attributes.isDirectory()) {
            throw new IOException("it is a folder");
        }
        for (PosixFilePermission permission : attributes.permissions()) {
            if (OTHERS.contains(permission)) {
                throw new SovereignException(
                        MeshError.KEY_EXPOSED,
                        what
                                + " \""
                                + path
                                + "\" is open to others: its mode is "
                                + PosixFilePermissions.toString(attributes.permissions()),
                        "run `chmod 600 " + path + "`; if others may have read it, make a new one");
            }
        }
    }

    private static FileAttribute<?>[] privately(Path near, String mode) {
        return near.getFileSystem().supportedFileAttributeViews().contains("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
                }
                : new FileAttribute<?>[0];
    }

    private static SovereignException unusable(
            String verb, String what, Path path, IOException failure) {
        String reason =
                failure instanceof AccessDeniedException
                        ? "permission denied"
                        : String.valueOf(failure.getMessage());
        return new SovereignException(
                MeshError.KEY_FILE,
                "cannot " + verb + " " + what + " \"" + path + "\": " + reason,
                "check path, permissions and free space",
                failure);
    }
}
