import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

import javax.tools.ToolProvider;

/// Lays out the installed tree: one client jar named by its content, the jars that only some
/// commands need, the launcher and its manifest. Run by Maven as a single source file: `java
/// Dist.java DIST CLASSES WORK CLASSPATH VERSION START`.
///
/// - The client jar holds our classes, picocli and jackson-core: each further jar on the class path
///   costs an open at start-up. picocli is compiled again from its sources: its class files are of
///   version 49 (Java 5), which no AOT cache takes.
/// - `lib/BUILD.env` is what the launcher reads, `lib/current.env` its copy; BUILD is the hash of
///   every jar's content. JDK 25 runs cached old classes without a word when a jar changed under an
///   AOT cache, so jars and caches are named by this hash. The time of `current.env` is that of the
///   start of the build: a source that is newer is not in it.
public final class Dist {

    /// Jars of a build that may still be starting while it is replaced are kept this long.
    private static final Duration KEEP = Duration.ofMinutes(10);

    /// Any fixed time: the same classes give the same bytes. Zip has local times from 1980 on.
    private static final long JAR_TIME = Instant.parse("2026-01-01T00:00:00Z").toEpochMilli();

    /// Libraries that only some commands need, by the group that the launcher puts on their class
    /// path as a whole: names of jars up to the version. A jar that is in none fails the build.
    private static final Map<String, List<String>> GROUPS =
            new TreeMap<>(
                    Map.of(
                            "repl",
                            List.of("jline"),
                            "store",
                            List.of("h2"),
                            "finance",
                            List.of(
                                    "bitcoinj-core",
                                    "bcprov-jdk15to18",
                                    "guava",
                                    "failureaccess",
                                    "protobuf-javalite",
                                    "slf4j-api",
                                    "slf4j-nop",
                                    "core"),
                            "skill",
                            List.of(
                                    "jackson-dataformat-toml",
                                    "jackson-databind",
                                    "jackson-annotations"),
                            "sqlite",
                            List.of("sqlite-jdbc"),
                            "machine", // its logging is in the finance group
                            List.of("oshi-core", "oshi-common", "jna", "jna-platform")));

    private Dist() {}

    public static void main(String[] args) throws Exception {
        Path dist = Path.of(args[0]);
        Path classes = Path.of(args[1]);
        Path work = Path.of(args[2]);
        List<Path> classPath =
                Stream.of(args[3].split(java.io.File.pathSeparator)).map(Path::of).toList();
        String version = args[4];
        Instant start = Instant.parse(args[5]);

        Map<String, byte[]> entries = new TreeMap<>();
        List<Path> libraries = new ArrayList<>();
        addTree(entries, classes);
        for (Path jar : classPath) {
            String name = jar.getFileName().toString();
            if (name.startsWith("picocli-")) {
                addTree(entries, picocli(jar, work.resolve("picocli")));
                addNotices(entries, jar);
            } else if (name.startsWith("jackson-core-")) {
                addJar(entries, jar);
                addNotices(entries, jar);
            } else if (name.endsWith(".jar") && !name.startsWith("jspecify-")) {
                libraries.add(jar);
            }
        }
        byte[] client = jar(entries);

        MessageDigest all = MessageDigest.getInstance("SHA-256");
        all.update(client);
        for (Path jar : libraries) {
            all.update(jar.getFileName().toString().getBytes(UTF_8));
            all.update(Files.readAllBytes(jar));
        }
        String build = HexFormat.of().formatHex(all.digest(), 0, 8);

        layOut(dist, build, version, client, libraries);
        sweep(dist.resolve("lib"), build);
        Files.setLastModifiedTime(dist.resolve("lib/current.env"), FileTime.from(start));
        Path clean = work.resolve("stage");
        removeTree(clean);
        layOut(clean, build, version, client, libraries);
    }

