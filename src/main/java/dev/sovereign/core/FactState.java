package dev.sovereign.core;

import dev.sovereign.core.store.Change;
import dev.sovereign.core.store.Column;
import dev.sovereign.core.store.Replay;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// What the node knows, in memory: relations, modules and the newest transaction. One thread, the
/// writer's (or at first the one that opens the store), changes it; [#publish] shows the changes to
/// everybody at once as a [Snapshot].
///
/// Between two publishes every change is noted, so that [#undo] can take all of them back when the
/// log could not be forced.
final class FactState implements Replay {

    /// Relations a store may hold: a bound on what a faulty script can create.
    static final int MAX_RELATIONS = 100_000;

    /// Modules a store may hold.
    static final int MAX_MODULES = 10_000;

    /// Retracted rows that are kept for `--as-of` before a relation is rewritten without them;
    /// beyond it older moments are read from the log.
    static final int KEPT_RETRACTED_ROWS = 1 << 20;

    private final Map<String, StoredRelation> relations = new HashMap<>();
    private Map<String, StoredModule> modules = Map.of();
    private final List<Runnable> undo = new ArrayList<>();
    private final Set<StoredRelation> touched = new HashSet<>();
    private boolean relationsChanged;
    private boolean replaying = true;
    private long lastTx;

    /// Earlier moments than this are not held here.
    private long floorTx;

    private volatile Snapshot published = Snapshot.EMPTY;

    /// What readers see; never null, never changes once taken.
    Snapshot published() {
        return published;
    }

    @Nullable StoredRelation relation(String name) {
        return relations.get(name);
    }

    Map<String, StoredModule> modules() {
        return modules;
    }

    /// Makes a relation known, or gives its columns other names.
    ///
    /// @return what to log; null when nothing changed
    Change.@Nullable Declare declare(String name, List<Column> columns) {
        StoredRelation known = relations.get(name);
        if (known == null) {
            if (relations.size() >= MAX_RELATIONS) {
                throw new SovereignException(
                        KnowledgeError.TOO_MANY,
                        "the store holds " + MAX_RELATIONS + " relations, the most there can be");
            }
            relations.put(name, new StoredRelation(name, columns));
            relationsChanged = true;
            note(() -> {
                relations.remove(name);
                relationsChanged = true;
            });
            return new Change.Declare(name, columns);
        }
        requireSameKinds(known, columns);
        List<Column> before = known.columns();
        if (before.equals(columns)) {
            return null;
        }
        known.rename(columns);
        note(() -> known.rename(before));
        return new Change.Declare(name, columns);
    }

    static void requireSameKinds(StoredRelation known, List<Column> columns) {
        boolean same = known.arity() == columns.size();
        for (int i = 0; same && i < columns.size(); i++) {
            same = known.columns().get(i).kind() == columns.get(i).kind();
        }
        if (!same) {
            throw new SovereignException(
                    KnowledgeError.COLUMNS,
                    "relation "
                            + known.name()
                            + " has the columns "
                            + shown(known.columns())
                            + ", not "
                            + shown(columns),
                    "use another name, or retract its facts first");
        }
    }

    static String shown(List<Column> columns) {
        StringBuilder out = new StringBuilder("(");
        for (Column column : columns) {
            out.append(out.length() == 1 ? "" : ", ")
                    .append(column.name())
                    .append(':')
                    .append(column.kind().name().toLowerCase(Locale.ROOT));
        }
        return out.append(')').toString();
    }

    /// Adds those of `count` tuples that do not hold yet, as asserted by `tx`.
    ///
    /// @return positions of those that were added, or null when all were
    int @Nullable [] add(StoredRelation relation, long[][] tuples, int count, long tx) {
        int before = relation.rows();
        touched.add(relation);
        note(() -> relation.cancel(before));
        int[] fresh = null;
        int added = 0;
        long[] tuple = new long[relation.arity()];
        for (int at = 0; at < count; at++) {
            pick(tuples, at, tuple);
            if (relation.find(tuple) < 0) {
                relation.append(tuple, tx);
                if (fresh != null) {
                    fresh[added] = at;
                }
                added++;
            } else if (fresh == null) {
                fresh = new int[count];
                for (int earlier = 0; earlier < at; earlier++) {
                    fresh[earlier] = earlier;
                }
            }
        }
        return fresh == null ? null : Arrays.copyOf(fresh, added);
    }

