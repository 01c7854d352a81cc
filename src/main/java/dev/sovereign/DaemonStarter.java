package dev.sovereign;

import dev.sovereign.cli.connect.Starter;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.node.config.Key;
import dev.sovereign.protocol.Home;

import org.jspecify.annotations.Nullable;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// Starts `daemon run` in a process and session of its own: through the launcher that started us,
/// or, without one (tests, an IDE), with our own JVM and class path.
final class DaemonStarter implements Starter {

    /// Set for the daemon: it was started by a client, and announces itself on standard output.
    static final String SPAWNED = "SOVEREIGN_SPAWNED";

    /// What is shown of a home when nothing else is set.
    private final @Nullable String root;

    /// @param root `--home` or `SOVEREIGN_HOME`, which the daemon is to have as well; null is XDG
    DaemonStarter(@Nullable String root) {
        this.root = root;
    }

    @Override
    public Process start(Home home) throws IOException {
        List<String> command = new ArrayList<>();
        ProcessBuilder builder = new ProcessBuilder(command);
        Map<String, String> environment = builder.environment();
        String launcher = System.getProperty("sovereign.launcher");
        String manifest = System.getProperty("sovereign.manifest");
        String options = jvmOptions(home);
        if (launcher != null && manifest != null) {
            command.add(launcher);
            environment.put("SOVEREIGN_MANIFEST", manifest);
            environment.put("SOVEREIGN_DETACH", "1");
            environment.put("SOVEREIGN_JAVA_HOME", System.getProperty("java.home"));
            String own = environment.get("SOVEREIGN_JAVA_OPTS");
            // what the user sets comes last, and so holds
            environment.put("SOVEREIGN_JAVA_OPTS", own == null ? options : options + " " + own);
        } else {
            String setsid = setsid();
            if (setsid != null) {
                command.add(setsid);
            }
            command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
            command.addAll(List.of("-XX:+UseSerialGC", "-XX:-UsePerfData", "-Xshare:auto"));
            command.addAll(List.of(options.split(" ")));
            command.addAll(List.of("-cp", absolute(System.getProperty("java.class.path"))));
            for (String name : new String[] {"sovereign.build", "sovereign.version"}) {
                String value = System.getProperty(name);
                if (value != null) {
                    command.add("-D" + name + "=" + value);
                }
            }
            command.add("dev.sovereign.Main");
        }
        command.addAll(List.of("daemon", "run"));
        environment.put(SPAWNED, "1");
        if (root != null && !root.isEmpty()) {
            environment.put("SOVEREIGN_HOME", Path.of(root).toAbsolutePath().toString());
        }
        Path logs = home.state().resolve("log");
        Files.createDirectories(logs);
        builder.directory(home.data().toFile());
        builder.redirectInput(new File(File.separatorChar == '/' ? "/dev/null" : "NUL"));
        // what the JVM itself has to say: each start begins it anew
        builder.redirectError(logs.resolve("daemon.out").toFile());
        return builder.start();
    }

    static String jvmOptions(Home home) {
        Long heap = Configuration.load(home.configFile()).number(Key.DAEMON_HEAP);
        long megabytes = heap == null ? 512 : Math.max(32, heap >> 20);
        // small at first, and small again after work: Daemon collects when it pauses
        return "-Xms8m -XX:MinHeapFreeRatio=10 -XX:MaxHeapFreeRatio=25 -Xmx"
                + megabytes
                + "m -Xss512k -XX:+DisplayVMOutputToStderr";
    }

    private static @Nullable String setsid() {
        for (String folder : new String[] {"/usr/bin", "/bin", "/usr/local/bin"}) {
            Path file = Path.of(folder, "setsid");
            if (Files.isExecutable(file)) {
                return file.toString();
            }
        }
        return null;
    }

    /// The daemon runs in another folder.
    private static String absolute(String classPath) {
        List<String> entries = new ArrayList<>();
        for (String entry : classPath.split(File.pathSeparator)) {
            entries.add(Path.of(entry).toAbsolutePath().toString());
        }
        return String.join(File.pathSeparator, entries);
    }
}
