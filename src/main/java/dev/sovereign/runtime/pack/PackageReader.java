package dev.sovereign.runtime.pack;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;

/// Reads packages into memory, never into files: no entry of a zip can lead anywhere.
public final class PackageReader {

    public static final String MANIFEST = "skill.toml";

    /// Bytes of a module (specs/skills.md, section 4).
    public static final int MAX_MODULE_BYTES = 8 << 20;

    /// Bytes of a zip as it comes: a module that does not compress, its manifest, and a few texts.
    public static final int MAX_ZIP_BYTES = 10 << 20;

    /// Files of a zip, read or not.
    static final int MAX_ENTRIES = 64;

    /// Bytes that a zip may unpack to, whatever its entries say about their size.
    static final int MAX_UNPACKED_BYTES = 16 << 20;

    private PackageReader() {}

    /// Gives the files of a folder by name.
    @FunctionalInterface
    public interface Folder {
        /// @param name a file name without folders
        /// @throws SovereignException when it cannot be read
        InputStream open(String name) throws IOException, InterruptedException;
    }

    /// A folder, wherever it is: the manifest is read first, then the one module that it names.
    public static SkillPackage folder(Folder folder) throws IOException, InterruptedException {
        byte[] manifestBytes;
        try (InputStream in = folder.open(MANIFEST)) {
            manifestBytes = bounded(in, ManifestReader.MAX_BYTES, MANIFEST);
        }
        Manifest manifest = ManifestReader.read(manifestBytes);
        try (InputStream in = folder.open(manifest.wasm())) {
            return new SkillPackage(
                    manifest, manifestBytes, bounded(in, MAX_MODULE_BYTES, manifest.wasm()));
        }
    }

    /// A zip: the manifest and the module stand at its top, or in its one folder.
    ///
    /// @throws SovereignException `skill.package` and what [ManifestReader] and [SkillPackage]
    ///   throw
    public static SkillPackage zip(InputStream in) throws IOException {
        byte[] bytes = bounded(in, MAX_ZIP_BYTES, "the zip");
        String found = null;
        byte[] manifestBytes = new byte[0];
        Walk walk = new Walk(bytes);
        for (String name = walk.next(); name != null; name = walk.next()) {
            boolean isManifest =
                    name.equals(MANIFEST)
                            || (name.endsWith("/" + MANIFEST)
                                    && name.indexOf('/') == name.lastIndexOf('/'));
            if (isManifest) {
                if (found != null) {
                    throw wrong(
                            "the zip holds \"" + found + "\" and \"" + name + "\"",
                            "one skill a package");
                }
                found = name;
                manifestBytes = walk.read(ManifestReader.MAX_BYTES);
            }
        }
        if (found == null) {
            throw wrong(
                    "the zip holds no " + MANIFEST,
                    "it stands at the top of the zip, or in its one folder");
        }
        Manifest manifest = ManifestReader.read(manifestBytes);
        String wasm = found.substring(0, found.length() - MANIFEST.length()) + manifest.wasm();
        walk = new Walk(bytes);
        for (String name = walk.next(); name != null; name = walk.next()) {
            if (name.equals(wasm)) {
                return new SkillPackage(manifest, manifestBytes, walk.read(MAX_MODULE_BYTES));
            }
        }
        throw wrong("the zip holds no \"" + wasm + "\"", "skill.toml names it as its wasm");
    }

    /// One pass over the entries of a zip. What is unpacked is counted, not believed.
    private static final class Walk {
        private final ZipInputStream zip;
        private final Set<String> names = new HashSet<>();
        private final byte[] scratch = new byte[8192];
        private String current = "";
        private long unpacked;

        Walk(byte[] bytes) {
            zip = new ZipInputStream(new ByteArrayInputStream(bytes), StandardCharsets.UTF_8);
        }

        /// The next file's name; null at the end.
        @Nullable String next() {
            try {
                if (!names.isEmpty()) {
                    skip();
                }
                ZipEntry entry = zip.getNextEntry();
                while (entry != null && entry.isDirectory()) {
                    remember(entry.getName());
                    skip();
                    entry = zip.getNextEntry();
                }
                if (entry == null) {
                    return null;
                }
                remember(entry.getName());
                current = entry.getName();
                return current;
            } catch (IOException | IllegalArgumentException malformed) {
                throw malformed(malformed);
            }
        }

        byte[] read(int max) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            try {
                for (int count = zip.read(scratch); count >= 0; count = zip.read(scratch)) {
                    count(count);
                    if (out.size() + count > max) {
                        throw wrong(
                                "\"" + shown(current) + "\" is larger than " + (max >> 10) + " KiB",
                                null);
                    }
                    out.write(scratch, 0, count);
                }
            } catch (IOException malformed) {
                throw malformed(malformed);
            }
            return out.toByteArray();
        }

        private void skip() throws IOException {
            for (int count = zip.read(scratch); count >= 0; count = zip.read(scratch)) {
                count(count);
            }
        }

        private void count(int count) {
            unpacked += count;
            if (unpacked > MAX_UNPACKED_BYTES) {
                throw wrong(
                        "the zip unpacks to more than " + (MAX_UNPACKED_BYTES >> 20) + " MiB",
                        null);
            }
        }

        private void remember(String name) {
            boolean clean =
                    !name.startsWith("/") && name.indexOf('\\') < 0 && name.indexOf(':') < 0;
            for (String part : name.split("/", -1)) {
                clean &= !part.equals("..") && !part.equals(".");
            }
            if (!clean || name.length() > 512 || name.chars().anyMatch(Character::isISOControl)) {
                throw wrong(
                        "the zip has an entry named \"" + shown(name) + "\"",
                        "names are relative, with / and without ..");
            }
            if (!names.add(name)) {
                throw wrong("the zip holds \"" + shown(name) + "\" twice", null);
            }
            if (names.size() > MAX_ENTRIES) {
                throw wrong("the zip has more than " + MAX_ENTRIES + " entries", null);
            }
        }

        private static SovereignException malformed(Exception why) {
            return new SovereignException(
                    PackError.PACKAGE, "the zip cannot be read: " + why.getMessage(), null, why);
        }
    }

    private static byte[] bounded(InputStream in, int max, String what) throws IOException {
        byte[] bytes = in.readNBytes(max + 1);
        if (bytes.length > max) {
            throw wrong("\"" + what + "\" is larger than " + (max >> 10) + " KiB", null);
        }
        return bytes;
    }

    private static String shown(String text) {
        StringBuilder shown = new StringBuilder();
        text.codePoints()
                .limit(120)
                .forEach(c -> shown.appendCodePoint(Character.isISOControl(c) ? '?' : c));
        return shown.toString();
    }

    private static SovereignException wrong(String message, @Nullable String hint) {
        return new SovereignException(PackError.PACKAGE, message, hint);
    }
}
