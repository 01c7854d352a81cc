package dev.sovereign.core.eval;

import dev.sovereign.core.data.Adder;
import dev.sovereign.core.data.Adjacency;
import dev.sovereign.core.data.Column;
import dev.sovereign.core.data.HashIndex;
import dev.sovereign.core.data.Relation;
import dev.sovereign.core.data.RowFilter;
import dev.sovereign.core.plan.ir.Rows;
import dev.sovereign.core.plan.ir.Value;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;
import java.util.Map;

/// One operator of a pipeline, ready to run: for each row of registers it is called with it calls
/// the next one none, once or many times. For one thread.
abstract class Node {

    /// Stands behind the last operator; replaced before a run.
    static final Node END =
            new Node() {
                @Override
                boolean run(long[] registers) {
                    return true;
                }
            };

    Node next = END;

    /// Rows handed on.
    long count;

    /// Before a run of the pipeline: which rows there are may have changed.
    void prepare() {}

    /// After [#prepare]: see [Chain#collectIndexes].
    void collectIndexes(Map<Object, Runnable> work) {}

    /// Two pieces of work on the same index.
    static Runnable both(Runnable one, Runnable other) {
        return () -> {
            one.run();
            other.run();
        };
    }

    /// @return false to end the run of the whole pipeline: nothing more is needed
    abstract boolean run(long[] registers);

    /// A column to be read into a register, or compared, for each row of a relation.
    static final class Reading {
        private final int[] columns;
        private final int[] registers;
        private final int[] checkedColumns;
        final Expression[] checks;
        private final int rowRegister;

        /// @param rowRegister takes the number of the row; -1 for none
        Reading(
                int[] columns,
                int[] registers,
                int rowRegister,
                int[] checkedColumns,
                Expression[] checks) {
            this.columns = columns;
            this.registers = registers;
            this.rowRegister = rowRegister;
            this.checkedColumns = checkedColumns;
            this.checks = checks;
        }

        boolean checksNothing() {
            return checks.length == 0;
        }

        /// The only register that is read, from this column; -1 for none, -2 when there is more to
        /// do than that.
        int onlyRegister(int column) {
            if (checks.length > 0 || rowRegister >= 0 || columns.length > 1) {
                return -2;
            }
            return columns.length == 0 ? -1 : columns[0] == column ? registers[0] : -2;
        }

        /// Reads a row; false when a check fails.
        boolean read(Relation rows, int row, long[] into) {
            for (int i = 0; i < columns.length; i++) {
                into[registers[i]] = rows.value(columns[i], row);
            }
            for (int i = 0; i < checks.length; i++) {
                if (rows.value(checkedColumns[i], row) != checks[i].get(into)) {
                    return false;
                }
            }
            if (rowRegister >= 0) {
                into[rowRegister] = row;
            }
            return true;
        }
    }

    /// What scans and probes share: a range of a relation's rows.
    abstract static class OfTable extends Node {
        final Table table;
        final Rows which;
        final Reading reading;
        final Control control;
        Relation rows;
        @Nullable RowFilter filter;
        int from;
        int to;

        OfTable(Table table, Rows which, Reading reading, Control control) {
            this.table = table;
            this.which = which;
            this.reading = reading;
            this.control = control;
            this.rows = table.rows();
        }

        @Override
        void prepare() {
            rows = table.rows();
            filter = table.filter();
            from = table.from(which);
            to = table.to(which);
        }
    }

    static final class Scan extends OfTable {
        Scan(Table table, Rows which, Reading reading, Control control) {
            super(table, which, reading, control);
        }

        @Override
        boolean run(long[] registers) {
            Relation relation = rows;
            RowFilter visible = filter;
            for (int row = from; row < to; row++) {
                control.step();
                if ((visible == null || visible.visible(row))
                        && reading.read(relation, row, registers)) {
                    count++;
                    if (!next.run(registers)) {
                        return false;
                    }
                }
            }
            return true;
        }
    }

