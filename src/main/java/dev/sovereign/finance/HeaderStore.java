package dev.sovereign.finance;

import dev.sovereign.error.SovereignException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Set;

/// The headers of one network in a file: 80 bytes each from a checkpoint on, so that position tells
/// height, and nothing else. Opening checks every header again (0.3 microseconds each) and cuts the
/// file off after the last that is whole and right, so a crash in the middle of a write costs at
/// most that write. One process holds it; [#read] takes what is there without the lock.
///
/// Not forced to the device: after a power cut the same check finds what arrived, and headers can
/// be fetched again.
public final class HeaderStore implements AutoCloseable {

    private static final int CHUNK_BYTES = Network.RETARGET_BLOCKS * Header.BYTES;

    private final FileChannel channel;
    private final FileLock lock;
    private final HeaderChain chain;
    private final long droppedBytes;
    private final int base;

    private HeaderStore(
            FileChannel channel,
            FileLock lock,
            Network network,
            Checkpoints checkpoints,
            InstantSource clock)
            throws IOException {
        this.channel = channel;
        this.lock = lock;
        Checkpoint start = start(channel, checkpoints);
        this.base = start.height();
        this.chain = new HeaderChain(network, checkpoints, start, clock, this::write);
        long kept = load(channel, chain);
        this.droppedBytes = channel.size() - kept;
        if (kept == 0) {
            ByteBuffer first = ByteBuffer.wrap(start.header().bytes());
            channel.truncate(0);
            writeFully(first, 0);
        } else if (droppedBytes > 0) {
            channel.truncate(kept);
        }
        loaded = true;
    }

    private boolean loaded;

    /// Opens the store of a network, and makes it when there is none.
    ///
    /// @param folder made when it is missing, for us alone
    /// @throws SovereignException `license.store-locked` when another process has it
    /// @throws IOException if the file system refuses
    public static HeaderStore open(
            Path folder, Network network, Checkpoints checkpoints, InstantSource clock)
            throws IOException {
        Files.createDirectories(folder, only("rwx------"));
        Path file = file(folder, network);
        FileChannel channel =
                FileChannel.open(
                        file,
                        Set.of(
                                StandardOpenOption.CREATE,
                                StandardOpenOption.READ,
                                StandardOpenOption.WRITE),
                        only("rw-------"));
        try {
            FileLock lock = lock(channel, file);
            if (isForeign(channel, checkpoints)) {
                // not ours to destroy, and of no use: set aside, and begun anew
                Files.move(
                        file,
                        file.resolveSibling(file.getFileName() + ".unknown"),
                        StandardCopyOption.REPLACE_EXISTING);
                channel.close();
                return open(folder, network, checkpoints, clock);
            }
            return new HeaderStore(channel, lock, network, checkpoints, clock);
        } catch (IOException | RuntimeException failed) {
            channel.close();
            throw failed;
        }
    }

    /// A copy in memory of what the store holds now, for one look without the lock. A writer that
    /// is at work meanwhile can only make it shorter.
    public static HeaderChain read(
            Path folder, Network network, Checkpoints checkpoints, InstantSource clock)
            throws IOException {
        Path file = file(folder, network);
        if (!Files.exists(file)) {
            return HeaderChain.inMemory(network, checkpoints, clock);
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            Checkpoint start =
                    isForeign(channel, checkpoints)
                            ? checkpoints.last()
                            : start(channel, checkpoints);
            HeaderChain chain =
                    new HeaderChain(network, checkpoints, start, clock, (_, _, _, _) -> {});
            load(channel, chain);
            return chain;
        }
    }

    /// Where the headers of a network are kept.
    public static Path file(Path folder, Network network) {
        return folder.resolve("headers-" + network + ".bin");
    }

