package dev.sovereign.core;

import dev.sovereign.core.analyze.AnalysisCode;
import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.store.Change;
import dev.sovereign.core.store.ColumnKind;
import dev.sovereign.core.store.Draft;
import dev.sovereign.core.store.FactStore;
import dev.sovereign.core.store.Symbols;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.function.LongPredicate;

/// Turns checked facts into one transaction: what is new goes into the state and the log, in the
/// same order. Runs on the writer's thread only; after a throw the state is as before.
final class FactWriter {

    /// Heap that a row takes besides its values: transaction, index entry (measured: 30 to 45).
    private static final int ROW_BYTES = 48;

    /// Batches below this are not measured against the heap.
    private static final long SMALL_BATCH_BYTES = 1 << 20;

    private final FactState state;
    private final FactStore store;
    private final Symbols symbols;
    private final InstantSource clock;

    FactWriter(FactState state, FactStore store, Symbols symbols, InstantSource clock) {
        this.state = state;
        this.store = store;
        this.symbols = symbols;
        this.clock = clock;
    }

    /// What a transaction is called in the log.
    ///
    /// @param author whose words these are
    /// @param what such as `assert`
    /// @param reason the author's own; null when none was given
    record Label(String author, String what, @Nullable String reason) {}

    /// Rows for one relation.
    ///
    /// @param symbols what values of symbol columns are positions of
    /// @param values one array a column, at least `count` long
    @SuppressWarnings("ArrayRecordComponent") // handed over, never compared
    record Batch(
            String relation,
            List<Column> columns,
            long[][] values,
            int count,
            List<String> symbols) {}

    /// Takes back single facts, then adds others, in one transaction.
    ///
    /// @param removals checked as facts
    /// @param mine transactions whose facts may be taken back; others stay
    Committed change(
            List<Batch> batches, CheckedProgram removals, LongPredicate mine, Label label) {
        int mark = state.mark();
        try {
            List<Change> changes = new ArrayList<>();
            long tx = store.lastTx() + 1;
            long removed = 0;
            long unchanged = 0;
            for (CheckedProgram.Facts facts : removals.facts()) {
                StoredRelation relation =
                        state.relation(removals.relations().get(facts.relation()).name());
                Rows rows =
                        relation == null
                                ? new Rows()
                                : holding(relation, removals, facts).where(relation, mine);
                unchanged += facts.count() - rows.count;
                removed += retract(relation, rows, tx, changes);
            }
            Committed added = add(batches, tx, changes);
            return changes.isEmpty()
                    ? new Committed(0, 0, 0, unchanged + added.unchanged())
                    : new Committed(
                            append(label, changes),
                            added.asserted(),
                            removed,
                            unchanged + added.unchanged());
        } catch (RuntimeException refused) {
            state.undoTo(mark);
            throw refused;
        }
    }

    Committed add(List<Batch> batches, Label label) {
        int mark = state.mark();
        try {
            List<Change> changes = new ArrayList<>();
            Committed added = add(batches, store.lastTx() + 1, changes);
            return changes.isEmpty()
                    ? added
                    : new Committed(append(label, changes), added.asserted(), 0, added.unchanged());
        } catch (RuntimeException refused) {
            state.undoTo(mark);
            throw refused;
        }
    }

    /// Adds to the state and to `changes`.
    private Committed add(List<Batch> batches, long tx, List<Change> changes) {
        long added = 0;
        long unchanged = 0;
        for (Batch batch : batches) {
            requireRoom(batch);
            StoredRelation relation = relation(batch, changes);
            long[][] tuples = interned(batch);
            int[] fresh = state.add(relation, tuples, batch.count(), tx);
            int count = fresh == null ? batch.count() : fresh.length;
            added += count;
            unchanged += batch.count() - count;
            if (count > 0) {
                changes.add(
                        new Change.Assert(
                                relation.name(),
                                fresh == null ? tuples : pick(tuples, fresh),
                                count));
            }
        }
        return new Committed(0, added, 0, unchanged);
    }

    /// Refuses what would not fit the heap, before anything is changed: an exhausted heap would end
    /// more than this request.
    private static void requireRoom(Batch batch) {
        long needed = (long) batch.count() * (ROW_BYTES + 2L * Long.BYTES * batch.columns().size());
        if (needed < SMALL_BATCH_BYTES || needed < free()) {
            return;
        }
        System.gc(); // once before a refusal: what looks used may be garbage
        if (needed >= free()) {
            throw new SovereignException(
                    KnowledgeError.MEMORY,
                    "the "
                            + batch.count()
                            + " rows for "
                            + batch.relation()
                            + " need about "
                            + (needed >> 20)
                            + " MiB of heap, "
                            + (free() >> 20)
                            + " MiB are free",
                    "give the daemon more with sovereign config set daemon.heap 1g, and restart"
                            + " it");
        }
    }

    private static long free() {
        Runtime runtime = Runtime.getRuntime();
        return runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
    }