    static void pick(long[][] tuples, int at, long[] tuple) {
        for (int column = 0; column < tuple.length; column++) {
            tuple[column] = tuples[column][at];
        }
    }

    /// Takes the first `count` of `rows` back in transaction `tx`; each of them holds.
    void remove(StoredRelation relation, int[] rows, int count, long tx) {
        touched.add(relation);
        for (int i = 0; i < count; i++) {
            relation.remove(rows[i], tx);
        }
        note(() -> {
            for (int i = 0; i < count; i++) {
                relation.restore(rows[i]);
            }
        });
    }

    void putModule(StoredModule module) {
        if (modules.size() >= MAX_MODULES && !modules.containsKey(module.name())) {
            throw new SovereignException(
                    KnowledgeError.TOO_MANY,
                    "the store holds " + MAX_MODULES + " modules, the most there can be");
        }
        Map<String, StoredModule> before = modules;
        Map<String, StoredModule> changed = new TreeMap<>(before);
        changed.put(module.name(), module);
        modules = Collections.unmodifiableMap(changed);
        note(() -> modules = before);
    }

    void removeModule(String name) {
        Map<String, StoredModule> before = modules;
        Map<String, StoredModule> changed = new TreeMap<>(before);
        changed.remove(name);
        modules = Collections.unmodifiableMap(changed);
        note(() -> modules = before);
    }

    private void note(Runnable back) {
        if (!replaying) {
            undo.add(back);
        }
    }

    /// Where [#undoTo] can go back to.
    int mark() {
        return undo.size();
    }

    /// Takes back what was changed since `mark`, newest first.
    void undoTo(int mark) {
        while (undo.size() > mark) {
            undo.removeLast().run();
        }
    }

    /// Shows everything through transaction `tx` to readers.
    void publish(long tx) {
        undo.clear();
        lastTx = tx;
        publishRows();
        replaying = false;
        Snapshot before = published;
        Map<String, StoredRelation> names = before.relations();
        if (relationsChanged || before.isInitial()) {
            names = Map.copyOf(relations);
            relationsChanged = false;
        }
        published = new Snapshot(tx, floorTx, names, modules);
    }

    private void publishRows() {
        for (StoredRelation relation : replaying ? relations.values() : touched) {
            relation.publish();
            long retracted = relation.rows() - relation.live();
            if (retracted > KEPT_RETRACTED_ROWS && retracted > relation.live()) {
                StoredRelation rewritten = relation.withoutRetracted();
                rewritten.publish();
                relations.put(relation.name(), rewritten);
                relationsChanged = true;
                floorTx = lastTx;
            }
        }
        touched.clear();
    }

    // ---- recovery ----

    @Override
    public void relation(String name, List<Column> columns) {
        StoredRelation known = relations.get(name);
        if (known == null) {
            relations.put(name, new StoredRelation(name, columns));
            relationsChanged = true;
        } else {
            known.rename(columns);
        }
    }

    @Override
    public void asserted(String relation, long[][] columns, long[] assertingTx, int count) {
        known(relation).appendAll(columns, assertingTx, count);
    }

    @Override
    public void retracted(
            String relation, long[][] columns, long[] assertingTx, int count, long tx) {
        StoredRelation known = known(relation);
        long[] tuple = new long[known.arity()];
        for (int at = 0; at < count; at++) {
            pick(columns, at, tuple);
            int row = known.find(tuple, assertingTx[at]);
            if (row >= 0) {
                known.remove(row, tx);
            }
        }
    }

    @Override
    public void restart() {
        relations.clear();
        modules = Map.of();
        relationsChanged = true;
        lastTx = 0;
    }

    private StoredRelation known(String relation) {
        StoredRelation known = relations.get(relation);
        if (known == null) {
            throw new IllegalStateException(
                    "the store delivers tuples of " + relation + " before it declares it");
        }
        return known;
    }

    @Override
    public void module(String name, String text, long tx) {
        putModule(StoredModule.parse(name, text, tx));
    }

    @Override
    public void moduleRemoved(String name, long tx) {
        removeModule(name);
    }

    @Override
    public void through(long tx) {
        lastTx = tx;
    }

    /// The newest transaction that was delivered or published.
    long lastTx() {
        return lastTx;
    }

    /// Moments before `tx` are not held: the store delivered what holds then, without its history.
    void floor(long tx) {
        floorTx = tx;
    }
}
