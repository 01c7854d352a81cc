package dev.sovereign.runtime;

import dev.sovereign.error.SovereignException;
import dev.sovereign.runtime.pack.Capability;
import dev.sovereign.runtime.pack.ManifestReader;
import dev.sovereign.runtime.pack.PackageReader;
import dev.sovereign.runtime.pack.SkillPackage;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/// Installed skills on the disk: for each a folder of its name with the manifest and the module,
/// named by their hashes, and a record of what was granted. The record is written last and in one
/// step: a crash leaves the old version or the new one. Folders are 0700, files 0600. Used under
/// the lock of [Skills].
final class SkillFolder {

    private static final String FIRST_LINE = "sovereign skill record 1";
    private static final String LAST_LINE = "end";
    private static final String RECORD = "record";

    /// A record holds at most 256 grants of a path each.
    private static final int MAX_RECORD_BYTES = 2 << 20;

    /// @param manifest SHA-256 of `skill.toml`
    record Kept(String manifest, String module, long atMillis, List<Capability> granted) {}

    /// Tells whether a file may have changed since it was read.
    record Stamp(long size, long modifiedNanos, @Nullable Object key) {}

    private final Path root;

    SkillFolder(Path root) {
        this.root = root;
    }

    /// Names of all skills, sorted. No folder is none.
    List<String> names() {
        if (!Files.isDirectory(root)) {
            return List.of();
        }
        try (Stream<Path> folders = Files.list(root)) {
            return folders.filter(folder -> Files.exists(folder.resolve(RECORD)))
                    .map(folder -> folder.getFileName().toString())
                    .filter(name ->
                            dev.sovereign.runtime.pack.Manifest.NAME.matcher(name).matches())
                    .sorted()
                    .toList();
        } catch (IOException broke) {
            throw unusable(root, broke);
        }
    }

    Kept record(String name) {
        Path file = root.resolve(name).resolve(RECORD);
        try {
            List<String> lines =
                    new String(read(file, MAX_RECORD_BYTES), StandardCharsets.UTF_8)
                            .lines()
                            .toList();
            if (lines.size() < 5
                    || !lines.getFirst().equals(FIRST_LINE)
                    || !lines.getLast().equals(LAST_LINE)) {
                throw changed(name, "its record is not complete");
            }
            List<Capability> granted = new ArrayList<>();
            for (String line : lines.subList(4, lines.size() - 1)) {
                granted.add(Capability.parse(value(name, line, "grant")));
            }
            return new Kept(
                    value(name, lines.get(1), "manifest"),
                    value(name, lines.get(2), "module"),
                    Long.parseLong(value(name, lines.get(3), "at")),
                    granted);
        } catch (IOException broke) {
            throw unusable(file, broke);
        } catch (NumberFormatException notOne) {
            throw changed(name, "its record has a time that is none");
        }
    }

    private static String value(String name, String line, String key) {
        if (!line.startsWith(key + " ")) {
            throw changed(name, "its record says \"" + line + "\" where " + key + " stands");
        }
        return line.substring(key.length() + 1);
    }

    /// Reads manifest and module and compares them with the record.
    SkillPackage load(String name, Kept record) {
        Path folder = root.resolve(name);
        try {
            byte[] manifest = read(manifest(folder, record), ManifestReader.MAX_BYTES);
            if (!SkillPackage.sha256(manifest).equals(record.manifest())) {
                throw changed(name, "its skill.toml is another one");
            }
            byte[] module = read(module(folder, record), PackageReader.MAX_MODULE_BYTES);
            if (!SkillPackage.sha256(module).equals(record.module())) {
                throw changed(name, "its module is another one");
            }
            SkillPackage loaded = new SkillPackage(ManifestReader.read(manifest), manifest, module);
            if (!loaded.manifest().name().equals(name)) {
                throw changed(name, "its skill.toml is that of " + loaded.manifest().name());
            }
            return loaded;
        } catch (IOException broke) {
            throw changed(name, "a file cannot be read: " + broke.getMessage());
        }
    }

    /// Null when a file is not there.
    @Nullable List<Stamp> stamps(String name, Kept record) {
        Path folder = root.resolve(name);
        try {
            return List.of(stamp(manifest(folder, record)), stamp(module(folder, record)));
        } catch (IOException gone) {
            return null;
        }
    }