    /// Finds rows by key. One column of a relation of this evaluation: through lists of rows by
    /// key, or of the other column's values where nothing else is wanted ([#seek]). Otherwise
    /// through a hash index ([#index]). For a few keys by looking at all rows.
    abstract static class Keyed extends OfTable {
        /// So few rows are looked at one by one: cheaper than any index.
        static final int FEW_ROWS = 8;

        /// Rows that an index takes in before it is asked again whether to stop.
        private static final int BUILD_ROWS = 1 << 15;

        /// Building costs about as much as this many scans.
        private static final int SCANS_BEFORE_BUILDING = 3;

        final long mask;
        final int[] keyColumns;
        final Expression[] keys;
        final long[] key;
        @Nullable HashIndex index;

        /// Where [#seek] found the rows or values.
        final Adjacency.Cursor cursor = new Adjacency.Cursor();

        private final Adjacency.Part part;

        /// The column that is read besides the key; -1 when lists of its values would not do.
        private final int neighbor;

        /// The register for it; -1 for none.
        final int neighborRegister;

        /// What comes next, where a row is of no use unless that has what stands beside the key.
        private @Nullable Keyed followedBy;

        /// Lists of only what that has; null where they would not be much shorter.
        private @Nullable Adjacency reduced;

        private @Nullable Adjacency adjacency;
        private boolean listed;
        private boolean neighbors;
        private int scans;
        private int[] scanned = {};

        Keyed(
                Table table,
                Rows which,
                Reading reading,
                int[] keyColumns,
                Expression[] keys,
                Control control) {
            super(table, which, reading, control);
            long bits = 0;
            for (int column : keyColumns) {
                bits |= 1L << column;
            }
            this.mask = bits;
            this.keyColumns = keyColumns;
            this.keys = keys;
            this.key = new long[keys.length];
            this.part =
                    switch (which) {
                        case ALL -> Adjacency.Part.ALL;
                        case DELTA -> Adjacency.Part.DELTA;
                        case OLD -> Adjacency.Part.OLD;
                    };
            int other = keys.length == 1 && rows.arity() == 2 ? 1 - keyColumns[0] : -1;
            int register = other < 0 ? -2 : reading.onlyRegister(other);
            this.neighbor = register == -2 ? -1 : other;
            this.neighborRegister = register;
        }

        @Override
        void prepare() {
            super.prepare();
            index = null;
            adjacency = null;
            listed = keys.length == 1 && !rows.isShared();
            neighbors =
                    listed && filter == null && neighbor >= 0 && !rows.column(neighbor).isWide();
            Keyed after = followedBy;
            reduced =
                    after != null && neighbors && after.table.isComplete()
                            ? rows.neighborsIn(
                                    keyColumns[0],
                                    after.table.rows(),
                                    after.keyColumns[0],
                                    after.table.to(Rows.ALL))
                            : null;
        }

        /// Says which operator comes next.
        void followedBy(Node after) {
            if (after instanceof Keyed keyed
                    && neighborRegister >= 0
                    && keyed.which == Rows.ALL
                    && keyed.keys.length == 1
                    && keyed.keys[0] instanceof Expression.Read read
                    && read.register == neighborRegister
                    && !(keyed instanceof Exists exists && exists.negated)) {
                followedBy = keyed;
            }
        }

        private Adjacency lists() {
            if (!neighbors) {
                return rows.adjacency(keyColumns[0]);
            }
            Adjacency shorter = reduced;
            return shorter != null ? shorter : rows.neighbors(keyColumns[0]);
        }

        /// Whether [#seek] is to be used.
        boolean isListed() {
            return listed;
        }

        /// Whether [#seek] finds values of the other column, not rows.
        boolean isOfNeighbors() {
            return neighbors;
        }

        /// Points [#cursor] at the rows, or the other column's values, that have the key.
        ///
        /// @return whether there are any
        boolean seek(long wanted) {
            Adjacency lists = adjacency;
            if (lists == null) {
                if (to - from <= FEW_ROWS) {
                    return seekByScan(wanted);
                }
                lists = lists();
                if (lists.covered() < to / 2 && ++scans <= SCANS_BEFORE_BUILDING) {
                    return seekByScan(wanted);
                }
                cover(lists);
                adjacency = lists;
            }
            return lists.seek(wanted, part, cursor);
        }

