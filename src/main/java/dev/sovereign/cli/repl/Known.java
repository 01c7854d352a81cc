package dev.sovereign.cli.repl;

import dev.sovereign.cli.Caller;
import dev.sovereign.cli.Callers;
import dev.sovereign.cli.Listener;
import dev.sovereign.cli.ValueText;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// What the daemon knows that can be completed. One thread of its own asks, over a connection of
/// its own, ahead of need: after each change, and when an atom is begun. A daemon that does not
/// answer leaves the last answer standing.
///
/// `asking` is confined to the thread of the prompt; what is known is handed over by `volatile` and
/// a concurrent map.
final class Known implements AutoCloseable {

    /// A Tab waits this long for an answer that is under way, no other key for any.
    private static final long PATIENCE_MILLIS = 150;

    /// What others have changed meanwhile is asked for when this has passed.
    private static final long FRESH_NANOS = TimeUnit.SECONDS.toNanos(3);

    /// A daemon that needs longer has better things to do than to complete.
    private static final long TIMEOUT_MILLIS = 2_000;

    /// Columns whose constants are kept.
    private static final int COLUMNS = 128;

    /// Constants of a column: more is no choice.
    private static final long CONSTANTS = 200;

    /// Characters of a constant that is offered.
    private static final int CONSTANT_CHARS = 60;

    /// For what the constants of a column may cost the daemon.
    private static final Request.Limits LIMITS =
            new Request.Limits(200L, 1_000_000L, 64L << 20, null);

    /// Something with a name and a few words about it.
    record Named(String name, String words) {}

    private record Column(String relation, int index) {}

    private record Names(
            long changes,
            long nanos,
            Map<String, Response.Relation> relations,
            List<Named> modules,
            List<Named> skills,
            List<Named> peers) {}

    private final Connection connection;
    private final Caller caller;
    private final ExecutorService thread =
            Executors.newSingleThreadExecutor(Thread.ofVirtual().name("completion").factory());
    private final Map<Column, List<String>> constants = new ConcurrentHashMap<>();
    private volatile Names names = new Names(-1, 0, Map.of(), List.of(), List.of(), List.of());
    private Future<?> asking = CompletableFuture.completedFuture(null);

    Known(Connection connection, Callers callers, Callers.Reach reach) {
        this.connection = connection;
        this.caller =
                callers.daemon(
                        new Callers.Reach(reach.home(), false, TIMEOUT_MILLIS), Known::ignore);
    }

    private static void ignore(String words) {}

    /// While somebody still reads the first line: connects as every input does, which may start the
    /// daemon, and learns what there is.
    void warmUp() {
        asking =
                thread.submit(() -> {
                    try {
                        connection.call(new Request.RulesList(), new Listener() {});
                        askNames();
                    } catch (SovereignException | InterruptedException none) {
                        // whatever is typed next will say it
                    }
                });
    }

    /// Asks again when something has been changed here.
    void follow() {
        if (names.changes() != connection.changes() && asking.isDone()) {
            asking = thread.submit(this::askNames);
        }
    }

    /// Waits a little for what is under way, and sees to it that the next look is not stale.
    void look() {
        follow();
        try {
            asking.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (TimeoutException | ExecutionException slow) {
            return;
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
            return;
        }
        if (System.nanoTime() - names.nanos() > FRESH_NANOS) {
            asking = thread.submit(this::askNames);
        }
    }

    Map<String, Response.Relation> relations() {
        return names.relations();
    }

    List<Named> modules() {
        return names.modules();
    }

    List<Named> skills() {
        return names.skills();
    }

    List<Named> peers() {
        return names.peers();
    }

    /// Constants that stand in a column, as Datalog has them; empty until they are known.
    List<String> constants(String relation, int column) {
        return constants.getOrDefault(new Column(relation, column), List.of());
    }

    /// Asks for the constants of a column, which are soon to be completed.
    void foresee(String relation, int column) {
        Response.Relation known = names.relations().get(relation);
        Column wanted = new Column(relation, column);
        if (known != null && column < known.columns().size() && !constants.containsKey(wanted)) {
            if (constants.size() >= COLUMNS) {
                constants.clear();
            }
            constants.put(wanted, List.of());
            int count = known.columns().size();
            asking = thread.submit(() -> askConstants(wanted, count));
        }
    }

    // ---- on the thread that asks ----

    private void askNames() {
        Names last = names;
        long changes = connection.changes();
        constants.clear();
        var relations = ask(new Request.RelationsOf(null));
        var modules = ask(new Request.RulesList());
        names =
                new Names(
                        changes,
                        System.nanoTime(),
                        relations == null ? last.relations() : byName(relations.relations()),
                        modules == null
                                ? last.modules()
                                : modules.modules().stream().map(Known::named).toList(),
                        last.skills(),
                        last.peers());
        var skills = ask(new Request.SkillList());
        var peers = ask(new Request.PeerList());
        names =
                new Names(
                        changes,
                        System.nanoTime(),
                        names.relations(),
                        names.modules(),
                        skills == null
                                ? last.skills()
                                : skills.skills().stream()
                                        .map(skill -> new Named(skill.name(), skill.description()))
                                        .toList(),
                        peers == null
                                ? last.peers()
                                : peers.peers().stream().map(Known::named).toList());
    }

    private static Map<String, Response.Relation> byName(List<Response.Relation> relations) {
        Map<String, Response.Relation> byName = LinkedHashMap.newLinkedHashMap(relations.size());
        relations.forEach(relation -> byName.put(relation.name(), relation));
        return byName;
    }

    private static Named named(Response.Module module) {
        return new Named(module.name(), module.rules() == 1 ? "1 rule" : module.rules() + " rules");
    }

    private static Named named(Response.Peer peer) {
        String name = peer.name();
        return new Named(name == null ? peer.peerId() : name, peer.state());
    }

    private void askConstants(Column column, int count) {
        StringBuilder atom = new StringBuilder(column.relation()).append('(');
        for (int i = 0; i < count; i++) {
            atom.append(i == 0 ? "" : ", ").append(i == column.index() ? "c" : "_");
        }
        var query =
                new Request.Query(
                        atom.append(")?").toString(), List.of(), null, CONSTANTS, false, LIMITS);
        List<String> found = new ArrayList<>();
        ask(
                query,
                new Listener() {
                    @Override
                    public void rows(Response.Rows rows) {
                        for (List<@Nullable Object> row : rows.rows()) {
                            String literal = ValueText.literal(row.getFirst());
                            if (literal.length() <= CONSTANT_CHARS && isPlain(literal)) {
                                found.add(literal);
                            }
                        }
                    }
                });
        constants.put(column, List.copyOf(found));
    }

    /// Nothing that a terminal would obey.
    private static boolean isPlain(String literal) {
        return literal.codePoints()
                .noneMatch(c ->
                        Character.isISOControl(c)
                                || Character.getType(c) == Character.FORMAT
                                || Character.getType(c) == Character.SURROGATE);
    }

    private <R extends Response.Closing> @Nullable R ask(Request<R> request) {
        return ask(request, new Listener() {});
    }

    private <R extends Response.Closing> @Nullable R ask(Request<R> request, Listener listener) {
        try {
            return caller.call(request, listener);
        } catch (SovereignException | InterruptedException none) {
            return null; // the last answer stands
        }
    }

    @Override
    public void close() {
        thread.execute(caller::close);
        thread.shutdown();
    }
}