    /// How many of a batch's rows are new; the caller takes the state back to where it was.
    Committed count(Batch batch) {
        StoredRelation relation = relation(batch, new ArrayList<>());
        int[] fresh = state.add(relation, interned(batch), batch.count(), store.lastTx() + 1);
        int added = fresh == null ? batch.count() : fresh.length;
        return new Committed(0, added, 0, batch.count() - added);
    }

    /// Takes back single facts and everything that patterns match.
    ///
    /// @param program checked as facts
    Committed remove(CheckedProgram program, Label label) {
        int mark = state.mark();
        try {
            List<Change> changes = new ArrayList<>();
            long tx = store.lastTx() + 1;
            long removed = 0;
            long unchanged = 0;
            for (CheckedProgram.Facts facts : program.facts()) {
                StoredRelation relation =
                        state.relation(program.relations().get(facts.relation()).name());
                Rows rows = relation == null ? new Rows() : holding(relation, program, facts);
                unchanged += facts.count() - rows.count;
                removed += retract(relation, rows, tx, changes);
            }
            for (CheckedProgram.Pattern pattern : program.patterns()) {
                StoredRelation relation =
                        state.relation(program.relations().get(pattern.relation()).name());
                Rows rows = relation == null ? new Rows() : matching(relation, pattern);
                removed += retract(relation, rows, tx, changes);
            }
            return changes.isEmpty()
                    ? new Committed(0, 0, 0, unchanged)
                    : new Committed(append(label, changes), 0, removed, unchanged);
        } catch (RuntimeException refused) {
            state.undoTo(mark);
            throw refused;
        }
    }

    Committed putModule(String name, String text, Label label) {
        int mark = state.mark();
        try {
            long tx = store.lastTx() + 1;
            StoredModule before = state.modules().get(name);
            if (before != null && before.text().equals(text)) {
                return new Committed(0, 0, 0, 1);
            }
            state.putModule(StoredModule.parse(name, text, tx));
            append(label, List.of(new Change.PutModule(name, text)));
            return new Committed(tx, 0, 0, 0);
        } catch (RuntimeException refused) {
            state.undoTo(mark);
            throw refused;
        }
    }

    Committed removeModule(String name, Label label) {
        int mark = state.mark();
        try {
            state.removeModule(name);
            return new Committed(append(label, List.of(new Change.RemoveModule(name))), 0, 0, 0);
        } catch (RuntimeException refused) {
            state.undoTo(mark);
            throw refused;
        }
    }

    private long append(Label label, List<Change> changes) {
        return store.append(
                new Draft(clock.millis(), label.author(), label.what(), label.reason(), changes));
    }

    /// The relation of a batch, made known when it is new.
    private StoredRelation relation(Batch batch, List<Change> changes) {
        List<dev.sovereign.core.store.Column> columns = stored(batch.columns());
        StoredRelation known = state.relation(batch.relation());
        if (known != null) {
            FactState.requireSameKinds(known, columns);
            return known;
        }
        Change.Declare declared = state.declare(batch.relation(), columns);
        if (declared != null) {
            changes.add(declared);
        }
        return relation(batch.relation());
    }

    private StoredRelation relation(String name) {
        StoredRelation known = state.relation(name);
        if (known == null) {
            throw new IllegalStateException(
                    "relation " + name + " is not there after it was declared");
        }
        return known;
    }

    static List<dev.sovereign.core.store.Column> stored(List<Column> columns) {
        List<dev.sovereign.core.store.Column> stored = new ArrayList<>(columns.size());
        for (Column column : columns) {
            stored.add(
                    new dev.sovereign.core.store.Column(
                            column.name(), column.type(), kind(column.kind())));
        }
        return stored;
    }

    private static ColumnKind kind(Kind kind) {
        return switch (kind) {
            case NUMBER -> ColumnKind.NUMBER;
            case UNSIGNED -> ColumnKind.UNSIGNED;
            case FLOAT -> ColumnKind.FLOAT;
            case SYMBOL -> ColumnKind.SYMBOL;
            case RECORD, ADT ->
                    throw new SovereignException(
                            KnowledgeError.COLUMNS,
                            "a stored relation cannot have a column of records",
                            "store the record's fields as columns of their own");
        };
    }

    /// The batch's values with ids of the store's table in place of positions.
    private long[][] interned(Batch batch) {
        long[][] tuples = batch.values().clone();
        long[] ids = null;
        for (int column = 0; column < tuples.length; column++) {
            if (batch.columns().get(column).kind() != Kind.SYMBOL) {
                continue;
            }
            if (ids == null) {
                ids = new long[batch.symbols().size()];
                Arrays.fill(ids, -1);
            }
            long[] positions = tuples[column];
            long[] mapped = new long[batch.count()];
            for (int at = 0; at < mapped.length; at++) {
                int position = (int) positions[at];
                if (ids[position] < 0) {
                    ids[position] = symbols.intern(batch.symbols().get(position));
                }
                mapped[at] = ids[position];
            }
            tuples[column] = mapped;
        }
        return tuples;
    }