    private static void layOut(
            Path root, String build, String version, byte[] client, List<Path> libraries)
            throws IOException {
        Path lib = root.resolve("lib");
        writeJar(lib.resolve("sovereign-" + build + ".jar"), client);
        StringBuilder manifest =
                new StringBuilder("# made by src/build/Dist.java; read by the launcher\n");
        manifest.append("build=").append(build).append('\n');
        manifest.append("version=").append(version).append('\n');
        manifest.append("client_jar=sovereign-").append(build).append(".jar\n");
        List<Path> left = new ArrayList<>(libraries);
        for (Map.Entry<String, List<String>> group : GROUPS.entrySet()) {
            // the launcher has set lib: a class path to append
            manifest.append(group.getKey()).append("_cp=\"");
            for (String name : group.getValue()) {
                Path jar = take(left, name);
                writeJar(lib.resolve(jar.getFileName()), Files.readAllBytes(jar));
                manifest.append(":$lib/").append(jar.getFileName());
            }
            manifest.append("\"\n");
        }
        if (!left.isEmpty()) {
            throw new IOException("in no group of Dist.java: " + left);
        }
        byte[] text = manifest.toString().getBytes(UTF_8);
        for (String name : List.of("sovereign", "sovereign.cmd", "sovereign.ps1")) {
            write(root.resolve("bin").resolve(name), Files.readAllBytes(Path.of(name)), true);
        }
        copyTree(Path.of("man"), root.resolve("share/man/man1"));
        copyTree(Path.of("completions"), root.resolve("share/completions"));
        for (String name : List.of("LICENSE", "README.md", "CHANGELOG.md", "swarm.key.example")) {
            Path from = Path.of(name);
            if (Files.exists(from)) {
                Path to = root.resolve("share/doc/sovereign").resolve(name);
                write(to, Files.readAllBytes(from), false);
            }
        }
        write(lib.resolve(build + ".env"), text, false);
        write(lib.resolve("current.env"), text, false); // last: from here on it is this build
    }

    private static Path take(List<Path> jars, String name) throws IOException {
        for (Path jar : jars) {
            if (jar.getFileName().toString().matches(Pattern.quote(name) + "-[0-9].*")) {
                jars.remove(jar);
                return jar;
            }
        }
        throw new IOException("not among the dependencies: " + name);
    }

    /// The JVM compares size and time of a jar with those in an AOT cache: the same jar keeps the
    /// same time.
    private static void writeJar(Path file, byte[] content) throws IOException {
        if (!Files.exists(file) || !Arrays.equals(Files.readAllBytes(file), content)) {
            write(file, content, false);
            Files.setLastModifiedTime(file, FileTime.fromMillis(JAR_TIME));
        }
    }

    /// Compiles picocli from the sources jar beside its jar, once for each version.
    private static Path picocli(Path jar, Path work) throws IOException {
        Path out = work.resolve(jar.getFileName().toString().replace(".jar", ""));
        if (Files.exists(out.resolve("done"))) {
            return out.resolve("classes");
        }
        Path sources =
                jar.resolveSibling(jar.getFileName().toString().replace(".jar", "-sources.jar"));
        Path from = Files.createDirectories(out.resolve("sources"));
        Path to = Files.createDirectories(out.resolve("classes"));
        List<String> arguments =
                new ArrayList<>(
                        List.of(
                                "-nowarn",
                                "-proc:none",
                                "--release",
                                "25",
                                "-g:none",
                                "-XDstringConcat=inline",
                                "-d",
                                to.toString()));
        try (JarFile in = new JarFile(sources.toFile())) {
            for (String name : List.of("picocli/CommandLine.java", "picocli/AutoComplete.java")) {
                Path file = from.resolve(name);
                Files.createDirectories(file.getParent());
                Files.write(file, in.getInputStream(in.getJarEntry(name)).readAllBytes());
                arguments.add(file.toString());
            }
        }
        ByteArrayOutputStream words = new ByteArrayOutputStream();
        int status =
                ToolProvider.getSystemJavaCompiler()
                        .run(null, words, words, arguments.toArray(String[]::new));
        if (status != 0) {
            throw new IOException("picocli does not compile:\n" + words);
        }
        Files.createFile(out.resolve("done"));
        return to;
    }

