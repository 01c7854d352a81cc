package dev.sovereign.cli;

import dev.sovereign.cli.service.LaunchdAgent;
import dev.sovereign.cli.service.Plan;
import dev.sovereign.cli.service.SystemdUnits;
import dev.sovereign.cli.service.WindowsTask;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.HomeFolders;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// `daemon install` and `daemon uninstall`: hand the daemon to the service manager of this system.
final class ServiceCommands {

    /// Where a system unit keeps its node when no home is named.
    private static final Path SYSTEM_HOME = Path.of("/var/lib/sovereign");

    private static final Path SYSTEM_UNITS = Path.of("/etc/systemd/system");

    /// For one call of a service manager, in seconds; starting includes the daemon's start.
    private static final long CALL_SECONDS = 60;

    /// Of what a service manager says, in bytes.
    private static final int WORDS_BYTES = 4_096;

    private ServiceCommands() {}

    enum Platform {
        SYSTEMD,
        LAUNCHD,
        WINDOWS;

        /// By `os.name`.
        static Platform of(String os) {
            String name = os.toLowerCase(Locale.ROOT);
            if (name.startsWith("windows")) {
                return WINDOWS;
            }
            return name.startsWith("mac") || name.startsWith("darwin") ? LAUNCHD : SYSTEMD;
        }
    }

    static final class Install extends Command {
        @Override
        void describe(Shape shape) {
            shape.flag(
                    "install for the whole system, to run without a login (systemd)", "--system");
            shape.option(
                    "USER",
                    Complete.NOTHING,
                    "with --system: whose daemon it is (default: who called sudo)",
                    "--as");
            shape.flag("print the files and change nothing", "--print");
            shape.flag("write the files, start nothing", "--no-start");
            shape.text(
                    "Makes the daemon of this home permanent: a systemd user unit with its socket"
                        + " on Linux, a launchd agent on macOS, a task at log on in Windows. A"
                        + " daemon that runs is stopped first; the service then takes its place.");
            shape.text(
                    "Under systemd the socket listens from the login on and the service tells when"
                            + " it is ready. Both run with no more rights than a node needs:"
                            + " `systemd-analyze security sovereign` lists them.");
            shape.example("sovereign daemon install", "From the next login on, and now.");
            shape.example("sovereign daemon install --print", "See what it would write.");
            shape.example(
                    "sudo sovereign daemon install --system --as alice --home /srv/knowledge",
                    "From the next boot on, as alice.");
        }

        @Override
        int run(Invocation call) throws InterruptedException, IOException {
            Target target = Target.of(call);
            Map<Path, String> files = target.files();
            if (call.flag("--print")) {
                print(call, files);
                return 0;
            }
            if (DaemonCommands.stop(call)) {
                call.say("stopped the daemon that ran; the service takes its place");
            }
            target.prepare();
            Map<Path, byte[]> before = write(files);
            boolean done = false;
            try {
                if (!call.flag("--no-start")) {
                    for (List<String> command : target.enable()) {
                        execute(command);
                    }
                }
                done = true;
            } finally {
                if (!done) {
                    putBack(files.keySet(), before);
                }
            }
            report(call, target, files.keySet());
            return 0;
        }

        private static void print(Invocation call, Map<Path, String> files) {
            if (call.globals.json()) {
                JsonLine line = new JsonLine().open('{').name("files").open('[');
                files.forEach((path, text) ->
                        line.open('{')
                                .field("path", path.toString())
                                .field("text", text)
                                .close('}'));
                call.line(line.close(']').close('}').toString());
                return;
            }
            files.forEach((path, text) -> {
                call.line("# " + path);
                call.out.print(text);
            });
        }

        private static void report(Invocation call, Target target, Set<Path> files) {
            boolean started = !call.flag("--no-start");
            if (call.globals.json()) {
                JsonLine line = new JsonLine().open('{').field("service", target.plan.name());
                line.field("manager", target.word()).field("started", started);
                line.strings("files", files.stream().map(Path::toString).toList());
                call.line(line.close('}').toString());
                return;
            }
            for (Path file : files) {
                call.say("wrote " + file);
            }
            call.say(
                    started
                            ? "the service " + target.plan.name() + " runs"
                            : "nothing was started; the next login or boot does");
            for (String word : target.remarks()) {
                call.say(word);
            }
        }
    }

