package dev.sovereign;

import dev.sovereign.cli.Callers;
import dev.sovereign.cli.connect.SocketCaller;
import dev.sovereign.cli.connect.Starter;
import dev.sovereign.protocol.Home;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.json.JsonFactory;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// A daemon process with a [DoubleKnowledge], and callers that start it.
final class TestDaemon {
    private TestDaemon() {}

    /// `TestDaemon HOME`.
    public static void main(String[] args) throws InterruptedException {
        Home home = Home.of(args[0], Map.of());
        System.exit(new DaemonProcess(home, DoubleKnowledge::open).runSpawned());
    }

    static Home home(Path root) {
        return Home.of(root.toString(), Map.of());
    }

    static Starter starter(Path root, String... options) {
        return home -> start(root, home, options);
    }

    private static Process start(Path root, Home home, String... options) throws IOException {
        Path out = Files.createDirectories(home.state().resolve("log")).resolve("daemon.out");
        return new ProcessBuilder(java(TestDaemon.class, List.of(options), root.toString()))
                .redirectInput(new File("/dev/null"))
                .redirectError(out.toFile())
                .start();
    }

    static List<String> java(Class<?> main, List<String> options, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        command.addAll(
                List.of(
                        "-XX:+UseSerialGC",
                        "-XX:TieredStopAtLevel=1",
                        "-XX:-UsePerfData",
                        "-Xmx64m"));
        command.addAll(options);
        command.addAll(List.of("-cp", classPath(), main.getName()));
        command.addAll(List.of(arguments));
        return command;
    }

    /// Where our classes come from; the property `java.class.path` is the test runner's own.
    private static String classPath() {
        List<String> entries = new ArrayList<>();
        for (Class<?> type :
                List.of(TestDaemon.class, Main.class, JsonFactory.class, Nullable.class)) {
            try {
                entries.add(
                        Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI())
                                .toString());
            } catch (java.net.URISyntaxException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
        return String.join(File.pathSeparator, entries);
    }

    static SocketCaller caller(Path root, String... options) {
        return caller(root, Callers.Reach.DEFAULT, new ArrayList<>(), options);
    }

    static SocketCaller caller(
            Path root, Callers.Reach reach, List<String> words, String... options) {
        return new SocketCaller(home(root), reach, words::add, starter(root, options));
    }

    /// The pid in the lock file; null when there is none.
    static @Nullable Long pid(Path root) {
        try {
            List<String> lines = Files.readAllLines(home(root).lockFile());
            return lines.isEmpty() ? null : Long.valueOf(lines.getFirst());
        } catch (IOException none) {
            return null;
        }
    }
}