    private static Stamp stamp(Path file) throws IOException {
        BasicFileAttributes attributes =
                Files.readAttributes(file, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
        return new Stamp(
                attributes.size(),
                attributes.lastModifiedTime().to(java.util.concurrent.TimeUnit.NANOSECONDS),
                attributes.fileKey());
    }

    private static Path manifest(Path folder, Kept record) {
        return folder.resolve(record.manifest() + ".toml");
    }

    private static Path module(Path folder, Kept record) {
        return folder.resolve(record.module() + ".wasm");
    }

    /// Makes a package the installed one of its name.
    void install(SkillPackage added, Kept record) {
        Path folder = root.resolve(added.manifest().name());
        try {
            Files.createDirectories(
                    folder,
                    PosixFilePermissions.asFileAttribute(
                            PosixFilePermissions.fromString("rwx------")));
            write(manifest(folder, record), added.manifestBytes());
            write(module(folder, record), added.module());
            writeRecord(added.manifest().name(), record);
            Set<Path> keep =
                    Set.of(
                            manifest(folder, record),
                            module(folder, record),
                            folder.resolve(RECORD));
            try (Stream<Path> files = Files.list(folder)) {
                for (Path old : files.filter(file -> !keep.contains(file)).toList()) {
                    Files.deleteIfExists(old);
                }
            }
        } catch (IOException broke) {
            throw unusable(folder, broke);
        }
    }

    void writeRecord(String name, Kept record) {
        StringBuilder text = new StringBuilder(FIRST_LINE + "\n");
        text.append("manifest ").append(record.manifest()).append('\n');
        text.append("module ").append(record.module()).append('\n');
        text.append("at ").append(record.atMillis()).append('\n');
        for (Capability capability : record.granted()) {
            text.append("grant ").append(capability.text()).append('\n');
        }
        text.append(LAST_LINE).append('\n');
        Path file = root.resolve(name).resolve(RECORD);
        try {
            write(file, text.toString().getBytes(StandardCharsets.UTF_8));
        } catch (IOException broke) {
            throw unusable(file, broke);
        }
    }

    void remove(String name) {
        Path folder = root.resolve(name);
        try {
            Files.deleteIfExists(folder.resolve(RECORD)); // from here on it is not installed
            Files.walkFileTree(
                    folder,
                    new SimpleFileVisitor<>() {
                        @Override
                        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                                throws IOException {
                            Files.delete(file);
                            return FileVisitResult.CONTINUE;
                        }

                        @Override
                        public FileVisitResult postVisitDirectory(
                                Path visited, @Nullable IOException broke) throws IOException {
                            if (broke != null) {
                                throw broke;
                            }
                            Files.delete(visited);
                            return FileVisitResult.CONTINUE;
                        }
                    });
        } catch (IOException broke) {
            throw unusable(folder, broke);
        }
    }

    private static byte[] read(Path file, int max) throws IOException {
        try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
            byte[] bytes = in.readNBytes(max + 1);
            if (bytes.length > max) {
                throw new IOException("\"" + file + "\" is larger than " + max + " bytes");
            }
            return bytes;
        }
    }

    /// On the device under its name, or not at all.
    private static void write(Path file, byte[] bytes) throws IOException {
        Path fresh = file.resolveSibling(file.getFileName() + ".new");
        Files.deleteIfExists(fresh);
        try (FileChannel channel =
                FileChannel.open(
                        fresh,
                        Set.of(StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW),
                        PosixFilePermissions.asFileAttribute(
                                PosixFilePermissions.fromString("rw-------")))) {
            ByteBuffer left = ByteBuffer.wrap(bytes);
            while (left.hasRemaining()) {
                channel.write(left);
            }
            channel.force(true);
        }
        Files.move(
                fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    static SovereignException changed(String name, String how) {
        return new SovereignException(
                SkillError.CHANGED,
                "skill \"" + name + "\" is not what was installed: " + how,
                "remove it and install it again from its publisher");
    }

    private static SovereignException unusable(Path place, IOException broke) {
        return new SovereignException(
                SkillError.FILES,
                "cannot use \"" + place + "\": " + broke.getMessage(),
                null,
                broke);
    }
}