        @Override
        void collectIndexes(Map<Object, Runnable> work) {
            if (to - from <= FEW_ROWS || keys.length == 0) {
                return;
            }
            if (listed) {
                Adjacency lists = lists();
                work.merge(lists, () -> cover(lists), Node::both);
            } else {
                HashIndex found = rows.index(mask);
                work.merge(found, () -> extend(found), Node::both);
            }
        }

        private void cover(Adjacency lists) {
            if (table.isComplete()) {
                lists.coverComplete(table.to(Rows.ALL));
            } else {
                lists.cover(table.to(Rows.OLD), table.to(Rows.ALL));
            }
            control.check();
        }

        private boolean seekByScan(long wanted) {
            Column column = rows.column(keyColumns[0]);
            int found = 0;
            for (int row = from; row < to; row++) {
                if ((row & 0xFFF) == 0xFFF) {
                    control.check();
                }
                if (column.get(row) == wanted) {
                    if (found == scanned.length) {
                        control.allocating(4L * (found + 8));
                        scanned = Arrays.copyOf(scanned, 2 * found + 8);
                    }
                    scanned[found++] = neighbors ? (int) rows.value(neighbor, row) : row;
                }
            }
            cursor.list = scanned;
            cursor.from = 0;
            cursor.to = found;
            return found > 0;
        }

        /// The index, when it pays to use one; null to look at all rows.
        @Nullable HashIndex index() {
            HashIndex known = index;
            if (known != null) {
                return known;
            }
            if (to - from <= FEW_ROWS) {
                return null;
            }
            HashIndex found = rows.index(mask);
            if (!found.isWorthBuilding(to)) {
                return null;
            }
            extend(found);
            index = found;
            return found;
        }

        private void extend(HashIndex found) {
            for (int limit = found.covered(); limit < to; ) {
                limit = (int) Math.min(to, (long) limit + BUILD_ROWS);
                found.extendTo(limit);
                control.check();
            }
        }

        void computeKey(long[] registers) {
            for (int i = 0; i < keys.length; i++) {
                key[i] = keys[i].get(registers);
            }
        }

        /// The first row from `row` on that has the key; at least `to` when there is none.
        int scan(int row) {
            for (int at = row; at < to; at++) {
                if ((at & 0xFFF) == 0xFFF) {
                    control.check();
                }
                boolean same = true;
                for (int i = 0; i < keyColumns.length && same; i++) {
                    same = rows.value(keyColumns[i], at) == key[i];
                }
                if (same) {
                    return at;
                }
            }
            return to;
        }
    }

    static final class Probe extends Keyed {
        private @Nullable HashIndex chain;

        Probe(
                Table table,
                Rows which,
                Reading reading,
                int[] keyColumns,
                Expression[] keys,
                Control control) {
            super(table, which, reading, keyColumns, keys, control);
        }

        @Override
        boolean run(long[] registers) {
            control.step();
            if (isListed()) {
                return runListed(registers);
            }
            HashIndex found = index();
            if (found == null) {
                computeKey(registers);
                // the next operators may come back here only after this loop: no recursion
                for (int row = scan(from); row < to; row = scan(row + 1)) {
                    if (!handOn(row, registers)) {
                        return false;
                    }
                }
                return true;
            }
            int row;
            if (keys.length == 1) {
                row = found.first(keys[0].get(registers));
            } else {
                computeKey(registers);
                row = found.first(key);
            }
            for (; row >= from; row = found.next(row)) {
                if (row < to && !handOn(row, registers)) {
                    return false;
                }
            }
            return true;
        }

        /// The first row that has [#key]; -1 for none.
        int firstRow() {
            control.step();
            chain = index();
            HashIndex found = chain;
            if (found == null) {
                return noRow(scan(from));
            }
            int row = found.first(key);
            while (row >= to) {
                row = found.next(row);
            }
            return row >= from ? row : -1;
        }

