package dev.sovereign.build;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sovereign.Installation;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The installed launcher and daemon under a service manager: systemd's own tools judge the units,
/// a stand-in hands over a socket and listens for readiness.
@Timeout(180)
@EnabledOnOs(OS.LINUX)
class ServiceIT {

    /// Of `systemd-analyze security`, from 0 (nothing can be reached) to 10.
    private static final double MAX_EXPOSURE = 2.0;

    private record Ran(int status, String out, String err) {}

    @TempDir Path temp;

    private Ran run(Map<String, String> environment, String... command)
            throws IOException, InterruptedException {
        ProcessBuilder builder = new ProcessBuilder(command).directory(temp.toFile());
        builder.environment().put("SOVEREIGN_HOME", temp.resolve("home").toString());
        builder.environment().putAll(Installation.environment());
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

    private static String launcher() {
        return Installation.LAUNCHER.toString();
    }

    private static boolean has(String... command) throws InterruptedException {
        try {
            return new ProcessBuilder(command)
                            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                            .redirectError(ProcessBuilder.Redirect.DISCARD)
                            .start()
                            .waitFor()
                    == 0;
        } catch (IOException missing) {
            return false;
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"path", "abstract"})
    void aManagerStartsItByItsSocketAndHearsThatItIsReady(String kind) throws Exception {
        assumeTrue(has("python3", "--version"), "skipped: no python3 on this machine");
        Path home = temp.resolve("home");
        String notify =
                kind.equals("abstract")
                        ? "@sovereign-it-" + ProcessHandle.current().pid()
                        : temp.resolve("notify").toString();
        ProcessBuilder builder =
                new ProcessBuilder(
                        "python3",
                        Path.of("src/test/resources/service/manager.py")
                                .toAbsolutePath()
                                .toString(),
                        home.toString(),
                        launcher(),
                        notify);
        builder.environment().putAll(Installation.environment());
        Process manager = builder.redirectError(temp.resolve("manager.err").toFile()).start();
        try (BufferedReader says = manager.inputReader(StandardCharsets.UTF_8)) {
            assertEquals("listening", says.readLine());
            // nobody has started a daemon: the caller's connection waits for it
            Ran first = run(Map.of(), launcher(), "query", "X = 6 * 7?");
            assertEquals("42\n", first.out(), first.err());
            assertEquals("caller", says.readLine());
            assertEquals("READY=1", says.readLine());
            assertEquals(0, run(Map.of(), launcher(), "status", "--check", "-q").status());
            manager.getOutputStream().close();
            assertEquals("STOPPING=1", says.readLine());
            // 143: ended by SIGTERM; the socket is the manager's
            assertEquals("ended 143 socket kept", says.readLine());
            assertEquals(0, manager.waitFor(), () -> read(temp.resolve("manager.err")));
        } finally {
            manager.destroy();
        }
        Ran gone = run(Map.of("SOVEREIGN_HOME", temp + "/other"), launcher(), "status", "--check");
        assertEquals(3, gone.status());
        assertTrue(gone.err().contains("[daemon.not-running]"), gone.err());
    }

    /// `daemon install` under systemd as process 1, in namespaces with a root of their own.
    @Test
    void aRealSystemdInstallsItStartsItByItsSocketAndAgainAfterAKill() throws Exception {
        String script = Path.of("src/test/resources/service/systemd.sh").toString();
        assumeTrue(has("bash", script, "can"), "skipped: no systemd in namespaces here");
        Path out = Files.createDirectories(temp.resolve("out"));
        Files.copy(Path.of("src/test/resources/service/steps.sh"), out.resolve("steps.sh"));
        Process trial =
                new ProcessBuilder(
                                "bash", script, "run", Installation.ROOT.toString(), out.toString())
                        .redirectErrorStream(true)
                        .redirectOutput(out.resolve("systemd").toFile())
                        .start();
        trial.getOutputStream().close();
        int status = trial.waitFor();
        assertEquals(
                """
                install 0
                installed: enabled enabled active active
                Type=notify
                NRestarts=0
                User=daemon
                {"tx":1,"asserted":1,"retracted":0,"unchanged":0}
                assert 0
                stopped: active inactive, Result=success
                1\t2
                query 0
                started by its socket: active active
                1\t2
                after kill -9 0
                uninstall 0
                left: 0 inactive inactive
                """,
                read(out.resolve("seen")),
                () -> read(out.resolve("said")) + read(out.resolve("systemd")));
        assertEquals(0, status);
    }

    @Test
    void aSocketOfAnotherHomeIsRefused() throws Exception {
        assumeTrue(has("systemd-socket-activate", "--version"), "skipped: no systemd tools here");
        Path wrong = temp.resolve("elsewhere.sock");
        Process manager =
                new ProcessBuilder(
                                "systemd-socket-activate",
                                "-l",
                                wrong.toString(),
                                "-E",
                                "SOVEREIGN_AOT=off",
                                "-E",
                                "SOVEREIGN_HOME=" + temp.resolve("home"),
                                launcher(),
                                "daemon",
                                "run")
                        .redirectErrorStream(true)
                        .start();
        try (BufferedReader says = manager.inputReader(StandardCharsets.UTF_8)) {
            String line = says.readLine();
            while (line != null && !line.contains("Listening")) {
                line = says.readLine();
            }
            try (var channel =
                    java.nio.channels.SocketChannel.open(
                            java.net.UnixDomainSocketAddress.of(wrong))) {
                while (line != null && !line.contains("[daemon.activation]")) {
                    line = says.readLine();
                }
                assertTrue(line != null && line.contains(wrong.toString()), String.valueOf(line));
                assertTrue(channel.isConnected());
            }
        } finally {
            manager.destroy();
        }
        assertEquals(3, manager.waitFor());
    }

    private static String read(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException none) {
            return none.toString();
        }
    }

