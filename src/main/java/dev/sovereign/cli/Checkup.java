package dev.sovereign.cli;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Build;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.HomeFolders;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;

/// Looks at everything an installation stands on, one thing after the other. Each look survives the
/// failure of every other; nothing is started, mended or written, but for one temporary file in the
/// home.
final class Checkup {

    enum Verdict {
        OK,
        WARN,
        FAIL;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /// @param mend what to do; null where there is nothing to do
    record Finding(String name, Verdict verdict, String found, @Nullable String mend) {}

    /// Less free space than this and a write may fail soon, in bytes: a file of the log is begun
    /// with 4 MiB at most, a compaction writes the store anew.
    private static final long SPACE_FAIL_BYTES = 64L << 20;

    private static final long SPACE_WARN_BYTES = 1L << 30;

    /// A store written so far ahead of the clock, in seconds: more than a change of zone by hand.
    private static final long AHEAD_SECONDS = 26 * 3_600;

    /// The end of the log that is read, in bytes.
    private static final int LOG_TAIL_BYTES = 64 << 10;

    /// Before this the program did not exist: a clock that says so is wrong.
    private static final Instant MADE = Instant.parse("2026-01-01T00:00:00Z");

    private final Invocation call;
    private final InstantSource clock;
    private final Home home;
    private final List<Finding> findings = new ArrayList<>();

    Checkup(Invocation call, InstantSource clock) {
        this.call = call;
        this.clock = clock;
        this.home = call.callers.home(call.globals.reach());
    }

    private interface Look {
        void at() throws IOException, InterruptedException;
    }

    List<Finding> all() throws InterruptedException {
        look("java", this::java);
        look("program", this::program);
        look("start-up cache", this::cache);
        look("home", this::folders);
        look("configuration", this::configuration);
        look("keys", this::keys);
        look("socket", this::socket);
        look("daemon", this::daemon);
        look("store", this::store);
        look("disk space", this::space);
        look("clock", this::clock);
        look("log", this::log);
        look("service", this::service);
        look("terminal", this::terminal);
        return findings;
    }

    private void look(String name, Look look) throws InterruptedException {
        try {
            look.at();
        } catch (SovereignException refused) {
            Diagnostic first = refused.first();
            findings.add(new Finding(name, Verdict.FAIL, first.message(), first.hint()));
        } catch (IOException | UncheckedIOException broke) {
            findings.add(
                    new Finding(name, Verdict.FAIL, "cannot be read: " + broke.getMessage(), null));
        }
    }

    private void ok(String name, String found) {
        findings.add(new Finding(name, Verdict.OK, found, null));
    }

    private void warn(String name, String found, String mend) {
        findings.add(new Finding(name, Verdict.WARN, found, mend));
    }

    private void fail(String name, String found, String mend) {
        findings.add(new Finding(name, Verdict.FAIL, found, mend));
    }

    // ---- the program ----

    private void java() {
        String found =
                System.getProperty("java.vendor.version", "Java")
                        + " "
                        + Runtime.version()
                        + ", "
                        + System.getProperty("java.home");
        if (Runtime.version().feature() < 25) {
            fail("java", found, "install Java 25 or newer, or set SOVEREIGN_JAVA_HOME to one");
        } else if (System.getProperty("java.vm.name", "").contains("OpenJ9")) {
            warn("java", found, "only HotSpot is tried; set SOVEREIGN_JAVA_HOME to a JDK with it");
        } else {
            ok("java", found);
        }
    }

    private void program() {
        Callers.Installation ours = call.callers.installation(call.globals.reach());
        Path launcher = ours.launcher();
        Path manifest = ours.manifest();
        if (launcher == null || manifest == null) {
            warn(
                    "program",
                    "started without the launcher",
                    "call the script `sovereign`: it picks Java, flags and caches");
        } else if (!Files.isExecutable(launcher)) {
            fail("program", launcher + " is not executable", "chmod +x " + launcher);
        } else if (!Files.isReadable(manifest)) {
            fail("program", manifest + " is missing", "install it again, or build it anew");
        } else {
            ok("program", Build.version() + " (" + Build.hash() + "), " + launcher);
        }
    }

