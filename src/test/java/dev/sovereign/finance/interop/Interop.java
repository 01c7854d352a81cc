package dev.sovereign.finance.interop;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.channels.FileLock;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// Makes the foreign programs that tests talk to, once for each version that is pinned under
/// `src/test/interop`, into `target/interop`. What is missing on this machine skips a test, and
/// fails it under `CI=true`.
public final class Interop {
    private Interop() {}

    private static final Path SOURCES = Path.of("src/test/interop").toAbsolutePath();
    private static final Path MADE = Path.of("target/interop").toAbsolutePath();
    private static final long MAKE_MINUTES = 10;

    /// btcd, from the Go modules that `go.sum` pins.
    static Path btcd() throws IOException, InterruptedException {
        Path folder = SOURCES.resolve("btcd");
        Path program = MADE.resolve("btcd/btcd");
        make(
                "btcd",
                program,
                folder.resolve("go.sum"),
                "go",
                List.of(
                        List.of(
                                "go",
                                "build",
                                "-C",
                                folder.toString(),
                                "-p",
                                "1",
                                "-o",
                                program.toString(),
                                "github.com/btcsuite/btcd")));
        return program;
    }

    /// A Python with ElectrumX in it, as `requirements.txt` pins it.
    static Path electrumx() throws IOException, InterruptedException {
        Path requirements = SOURCES.resolve("electrumx/requirements.txt");
        Path home = MADE.resolve("electrumx");
        Path python = home.resolve("bin/python");
        make(
                "electrumx",
                python,
                requirements,
                "python3",
                List.of(
                        List.of("python3", "-m", "venv", "--clear", home.toString()),
                        List.of(
                                home.resolve("bin/pip").toString(),
                                "install",
                                "-q",
                                "-r",
                                requirements.toString())));
        return python;
    }

    static Path source(String name) {
        return SOURCES.resolve(name);
    }

    /// A port that nobody listens on now.
    static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    /// @param pin the file whose content decides whether it has to be made anew
    private static void make(
            String name, Path made, Path pin, String tool, List<List<String>> commands)
            throws IOException, InterruptedException {
        Path stamp = MADE.resolve(name + ".stamp");
        Files.createDirectories(MADE);
        try (RandomAccessFile file = new RandomAccessFile(stamp.toFile(), "rw");
                FileLock _ = file.getChannel().lock()) {
            byte[] held = new byte[(int) file.length()];
            file.readFully(held);
            String wanted = Files.readString(pin);
            if (new String(held, StandardCharsets.UTF_8).equals(wanted) && Files.exists(made)) {
                return;
            }
            require(has(tool), tool + " is not on the path");
            for (List<String> command : commands) {
                run(command);
            }
            file.setLength(0);
            file.write(wanted.getBytes(StandardCharsets.UTF_8));
        }
    }

    private static void require(boolean there, String what) {
        if ("true".equals(System.getenv("CI"))) {
            assertEquals(true, there, what + ", and CI skips nothing");
        }
        assumeTrue(there, what);
    }

    private static boolean has(String tool) {
        for (String folder : System.getenv("PATH").split(java.io.File.pathSeparator, -1)) {
            if (Files.isExecutable(Path.of(folder, tool))) {
                return true;
            }
        }
        return false;
    }

    private static void run(List<String> command) throws IOException, InterruptedException {
        List<String> nice = new ArrayList<>(List.of("nice", "-n", "10"));
        nice.addAll(command);
        Path log = MADE.resolve("make.log");
        Process process =
                new ProcessBuilder(nice)
                        .redirectErrorStream(true)
                        .redirectOutput(log.toFile())
                        .start();
        boolean ended = process.waitFor(MAKE_MINUTES, TimeUnit.MINUTES);
        process.destroyForcibly();
        require(
                ended && process.exitValue() == 0,
                String.join(" ", command) + " failed: " + Files.readString(log));
    }
}
