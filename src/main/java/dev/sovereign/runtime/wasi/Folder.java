package dev.sovereign.runtime.wasi;

import dev.sovereign.runtime.pack.Capability;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.FileSystemLoopException;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// A folder that a run has open, held by a handle: what happens to its name changes nothing.
final class Folder implements AutoCloseable {

    /// Entries of a folder that can be listed.
    static final int MAX_ENTRIES = 65_536;

    /// Bytes of a path, and parts of it: PATH_MAX of Linux, and what a walk may cost.
    static final int MAX_PATH_BYTES = 4_096;

    static final int MAX_PARTS = 256;

    private static final Path SELF = Path.of(".");

    /// Files that a skill makes are its user's alone.
    private static final FileAttribute<?> MODE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));

    /// One entry of a listing.
    record Entry(String name, @Nullable BasicFileAttributes attributes) {}

    private final SecureDirectoryStream<Path> handle;
    private final Capability.Files granted;

    /// The only name that exists here; null when all do.
    private final @Nullable String only;

    /// Of a folder that was granted: its path, as the program sees it.
    private final @Nullable String name;

    private @Nullable List<Entry> listing;

    Folder(
            SecureDirectoryStream<Path> handle,
            Capability.Files granted,
            @Nullable String only,
            @Nullable String name) {
        this.handle = handle;
        this.granted = granted;
        this.only = only;
        this.name = name;
    }

    /// Opens what was granted: a folder, or a file as the only one in its folder. Null when it is
    /// not there, or nothing that can be held by a handle: then it does not exist for the skill.
    static @Nullable Folder granted(Capability.Files granted) {
        Path path = Path.of(granted.path());
        Path parent = path.getParent();
        try {
            BasicFileAttributes attributes =
                    java.nio.file.Files.readAttributes(path, BasicFileAttributes.class);
            if (attributes.isDirectory()) {
                return new Folder(open(path), granted, null, granted.path());
            }
            if (attributes.isRegularFile() && parent != null) {
                return new Folder(
                        open(parent),
                        granted,
                        String.valueOf(path.getFileName()),
                        parent.toString());
            }
        } catch (IOException | InvalidPathException | UnsupportedOperationException notThere) {
            // as if it had never been granted
        }
        return null;
    }

    @SuppressWarnings("StreamResourceLeak") // returned, and closed by its Folder
    private static SecureDirectoryStream<Path> open(Path path) throws IOException {
        var stream = java.nio.file.Files.newDirectoryStream(path);
        if (stream instanceof SecureDirectoryStream<Path> secure) {
            return secure;
        }
        stream.close();
        throw new UnsupportedOperationException("no handles for folders on this system");
    }

    @Nullable String name() {
        return name;
    }

    Capability.Files grant() {
        return granted;
    }

    private void requireWritable() throws WasiFailure {
        if (!granted.writable()) {
            throw new WasiFailure(Errno.ROFS);
        }
    }

    // ---- walking ----

    /// Where a path ends: a folder by its handle, and the name in it; null means that folder
    /// itself.
    private final class Place implements AutoCloseable {
        private final Deque<SecureDirectoryStream<Path>> opened = new ArrayDeque<>();
        private @Nullable Path last;

        SecureDirectoryStream<Path> folder() {
            SecureDirectoryStream<Path> top = opened.peek();
            return top == null ? handle : top;
        }

        Path last() {
            Path present = last;
            return present == null ? SELF : present;
        }

        boolean isRoot() {
            return last == null && opened.isEmpty();
        }

        void enter(String part) throws IOException {
            opened.push(folder().newDirectoryStream(Path.of(part), LinkOption.NOFOLLOW_LINKS));
        }

        void leave() throws IOException, WasiFailure {
            if (opened.isEmpty()) {
                throw new WasiFailure(Errno.NOTCAPABLE);
            }
            opened.pop().close();
        }

        @Override
        public void close() throws IOException {
            for (SecureDirectoryStream<Path> each : opened) {
                each.close();
            }
        }
    }

    private Place walk(String path) throws IOException, WasiFailure {
        if (path.startsWith("/")) {
            throw new WasiFailure(Errno.NOTCAPABLE);
        }
        if (path.isEmpty() || path.indexOf('\0') >= 0) {
            throw new WasiFailure(path.isEmpty() ? Errno.NOENT : Errno.INVAL);
        }
        String[] parts = path.split("/", -1);
        if (parts.length > MAX_PARTS) {
            throw new WasiFailure(Errno.NAMETOOLONG);
        }
        Place place = new Place();
        try {
            String pending = null;
            for (String part : parts) {
                if (part.isEmpty() || part.equals(".")) {
                    continue;
                }
                if (pending != null) {
                    enter(place, pending);
                    pending = null;
                }
                if (part.equals("..")) {
                    place.leave();
                } else {
                    pending = part;
                }
            }
            String end = parts[parts.length - 1];
            if (pending != null && (end.isEmpty() || end.equals("."))) {
                enter(place, pending); // "a/" is a folder
                pending = null;
            }
            if (pending != null) {
                requireVisible(place, pending);
                place.last = Path.of(pending);
            }
            return place;
        } catch (IOException | RuntimeException | WasiFailure failed) {
            place.close();
            throw failed;
        }
    }

    private void enter(Place place, String part) throws IOException, WasiFailure {
        requireVisible(place, part);
        place.enter(part);
    }

    private void requireVisible(Place place, String part) throws WasiFailure {
        if (only != null && place.opened.isEmpty() && !part.equals(only)) {
            throw new WasiFailure(Errno.NOENT);
        }
    }

    private static BasicFileAttributes attributes(Place place) throws IOException {
        return place.folder()
                .getFileAttributeView(
                        place.last(), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                .readAttributes();
    }

    // ---- what a path may be asked for ----

    BasicFileAttributes attributes(String path, boolean follow) throws WasiFailure {
        try (Place place = walk(path)) {
            BasicFileAttributes attributes = attributes(place);
            if (follow && attributes.isSymbolicLink()) {
                throw new WasiFailure(Errno.LOOP);
            }
            return attributes;
        } catch (IOException | InvalidPathException failure) {
            throw failure(failure);
        }
    }

    BasicFileAttributes attributes() throws WasiFailure {
        try {
            return handle.getFileAttributeView(BasicFileAttributeView.class).readAttributes();
        } catch (IOException failure) {
            throw failure(failure);
        }
    }

    /// Opens a folder below this one.
    Folder folder(String path) throws WasiFailure {
        try (Place place = walk(path)) {
            SecureDirectoryStream<Path> opened =
                    place.folder().newDirectoryStream(place.last(), LinkOption.NOFOLLOW_LINKS);
            return new Folder(opened, granted, place.isRoot() ? only : null, null);
        } catch (IOException | InvalidPathException failure) {
            throw failure(failure);
        }
    }

    /// What [#file] may do besides reading.
    record How(
            boolean read,
            boolean write,
            boolean append,
            boolean create,
            boolean exclusive,
            boolean truncate) {}

    /// Opens a regular file; anything else is refused, since opening a pipe or a device can wait
    /// for ever.
    SeekableByteChannel file(String path, How how) throws WasiFailure {
        Set<OpenOption> options = new HashSet<>();
        options.add(LinkOption.NOFOLLOW_LINKS);
        if (how.write || how.create || how.truncate) {
            requireWritable();
        }
        if (how.read || !how.write) {
            options.add(StandardOpenOption.READ);
        }
        if (how.write) {
            options.add(StandardOpenOption.WRITE);
        }
        try (Place place = walk(path)) {
            BasicFileAttributes present = null;
            try {
                present = attributes(place);
            } catch (NoSuchFileException missing) {
                if (!how.create || place.isRoot()) {
                    throw missing;
                }
            }
            if (present != null) {
                if (how.create && how.exclusive) {
                    throw new WasiFailure(Errno.EXIST);
                }
                requireRegular(present);
                if (how.truncate) {
                    try (SeekableByteChannel channel =
                            place.folder()
                                    .newByteChannel(
                                            place.last(),
                                            Set.of(
                                                    LinkOption.NOFOLLOW_LINKS,
                                                    StandardOpenOption.WRITE))) {
                        channel.truncate(0);
                    }
                }
                return place.folder().newByteChannel(place.last(), options);
            }
            options.add(StandardOpenOption.WRITE);
            options.add(StandardOpenOption.CREATE_NEW);
            return place.folder().newByteChannel(place.last(), options, MODE);
        } catch (IOException | InvalidPathException failure) {
            throw failure(failure);
        }
    }

    private static void requireRegular(BasicFileAttributes present) throws WasiFailure {
        if (present.isSymbolicLink()) {
            throw new WasiFailure(Errno.LOOP);
        }
        if (present.isDirectory()) {
            throw new WasiFailure(Errno.ISDIR);
        }
        if (!present.isRegularFile()) {
            throw new WasiFailure(Errno.ACCES);
        }
    }

    void deleteFile(String path) throws WasiFailure {
        requireWritable();
        try (Place place = walk(path)) {
            if (attributes(place).isDirectory()) {
                throw new WasiFailure(Errno.ISDIR);
            }
            place.folder().deleteFile(place.last());
        } catch (IOException | InvalidPathException failure) {
            throw failure(failure);
        }
    }

    void deleteFolder(String path) throws WasiFailure {
        requireWritable();
        try (Place place = walk(path)) {
            if (place.last == null) {
                throw new WasiFailure(Errno.INVAL);
            }
            if (!attributes(place).isDirectory()) {
                throw new WasiFailure(Errno.NOTDIR);
            }
            place.folder().deleteDirectory(place.last());
        } catch (IOException | InvalidPathException failure) {
            throw failure(failure);
        }
    }

    void rename(String from, Folder target, String to) throws WasiFailure {
        requireWritable();
        target.requireWritable();
        try (Place source = walk(from);
                Place goal = target.walk(to)) {
            if (source.last == null || goal.last == null) {
                throw new WasiFailure(Errno.INVAL);
            }
            attributes(source); // moving what is not there is no reason to look at the goal
            source.folder().move(source.last(), goal.folder(), goal.last());
        } catch (IOException | InvalidPathException failure) {
            throw failure(failure);
        }
    }

    /// All entries in the order of their names, `.` and `..` first: those of the moment when
    /// `again` was last true.
    List<Entry> entries(boolean again) throws WasiFailure {
        List<Entry> present = listing;
        if (present != null && !again) {
            return present;
        }
        List<String> names = new ArrayList<>();
        try (var fresh = handle.newDirectoryStream(SELF, LinkOption.NOFOLLOW_LINKS)) {
            for (Path path : fresh) {
                String each = String.valueOf(path.getFileName());
                if (only == null || only.equals(each)) {
                    names.add(each);
                }
                if (names.size() > MAX_ENTRIES) {
                    throw new WasiFailure(Errno.OVERFLOW);
                }
            }
        } catch (java.nio.file.DirectoryIteratorException broke) {
            throw failure(new IOException(broke));
        } catch (IOException broke) {
            throw failure(broke);
        }
        Collections.sort(names);
        List<Entry> entries = new ArrayList<>(names.size() + 2);
        entries.add(new Entry(".", null));
        entries.add(new Entry("..", null));
        for (String each : names) {
            entries.add(new Entry(each, attributesOf(each)));
        }
        listing = entries;
        return entries;
    }

    private @Nullable BasicFileAttributes attributesOf(String entry) {
        try {
            return handle.getFileAttributeView(
                            Path.of(entry), BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
                    .readAttributes();
        } catch (IOException | InvalidPathException gone) {
            return null;
        }
    }

    /// What the file system says, as a number of WASI.
    static WasiFailure failure(Exception failure) {
        return new WasiFailure(
                switch (failure) {
                    case NoSuchFileException _ -> Errno.NOENT;
                    case NotDirectoryException _ -> Errno.NOTDIR;
                    case FileAlreadyExistsException _ -> Errno.EXIST;
                    case DirectoryNotEmptyException _ -> Errno.NOTEMPTY;
                    case AccessDeniedException _ -> Errno.ACCES;
                    case FileSystemLoopException _ -> Errno.LOOP;
                    case InvalidPathException _ -> Errno.ILSEQ;
                    case FileSystemException system ->
                            byReason(String.valueOf(system.getMessage()));
                    default -> byReason(String.valueOf(failure.getMessage()));
                });
    }

    /// The JDK keeps only the words of most error numbers.
    private static Errno byReason(String message) {
        if (message.contains("Too many levels of symbolic links")
                || message.contains("NOFOLLOW_LINKS")) {
            return Errno.LOOP;
        }
        if (message.contains("Not a directory")) {
            return Errno.NOTDIR;
        }
        if (message.contains("Is a directory")) {
            return Errno.ISDIR;
        }
        if (message.contains("File name too long")) {
            return Errno.NAMETOOLONG;
        }
        if (message.contains("No space left")) {
            return Errno.NOSPC;
        }
        if (message.contains("Read-only file system")) {
            return Errno.ROFS;
        }
        return Errno.IO;
    }

    @Override
    public void close() throws IOException {
        handle.close();
    }

    /// Reads into a part of an array.
    static int read(SeekableByteChannel channel, byte[] bytes, int from, int length)
            throws WasiFailure {
        try {
            return Math.max(0, channel.read(ByteBuffer.wrap(bytes, from, length)));
        } catch (IOException failure) {
            throw failure(failure);
        }
    }
}
