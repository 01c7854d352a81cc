import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchService;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/// Has the installed tree make its start-up caches before the process tests use it: a first
/// command, and then waiting for what the launcher does in the background. Run by Maven as a single
/// source file: `java Caches.java DIST FOLDER`. Where they cannot be made the tests run without.
public final class Caches {

    /// The launcher itself gives up earlier.
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Caches() {}

    public static void main(String[] args) throws IOException, InterruptedException {
        Path folder = Path.of(args[1]).toAbsolutePath();
        Path made = Files.createDirectories(folder.resolve("sovereign"));
        try (WatchService watch = FileSystems.getDefault().newWatchService()) {
            made.register(
                    watch,
                    StandardWatchEventKinds.ENTRY_CREATE,
                    StandardWatchEventKinds.ENTRY_DELETE,
                    StandardWatchEventKinds.ENTRY_MODIFY);
            ProcessBuilder first =
                    new ProcessBuilder(Path.of(args[0], "bin", "sovereign").toString(), "version");
            first.environment().put("XDG_CACHE_HOME", folder.toString());
            first.environment().remove("SOVEREIGN_AOT");
            int status =
                    first.redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start()
                            .waitFor();
            if (status != 0) {
                throw new IOException("sovereign version: status " + status);
            }
            Instant end = Instant.now().plus(PATIENCE);
            while (isMaking(made)) {
                var key = watch.poll(1, TimeUnit.SECONDS);
                if (key != null) {
                    key.pollEvents();
                    key.reset();
                }
                if (Instant.now().isAfter(end)) {
                    System.err.println("no start-up caches in time; the tests run without");
                    return;
                }
            }
        }
    }

    /// A file `making-…` is there until all are made; one that failed says so in it.
    private static boolean isMaking(Path folder) throws IOException {
        List<Path> files;
        try (Stream<Path> list = Files.list(folder)) {
            files =
                    list.filter(file -> file.getFileName().toString().startsWith("making-"))
                            .toList();
        }
        for (Path file : files) {
            try {
                if (!Files.readString(file).startsWith("failed")) {
                    return true;
                }
                System.err.println("the start-up caches could not be made; the tests run without");
            } catch (java.nio.file.NoSuchFileException over) {
                return isMaking(folder);
            }
        }
        return false;
    }
}