        /// The row after this one; -1 for none.
        int nextRow(int row) {
            control.step();
            HashIndex found = chain;
            if (found == null) {
                return noRow(scan(row + 1));
            }
            int next = found.next(row);
            return next >= from ? next : -1;
        }

        private int noRow(int row) {
            return row < to ? row : -1;
        }

        private boolean runListed(long[] registers) {
            if (!seek(keys[0].get(registers))) {
                return true;
            }
            int[] list = cursor.list;
            int end = cursor.to;
            if (!isOfNeighbors()) {
                for (int i = cursor.from; i < end; i++) {
                    if (!handOn(list[i], registers)) {
                        return false;
                    }
                }
                return true;
            }
            int register = neighborRegister;
            for (int i = cursor.from; i < end; i++) {
                control.step();
                if (register >= 0) {
                    registers[register] = list[i];
                }
                count++;
                if (!next.run(registers)) {
                    return false;
                }
            }
            return true;
        }

        private boolean handOn(int row, long[] registers) {
            control.step();
            RowFilter visible = filter;
            if ((visible == null || visible.visible(row)) && reading.read(rows, row, registers)) {
                count++;
                return next.run(registers);
            }
            return true;
        }
    }

    /// Semi-join or anti-join.
    static final class Exists extends Keyed {
        private final boolean negated;
        private final boolean whole;
        private boolean inSet;

        /// Whether any row will do, so that one look answers for the whole run.
        private final boolean any;

        private boolean looked;
        private boolean anyExists;

        /// @param whole whether the keys are all columns, in order
        Exists(
                Table table,
                Rows which,
                Reading reading,
                int[] keyColumns,
                Expression[] keys,
                boolean negated,
                boolean whole,
                Control control) {
            super(table, which, reading, keyColumns, keys, control);
            this.negated = negated;
            this.whole = whole;
            this.any = keys.length == 0 && reading.checksNothing();
        }

        @Override
        void prepare() {
            super.prepare();
            looked = false;
            inSet = whole && table.isCompleteSet();
        }

        @Override
        boolean run(long[] registers) {
            control.step();
            if (exists(registers) == negated) {
                return true;
            }
            count++;
            return next.run(registers);
        }

        @Override
        void collectIndexes(Map<Object, Runnable> work) {
            if (!inSet) {
                super.collectIndexes(work);
            }
        }

        /// Whether the set of a complete relation answers.
        boolean isInSet() {
            return inSet;
        }

        boolean exists(long[] registers) {
            if (inSet) {
                switch (keys.length) {
                    case 1:
                        return rows.contains(keys[0].get(registers));
                    case 2:
                        return rows.contains(keys[0].get(registers), keys[1].get(registers));
                    default:
                        computeKey(registers);
                        return rows.contains(key);
                }
            }
            if (keys.length == 0) {
                if (!any || !looked) {
                    looked = true;
                    anyExists = scanExists(registers);
                }
                return anyExists;
            }
            if (isListed()) {
                boolean any = seek(keys[0].get(registers));
                if (!any || isOfNeighbors()) {
                    return any;
                }
                for (int i = cursor.from; i < cursor.to; i++) {
                    if (fits(cursor.list[i], registers)) {
                        return true;
                    }
                }
                return false;
            }
            computeKey(registers);
            HashIndex found = index();
            if (found == null) {
                for (int row = scan(from); row < to; row = scan(row + 1)) {
                    if (fits(row, registers)) {
                        return true;
                    }
                }
                return false;
            }
            for (int row = found.first(key); row >= from; row = found.next(row)) {
                if (row < to && fits(row, registers)) {
                    return true;
                }
            }
            return false;
        }

        private boolean scanExists(long[] registers) {
            for (int row = from; row < to; row++) {
                if (fits(row, registers)) {
                    return true;
                }
            }
            return false;
        }

        private boolean fits(int row, long[] registers) {
            control.step();
            RowFilter visible = filter;
            return (visible == null || visible.visible(row)) && reading.read(rows, row, registers);
        }
    }