    /// The files that `daemon install --print --json` would write, by name.
    private Map<String, String> printed(Map<String, String> environment, String... more)
            throws IOException, InterruptedException {
        String[] command = new String[5 + more.length];
        System.arraycopy(
                new String[] {launcher(), "daemon", "install", "--print", "--json"},
                0,
                command,
                0,
                5);
        System.arraycopy(more, 0, command, 5, more.length);
        Ran ran = run(environment, command);
        assertEquals(0, ran.status(), ran.err());
        Map<String, String> files = new LinkedHashMap<>();
        String path = "";
        try (JsonParser parser =
                new JsonFactory().createParser(ObjectReadContext.empty(), ran.out())) {
            for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
                if (token == JsonToken.VALUE_STRING) {
                    if ("path".equals(parser.currentName())) {
                        path = parser.getString();
                    } else {
                        files.put(String.valueOf(Path.of(path).getFileName()), parser.getString());
                    }
                }
            }
        }
        assertEquals(2, files.size(), ran.out());
        return files;
    }

    @Test
    void systemdFindsNoFaultInASystemUnitAndLittleExposed() throws Exception {
        assumeTrue(has("systemd-analyze", "--version"), "skipped: no systemd-analyze here");
        Map<String, String> files =
                printed(Map.of("SOVEREIGN_HOME", ""), "--system", "--as", "daemon");
        String service = analyzed(files, false);
        assertTrue(service.contains("User=daemon"), service);
        assertTrue(service.contains("SOVEREIGN_HOME=/var/lib/sovereign"), service);
    }

    @Test
    void systemdFindsNoFaultInAUserUnit() throws Exception {
        assumeTrue(has("systemd-analyze", "--version"), "skipped: no systemd-analyze here");
        analyzed(printed(Map.of("SOVEREIGN_HOME", temp.resolve("a home 100%").toString())), true);
    }

    /// Whether a user's manager can build a sandbox is found out by asking it; here one that says
    /// yes stands in.
    @Test
    void aUserUnitIsAsHardAsASystemUnitWhereUsersMayMakeNamespaces() throws Exception {
        assumeTrue(has("systemd-analyze", "--version"), "skipped: no systemd-analyze here");
        Path tools = Files.createDirectories(temp.resolve("tools"));
        Path probe = tools.resolve("systemd-run");
        Files.writeString(probe, "#!/bin/sh\nexit 0\n");
        Files.setPosixFilePermissions(probe, PosixFilePermissions.fromString("rwxr-xr-x"));
        Map<String, String> files = printed(Map.of("PATH", tools + ":" + System.getenv("PATH")));
        String service = analyzed(files, true);
        assertTrue(service.contains("PrivateUsers=yes"), service);
        exposure(files, true);
    }

    /// @return the service unit
    private String analyzed(Map<String, String> files, boolean user) throws Exception {
        Path folder = Files.createDirectories(temp.resolve("units"));
        String service = "";
        for (Map.Entry<String, String> file : files.entrySet()) {
            Files.writeString(folder.resolve(file.getKey()), file.getValue());
            if (file.getKey().endsWith(".service")) {
                service = file.getKey();
            }
        }
        Ran verified = analyze(user, "verify", "--man=no", folder.resolve(service).toString());
        assertEquals("", verified.out() + verified.err());
        assertEquals(0, verified.status());
        if (!user) {
            exposure(files, false);
        }
        return java.util.Objects.requireNonNull(files.get(service));
    }

    private void exposure(Map<String, String> files, boolean user) throws Exception {
        String name =
                files.keySet().stream()
                        .filter(one -> one.endsWith(".service"))
                        .findFirst()
                        .orElseThrow();
        Ran judged =
                analyze(
                        user,
                        "security",
                        "--offline=true",
                        "--no-pager",
                        temp.resolve("units").resolve(name).toString());
        Matcher level = Pattern.compile("exposure level for .*: ([0-9.]+) ").matcher(judged.out());
        assertTrue(level.find(), judged.out() + judged.err());
        assertTrue(Double.parseDouble(level.group(1)) <= MAX_EXPOSURE, judged.out());
    }

    private Ran analyze(boolean user, String... arguments) throws Exception {
        List<String> command = new java.util.ArrayList<>(List.of("systemd-analyze"));
        if (user) {
            command.add("--user");
        }
        command.addAll(List.of(arguments));
        Path runtime = Files.createDirectories(temp.resolve("runtime"));
        Map<String, String> environment = new HashMap<>();
        environment.put("XDG_RUNTIME_DIR", runtime.toString());
        environment.put("SYSTEMD_COLORS", "0");
        environment.put("LC_ALL", "C.UTF-8");
        return run(environment, command.toArray(String[]::new));
    }

    @Test
    void withoutAManagerNothingIsLeftBehind() throws Exception {
        // an own manager that refuses: what it says reaches the user, and the files are gone
        Path tools = Files.createDirectories(temp.resolve("refusing"));
        for (String name : List.of("systemctl", "systemd-run")) {
            Path tool = tools.resolve(name);
            Files.writeString(tool, "#!/bin/sh\necho 'Failed to connect to bus'\nexit 1\n");
            Files.setPosixFilePermissions(tool, PosixFilePermissions.fromString("rwxr-xr-x"));
        }
        Map<String, String> environment =
                Map.of(
                        "PATH",
                        tools + ":" + System.getenv("PATH"),
                        "XDG_CONFIG_HOME",
                        temp.resolve("config").toString());
        Ran refused = run(environment, launcher(), "daemon", "install");
        assertEquals(3, refused.status(), refused.err());
        assertTrue(refused.err().contains("Failed to connect to bus"), refused.err());
        assertTrue(refused.err().contains("[cli.service]"), refused.err());
        try (var left = Files.list(temp.resolve("config/systemd/user"))) {
            assertEquals(List.of(), left.toList());
        }
        // only the files: works anywhere, and is undone by removing them
        Ran written = run(environment, launcher(), "daemon", "install", "--no-start", "--json");
        assertEquals(0, written.status(), written.err());
        assertTrue(written.out().contains("\"started\":false"), written.out());
        try (var there = Files.list(temp.resolve("config/systemd/user"))) {
            assertEquals(2, there.count());
        }
    }

    @Test
    void doctorNamesWhatIsWrongAndHowToMendIt() throws Exception {
        Path home = Files.createDirectories(temp.resolve("home"));
        Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwx------"));
        Ran well = run(Map.of(), launcher(), "doctor");
        assertEquals(0, well.status(), well.out());
        assertFalse(Files.exists(home.resolve("daemon.lock")), "it started a daemon");

        Path key = home.resolve("store.key");
        Files.writeString(key, "x");
        Files.setPosixFilePermissions(key, PosixFilePermissions.fromString("rw-r--r--"));
        Files.writeString(home.resolve("config.toml"), "daemon.idle = 7\n");
        Ran ill = run(Map.of(), launcher(), "doctor");
        assertEquals(1, ill.status(), ill.out());
        assertTrue(ill.out().contains("chmod 600 " + key), ill.out());
        assertTrue(
                ill.out().lines().filter(line -> line.startsWith("fail")).count() == 2, ill.out());
        Ran json = run(Map.of(), launcher(), "doctor", "--json");
        assertEquals(1, json.status());
        assertTrue(json.out().startsWith("{\"verdict\":\"fail\",\"checks\":["), json.out());
    }
}