    private void cache() throws IOException {
        Map<String, String> environment = call.streams.environment;
        if ("off".equals(environment.get("SOVEREIGN_AOT"))) {
            warn(
                    "start-up cache",
                    "off, by SOVEREIGN_AOT",
                    "unset SOVEREIGN_AOT: commands then start twice as fast");
            return;
        }
        Path manifest = call.callers.installation(call.globals.reach()).manifest();
        if (manifest == null) {
            return;
        }
        Path folder = cacheFolder(manifest, environment);
        List<String> names = new ArrayList<>();
        if (folder != null && Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.map(file -> String.valueOf(file.getFileName()))
                        .filter(name -> name.contains(Build.hash()))
                        .forEach(names::add);
            }
        }
        long made = names.stream().filter(name -> name.endsWith(".aot")).count();
        if (made > 0) {
            ok("start-up cache", Amounts.counted(made, "cache") + " in " + folder);
            return;
        }
        boolean failed = false;
        for (String name : names) {
            failed |=
                    folder != null
                            && name.startsWith("making-")
                            && Files.readString(folder.resolve(name)).strip().equals("failed");
        }
        if (failed) {
            warn(
                    "start-up cache",
                    "could not be made; commands work, and start slower",
                    "free space in " + folder + ", remove making-* there, then run any command");
        } else {
            ok(
                    "start-up cache",
                    "not made yet: it is, in the background, after the first commands");
        }
    }

    /// As the launcher has it.
    private static @Nullable Path cacheFolder(Path manifest, Map<String, String> environment) {
        Path dist = manifest.getParent() == null ? null : manifest.getParent().getParent();
        if (dist != null && dist.endsWith("target/dist")) {
            return dist.resolveSibling("aot");
        }
        String xdg = environment.get("XDG_CACHE_HOME");
        String user = environment.get("HOME");
        return xdg != null && !xdg.isEmpty()
                ? Path.of(xdg, "sovereign")
                : user == null ? null : Path.of(user, ".cache", "sovereign");
    }

    // ---- the home ----

    private void folders() throws IOException {
        for (Path folder : List.of(home.data(), home.config(), home.state())) {
            if (!Files.exists(folder)) {
                continue;
            }
            if (!Files.isDirectory(folder)) {
                fail("home", folder + " is no folder", "move it away, or choose another --home");
                return;
            }
            if (!Files.isWritable(folder)) {
                fail(
                        "home",
                        folder + " cannot be written",
                        "mend its permissions or its mount, or choose another --home");
                return;
            }
            if (othersMay(
                    folder, PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE)) {
                fail("home", "others may write to " + folder, "chmod go-w " + folder);
                return;
            }
        }
        if (!Files.exists(home.data())) {
            Path above = home.data();
            while (above != null && !Files.exists(above)) {
                above = above.getParent();
            }
            if (above == null || !Files.isWritable(above)) {
                fail("home", home.data() + " cannot be made", "choose another place with --home");
            } else {
                ok("home", home.data() + ", made by the first command that needs it");
            }
            return;
        }
        // permissions may allow what a full or failing disk does not
        Path probe = Files.createTempFile(home.data(), ".doctor-", "");
        try {
            Files.write(probe, new byte[4_096]);
        } finally {
            Files.deleteIfExists(probe);
        }
        ok("home", home.data().toString());
    }

    private static boolean othersMay(Path path, PosixFilePermission... which) throws IOException {
        if (!path.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            return false;
        }
        var permissions =
                Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
                        .permissions();
        return Stream.of(which).anyMatch(permissions::contains);
    }

