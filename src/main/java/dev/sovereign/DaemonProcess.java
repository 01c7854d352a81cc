package dev.sovereign;

import dev.sovereign.cli.Callers;
import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.SovereignException;
import dev.sovereign.node.Coordinator;
import dev.sovereign.node.KnowledgeHandler;
import dev.sovereign.node.Log;
import dev.sovereign.node.NodeError;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.node.config.Key;
import dev.sovereign.node.daemon.Daemon;
import dev.sovereign.node.daemon.ServiceManager;
import dev.sovereign.protocol.Announcement;
import dev.sovereign.protocol.Home;

import org.jspecify.annotations.Nullable;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.List;

/// The daemon in this process, from its configuration to its end.
final class DaemonProcess {

    /// What is under way when the system ends us may go on for so long.
    private static final long TERM_DRAIN_MILLIS = 3_000;

    /// For everything after the drain.
    private static final long TERM_END_MILLIS = 10_000;

    private final Home home;
    private final KnowledgeHandler.Factory knowledge;
    private final ServiceManager manager =
            ServiceManager.of(System.getenv(), ProcessHandle.current().pid());

    DaemonProcess(Home home, KnowledgeHandler.Factory knowledge) {
        this.home = home;
        this.knowledge = knowledge;
    }

    /// In the foreground. Returns when the daemon has ended.
    ///
    /// @param idleMillis what holds instead of the configuration's `daemon.idle`; null is nothing
    int runInForeground(@Nullable Long idleMillis, Callers.Words words)
            throws InterruptedException {
        Daemon daemon = open(idleMillis);
        words.say("listening on " + home.socket() + ", pid " + daemon.pid());
        run(daemon);
        return 0;
    }

    /// Started by a client, which waits for one line on standard output.
    int runSpawned() throws InterruptedException {
        PrintStream out =
                new PrintStream(
                        new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
        Warmup.startNode(home);
        Daemon daemon;
        try {
            daemon = open(null);
        } catch (SovereignException refusal) {
            boolean running = refusal.first().code().equals("daemon.running");
            announce(
                    out,
                    running ? Announcement.RUNNING : Announcement.failed(refusal.diagnostics()));
            return refusal.first().kind().exitStatus();
        } catch (RuntimeException | Error defect) {
            announce(
                    out,
                    Announcement.failed(
                            List.of(
                                    Diagnostic.error(
                                            NodeError.BUG,
                                            "the daemon cannot start: " + defect,
                                            null))));
            throw defect;
        }
        announce(out, Announcement.READY);
        run(daemon);
        return 0;
    }

    private Daemon open(@Nullable Long idleMillis) throws InterruptedException {
        Configuration configuration = Configuration.load(home.configFile());
        Log log =
                Log.to(
                        home.logFile(),
                        Log.Level.of(configuration.text(Key.LOG_LEVEL)),
                        InstantSource.system());
        Long idle = idleMillis != null ? idleMillis : configuration.number(Key.DAEMON_IDLE);
        return Daemon.open(home, log, idle == null ? 0 : idle, manager.inherited(home.socket()));
    }

    private void run(Daemon daemon) throws InterruptedException {
        Runtime.getRuntime()
                .addShutdownHook(new Thread(() -> terminated(daemon, manager), "terminated"));
        Configuration configuration = Configuration.load(home.configFile());
        daemon.run(lifecycle -> {
            Coordinator service = new Coordinator(home, configuration, knowledge, lifecycle);
            manager.ready(lifecycle.log());
            return service;
        });
    }

    private static void terminated(Daemon daemon, ServiceManager manager) {
        try {
            manager.stopping(daemon.log());
            daemon.stop(TERM_DRAIN_MILLIS);
            daemon.awaitEnd(TERM_END_MILLIS);
        } catch (InterruptedException again) {
            // then the process ends at once
        }
    }

    /// Closing a standard stream makes the JDK put `/dev/null` in its place: the client sees the
    /// end, and nothing opened later gets descriptor 1.
    private static void announce(PrintStream out, String line) {
        out.println(line);
        out.flush();
        out.close();
    }
}
