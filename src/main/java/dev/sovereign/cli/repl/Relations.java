package dev.sovereign.cli.repl;

import dev.sovereign.cli.Listener;
import dev.sovereign.error.SovereignException;
import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// Which relations and modules there are, for completion: asked for when it is needed and something
/// has changed since. A daemon that does not answer at once leaves the last answer standing.
///
/// The answers are set by the thread that asks; `volatile` hands them over.
final class Relations {

    /// Longer would be felt as a key that does nothing.
    private static final long PATIENCE_MILLIS = 400;

    private final Connection connection;
    private volatile List<Response.Relation> relations = List.of();
    private volatile List<String> modules = List.of();
    private volatile List<String> skills = List.of();
    private volatile long asOf = -1;

    Relations(Connection connection) {
        this.connection = connection;
    }

    List<Response.Relation> all() {
        refresh();
        return relations;
    }

    /// The relation of that name; null when there is none.
    Response.@Nullable Relation find(String name) {
        for (Response.Relation relation : all()) {
            if (relation.name().equals(name)) {
                return relation;
            }
        }
        return null;
    }

    List<String> modules() {
        refresh();
        return modules;
    }

    List<String> skills() {
        refresh();
        return skills;
    }

    /// Asks on a thread of its own, because the one that waits for keys must not be interrupted.
    private void refresh() {
        long changes = connection.changes();
        if (asOf == changes) {
            return;
        }
        Thread asking = Thread.ofVirtual().name("completion").start(() -> ask(changes));
        try {
            if (!asking.join(java.time.Duration.ofMillis(PATIENCE_MILLIS))) {
                asking.interrupt();
                asking.join(java.time.Duration.ofMillis(PATIENCE_MILLIS));
            }
        } catch (InterruptedException stopped) {
            asking.interrupt();
            Thread.currentThread().interrupt();
        }
    }

    /// Asks now, on this thread; what goes wrong is said by whatever is typed next.
    void ask(long changes) {
        try {
            relations =
                    connection.call(new Request.RelationsOf(null), new Listener() {}).relations();
            modules =
                    connection.call(new Request.RulesList(), new Listener() {}).modules().stream()
                            .map(Response.Module::name)
                            .toList();
            asOf = changes;
            skills =
                    connection.call(new Request.SkillList(), new Listener() {}).skills().stream()
                            .map(Response.SkillSheet::name)
                            .toList();
        } catch (SovereignException | InterruptedException none) {
            // the last answer stands
        }
    }
}
