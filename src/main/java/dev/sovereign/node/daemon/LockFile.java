package dev.sovereign.node.daemon;

import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.HomeFolders;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;

/// The lock that makes a daemon the only one of its home. The system drops it with the process,
/// however that ends, so neither a dead pid nor a reused one means anything; the text in the file
/// (pid, socket, build) is for those who look for the daemon.
///
/// Locks belong to the process, and closing any channel of the file drops them: nothing else in
/// this process may open it.
final class LockFile implements AutoCloseable {

    /// A caller that looks whether the lock is free holds it for microseconds; so we try again.
    private static final int ATTEMPTS = 10;

    private static final long PAUSE_MILLIS = 20;

    private final Path path;
    private final FileChannel channel;
    private final @Nullable Object fileKey;

    private LockFile(Path path, FileChannel channel, @Nullable Object fileKey) {
        this.path = path;
        this.channel = channel;
        this.fileKey = fileKey;
    }

    /// Null when another daemon holds it.
    ///
    /// @throws dev.sovereign.error.SovereignException `home.unusable`
    static @Nullable LockFile take(Home home, long pid, String build) throws InterruptedException {
        Path path = home.lockFile();
        FileChannel channel = null;
        try {
            channel =
                    FileChannel.open(
                            path,
                            StandardOpenOption.CREATE,
                            StandardOpenOption.READ,
                            StandardOpenOption.WRITE);
            if (!locked(channel)) {
                channel.close();
                return null;
            }
            byte[] text =
                    (pid + "\n" + home.socket() + "\n" + build + "\n")
                            .getBytes(StandardCharsets.UTF_8);
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(text), 0);
            return new LockFile(path, channel, key(path));
        } catch (IOException broke) {
            closeQuietly(channel);
            throw HomeFolders.unusable(path, broke);
        }
    }

    private static boolean locked(FileChannel channel) throws IOException, InterruptedException {
        for (int attempt = 1; ; attempt++) {
            try {
                FileLock lock = channel.tryLock();
                if (lock != null) {
                    return true;
                }
            } catch (OverlappingFileLockException ours) {
                return false;
            }
            if (attempt == ATTEMPTS) {
                return false;
            }
            Thread.sleep(PAUSE_MILLIS);
        }
    }

    /// Whether the file in the home is still the one that is locked.
    boolean isInPlace() {
        return fileKey == null || fileKey.equals(key(path));
    }

    /// What tells one file from another at the same path; null when there is none.
    static @Nullable Object key(Path path) {
        try {
            return Files.readAttributes(path, BasicFileAttributes.class).fileKey();
        } catch (IOException missing) {
            return null;
        }
    }

    @Override
    public void close() {
        closeQuietly(channel);
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException ignored) {
                // the system drops the lock with the process at the latest
            }
        }
    }
}
