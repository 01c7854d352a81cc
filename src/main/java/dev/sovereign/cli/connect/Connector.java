package dev.sovereign.cli.connect;

import dev.sovereign.cli.Callers;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Announcement;
import dev.sovereign.protocol.Bounds;
import dev.sovereign.protocol.Build;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.HomeFolders;
import dev.sovereign.protocol.Message;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.FileLockInterruptionException;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/// Gets a greeted connection to the daemon of this build: the one that runs, or a new one. However
/// many callers try at once, one starts the daemon: it holds `daemon.start` locked meanwhile, and
/// the others wait for that lock, which the system drops when its holder dies.
final class Connector {

    /// A daemon that holds its lock but does not accept is given this long: it starts or ends.
    private static final long SETTLE_MILLIS = 15_000;

    /// A whole start, on a slow machine under load.
    private static final long START_MILLIS = 60_000;

    /// Daemons of other builds that one call replaces: two builds may take turns for a moment, but
    /// a service would begin its own again for ever.
    private static final int MAX_REPLACED = 3;

    /// What a daemon of another build is given to finish what it does (specs/cli.md).
    private static final long DRAIN_MILLIS = 5_000;

    private static final long POLL_MILLIS = 5;

    private final Home home;
    private final Callers.Reach reach;
    private final Callers.Words words;
    private final Starter starter;
    private final Watchdog watchdog;
    private long armed;

    Connector(
            Home home,
            Callers.Reach reach,
            Callers.Words words,
            Starter starter,
            Watchdog watchdog) {
        this.home = home;
        this.reach = reach;
        this.words = words;
        this.starter = starter;
        this.watchdog = watchdog;
    }

    /// @throws SovereignException `daemon.*` or `home.*`
    /// @throws InterruptedException when interrupted meanwhile
    Wire connect() throws InterruptedException {
        arm(Bounds.HANDSHAKE_MILLIS);
        boolean expired = false;
        SovereignException refused = null;
        Wire wire = null;
        try {
            wire = connectOrStart();
        } catch (SovereignException refusal) {
            refused = refusal;
        } catch (InterruptedException
                | ClosedByInterruptException
                | FileLockInterruptionException e) {
            Thread.interrupted();
        } catch (IOException broke) {
            refused = HomeFolders.unusable(home.data(), broke);
        } finally {
            expired = watchdog.disarm();
        }
        if (wire != null) {
            return wire;
        }
        if (expired) {
            throw new SovereignException(
                    ConnectError.NO_ANSWER,
                    "the daemon of \"" + home.data() + "\" did not answer within " + armed + " ms",
                    "see `sovereign daemon logs`; " + killHint());
        }
        if (refused != null) {
            throw refused;
        }
        throw new InterruptedException();
    }

    /// The daemon that runs, of whatever build; never starts one.
    Wire connectToStop() throws InterruptedException {
        arm(Bounds.HANDSHAKE_MILLIS);
        boolean expired = false;
        Wire wire = null;
        boolean interrupted = false;
        try {
            wire = running();
            if (wire != null && greet(wire) == null) {
                wire = null;
            }
        } catch (ClosedByInterruptException end) {
            Thread.interrupted();
            interrupted = true;
        } catch (IOException ending) {
            wire = null;
        } finally {
            expired = watchdog.disarm();
        }
        if (expired) {
            throw new SovereignException(
                    ConnectError.NO_ANSWER,
                    "the daemon of \"" + home.data() + "\" does not answer",
                    killHint());
        }
        if (interrupted) {
            throw new InterruptedException();
        }
        if (wire == null) {
            throw notRunning();
        }
        return wire;
    }

    private void arm(long millis) {
        Long timeout = reach.timeoutMillis();
        armed = timeout == null ? millis : Math.min(millis, timeout);
        watchdog.arm(armed);
    }

    private Wire connectOrStart() throws IOException, InterruptedException {
        int replaced = 0;
        while (true) {
            Wire wire = running();
            Message.Hello hello = null;
            if (wire != null) {
                hello = greeted(wire);
                if (hello != null && (!reach.mayStart() || Build.hash().equals(hello.build()))) {
                    return wire;
                }
            }
            if (!reach.mayStart()) {
                throw notRunning();
            }
            if (wire != null && hello != null) {
                if (replaced == MAX_REPLACED) {
                    wire.close();
                    throw servedByAnother(hello);
                }
                replace(wire, hello);
                replaced++;
            }
            start();
        }
    }

    /// A connection to whoever listens for this home; null when nobody does.
    private @Nullable Wire running() throws IOException {
        HomeFolders.checkRuntime(home);
        Path socket = home.socket();
        try {
            return Wire.connect(socket);
        } catch (ClosedByInterruptException interrupted) {
            throw interrupted;
        } catch (IOException nobody) {
            // the same store may be served under another runtime folder, as cron sees it
            Path other = socketOfLock();
            if (other == null || other.equals(socket)) {
                return null;
            }
            try {
                return Wire.connect(other);
            } catch (ClosedByInterruptException interrupted) {
                throw interrupted;
            } catch (IOException nobodyThere) {
                return null;
            }
        }
    }

    private @Nullable Path socketOfLock() {
        try {
            List<String> lines = Files.readAllLines(home.lockFile());
            return lines.size() > 1 ? Path.of(lines.get(1)) : null;
        } catch (IOException | IllegalArgumentException noneOrForeign) {
            return null;
        }
    }

    /// Null when the daemon ended meanwhile.
    private static Message.@Nullable Hello greeted(Wire wire) throws ClosedByInterruptException {
        try {
            return greet(wire);
        } catch (ClosedByInterruptException interrupted) {
            throw interrupted;
        } catch (IOException ending) {
            return null;
        }
    }

