package dev.sovereign.node.peers;

import dev.sovereign.error.SovereignException;
import dev.sovereign.node.Coordinator;
import dev.sovereign.node.Exchange;
import dev.sovereign.node.Lifecycle;
import dev.sovereign.node.Log;
import dev.sovereign.node.StoredKnowledge;
import dev.sovereign.node.config.Configuration;
import dev.sovereign.protocol.Home;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/// A whole node in this process: store, policy and mesh over real TCP, without the local socket.
final class TestNode implements AutoCloseable {

    final Home home;
    private final Coordinator node;

    /// @param configuration lines of `[mesh]`
    TestNode(Path root, String... configuration) throws IOException {
        home = Home.of(root.toString(), Map.of());
        Files.createDirectories(home.data());
        List<String> lines = new ArrayList<>(List.of("[mesh]"));
        lines.add("listen = [\"/ip4/127.0.0.1/tcp/0\"]");
        lines.addAll(List.of(configuration));
        Files.write(home.configFile(), lines);
        node =
                new Coordinator(
                        home,
                        Configuration.load(home.configFile()),
                        StoredKnowledge.factory(),
                        new Alone());
    }

    static Keys keys(Home home) {
        return new Keys(home, null, Keys.GRACE, InstantSource.system());
    }

    private static final class Alone implements Lifecycle {
        @Override
        public void stop(long drainMillis) {}

        @Override
        public boolean isStopping() {
            return false;
        }

        @Override
        public long pid() {
            return 1;
        }

        @Override
        public long uptimeMillis() {
            return 1;
        }

        @Override
        public Log log() {
            return Log.none();
        }
    }

    /// Collects rows, and may be cancelled.
    static class Collector implements Exchange {

        final List<List<@Nullable Object>> rows = new CopyOnWriteArrayList<>();
        final List<Response.ProofStep> steps = new CopyOnWriteArrayList<>();
        private final List<Runnable> hooks = new CopyOnWriteArrayList<>();
        private volatile boolean cancelled;

        @Override
        public void send(Response response) throws InterruptedException {
            if (response instanceof Response.Rows some) {
                rows.addAll(some.rows());
            }
            if (response instanceof Response.ProofSteps some) {
                steps.addAll(some.steps());
            }
        }

        @Override
        public InputStream want(String name, @Nullable String fromProgram) {
            throw new AssertionError("asked for the file " + name);
        }

        @Override
        public boolean cancelled() {
            return cancelled;
        }

        @Override
        public void onCancel(Runnable hook) {
            hooks.add(hook);
        }

        void cancel() {
            cancelled = true;
            hooks.forEach(Runnable::run);
        }
    }

    /// @throws SovereignException also for a failure that the node answers with
    Response.Closing ask(Request<?> request, Exchange exchange)
            throws IOException, InterruptedException {
        Response.Closing closing = node.handle(request, exchange);
        if (closing instanceof Response.Failure failure) {
            throw new SovereignException(failure.diagnostics());
        }
        return closing;
    }

    Response.Closing ask(Request<?> request) throws IOException, InterruptedException {
        return ask(request, new Collector());
    }

    static Request.Query query(String text) {
        return new Request.Query(text, List.of(), null, null, false, Request.Limits.NONE);
    }

    List<List<@Nullable Object>> rows(String query) throws IOException, InterruptedException {
        Collector collector = new Collector();
        ask(query(query), collector);
        return collector.rows;
    }

    List<List<@Nullable Object>> rowsAt(String peer, String query)
            throws IOException, InterruptedException {
        Collector collector = new Collector();
        ask(new Request.At(peer, query(query)), collector);
        return collector.rows;
    }

    /// The steps of proofs that a peer gives.
    List<Response.ProofStep> proofAt(String peer, String text)
            throws IOException, InterruptedException {
        Collector collector = new Collector();
        Request.Why why =
                new Request.Why(text, List.of(), null, null, false, null, Request.Limits.NONE);
        ask(new Request.At(peer, why), collector);
        return collector.steps;
    }

    void rules(String module, String text) throws IOException, InterruptedException {
        ask(new Request.RulesAdd(module, new Request.Program(module + ".dl", text)));
    }

    void facts(String text) throws IOException, InterruptedException {
        ask(new Request.Assert(List.of(new Request.Program("assert", text)), null));
    }

    Response.Mesh mesh() throws IOException, InterruptedException {
        return ((Response.Heartbeat) ask(new Request.Status())).mesh();
    }

    String id() throws IOException, InterruptedException {
        return String.valueOf(((Response.Heartbeat) ask(new Request.Status())).peerId());
    }

    List<Response.Peer> peers() throws IOException, InterruptedException {
        return ((Response.Peers) ask(new Request.PeerList())).peers();
    }

    /// The state of a peer; empty when it is not in the list.
    String state(String peer) {
        try {
            for (Response.Peer each : peers()) {
                if (each.peerId().equals(peer) || peer.equals(each.name())) {
                    return each.state();
                }
            }
            return "";
        } catch (IOException | InterruptedException broke) {
            throw new IllegalStateException(broke);
        }
    }

    /// Waits for something that another thread brings about; far longer than it should take.
    static void until(String what, long millis, BooleanSupplier holds) {
        long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
        while (!holds.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("not within " + millis + " ms: " + what);
            }
            Thread.onSpinWait();
            java.util.concurrent.locks.LockSupport.parkNanos(5_000_000);
        }
    }

    @Override
    public void close() {
        node.close();
    }
}
