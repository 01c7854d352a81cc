package dev.sovereign.cli;

import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/// Where commands get their [Caller]s; given by `Main`, so that the command line knows nothing of
/// sockets and nodes. Opens nothing until asked.
public interface Callers {

    /// How to reach the node: the options that every command has.
    ///
    /// @param home `--home`; null takes the environment's
    /// @param mayStart false is `--no-daemon-start`
    /// @param timeoutMillis `--timeout`, more than 0; bounds connecting, starting and each call;
    ///   null is no bound of ours
    record Reach(@Nullable String home, boolean mayStart, @Nullable Long timeoutMillis) {
        public static final Reach DEFAULT = new Reach(null, true, null);
    }

    /// Receives the few lines that connecting has to say, such as that a daemon of another build
    /// was replaced. They belong on standard error.
    interface Words {
        void say(String line);
    }

    /// A connection to the daemon, which is started when none runs and `reach` allows it. Connects
    /// on the first call, and again after a call was interrupted.
    ///
    /// @throws dev.sovereign.error.SovereignException from the first call, when it cannot be
    ///   reached or started
    Caller daemon(Reach reach, Words words);

    /// Names to complete a word with, from a daemon that runs.
    ///
    /// @throws dev.sovereign.error.SovereignException when none does
    default List<String> names(Reach reach, Request.Names asked) throws InterruptedException {
        try (Caller daemon = daemon(reach, line -> {})) {
            return daemon.call(asked, new Listener() {}).names();
        }
    }

    /// This process itself: `run`, `check`, `config`.
    Caller local(Reach reach);

    /// What Datalog looks like.
    Lexis lexis();

    /// The folders and files of the node.
    Home home(Reach reach);

    /// How a daemon of this installation is started by others.
    ///
    /// @param launcher the script; null when we were started without it
    /// @param manifest what the launcher reads; null as well then
    /// @param root what the daemon needs as `SOVEREIGN_HOME`; null where its home is the XDG
    ///   folders'
    record Installation(@Nullable Path launcher, @Nullable Path manifest, @Nullable Path root) {}

    Installation installation(Reach reach);

    /// Options for the daemon's JVM, as `SOVEREIGN_JAVA_OPTS` takes them; by the configuration.
    String daemonOptions(Reach reach);

    /// `daemon run`: the daemon in this process and in the foreground, until it is stopped. Says on
    /// `words` where it listens.
    ///
    /// @param idleMillis what holds instead of the configuration's `daemon.idle`; 0 is never, null
    ///   is nothing
    /// @return the exit status
    int runDaemon(Reach reach, @Nullable Long idleMillis, Words words) throws InterruptedException;
}