    private static Message.@Nullable Hello greet(Wire wire) throws IOException {
        boolean done = false;
        try {
            wire.send(Build.hello(0));
            Message.FromNode first = wire.receive();
            if (first instanceof Message.Broken broken) {
                throw new SovereignException(broken.diagnostics());
            }
            if (first instanceof Message.Hello hello) {
                done = true;
                return hello;
            }
            return null;
        } finally {
            if (!done) {
                wire.close();
            }
        }
    }

    private void replace(Wire wire, Message.Hello old) throws IOException, InterruptedException {
        words.say(
                "replacing the daemon of another build ("
                        + old.version()
                        + " "
                        + old.build()
                        + " by "
                        + Build.version()
                        + " "
                        + Build.hash()
                        + ")");
        try {
            wire.send(new Message.Ask(1, new Request.Stop(DRAIN_MILLIS)));
            Message.FromNode message = wire.receive();
            while (message != null) {
                if (message instanceof Message.Answer answer
                        && answer.response() instanceof Response.Failure failure) {
                    throw new SovereignException(failure.diagnostics());
                }
                message = wire.receive();
            }
        } catch (ClosedByInterruptException interrupted) {
            throw interrupted;
        } catch (IOException ended) {
            // that is what was asked for
        } finally {
            wire.close();
        }
        if (!settled(true)) {
            ProcessHandle.of(old.pid()).ifPresent(ProcessHandle::destroyForcibly);
        }
    }

    /// Starts a daemon unless somebody else does so first.
    private void start() throws IOException, InterruptedException {
        arm(START_MILLIS);
        HomeFolders.prepare(home);
        // locks are the process's: threads of one process take turns here
        synchronized (Connector.class) {
            startInTurn(home.data().resolve("daemon.start"));
        }
    }

    private void startInTurn(Path turn) throws IOException, InterruptedException {
        try (FileChannel channel =
                        FileChannel.open(
                                turn, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
                FileLock mine = channel.lock()) {
            Wire meanwhile = mine.isValid() ? running() : null;
            if (meanwhile != null) {
                meanwhile.close();
                return;
            }
            if (!settled(false)) {
                throw new SovereignException(
                        ConnectError.NO_ANSWER,
                        "a daemon holds \"" + home.lockFile() + "\" but does not accept",
                        killHint());
            }
            Wire settledOne = running();
            if (settledOne != null) {
                settledOne.close();
                return;
            }
            Process process = starter.start(home);
            watchdog.process(process);
            await(process);
            watchdog.process(null);
        }
    }

    /// Waits while a daemon holds its lock without accepting: it starts, or it ends.
    ///
    /// @param end wait for its end also while it accepts
    /// @return false when it still holds the lock after [#SETTLE_MILLIS]
    private boolean settled(boolean end) throws IOException, InterruptedException {
        if (!Files.exists(home.lockFile())) {
            return true;
        }
        long deadline = System.nanoTime() + SETTLE_MILLIS * 1_000_000;
        while (System.nanoTime() < deadline) {
            if (isFree()) {
                return true;
            }
            if (!end) {
                Wire accepts = running();
                if (accepts != null) {
                    accepts.close();
                    return true;
                }
            }
            Thread.sleep(POLL_MILLIS);
        }
        return false;
    }

    private boolean isFree() throws IOException {
        try (FileChannel channel = FileChannel.open(home.lockFile(), StandardOpenOption.WRITE)) {
            // a daemon that starts just now and finds this lock tries again
            FileLock lock = channel.tryLock();
            if (lock == null) {
                return false;
            }
            lock.release();
            return true;
        } catch (OverlappingFileLockException ours) {
            return false;
        }
    }

    private void await(Process process) throws IOException {
        StringBuilder said = new StringBuilder();
        // not closed: the daemon has closed its end, and the client ends soon
        BufferedReader lines =
                new BufferedReader(
                        new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = lines.readLine(); line != null; line = lines.readLine()) {
            if (line.equals(Announcement.READY) || line.equals(Announcement.RUNNING)) {
                return;
            }
            List<Diagnostic> failed = Announcement.diagnostics(line);
            if (failed != null) {
                throw new SovereignException(failed);
            }
            if (said.length() < 1_000) {
                said.append(said.length() == 0 ? "" : "; ").append(line);
            }
        }
        throw new SovereignException(
                ConnectError.START_FAILED,
                "the daemon ended while it started"
                        + (said.length() == 0 ? "" : ": \"" + said + "\""),
                "see \"" + home.logFile().resolveSibling("daemon.out") + "\"");
    }

    /// We have replaced one, and its kind is there again: a service manager starts it.
    private SovereignException servedByAnother(Message.Hello hello) {
        return new SovereignException(
                ConnectError.OTHER_BUILD,
                "a service keeps a daemon of another build running for \""
                        + home.data()
                        + "\": "
                        + hello.version()
                        + " "
                        + hello.build(),
                "use the program that it runs, or `sovereign daemon install` with this one");
    }

    private SovereignException notRunning() {
        return new SovereignException(
                ConnectError.NOT_RUNNING,
                "no daemon runs for \"" + home.data() + "\"",
                "start it with `sovereign daemon start`, or leave out --no-daemon-start");
    }

    private String killHint() {
        try {
            List<String> lines = Files.readAllLines(home.lockFile());
            if (!lines.isEmpty()) {
                return "if it hangs, end it with `kill -9 " + lines.get(0) + "`";
            }
        } catch (IOException unreadable) {
            // then there is no pid to name
        }
        return "see `sovereign status`";
    }
}