    /// A condition on registers.
    interface Test {
        boolean holds(long[] registers);
    }

    static final class Filter extends Node {
        final Test test;

        Filter(Test test) {
            this.test = test;
        }

        @Override
        boolean run(long[] registers) {
            if (!test.holds(registers)) {
                return true;
            }
            count++;
            return next.run(registers);
        }
    }

    static final class Compute extends Node {
        private final int register;
        final Expression value;

        Compute(int register, Expression value) {
            this.register = register;
            this.value = value;
        }

        @Override
        boolean run(long[] registers) {
            registers[register] = value.get(registers);
            count++;
            return next.run(registers);
        }
    }

    /// Adds a tuple to a relation.
    static final class Insert extends Node {
        private final Table table;
        final List<Value> project;
        final Expression[] values;
        private final int @Nullable [] plain;
        private final Control control;
        private final int lane;
        private final boolean distinct;
        final long[] tuple;
        Adder rows;

        /// @param project what `values` compute
        /// @param plain the registers of the values, when all are just that
        /// @param lane which of several threads it works for; -1 for the only one
        /// @param distinct whether no tuple comes twice, nor from anybody else
        Insert(
                Table table,
                List<Value> project,
                Expression[] values,
                int @Nullable [] plain,
                Control control,
                int lane,
                boolean distinct) {
            this.lane = lane;
            this.distinct = distinct;
            this.table = table;
            this.project = project;
            this.values = values;
            this.plain = plain;
            this.control = control;
            this.tuple = new long[values.length];
            this.rows = adder();
        }

        private Adder adder() {
            if (lane >= 0) {
                return table.rows().share(lane);
            }
            return distinct ? table.rows().appender() : table.rows();
        }

        @Override
        void prepare() {
            rows = adder();
        }

        @Override
        boolean run(long[] registers) {
            int[] from = plain;
            if (from != null && from.length == 2 && !table.keepsBest()) {
                if (rows.add(registers[from[0]], registers[from[1]])) {
                    added();
                }
                return true;
            }
            for (int i = 0; i < tuple.length; i++) {
                tuple[i] = values[i].get(registers);
            }
            if (addTuple()) {
                added();
            }
            // one empty tuple is all that there can be
            return tuple.length > 0;
        }

        /// Whether tuples may be given to the relation itself.
        boolean isPlain() {
            return !table.keepsBest();
        }

        /// Adds [#tuple].
        boolean addTuple() {
            return table.keepsBest() ? table.addTuple(tuple) : rows.addIfAbsent(tuple);
        }

        /// Counts tuples that lanes found and that turned out to be new.
        void added(int more) {
            count += more;
            control.derived(more);
        }

        private void added() {
            count++;
            control.derived();
        }
    }

    /// Hands a tuple to what decides which rows it brings.
    static final class Admit extends Node {
        private final Table table;
        private final Gate gate;
        private final Expression[] values;
        private final Control control;
        private final long[] tuple;

        Admit(Table table, Gate gate, Expression[] values, Control control) {
            this.table = table;
            this.gate = gate;
            this.values = values;
            this.control = control;
            this.tuple = new long[values.length];
        }

        @Override
        boolean run(long[] registers) {
            for (int i = 0; i < tuple.length; i++) {
                tuple[i] = values[i].get(registers);
            }
            for (int added = gate.insert(table.rows(), tuple); added > 0; added--) {
                count++;
                control.derived();
            }
            return true;
        }
    }

    /// Removes the dominated tuple of a pair.
    static final class Kill extends Node {
        private final Table table;
        private final int dominated;
        private final int dominating;

        Kill(Table table, int dominated, int dominating) {
            this.table = table;
            this.dominated = dominated;
            this.dominating = dominating;
        }

        @Override
        boolean run(long[] registers) {
            RowFilter alive = table.filter();
            int row = (int) registers[dominated];
            int other = (int) registers[dominating];
            // either may have gone since it was read
            if (row != other && (alive == null || (alive.visible(row) && alive.visible(other)))) {
                table.kill(row);
                count++;
            }
            return true;
        }
    }
}
