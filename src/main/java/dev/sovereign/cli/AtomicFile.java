package dev.sovereign.cli;

import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;

/// A file that appears whole or not at all: written beside its place, forced, and renamed by
/// [#commit]. Closed without it, nothing is left. What is no regular file (`/dev/null`, a named
/// pipe) is written as it is; `-` is standard output.
final class AtomicFile implements Closeable {

    private final String name;
    private final Out out;
    private final @Nullable FileChannel channel;
    private final @Nullable Path temporary;
    private final @Nullable Path target;

    private AtomicFile(
            String name,
            Out out,
            @Nullable FileChannel channel,
            @Nullable Path temporary,
            @Nullable Path target) {
        this.name = name;
        this.out = out;
        this.channel = channel;
        this.temporary = temporary;
        this.target = target;
    }

    /// @param secret only the owner may read it
    static AtomicFile create(Streams streams, String name, boolean secret) {
        if (name.equals("-")) {
            return new AtomicFile(name, streams.out, null, null, null);
        }
        try {
            Path target = Inputs.resolve(streams, name, null);
            if (Files.isDirectory(target)) {
                throw new IOException("it is a folder");
            }
            if (Files.exists(target) && !Files.isRegularFile(target)) {
                FileChannel channel = FileChannel.open(target, StandardOpenOption.WRITE);
                Out out = new Out(Channels.newOutputStream(channel));
                return new AtomicFile(name, out, channel, null, null);
            }
            if (Files.isSymbolicLink(target)) {
                target = target.toRealPath();
            }
            String temporary =
                    "." + target.getFileName() + ".part-" + ProcessHandle.current().pid();
            return open(name, target.resolveSibling(temporary), target, secret);
        } catch (IOException unwritable) {
            throw unwritable(name, unwritable);
        }
    }

    private static AtomicFile open(String name, Path temporary, Path target, boolean secret)
            throws IOException {
        boolean posix = temporary.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] attributes =
                secret && posix
                        ? new FileAttribute<?>[] {
                            PosixFilePermissions.asFileAttribute(
                                    PosixFilePermissions.fromString("rw-------"))
                        }
                        : new FileAttribute<?>[0];
        FileChannel channel =
                FileChannel.open(
                        temporary,
                        java.util.Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        attributes);
        Out out = new Out(Channels.newOutputStream(channel));
        return new AtomicFile(name, out, channel, temporary, target);
    }

    Out out() {
        return out;
    }

    /// A conversation whose chunks are written here.
    Talk receiver(Invocation call) {
        return new Talk(call) {
            @Override
            public void chunk(Response.Chunk chunk) {
                try {
                    out.write(chunk.bytes(), 0, chunk.bytes().length);
                } catch (Out.Closed full) {
                    throw refuse(full);
                }
            }
        };
    }

    /// Puts what was written in its place.
    void commit() {
        try {
            out.flush();
            if (channel != null && temporary != null && target != null) {
                channel.force(true);
                channel.close();
                Files.move(
                        temporary,
                        target,
                        StandardCopyOption.ATOMIC_MOVE,
                        StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException unwritable) {
            throw unwritable(name, unwritable);
        } catch (Out.Closed full) {
            throw refuse(full);
        }
    }

    /// What a failed write means here; standard output has its own rules.
    RuntimeException refuse(Out.Closed full) {
        return channel == null
                ? full
                : unwritable(name, new IOException(full.getMessage(), full.getCause()));
    }

    private static SovereignException unwritable(String name, IOException failure) {
        return new SovereignException(
                CliError.FILE,
                "cannot write \""
                        + name
                        + "\": "
                        + (failure instanceof NoSuchFileException
                                ? "its folder does not exist"
                                : Inputs.reason(failure)),
                null,
                failure);
    }

    /// Without [#commit] before, leaves nothing behind. Idempotent.
    @Override
    public void close() {
        try {
            if (channel != null) {
                channel.close();
            }
            if (temporary != null) {
                Files.deleteIfExists(temporary);
            }
        } catch (IOException leftBehind) {
            // a hidden file of ours stays; the failure that led here is the one to tell
        }
    }
}