    private void configuration() throws InterruptedException {
        long set =
                new Talk(call)
                        .askHere(new Request.ConfigList()).settings().stream()
                                .filter(setting -> !setting.from().equals("default"))
                                .count();
        ok("configuration", home.configFile() + ", " + Amounts.counted(set, "setting"));
    }

    private void keys() throws IOException, InterruptedException {
        List<String> there = new ArrayList<>();
        for (String name : List.of("identity.key", "swarm.key", "store.key")) {
            Path file = home.config().resolve(name);
            if (!Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
                continue;
            }
            there.add(name);
            if (!Files.isReadable(file)) {
                fail("keys", file + " cannot be read", "it belongs to another user; chown it");
                return;
            }
            if (othersMay(
                    file,
                    PosixFilePermission.GROUP_READ,
                    PosixFilePermission.OTHERS_READ,
                    PosixFilePermission.GROUP_WRITE,
                    PosixFilePermission.OTHERS_WRITE)) {
                fail("keys", "others may read or write " + file, "chmod 600 " + file);
                return;
            }
        }
        Response.Keys keys = new Talk(call).askHere(new Request.KeyShow());
        String mesh = keys.fingerprint() == null ? "no swarm key: the mesh is off" : "mesh on";
        ok("keys", (there.isEmpty() ? "none yet" : String.join(", ", there)) + "; " + mesh);
    }

    private void socket() {
        HomeFolders.checkRuntime(home);
        Path socket = home.socket();
        int bytes = socket.toString().getBytes(StandardCharsets.UTF_8).length;
        if (bytes > Home.MAX_SOCKET_PATH_BYTES) {
            fail("socket", socket + " is too long a name for a socket", "use a shorter --home");
        } else {
            ok("socket", socket.toString());
        }
    }

    private void daemon() throws InterruptedException {
        Response.Heartbeat beat;
        Callers.Reach own = call.globals.reach();
        Long timeout = own.timeoutMillis();
        Callers.Reach running =
                new Callers.Reach(
                        own.home(), false, timeout == null ? Bounds.HANDSHAKE_MILLIS : timeout);
        try {
            Talk talk = new Talk(call);
            try {
                beat = call.ask(new Request.Status(), talk, running);
            } finally {
                talk.waiting.stop();
            }
        } catch (SovereignException refused) {
            if (DaemonCommands.isNotRunning(refused.first().code())) {
                ok("daemon", "not running; commands start it");
                return;
            }
            throw refused;
        }
        String found =
                beat.state()
                        + ", pid "
                        + beat.pid()
                        + ", up "
                        + Amounts.lasted(beat.uptimeMillis());
        for (Response.ActorState actor : beat.actors()) {
            if (actor.state().equals("failed") || actor.state().equals("restarting")) {
                fail(
                        "daemon",
                        "its part "
                                + actor.name()
                                + " is "
                                + actor.state()
                                + ": "
                                + actor.lastFailure(),
                        "`sovereign daemon logs -n 50`, then `sovereign daemon restart`");
                return;
            }
        }
        if (!beat.build().equals(Build.hash())) {
            warn(
                    "daemon",
                    found + ", of another build (" + beat.build() + ")",
                    "the next command replaces it; `sovereign daemon restart` does so now");
        } else {
            ok("daemon", found);
        }
    }

