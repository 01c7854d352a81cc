package dev.sovereign.core.eval;

import dev.sovereign.core.data.BestRows;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.Relation;
import dev.sovereign.core.data.RowFilter;
import dev.sovereign.core.plan.ir.PlanRelation;
import dev.sovereign.core.plan.ir.Rows;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.BitSet;
import java.util.stream.IntStream;

/// One relation of the plan while it is evaluated: its rows, and which of them are what the last
/// round found.
final class Table {

    /// A reduced relation is copied without its dead rows once they outnumber the others and are at
    /// least this many.
    private static final int DEAD_ROWS = 1024;

    private final Control control;
    private Relation rows;
    private @Nullable RowFilter filter;

    /// Rows of a reduced relation that a subsumption removed.
    private @Nullable BitSet dead;

    private int deadCount;

    private @Nullable Gate gate;

    /// Which rows of a reduced relation stay, where one look tells.
    private final PlanRelation.@Nullable Best rule;

    private @Nullable BestRows best;

    /// Rows that a better one of this round takes the place of when it ends.
    private int[] beaten = new int[16];

    private int beatenCount;

    /// Rows found before the last round.
    private int old;

    /// Rows found before this round.
    private int all;

    /// Whether no step adds to it any more.
    private boolean complete;

    /// A relation to be derived.
    ///
    /// @param cluster the column by which its tuples mostly come together
    /// @param lanes threads that may add at the same time
    Table(PlanRelation relation, int cluster, int lanes, Control control) {
        this.control = control;
        this.rule = relation.best();
        this.rows = new Relation(relation.arity(), control);
        rows.clusterBy(cluster);
        if (lanes > 1) {
            rows.shareBy(lanes);
        }
        best = bestRows(rows);
        if (relation.reduced()) {
            BitSet bits = new BitSet();
            dead = bits;
            filter = row -> !bits.get(row);
        }
    }

    /// A relation that is given.
    Table(Extent given, Control control) {
        this.control = control;
        this.rule = null;
        this.rows = given.rows();
        this.filter = given.filter();
        this.all = given.limit();
        this.complete = true;
    }

    /// What decides about rows that are found; null when nothing does.
    @Nullable Gate gate() {
        return gate;
    }

    void guard(Gate by) {
        gate = by;
    }

    Relation rows() {
        return rows;
    }

    @Nullable RowFilter filter() {
        return filter;
    }

    int from(Rows which) {
        return which == Rows.DELTA ? old : 0;
    }

    int to(Rows which) {
        return which == Rows.OLD ? old : all;
    }

    /// Whether the relation's own set of tuples answers what it contains.
    boolean isCompleteSet() {
        return complete && filter == null && rows.isSet() && rows.size() == all;
    }

    /// Whether rows may be removed from it.
    boolean isReduced() {
        return dead != null;
    }

    boolean isComplete() {
        return complete;
    }

    /// What was added since becomes what the last round found.
    void endRound() {
        for (int i = 0; i < beatenCount; i++) {
            kill(beaten[i]);
        }
        beatenCount = 0;
        if (dead == null && gate == null) {
            rows.cluster(all);
        }
        old = all;
        all = rows.size();
        rows.endRound();
    }

    boolean hasNew() {
        BitSet removed = dead;
        return removed == null ? old < all : removed.nextClearBit(old) < all;
    }

    int live() {
        return rows.size() - deadCount;
    }

    void complete() {
        complete = true;
        all = rows.size();
    }

    /// Removes a row of a reduced relation.
    void kill(int row) {
        BitSet removed = dead;
        if (removed == null) {
            throw new IllegalStateException("not a reduced relation");
        }
        if (!removed.get(row)) {
            removed.set(row);
            deadCount++;
        }
    }

    private @Nullable BestRows bestRows(Relation of) {
        PlanRelation.Best only = rule;
        return only == null
                ? null
                : new BestRows(
                        of,
                        IntStream.range(0, of.arity())
                                .filter(column -> column != only.column())
                                .toArray(),
                        control);
    }

    /// Whether [#addTuple] is the only way to add.
    boolean keepsBest() {
        return rule != null;
    }

    /// Adds a tuple; false when it is there, or a better one is.
    boolean addTuple(long[] tuple) {
        BestRows known = best;
        PlanRelation.Best only = rule;
        if (known == null || only == null) {
            return rows.addIfAbsent(tuple);
        }
        int place = known.place(tuple);
        int row = known.row(place);
        int column = only.column();
        if (row >= 0 && !only.isBetter(tuple[column], rows.value(column, row))) {
            return false;
        }
        known.put(place, rows.append(tuple));
        if (row >= all) {
            kill(row); // nobody has seen it
        } else if (row >= 0) {
            if (beatenCount == beaten.length) {
                control.allocating(4L * beatenCount);
                beaten = Arrays.copyOf(beaten, 2 * beatenCount);
            }
            beaten[beatenCount++] = row;
        }
        return true;
    }

    /// Copies the relation without dead rows when they are many; between rounds.
    void compact() {
        if (dead == null || deadCount < DEAD_ROWS || 2 * deadCount < rows.size()) {
            return;
        }
        Relation copy = new Relation(rows.arity(), control);
        BestRows copyBest = bestRows(copy);
        long[] tuple = new long[rows.arity()];
        int round = 0;
        int newOld = 0;
        for (int row = 0; row < rows.size(); row++) {
            while (round < rows.rounds() && rows.roundEnd(round) <= row) {
                copy.endRound();
                round++;
            }
            if (row == old) {
                newOld = copy.size();
            }
            if (!dead.get(row)) {
                for (int column = 0; column < tuple.length; column++) {
                    tuple[column] = rows.value(column, row);
                }
                if (copyBest == null) {
                    copy.addIfAbsent(tuple);
                } else {
                    copyBest.put(copyBest.place(tuple), copy.append(tuple));
                }
            }
            if ((row & 0xFFF) == 0) {
                control.check();
            }
        }
        while (round++ < rows.rounds()) {
            copy.endRound();
        }
        old = old == rows.size() ? copy.size() : newOld;
        all = copy.size();
        control.allocating(-rows.bytes());
        rows = copy;
        best = copyBest;
        BitSet bits = new BitSet();
        dead = bits;
        deadCount = 0;
        filter = row -> !bits.get(row);
    }

    Extent extent() {
        return new Extent(rows, all, deadCount == 0 && dead != null ? null : filter);
    }
}