    private static long[][] pick(long[][] tuples, int[] rows) {
        long[][] picked = new long[tuples.length][rows.length];
        for (int column = 0; column < tuples.length; column++) {
            for (int i = 0; i < rows.length; i++) {
                picked[column][i] = tuples[column][rows[i]];
            }
        }
        return picked;
    }

    /// Facts with ids of the store's table; a symbol that the store has never seen is
    /// [Long#MIN_VALUE] and matches nothing.
    private long[][] known(
            StoredRelation relation, CheckedProgram program, CheckedProgram.Facts facts) {
        FactState.requireSameKinds(
                relation, stored(program.relations().get(facts.relation()).columns()));
        long[][] tuples = new long[relation.arity()][];
        for (int column = 0; column < tuples.length; column++) {
            long[] values = facts.columns().get(column);
            if (relation.columns().get(column).kind() == ColumnKind.SYMBOL) {
                long[] mapped = new long[facts.count()];
                for (int at = 0; at < mapped.length; at++) {
                    mapped[at] = symbolOrNone(facts.symbols().get((int) values[at]));
                }
                values = mapped;
            }
            tuples[column] = values;
        }
        return tuples;
    }

    private long symbolOrNone(String text) {
        long id = symbols.find(text);
        return id < 0 ? Long.MIN_VALUE : id;
    }

    private Rows matching(StoredRelation relation, CheckedProgram.Pattern pattern) {
        int arity = relation.arity();
        long[] wanted = new long[arity];
        boolean[] bound = new boolean[arity];
        int[] sameAs = new int[arity];
        Arrays.fill(sameAs, -1);
        int[] firstColumn = new int[pattern.variables().size()];
        Arrays.fill(firstColumn, -1);
        for (int column = 0; column < arity; column++) {
            switch (pattern.arguments().get(column)) {
                case Term.Constant constant -> {
                    bound[column] = true;
                    String symbol = constant.symbol();
                    wanted[column] = symbol == null ? constant.bits() : symbolOrNone(symbol);
                }
                case Term.Variable variable -> {
                    if (firstColumn[variable.id()] < 0) {
                        firstColumn[variable.id()] = column;
                    } else {
                        sameAs[column] = firstColumn[variable.id()];
                    }
                }
                case Term.Wildcard _ -> {}
                case Term.Call _, Term.RecordInit _, Term.BranchInit _ ->
                        throw new SovereignException(
                                AnalysisCode.NOT_A_FACT,
                                "a pattern to retract holds constants, variables and _ only",
                                null);
            }
        }
        Rows rows = new Rows();
        for (int row = 0; row < relation.rows(); row++) {
            boolean matches = relation.holds(row);
            for (int column = 0; matches && column < arity; column++) {
                long value = relation.value(column, row);
                matches =
                        (!bound[column] || value == wanted[column])
                                && (sameAs[column] < 0
                                        || value == relation.value(sameAs[column], row));
            }
            if (matches) {
                rows.add(row);
            }
        }
        return rows;
    }

    /// Takes rows back, in the state and in `changes`.
    ///
    /// @return how many
    private int retract(
            @Nullable StoredRelation relation, Rows rows, long tx, List<Change> changes) {
        if (relation == null || rows.count == 0) {
            return 0;
        }
        long[][] tuples = new long[relation.arity()][rows.count];
        long[] assertingTx = new long[rows.count];
        for (int i = 0; i < rows.count; i++) {
            for (int column = 0; column < tuples.length; column++) {
                tuples[column][i] = relation.value(column, rows.rows[i]);
            }
            assertingTx[i] = relation.addedTx(rows.rows[i]);
        }
        state.remove(relation, rows.rows, rows.count, tx);
        changes.add(new Change.Retract(relation.name(), tuples, assertingTx, rows.count));
        return rows.count;
    }

    /// Rows of those facts that hold, each once.
    private Rows holding(
            StoredRelation relation, CheckedProgram program, CheckedProgram.Facts facts) {
        long[][] tuples = known(relation, program, facts);
        long[] tuple = new long[relation.arity()];
        Rows rows = new Rows();
        BitSet seen = new BitSet();
        for (int at = 0; at < facts.count(); at++) {
            FactState.pick(tuples, at, tuple);
            int row = relation.find(tuple);
            if (row >= 0 && !seen.get(row)) {
                seen.set(row);
                rows.add(row);
            }
        }
        return rows;
    }

    private static final class Rows {
        private int[] rows = new int[16];
        private int count;

        Rows where(StoredRelation relation, LongPredicate tx) {
            Rows kept = new Rows();
            for (int i = 0; i < count; i++) {
                if (tx.test(relation.addedTx(rows[i]))) {
                    kept.add(rows[i]);
                }
            }
            return kept;
        }

        void add(int row) {
            if (count == rows.length) {
                rows = Arrays.copyOf(rows, count * 2);
            }
            rows[count++] = row;
        }
    }
}