    private void store() throws IOException {
        Path store = home.store();
        if (!Files.exists(store)) {
            ok("store", "none yet");
            return;
        }
        long bytes = 0;
        try (Stream<Path> files = Files.walk(store)) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                bytes += Files.size(file);
                if (!Files.isReadable(file) || !Files.isWritable(file)) {
                    fail("store", file + " is not ours to read and write", "chown it to this user");
                    return;
                }
            }
        }
        ok(
                "store",
                store + ", " + Amounts.bytes(bytes) + "; `sovereign store check` reads all of it");
    }

    private void space() throws IOException {
        Path there = home.data();
        while (!Files.exists(there) && there.getParent() != null) {
            there = there.getParent();
        }
        FileStore disk = Files.getFileStore(there);
        long free = disk.getUsableSpace();
        String found = Amounts.bytes(free) + " free where the store is (" + disk + ")";
        String mend =
                "`sovereign query -f examples/machine/machine.dl"
                        + " 'fills_disk(Mount, Folder, Megabytes, Percent)?'` says what fills it";
        if (free < SPACE_FAIL_BYTES) {
            fail("disk space", found, mend);
        } else if (free < SPACE_WARN_BYTES) {
            warn("disk space", found, mend);
        } else {
            ok("disk space", found);
        }
    }

    private void clock() throws IOException {
        Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
        Instant newest = Instant.MIN;
        if (Files.isDirectory(home.store())) {
            try (Stream<Path> files = Files.walk(home.store())) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    Instant written = Files.getLastModifiedTime(file).toInstant();
                    newest = written.isAfter(newest) ? written : newest;
                }
            }
        }
        String mend = "set the clock, or turn on its synchronization (`timedatectl set-ntp true`)";
        if (now.isBefore(MADE)) {
            fail("clock", "it says " + now + ", before this program was made", mend);
        } else if (newest.isAfter(now.plusSeconds(AHEAD_SECONDS))) {
            warn("clock", "it says " + now + "; the store was written at " + newest, mend);
        } else {
            ok("clock", now.toString());
        }
    }

    private void log() throws IOException {
        Path file = home.logFile();
        if (!Files.exists(file)) {
            ok("log", "none yet");
            return;
        }
        String tail = tail(file);
        long errors = tail.lines().filter(line -> line.contains(" ERROR ")).count();
        if (errors > 0) {
            warn(
                    "log",
                    Amounts.counted(errors, "error") + " near its end, " + file,
                    "`sovereign daemon logs -n 50`");
        } else {
            ok("log", file + ", " + Amounts.bytes(Files.size(file)));
        }
    }

    private static String tail(Path file) throws IOException {
        try (SeekableByteChannel in = Files.newByteChannel(file)) {
            in.position(Math.max(0, in.size() - LOG_TAIL_BYTES));
            ByteBuffer block = ByteBuffer.allocate(LOG_TAIL_BYTES);
            while (block.hasRemaining() && in.read(block) >= 0) {
                // until it is full or the file ends
            }
            return new String(block.array(), 0, block.position(), StandardCharsets.UTF_8);
        }
    }

    private void service() throws IOException {
        List<Path> files = ServiceCommands.installed(call);
        if (files.isEmpty()) {
            ok("service", "none; the daemon ends when idle, `sovereign daemon install` keeps it");
            return;
        }
        Path launcher = call.callers.installation(call.globals.reach()).launcher();
        for (Path file : files) {
            String text = Files.readString(file);
            if (!String.valueOf(file.getFileName()).endsWith(".socket")
                    && launcher != null
                    && !text.contains(launcher.toString())) {
                warn(
                        "service",
                        file + " starts another installation than this one",
                        "`sovereign daemon install` writes it anew");
                return;
            }
        }
        ok("service", String.valueOf(files.getLast()));
    }

    private void terminal() {
        Streams streams = call.streams;
        if (!streams.outIsTerminal) {
            ok("terminal", "none here");
            return;
        }
        String encoding = System.getProperty("stdout.encoding", "");
        String term = streams.environment.getOrDefault("TERM", "");
        String found = term + ", " + streams.columns() + " columns, " + encoding;
        if (!encoding.equalsIgnoreCase("UTF-8")) {
            warn("terminal", found, "set a UTF-8 locale, such as LC_ALL=C.UTF-8");
        } else if (streams.isPlain()) {
            warn(
                    "terminal",
                    found + ", without color",
                    "set TERM, or unset NO_COLOR, if you want it");
        } else {
            ok("terminal", found);
        }
    }
}