    static final class Uninstall extends Command {
        @Override
        void describe(Shape shape) {
            shape.flag("uninstall what `install --system` made", "--system");
            shape.text(
                    "Stops the service of this home and removes its files. The home and all that it"
                            + " knows stay; commands start a daemon by themselves again.");
            shape.example("sovereign daemon uninstall", "Undo `daemon install`.");
        }

        @Override
        int run(Invocation call) throws InterruptedException, IOException {
            Target target = Target.of(call);
            List<Path> found = new ArrayList<>();
            for (Path file : target.paths()) {
                if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                    found.add(file);
                }
            }
            if (!found.isEmpty()) {
                for (List<String> command : target.disable()) {
                    execute(command);
                }
                for (Path file : found) {
                    Files.deleteIfExists(file);
                }
                List<String> reload = target.reload();
                if (reload != null) {
                    execute(reload);
                }
            }
            if (call.globals.json()) {
                JsonLine line = new JsonLine().open('{').field("service", target.plan.name());
                line.field("removed", !found.isEmpty());
                call.line(
                        line.strings("files", found.stream().map(Path::toString).toList())
                                .close('}')
                                .toString());
            } else if (found.isEmpty()) {
                call.say("no service " + target.plan.name() + " was installed");
            } else {
                found.forEach(file -> call.say("removed " + file));
            }
            return 0;
        }
    }

    /// The files of the service of a home that are there; for `doctor`. Runs nothing.
    static List<Path> installed(Invocation call) {
        List<Path> found = new ArrayList<>();
        for (Path file : Target.paths(Platform.of(os()), call, name(call), false)) {
            if (Files.exists(file)) {
                found.add(file);
            }
        }
        for (Path file : Target.paths(Platform.of(os()), call, name(call), true)) {
            if (Files.exists(file)) {
                found.add(file);
            }
        }
        return found;
    }

    private static String os() {
        return System.getProperty("os.name", "");
    }

    private static String name(Invocation call) {
        return name(call.callers.installation(call.globals.reach()).root());
    }

    /// `sovereign` for the usual home; others get a few digits of their path's hash.
    static String name(@Nullable Path root) {
        if (root == null || root.equals(SYSTEM_HOME)) {
            return "sovereign";
        }
        try {
            byte[] hash =
                    MessageDigest.getInstance("SHA-256")
                            .digest(root.toString().getBytes(StandardCharsets.UTF_8));
            return "sovereign-" + HexFormat.of().formatHex(hash, 0, 4);
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /// What is installed where.
    private record Target(
            Platform platform, Plan plan, Invocation call, boolean system, @Nullable String user) {

        static Target of(Invocation call) {
            Platform platform = Platform.of(os());
            boolean system = call.flag("--system");
            if (system && platform != Platform.SYSTEMD) {
                throw Usage.wrong("--system is for systemd", "leave it out");
            }
            Callers.Installation ours = call.callers.installation(call.globals.reach());
            Path launcher = ours.launcher();
            Path manifest = ours.manifest();
            if (launcher == null || manifest == null) {
                throw new SovereignException(
                        CliError.SERVICE,
                        "this process was not started by the launcher, which a service has to name",
                        "call the script `sovereign`");
            }
            Path root = system && ours.root() == null ? SYSTEM_HOME : ours.root();
            Home home =
                    root == null
                            ? call.callers.home(call.globals.reach())
                            : Home.of(root.toString(), call.streams.environment);
            Set<Path> writable = new LinkedHashSet<>();
            for (Path path : List.of(home.config(), home.data(), home.state(), home.runtime())) {
                if (writable.stream().noneMatch(path::startsWith)) {
                    writable.add(path);
                }
            }
            Plan plan =
                    new Plan(
                            name(root),
                            launcher,
                            manifest.resolveSibling("current.env"),
                            call.callers.daemonOptions(call.globals.reach()),
                            root,
                            home.socket(),
                            home.logFile().resolveSibling("daemon.out"),
                            List.copyOf(writable),
                            Path.of(System.getProperty("java.home")));
            return new Target(platform, plan, call, system, system ? user(call) : null);
        }

        private static @Nullable String user(Invocation call) {
            // only `install` has the option
            return call.has("--as") && call.value("--as") != null
                    ? call.value("--as")
                    : call.streams.environment.get("SUDO_USER");
        }

        private SystemdUnits.Manager manager(boolean probe)
                throws InterruptedException, IOException {
            if (system) {
                String owner = user;
                if (owner == null) {
                    throw Usage.wrong(
                            "--system needs a user whose daemon it is", "such as --as alice");
                }
                return new SystemdUnits.Manager.Global(owner);
            }
            return new SystemdUnits.Manager.Own(probe && namespaces());
        }

        /// Whether a user's manager may make namespaces here: tried, because distributions differ.
        private static boolean namespaces() throws InterruptedException, IOException {
            List<String> probe =
                    List.of(
                            "systemd-run",
                            "--user",
                            "--wait",
                            "--quiet",
                            "--collect",
                            "-p",
                            "PrivateUsers=yes",
                            "-p",
                            "ProtectSystem=strict",
                            "-p",
                            "PrivateDevices=yes",
                            "-p",
                            "CapabilityBoundingSet=",
                            "true");
            return status(probe).status() == 0;
        }

        Map<Path, String> files() throws InterruptedException, IOException {
            Map<Path, String> files = new LinkedHashMap<>();
            List<Path> paths = paths();
            switch (platform) {
                case SYSTEMD -> {
                    int next = 0;
                    for (String text : SystemdUnits.files(plan, manager(true)).values()) {
                        files.put(paths.get(next++), text);
                    }
                }
                case LAUNCHD -> files.put(paths.getFirst(), LaunchdAgent.file(plan));
                case WINDOWS -> files.put(paths.getFirst(), WindowsTask.register(plan));
            }
            return files;
        }

        List<Path> paths() {
            return paths(platform, call, plan.name(), system);
        }

        static List<Path> paths(Platform platform, Invocation call, String name, boolean system) {
            Map<String, String> environment = call.streams.environment;
            Path user =
                    Path.of(environment.getOrDefault("HOME", System.getProperty("user.home", "/")));
            return switch (platform) {
                case SYSTEMD -> {
                    String config = environment.get("XDG_CONFIG_HOME");
                    Path own =
                            (config == null || !config.startsWith("/")
                                            ? user.resolve(".config")
                                            : Path.of(config))
                                    .resolve("systemd/user");
                    Path folder = system ? SYSTEM_UNITS : own;
                    yield List.of(
                            folder.resolve(name + ".socket"), folder.resolve(name + ".service"));
                }
                case LAUNCHD ->
                        List.of(
                                user.resolve("Library/LaunchAgents")
                                        .resolve("dev." + name.replace('-', '.') + ".plist"));
                case WINDOWS ->
                        List.of(
                                call.callers
                                        .home(call.globals.reach())
                                        .data()
                                        .resolve("service.ps1"));
            };
        }

        /// A system unit's home, which belongs to its user.
        void prepare() throws IOException {
            Path root = plan.root();
            String owner = user;
            if (!system || owner == null || root == null) {
                // a sandbox shows only what is there
                HomeFolders.prepare(call.callers.home(call.globals.reach()));
                for (Path folder : plan.writable()) {
                    Files.createDirectories(folder);
                }
                return;
            }
            // systemd would make the socket's folder as root, and callers refuse one that is not
            // theirs
            Path runtime = plan.socket().getParent();
            for (Path folder : runtime == null ? List.of(root) : List.of(root, runtime)) {
                if (!Files.exists(folder)) {
                    Files.createDirectories(folder);
                    Files.setOwner(
                            folder,
                            folder.getFileSystem()
                                    .getUserPrincipalLookupService()
                                    .lookupPrincipalByName(owner));
                    Files.setPosixFilePermissions(
                            folder, PosixFilePermissions.fromString("rwx------"));
                }
            }
        }

        List<List<String>> enable() throws InterruptedException, IOException {
            return switch (platform) {
                case SYSTEMD -> SystemdUnits.enable(plan, manager(false));
                case LAUNCHD -> LaunchdAgent.load(plan, paths().getFirst(), uid());
                case WINDOWS -> List.of(WindowsTask.run(paths().getFirst()));
            };
        }

        List<List<String>> disable() throws InterruptedException, IOException {
            return switch (platform) {
                case SYSTEMD ->
                        SystemdUnits.disable(
                                plan.name(),
                                system
                                        ? new SystemdUnits.Manager.Global("root")
                                        : new SystemdUnits.Manager.Own(false));
                case LAUNCHD -> List.of(LaunchdAgent.unload(plan, uid()));
                case WINDOWS -> List.of(WindowsTask.remove(plan.name()));
            };
        }

        @Nullable List<String> reload() {
            return platform == Platform.SYSTEMD
                    ? SystemdUnits.reload(
                            system
                                    ? new SystemdUnits.Manager.Global("root")
                                    : new SystemdUnits.Manager.Own(false))
                    : null;
        }

        String word() {
            return switch (platform) {
                case SYSTEMD -> system ? "systemd" : "systemd-user";
                case LAUNCHD -> "launchd";
                case WINDOWS -> "task-scheduler";
            };
        }

        List<String> remarks() {
            if (platform != Platform.SYSTEMD || system) {
                return List.of();
            }
            return List.of("to run it while you are not logged in: `loginctl enable-linger`");
        }

        private static String uid() throws IOException {
            Object uid = Files.getAttribute(Path.of(System.getProperty("user.home")), "unix:uid");
            return String.valueOf(uid);
        }
    }

    // ---- files ----

    /// @return what was there before
    private static Map<Path, byte[]> write(Map<Path, String> files) {
        Map<Path, byte[]> before = new LinkedHashMap<>();
        for (Map.Entry<Path, String> file : files.entrySet()) {
            Path path = file.getKey();
            try {
                if (Files.exists(path)) {
                    before.put(path, Files.readAllBytes(path));
                }
                Files.createDirectories(path.getParent());
                replace(path, file.getValue().getBytes(StandardCharsets.UTF_8));
            } catch (IOException unwritable) {
                putBack(files.keySet(), before);
                throw new SovereignException(
                        CliError.SERVICE,
                        "cannot write \"" + path + "\": " + unwritable.getMessage(),
                        path.startsWith(SYSTEM_UNITS)
                                ? "the system's units are written by root: call it with sudo"
                                : "mend its permissions, or look with --print");
            }
        }
        return before;
    }

    private static void replace(Path path, byte[] text) throws IOException {
        Path beside = path.resolveSibling("." + path.getFileName() + ".new");
        Files.write(beside, text);
        if (Files.getFileStore(beside).supportsFileAttributeView("posix")) {
            Files.setPosixFilePermissions(beside, PosixFilePermissions.fromString("rw-r--r--"));
        }
        Files.move(beside, path, StandardCopyOption.REPLACE_EXISTING);
    }

    private static void putBack(Set<Path> files, Map<Path, byte[]> before) {
        for (Path path : files) {
            byte[] text = before.get(path);
            try {
                if (text == null) {
                    Files.deleteIfExists(path);
                } else {
                    replace(path, text);
                }
            } catch (IOException left) {
                // the failure that led here is what is told
            }
        }
    }

    // ---- service managers ----

    private record Ended(int status, String words) {}

    private static void execute(List<String> command) throws InterruptedException, IOException {
        Ended ended = status(command);
        if (ended.status() != 0) {
            throw new SovereignException(
                    CliError.SERVICE,
                    "`"
                            + String.join(" ", command)
                            + "` ended with status "
                            + ended.status()
                            + (ended.words().isEmpty() ? "" : ": " + ended.words()),
                    "nothing was changed; `sovereign daemon install --print` shows the files");
        }
    }

    /// 127 when there is no such program, as in a shell.
    private static Ended status(List<String> command) throws InterruptedException, IOException {
        Process process;
        try {
            process = new ProcessBuilder(command).redirectErrorStream(true).start();
        } catch (IOException missing) {
            return new Ended(127, String.valueOf(missing.getMessage()));
        }
        process.getOutputStream().close();
        Thread ender =
                Thread.ofVirtual()
                        .start(() -> {
                            try {
                                if (!process.waitFor(CALL_SECONDS, TimeUnit.SECONDS)) {
                                    process.destroyForcibly();
                                }
                            } catch (InterruptedException ended) {
                                // it has ended
                            }
                        });
        byte[] words = process.getInputStream().readNBytes(WORDS_BYTES);
        process.getInputStream().transferTo(java.io.OutputStream.nullOutputStream());
        int status = process.waitFor();
        ender.interrupt();
        String text = new String(words, StandardCharsets.UTF_8).strip().replace('\n', ' ');
        return new Ended(status, text);
    }
}