    private static void addTree(Map<String, byte[]> entries, Path root) throws IOException {
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                entries.put(
                        root.relativize(file).toString().replace('\\', '/'),
                        Files.readAllBytes(file));
            }
        }
    }

    /// Adds the classes and resources of a jar as JDK 25 sees them: of a multi-release jar, the
    /// newest that it may use.
    private static void addJar(Map<String, byte[]> entries, Path jar) throws IOException {
        try (JarFile in =
                new JarFile(jar.toFile(), false, JarFile.OPEN_READ, Runtime.Version.parse("25"))) {
            for (JarEntry entry : in.versionedStream().toList()) {
                String name = entry.getName();
                if (!entry.isDirectory()
                        && !name.endsWith("module-info.class")
                        && (!name.startsWith("META-INF/")
                                || name.startsWith("META-INF/services/"))) {
                    entries.put(name, in.getInputStream(entry).readAllBytes());
                }
            }
        }
    }

    /// Keeps a merged jar's license and notice under its own name.
    private static void addNotices(Map<String, byte[]> entries, Path jar) throws IOException {
        String owner = jar.getFileName().toString().replace(".jar", "");
        try (JarFile in = new JarFile(jar.toFile())) {
            for (JarEntry entry : in.stream().toList()) {
                String name = entry.getName();
                if (name.matches("META-INF/[^/]*(LICENSE|NOTICE)[^/]*")) {
                    entries.put(
                            "META-INF/licenses/" + owner + "/" + name.substring(9),
                            in.getInputStream(entry).readAllBytes());
                }
            }
        }
    }

    private static byte[] jar(Map<String, byte[]> entries) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (ZipOutputStream out = new ZipOutputStream(bytes)) {
            out.setLevel(Deflater.BEST_COMPRESSION);
            put(
                    out,
                    "META-INF/MANIFEST.MF",
                    "Manifest-Version: 1.0\r\nMain-Class: dev.sovereign.Main\r\n\r\n"
                            .getBytes(UTF_8));
            for (Map.Entry<String, byte[]> entry : entries.entrySet()) {
                if (!entry.getKey().equals("META-INF/MANIFEST.MF")) {
                    put(out, entry.getKey(), entry.getValue());
                }
            }
        }
        return bytes.toByteArray();
    }

    private static void put(ZipOutputStream out, String name, byte[] content) throws IOException {
        ZipEntry entry = new ZipEntry(name);
        entry.setTimeLocal(
                java.time.LocalDateTime.ofEpochSecond(
                        JAR_TIME / 1000, 0, java.time.ZoneOffset.UTC));
        CRC32 crc = new CRC32();
        crc.update(content);
        entry.setCrc(crc.getValue());
        entry.setSize(content.length);
        out.putNextEntry(entry);
        out.write(content);
        out.closeEntry();
    }

    private static void copyTree(Path from, Path to) throws IOException {
        if (!Files.isDirectory(from)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path file : walk.filter(Files::isRegularFile).toList()) {
                write(
                        to.resolve(from.relativize(file).toString()),
                        Files.readAllBytes(file),
                        false);
            }
        }
    }

    /// Writes beside and moves into place, so that whoever starts meanwhile sees the old or the new
    /// file whole.
    private static Path write(Path file, byte[] content, boolean executable) throws IOException {
        Files.createDirectories(file.getParent());
        Path beside = Files.createTempFile(file.getParent(), ".new-", "");
        try (OutputStream out = Files.newOutputStream(beside)) {
            out.write(content);
        }
        if (Files.getFileStore(beside).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(
                    beside,
                    PosixFilePermissions.fromString(executable ? "rwxr-xr-x" : "rw-r--r--"));
        }
        return Files.move(
                beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    }

    /// Removes jars and manifests of former builds.
    private static void sweep(Path lib, String build) throws IOException {
        Instant old = Instant.now().minus(KEEP);
        try (Stream<Path> files = Files.list(lib)) {
            for (Path file : files.toList()) {
                String name = file.getFileName().toString();
                if (name.matches("[0-9a-f]{16}\\.env")
                        && !name.startsWith(build)
                        && Files.getLastModifiedTime(file).toInstant().isBefore(old)) {
                    Files.deleteIfExists(
                            lib.resolve("sovereign-" + name.substring(0, 16) + ".jar"));
                    Files.delete(file);
                }
            }
        }
    }

    private static void removeTree(Path root) throws IOException {
        if (Files.exists(root)) {
            try (Stream<Path> walk = Files.walk(root)) {
                for (Path file : walk.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
