package dev.sovereign.runtime.wasm;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;

/// Checked modules on disk: the code that was generated from them, one file a module, in a folder
/// of mode 0700 that is made with the first of them.
///
/// A file's name is a hash of the module's SHA-256 and of everything else that decides what is
/// generated from it: the back end's version, the JDK's build, the processor. Its first 32 bytes
/// are the SHA-256 of that name and the rest; a file of which that is not true is deleted, and the
/// code is made anew. Files are written beside and moved into place, with mode 0600; those that
/// were used longest ago go when there are too many. Any thread; the last who writes wins.
///
/// Whoever can write here could as well change the program: the hash tells accidents, not its user.
public final class CodeCache {

    /// Counts up with every change of what is generated, of how fuel is charged, or of this format.
    private static final int BACK_END = 4;

    /// Bytes of one file: three times the largest module and more. What has more is generated again
    /// where it is needed.
    static final int MAX_FILE_BYTES = 48 << 20;

    /// Bytes of all files: those of some hundred skills.
    static final long MAX_FOLDER_BYTES = 256L << 20;

    /// What a process that was killed has left is this old before it goes.
    private static final Duration ABANDONED = Duration.ofHours(1);

    /// Generating all code of one module takes no longer; the largest take some ten seconds of one
    /// processor.
    private static final Duration MAX_TIME = Duration.ofSeconds(60);

    private static final int DIGEST_BYTES = 32;
    private static final String SUFFIX = ".code";

    private final Path folder;
    private final long maxFolderBytes;

    public CodeCache(Path folder) {
        this(folder, MAX_FOLDER_BYTES);
    }

    CodeCache(Path folder, long maxFolderBytes) {
        this.folder = folder;
        this.maxFolderBytes = maxFolderBytes;
    }

    private static String key(String sha256) {
        String maker = BACK_END + " " + Runtime.version() + " " + System.getProperty("os.arch");
        byte[] text = (sha256 + " " + maker).getBytes(StandardCharsets.UTF_8);
        return HexFormat.of().formatHex(digest(text, new byte[0], 0));
    }

