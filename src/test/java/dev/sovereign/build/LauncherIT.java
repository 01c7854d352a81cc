package dev.sovereign.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sovereign.Installation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;

/// The launcher as people meet it: in an installed tree, through links, with no JDK, and in a fresh
/// clone.
class LauncherIT {

    private static final Path TOP = Path.of("").toAbsolutePath();

    private record Ran(int status, String out, String err) {}

    @TempDir Path temp;

    private Ran run(Path directory, Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(directory.toFile());
        builder.environment().put("SOVEREIGN_HOME", temp.resolve("home").toString());
        builder.environment().putAll(environment);
        Process process = builder.start();
        process.getOutputStream().close();
        CompletableFuture<String> err =
                CompletableFuture.supplyAsync(() -> text(process.getErrorStream()));
        String out = text(process.getInputStream());
        return new Ran(process.waitFor(), out, err.join());
    }

    private static String text(InputStream in) {
        try (in) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            return "unreadable: " + e;
        }
    }

    private static final Map<String, String> NO_CACHES = Map.of("SOVEREIGN_AOT", "off");

    @Test
    void runsInstalledFromAnyFolder() throws Exception {
        Ran direct = run(temp, NO_CACHES, Installation.LAUNCHER.toString(), "version");
        assertEquals(0, direct.status(), direct.err());
        assertEquals("", direct.err());

        Ran relative = run(Installation.BIN, NO_CACHES, "./sovereign", "version");
        assertEquals(direct, relative);
        Ran bySh = run(Installation.BIN, NO_CACHES, "sh", "sovereign", "version");
        assertEquals(direct, bySh);
    }

    @Test
    void runsThroughLinksOfLinksAndPathsWithSpaces() throws Exception {
        Path spaced = temp.resolve("a b's folder");
        copyTree(Installation.ROOT, spaced);
        Path bin = Files.createDirectories(temp.resolve("links"));
        Files.createSymbolicLink(bin.resolve("one"), spaced.resolve("bin/sovereign"));
        Files.createSymbolicLink(bin.resolve("sovereign"), Path.of("one"));

        Ran direct = run(temp, NO_CACHES, Installation.LAUNCHER.toString(), "version");
        Ran linked = run(temp, NO_CACHES, bin.resolve("sovereign").toString(), "version");
        assertEquals(direct, linked);
        String path = bin + ":" + System.getenv("PATH");
        Ran byName =
                run(
                        temp,
                        Map.of("SOVEREIGN_AOT", "off", "PATH", path),
                        "sh",
                        "-c",
                        "sovereign version");
        assertEquals(direct, byName);
    }

    @Test
    void withoutAJdkSaysInOneLineWhatToInstall() throws Exception {
        Path tools = Files.createDirectories(temp.resolve("bin"));
        Path old = Files.createDirectories(temp.resolve("jdk-17"));
        Files.createDirectories(old.resolve("bin"));
        Files.writeString(old.resolve("release"), "JAVA_VERSION=\"17.0.15\"\n");
        Files.createSymbolicLink(old.resolve("bin/java"), Path.of("/bin/true"));
        Files.createSymbolicLink(tools.resolve("java"), old.resolve("bin/java"));
        Map<String, String> bare =
                Map.of(
                        "PATH", tools + ":/bin",
                        "JAVA_HOME", old.toString(),
                        "SOVEREIGN_JDK_PLACES", old.toString());
        Ran ran = run(temp, bare, Installation.LAUNCHER.toString(), "version");
        assertEquals(3, ran.status());
        assertEquals("", ran.out());
        assertEquals(1, ran.err().lines().count(), ran.err());
        assertTrue(ran.err().startsWith("sovereign: error: Java 25 or newer"), ran.err());
        assertTrue(ran.err().endsWith("[launcher.no-jdk]\n"), ran.err());

        Ran wrong =
                run(
                        temp,
                        Map.of("SOVEREIGN_JAVA_HOME", old.toString()),
                        Installation.LAUNCHER.toString(),
                        "version");
        assertEquals(3, wrong.status());
        assertTrue(wrong.err().contains(old.toString()), wrong.err());
    }

    @Test
    void aBrokenInstallationSaysSo() throws Exception {
        Path alone = Files.createDirectories(temp.resolve("x/bin")).resolve("sovereign");
        Files.copy(Installation.LAUNCHER, alone);
        Ran ran = run(temp, NO_CACHES, "sh", alone.toString(), "version");
        assertEquals(3, ran.status());
        assertTrue(ran.err().endsWith("[launcher.no-place]\n"), ran.err());
    }

    @Test
    void aFreshCloneIsBuiltOnceAndAgainWhenASourceChanges() throws Exception {
        Path clone = temp.resolve("clone");
        copyClone(clone);
        String launcher = clone.resolve("sovereign").toString();

        List<CompletableFuture<Ran>> starts = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
            starts.add(
                    CompletableFuture.supplyAsync(() -> {
                        try {
                            return run(temp, Map.of(), launcher, "version");
                        } catch (IOException e) {
                            throw new IllegalStateException(e);
                        } catch (InterruptedException e) {
                            Thread.currentThread().interrupt();
                            throw new IllegalStateException(e);
                        }
                    }));
        }
        int builders = 0;
        for (CompletableFuture<Ran> start : starts) {
            Ran ran = start.join();
            assertEquals(0, ran.status(), ran.err());
            assertTrue(!ran.out().isEmpty());
            builders += ran.err().contains("building (first start") ? 1 : 0;
        }
        assertEquals(1, builders);
        Ran again = run(temp, Map.of(), launcher, "version");
        assertEquals("", again.err());

        // A class that changes under a cache made for the old one: JDK 25 would run the old one.
        Path main = clone.resolve("src/main/java/dev/sovereign/Main.java");
        String text = Files.readString(main);
        String head = "public static void main(String[] args) throws InterruptedException {";
        assertTrue(text.contains(head));
        awaitCaches(clone.resolve("target/aot"));
        Files.writeString(main, text.replace(head, head + " System.err.println(\"changed\");"));
        Ran changed = run(temp, Map.of(), launcher, "version");
        assertEquals(0, changed.status(), changed.err());
        assertTrue(changed.err().contains("building (sources have changed)"), changed.err());
        assertTrue(changed.err().endsWith("changed\n"), changed.err());
        assertEquals("changed\n", run(temp, NO_CACHES, launcher, "version").err());

        Files.writeString(main, text.replace(head, head + " nonsense"));
        Ran broken = run(temp, NO_CACHES, launcher, "version");
        assertEquals(3, broken.status(), broken.err());
        assertEquals("", broken.out());
        assertTrue(broken.err().contains("Main.java"), broken.err());
        assertTrue(broken.err().endsWith("[launcher.no-build]\n"), broken.err());
    }

    /// Waits until the background has made the caches or given up; they are used only when there.
    private static void awaitCaches(Path folder) throws IOException, InterruptedException {
        for (int i = 0; i < 600; i++) {
            try (Stream<Path> files = Files.list(folder)) {
                List<String> names = files.map(file -> file.getFileName().toString()).toList();
                if (names.stream().anyMatch(name -> name.startsWith("node-"))) {
                    return;
                }
            }
            new java.util.concurrent.CountDownLatch(1)
                    .await(100, java.util.concurrent.TimeUnit.MILLISECONDS);
        }
        throw new IllegalStateException("no caches after 60 s in " + folder);
    }

    /// What is committed, without what was built here.
    private static void copyClone(Path clone) throws IOException {
        Files.createDirectories(clone);
        for (String name :
                List.of(
                        "pom.xml",
                        "sovereign",
                        "sovereign.cmd",
                        "sovereign.ps1",
                        "mvnw",
                        "LICENSE",
                        "README.md",
                        "CHANGELOG.md")) {
            Files.copy(
                    TOP.resolve(name),
                    clone.resolve(name),
                    java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
        }
        copyTree(TOP.resolve("src/main"), clone.resolve("src/main"));
        copyTree(TOP.resolve("src/build"), clone.resolve("src/build"));
    }

    private static void copyTree(Path from, Path to) throws IOException {
        try (Stream<Path> walk = Files.walk(from)) {
            for (Path file : walk.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                if (Files.isDirectory(file)) {
                    Files.createDirectories(target);
                } else {
                    Files.copy(file, target, java.nio.file.StandardCopyOption.COPY_ATTRIBUTES);
                }
            }
        }
    }
}
