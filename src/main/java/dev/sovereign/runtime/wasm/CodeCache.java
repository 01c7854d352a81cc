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
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Generated code on disk, one file a module, in a folder that belongs to us alone.
///
/// A file's name has the SHA-256 of the module and of everything that decides what is generated
/// from it: the back end's version and the JDK's build. Its first 32 bytes are the SHA-256 of the
/// rest; a file of which that is not true is deleted, and the code is made anew. Files are written
/// beside and moved into place, with mode 0600. Any thread; the last who writes wins.
public final class CodeCache {

    /// Counts up with every change of what is generated or of how fuel is charged.
    private static final int BACK_END = 1;

    /// Code of the largest module that is taken, with room to spare; larger files are not read.
    private static final int MAX_BYTES = 128 << 20;

    private static final int DIGEST_BYTES = 32;

    private final Path folder;

    /// @param folder exists, with mode 0700
    public CodeCache(Path folder) {
        this.folder = folder;
    }

    private Path file(WasmModule module) {
        String maker = BACK_END + " " + Runtime.version() + " " + System.getProperty("os.arch");
        byte[] digest = sha256().digest((module.sha256() + maker).getBytes(StandardCharsets.UTF_8));
        return folder.resolve(HexFormat.of().formatHex(digest) + ".code");
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    /// Gives a module what is there of its code. Damaged files are removed.
    ///
    /// @return whether there was any
    public boolean load(WasmModule module) throws IOException {
        Path file = file(module);
        byte[] bytes;
        try (InputStream in = Files.newInputStream(file)) {
            bytes = in.readNBytes(MAX_BYTES + 1);
        } catch (NoSuchFileException nothing) {
            return false;
        }
        Map<String, byte[]> classes = bytes.length > MAX_BYTES ? null : parse(bytes);
        if (classes == null) {
            Files.deleteIfExists(file);
            return false;
        }
        module.code().add(classes);
        return true;
    }

    /// Null when these are not the bytes that were written.
    private static @Nullable Map<String, byte[]> parse(byte[] bytes) {
        if (bytes.length < DIGEST_BYTES) {
            return null;
        }
        MessageDigest digest = sha256();
        digest.update(bytes, DIGEST_BYTES, bytes.length - DIGEST_BYTES);
        if (!MessageDigest.isEqual(digest.digest(), java.util.Arrays.copyOf(bytes, DIGEST_BYTES))) {
            return null;
        }
        Map<String, byte[]> classes = new TreeMap<>();
        try (DataInputStream in =
                new DataInputStream(
                        new ByteArrayInputStream(
                                bytes, DIGEST_BYTES, bytes.length - DIGEST_BYTES))) {
            int count = in.readInt();
            for (int i = 0; i < count; i++) {
                String name = in.readUTF();
                int length = in.readInt();
                if (length < 0 || length > in.available()) {
                    return null;
                }
                classes.put(name, in.readNBytes(length));
            }
            return classes;
        } catch (IOException cut) {
            return null;
        }
    }

    /// Writes all code that a module has by now, when any of it is not on disk yet.
    ///
    /// @return whether something was written
    public boolean save(WasmModule module) throws IOException {
        Map<String, byte[]> classes = module.code().takeNew();
        if (classes.isEmpty()) {
            return false;
        }
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        DataOutputStream out = new DataOutputStream(body);
        out.writeInt(classes.size());
        for (Map.Entry<String, byte[]> each : classes.entrySet()) {
            out.writeUTF(each.getKey());
            out.writeInt(each.getValue().length);
            out.write(each.getValue());
        }
        byte[] content = body.toByteArray();
        if (content.length + DIGEST_BYTES > MAX_BYTES) {
            return false;
        }
        Path target = file(module);
        Path temporary = folder.resolve(target.getFileName() + "." + ProcessHandle.current().pid());
        Files.deleteIfExists(temporary);
        try (FileChannel channel =
                FileChannel.open(
                        temporary,
                        Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE),
                        ownerOnly())) {
            writeAll(channel, ByteBuffer.wrap(sha256().digest(content)));
            writeAll(channel, ByteBuffer.wrap(content));
        }
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        return true;
    }

    private static void writeAll(FileChannel channel, ByteBuffer bytes) throws IOException {
        while (bytes.hasRemaining()) {
            channel.write(bytes);
        }
    }

    /// Nothing on file systems without modes, where the folder is what protects.
    private FileAttribute<?>[] ownerOnly() throws IOException {
        FileStore store = Files.getFileStore(folder);
        return store.supportsFileAttributeView("posix")
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
    }
}