    private static byte[] digest(byte[] key, byte[] content, int from) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            digest.update(key);
            digest.update(content, from, content.length - from);
            return digest.digest();
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /// The module with its code, when it was saved here after it had been checked. Its bodies are
    /// not looked at again.
    ///
    /// @param bytes a module whose SHA-256 is `sha256`, as the caller has verified
    /// @return null when it is not here; a damaged file is removed
    /// @throws ModuleRejected when the caller has not
    public @Nullable WasmModule load(byte[] bytes, String sha256)
            throws IOException, ModuleRejected {
        String key = key(sha256);
        Path file = folder.resolve(key + SUFFIX);
        byte[] content;
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            content = in.readNBytes(MAX_FILE_BYTES + 1);
        } catch (NoSuchFileException nothing) {
            return null;
        }
        Content parsed = content.length > MAX_FILE_BYTES ? null : parse(key, content);
        if (parsed == null) {
            Files.deleteIfExists(file);
            return null;
        }
        WasmModule module = WasmModule.loadChecked(bytes, parsed.largestFrame);
        module.code().offer(parsed.classes);
        Files.setLastModifiedTime(file, FileTime.from(Instant.now()));
        return module;
    }

    /// @param classes by name
    private record Content(int largestFrame, Map<String, byte[]> classes) {}

    /// Null when these are not the bytes that were written under this key.
    private static @Nullable Content parse(String key, byte[] content) {
        if (content.length < DIGEST_BYTES) {
            return null;
        }
        byte[] expected = digest(key.getBytes(StandardCharsets.US_ASCII), content, DIGEST_BYTES);
        if (!MessageDigest.isEqual(expected, java.util.Arrays.copyOf(content, DIGEST_BYTES))) {
            return null;
        }
        Map<String, byte[]> classes = new TreeMap<>();
        try (DataInputStream in =
                new DataInputStream(
                        new ByteArrayInputStream(
                                content, DIGEST_BYTES, content.length - DIGEST_BYTES))) {
            int largestFrame = in.readInt();
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String name = in.readUTF();
                int length = in.readInt();
                if (length < 0 || length > in.available()) {
                    return null;
                }
                classes.put(name, in.readNBytes(length));
            }
            return new Content(largestFrame, classes);
        } catch (IOException cut) {
            return null;
        }
    }

    /// Generates all code of a module and writes it; takes as long as that takes.
    ///
    /// @param sha256 of the module
    /// @param goOn looked at again and again; false ends it
    /// @return whether it is here now; not when that would take too much time or room
    public boolean save(WasmModule module, String sha256, BooleanSupplier goOn) throws IOException {
        long start = System.nanoTime();
        Map<String, byte[]> classes =
                module.code()
                        .all(
                                MAX_FILE_BYTES,
                                () ->
                                        goOn.getAsBoolean()
                                                && System.nanoTime() - start < MAX_TIME.toNanos());
        if (classes == null) {
            return false;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeInt(module.largestFrame());
        out.writeInt(classes.size());
        for (Map.Entry<String, byte[]> each : classes.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeInt(each.getValue().length);
            out.write(each.getValue());
        }
        byte[] content = body.toByteArray();
        if (content.length + DIGEST_BYTES > MAX_FILE_BYTES) {
            return false;
        }
        write(key(sha256), content);
        module.code().offer(classes);
        return true;
    }

    private void write(String key, byte[] content) throws IOException {
        if (!Files.isDirectory(folder)) {
            Files.createDirectories(folder, mode(folder, "rwx------"));
        }
        Path target = folder.resolve(key + SUFFIX);
        Path fresh = folder.resolve(key + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(fresh);
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        mode(folder, "rw-------"))) {
            byte[] digest = digest(key.getBytes(StandardCharsets.US_ASCII), content, 0);
            writeAll(channel, ByteBuffer.wrap(digest));
            writeAll(channel, ByteBuffer.wrap(content));
        }
        Files.move(fresh, target, StandardCopyOption.ATOMIC_MOVE);
        prune(target);
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// Nothing on file systems without modes, where the folder above is what protects.
    private static FileAttribute<?>[] mode(Path place, String mode) throws IOException {
        Path present = place.toAbsolutePath();
        while (!Files.exists(present)) {
            present = java.util.Objects.requireNonNull(present.getParent());
        }
        FileStore store = Files.getFileStore(present);
        return store.supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString(mode))
                }
                : new FileAttribute<?>[0];
    }

    /// Removes code of a module, if there is any.
    ///
    /// @param sha256 of the module
    public void forget(String sha256) throws IOException {
        Files.deleteIfExists(folder.resolve(key(sha256) + SUFFIX));
    }

    private record Kept(Path file, long bytes, FileTime used) {}

    /// Removes what was used longest ago until the rest has room, and what was left half written.
    private void prune(Path keep) throws IOException {
        List<Kept> all = new ArrayList<>();
        Instant abandoned = Instant.now().minus(ABANDONED);
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.toList()) {
                Kept kept;
                try {
                    BasicFileAttributes attributes =
                            Files.readAttributes(
                                    file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
                    kept = new Kept(file, attributes.size(), attributes.lastModifiedTime());
                } catch (NoSuchFileException gone) {
                    continue; // another process tidies up too
                }
                if (file.toString().endsWith(SUFFIX)) {
                    all.add(kept);
                } else if (kept.used.toInstant().isBefore(abandoned)) {
                    Files.deleteIfExists(file);
                }
            }
        }
        all.sort(Comparator.comparing(Kept::used));
        long bytes = all.stream().mapToLong(Kept::bytes).sum();
        for (Kept each : all) {
            if (bytes <= maxFolderBytes) {
                break;
            }
            if (!each.file.equals(keep)) {
                Files.deleteIfExists(each.file);
                bytes -= each.bytes;
            }
        }
    }
}