    private static FileAttribute<Set<PosixFilePermission>> only(String permissions) {
        return PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(permissions));
    }

    private static FileLock lock(FileChannel channel, Path file) throws IOException {
        FileLock lock = null;
        try {
            lock = channel.tryLock();
        } catch (OverlappingFileLockException ours) {
            // refused below: another store of this process
        }
        if (lock == null) {
            throw new SovereignException(
                    LicenseError.STORE_LOCKED,
                    "another process uses \"" + file + "\"",
                    "stop it: `sovereign daemon stop`");
        }
        return lock;
    }

    private static byte[] first(FileChannel channel) throws IOException {
        byte[] first = new byte[Header.BYTES];
        int read = readFully(channel, ByteBuffer.wrap(first), 0);
        return read == first.length ? first : new byte[0];
    }

    private static boolean isForeign(FileChannel channel, Checkpoints checkpoints)
            throws IOException {
        byte[] first = first(channel);
        return first.length > 0 && checkpoints.withHash(Header.of(first).hash()) == null;
    }

    private static Checkpoint start(FileChannel channel, Checkpoints checkpoints)
            throws IOException {
        byte[] first = first(channel);
        Checkpoint start = first.length == 0 ? null : checkpoints.withHash(Header.of(first).hash());
        return start == null ? checkpoints.last() : start;
    }

    /// @return bytes up to the last header that is right
    private static long load(FileChannel channel, HeaderChain chain) throws IOException {
        long size = channel.size() / Header.BYTES * Header.BYTES;
        if (size == 0) {
            return 0;
        }
        byte[] chunk = new byte[CHUNK_BYTES];
        long position = Header.BYTES;
        while (position < size) {
            int length = (int) Math.min(chunk.length, size - position);
            int read = readFully(channel, ByteBuffer.wrap(chunk, 0, length), position);
            read -= read % Header.BYTES;
            int taken = read == 0 ? 0 : take(chain, Arrays.copyOf(chunk, read));
            position += taken;
            if (taken < length) {
                break;
            }
        }
        return position;
    }

    private static int take(HeaderChain chain, byte[] run) throws IOException {
        int expected = chain.tip().height() + 1;
        return switch (chain.accept(run, Long.MAX_VALUE)) {
            case Acceptance.Extended _ -> run.length;
            case Acceptance.Rejected rejected when rejected.height() > expected ->
                    take(chain, Arrays.copyOf(run, (rejected.height() - expected) * Header.BYTES));
            case Acceptance.Rejected _,
                    Acceptance.Orphan _,
                    Acceptance.Unchanged _,
                    Acceptance.Reorganized _ ->
                    0;
        };
    }

    private static int readFully(FileChannel channel, ByteBuffer into, long position)
            throws IOException {
        int start = into.position();
        while (into.hasRemaining()) {
            int read = channel.read(into, position + into.position() - start);
            if (read < 0) {
                break;
            }
        }
        return into.position() - start;
    }

    private void write(int height, byte[] headers, int offset, int length) throws IOException {
        if (!loaded) {
            return;
        }
        long position = (long) (height - base) * Header.BYTES;
        try {
            writeFully(ByteBuffer.wrap(headers, offset, length), position);
            if (channel.size() > position + length) {
                channel.truncate(position + length);
            }
        } catch (IOException failed) {
            if (position <= channel.size() && height > chain.tip().height()) {
                // an append that did not fit: what was there before is whole
                channel.truncate(position);
            }
            throw failed;
        }
    }

    private void writeFully(ByteBuffer from, long position) throws IOException {
        int start = from.position();
        while (from.hasRemaining()) {
            channel.write(from, position + from.position() - start);
        }
    }

    /// The chain; whatever it accepts is kept.
    public HeaderChain chain() {
        return chain;
    }

    /// Bytes that were cut off when the store was opened: 0 after an orderly end.
    public long droppedBytes() {
        return droppedBytes;
    }

    /// Gives up the lock. Headers that are accepted afterwards fail.
    @Override
    public void close() throws IOException {
        try (channel) {
            lock.release();
        }
    }
}
