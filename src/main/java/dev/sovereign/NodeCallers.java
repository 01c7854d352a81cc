package dev.sovereign;

import dev.sovereign.cli.Caller;
import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Lexis;
import dev.sovereign.cli.connect.QuickNames;
import dev.sovereign.cli.connect.SocketCaller;
import dev.sovereign.node.KnowledgeHandler;
import dev.sovereign.node.LocalHandler;
import dev.sovereign.node.StoredKnowledge;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;

import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;

/// Gives the command line its callers. Nothing of the node is loaded until it is asked for.
final class NodeCallers implements Callers {

    @Override
    public Caller daemon(Reach reach, Words words) {
        return new SocketCaller(home(reach), reach, words, new DaemonStarter(root(reach)));
    }

    @Override
    public List<String> names(Reach reach, Request.Names asked) throws InterruptedException {
        Long timeout = reach.timeoutMillis();
        List<String> names = timeout == null ? null : QuickNames.ask(home(reach), asked, timeout);
        return names == null ? Callers.super.names(reach, asked) : names;
    }

    @Override
    public Caller local(Reach reach) {
        return new LocalCaller(new LocalHandler(home(reach)));
    }

    @Override
    public Lexis lexis() {
        return new DatalogLexis();
    }

    @Override
    public Home home(Reach reach) {
        return Home.of(reach.home(), System.getenv());
    }

    @Override
    public Installation installation(Reach reach) {
        String launcher = System.getProperty("sovereign.launcher");
        String manifest = System.getProperty("sovereign.manifest");
        String root = root(reach);
        return new Installation(
                launcher == null ? null : Path.of(launcher),
                manifest == null ? null : Path.of(manifest),
                root == null || root.isEmpty() ? null : Path.of(root).toAbsolutePath().normalize());
    }

    @Override
    public String daemonOptions(Reach reach) {
        return DaemonStarter.jvmOptions(home(reach));
    }

    @Override
    public int runDaemon(Reach reach, @Nullable Long idleMillis, Words words)
            throws InterruptedException {
        return new DaemonProcess(home(reach), knowledge()).runInForeground(idleMillis, words);
    }

    /// A daemon that a client started: its home comes by environment.
    static int runSpawnedDaemon() throws InterruptedException {
        return new DaemonProcess(Home.of(null, System.getenv()), knowledge()).runSpawned();
    }

    private static KnowledgeHandler.Factory knowledge() {
        return StoredKnowledge.factory();
    }

    private static @Nullable String root(Reach reach) {
        return reach.home() != null ? reach.home() : System.getenv("SOVEREIGN_HOME");
    }
}
