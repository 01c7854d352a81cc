package dev.sovereign.core.eval;

import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.ast.AggregateOperator;
import dev.sovereign.core.data.HashIndex;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.Relation;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.Map;

/// Operators that bind registers to something other than columns of a relation.
final class Generators {

    private Generators() {}

    static final class Range extends Node {
        private final int register;
        private final Kind kind;
        private final Expression from;
        private final Expression to;
        private final @Nullable Expression step;
        private final Functors functors;
        private final Control control;

        Range(
                int register,
                Kind kind,
                Expression from,
                Expression to,
                @Nullable Expression step,
                Functors functors,
                Control control) {
            this.register = register;
            this.kind = kind;
            this.from = from;
            this.to = to;
            this.step = step;
            this.functors = functors;
            this.control = control;
        }

        @Override
        boolean run(long[] registers) {
            long start = from.get(registers);
            long end = to.get(registers);
            boolean up = functors.order(kind, start, end) <= 0;
            Expression written = step;
            if (kind == Kind.FLOAT) {
                double by = written == null ? (up ? 1 : -1) : Functors.real(written.get(registers));
                return reals(Functors.real(start), Functors.real(end), by, registers);
            }
            long by = written == null ? (up ? 1 : -1) : written.get(registers);
            boolean down = kind == Kind.UNSIGNED ? written == null && !up : by < 0;
            if (by == 0) {
                return start == end || emit(start, registers);
            }
            long at = start;
            while (down ? functors.order(kind, at, end) > 0 : functors.order(kind, at, end) < 0) {
                if (!emit(at, registers)) {
                    return false;
                }
                long following = at + by;
                // past the last number there is nothing: no wrapping around
                if (down
                        ? functors.order(kind, following, at) > 0
                        : functors.order(kind, following, at) < 0) {
                    return true;
                }
                at = following;
            }
            return true;
        }

        private boolean reals(double start, double end, double by, long[] registers) {
            if (by == 0) {
                return start == end || emit(Functors.bits(start), registers);
            }
            double at = start;
            while (by > 0 ? at < end : at > end) {
                if (!emit(Functors.bits(at), registers)) {
                    return false;
                }
                if (at + by == at) {
                    return true;
                }
                at += by;
            }
            return true;
        }

        private boolean emit(long value, long[] registers) {
            control.step();
            registers[register] = value;
            count++;
            return next.run(registers);
        }
    }

    /// Takes a record or branch apart.
    static final class Unpack extends Node {
        private final Expression value;
        private final int tag;
        private final int arity;
        private final int[] fields;
        private final int[] registers;
        private final int[] checkedFields;
        private final Expression[] checks;
        private final RecordTable records;

        /// @param tag of the branch; negative for a record
        Unpack(
                Expression value,
                int tag,
                int arity,
                int[] fields,
                int[] registers,
                int[] checkedFields,
                Expression[] checks,
                RecordTable records) {
            this.value = value;
            this.tag = tag;
            this.arity = arity;
            this.fields = fields;
            this.registers = registers;
            this.checkedFields = checkedFields;
            this.checks = checks;
            this.records = records;
        }

        @Override
        boolean run(long[] into) {
            long id = value.get(into);
            int first = tag < 0 ? 0 : 1;
            if (id == RecordTable.NIL
                    || RecordTable.fields(id) != arity + first
                    || (tag >= 0 && records.field(id, 0) != tag)) {
                return true;
            }
            for (int i = 0; i < fields.length; i++) {
                into[registers[i]] = records.field(id, fields[i] + first);
            }
            for (int i = 0; i < checks.length; i++) {
                if (records.field(id, checkedFields[i] + first) != checks[i].get(into)) {
                    return true;
                }
            }
            count++;
            return next.run(into);
        }
    }

    /// Runs its body for each new combination of the grouping registers and hands on one value.
    static final class Aggregate extends Node {
        /// Combinations that are remembered; beyond that all are forgotten and it starts anew.
        private static final int MAX_GROUPS = 1 << 20;

        private final Chain body;
        private final Accumulator accumulator;
        private final DividedRule.@Nullable Body divided;
        private final int register;
        private final int[] group;
        private final long[] key;
        private final Control control;

        private Relation seen;
        private long[] results = new long[16];
        private boolean[] present = new boolean[16];

        /// @param body ends in an accumulator
        /// @param divided the same for several threads; null where there is one
        Aggregate(
                Chain body,
                DividedRule.@Nullable Body divided,
                int register,
                int[] group,
                Control control) {
            this.body = body;
            this.accumulator = (Accumulator) body.last();
            this.divided = divided;
            this.register = register;
            this.group = group;
            this.key = new long[group.length];
            this.control = control;
            this.seen = new Relation(group.length, control);
        }

        @Override
        void prepare() {
            body.prepare();
        }

        @Override
        void collectIndexes(Map<Object, Runnable> work) {
            body.collectIndexes(work);
        }

        @Override
        boolean run(long[] registers) {
            control.step();
            int row = row(registers);
            if (!present[row]) {
                return true;
            }
            registers[register] = results[row];
            count++;
            return next.run(registers);
        }

        /// Where the result for the grouping registers is.
        private int row(long[] registers) {
            if (group.length == 0) {
                if (seen.size() == 0) {
                    seen.addIfAbsent();
                    compute(0, registers);
                }
                return 0;
            }
            for (int i = 0; i < group.length; i++) {
                key[i] = registers[group[i]];
            }
            HashIndex index = seen.index(Relation.allColumns(group.length));
            int known = index.first(key);
            if (known >= 0) {
                return known;
            }
            if (seen.size() == MAX_GROUPS) {
                control.allocating(-seen.bytes());
                seen = new Relation(group.length, control);
                index = seen.index(Relation.allColumns(group.length));
            }
            int row = seen.append(key);
            compute(row, registers);
            index.extendTo(row + 1);
            return row;
        }

        private void compute(int row, long[] registers) {
            if (row >= results.length) {
                control.allocating(9L * row);
                results = Arrays.copyOf(results, 2 * row);
                present = Arrays.copyOf(present, 2 * row);
            }
            accumulator.reset();
            if (divided == null || !divided.run(body, accumulator)) {
                body.run(registers);
            }
            present[row] = accumulator.hasResult();
            results[row] = present[row] ? accumulator.result() : 0;
        }
    }

    /// Ends the body of an aggregate.
    static final class Accumulator extends Node {
        private final AggregateOperator operator;
        private final Kind kind;
        private final Kind targetKind;
        private final @Nullable Expression target;
        private final Functors functors;
        long rows;
        private long value;
        private double real;

        /// @param kind of the result
        /// @param targetKind of what is aggregated
        Accumulator(
                AggregateOperator operator,
                Kind kind,
                Kind targetKind,
                @Nullable Expression target,
                Functors functors) {
            this.operator = operator;
            this.kind = kind;
            this.targetKind = targetKind;
            this.target = target;
            this.functors = functors;
        }

        /// Whether rows are all that matters.
        boolean countsOnly() {
            return target == null;
        }

        void reset() {
            rows = 0;
            value = 0;
            real = 0;
        }

        /// Takes over what another one got.
        void merge(Accumulator other) {
            if (other.rows > 0) {
                switch (operator) {
                    case COUNT -> {}
                    case SUM -> value += other.value;
                    case MIN ->
                            value =
                                    rows == 0 || functors.order(targetKind, other.value, value) < 0
                                            ? other.value
                                            : value;
                    case MAX ->
                            value =
                                    rows == 0 || functors.order(targetKind, other.value, value) > 0
                                            ? other.value
                                            : value;
                    case MEAN -> throw new IllegalStateException("the order of floats matters");
                }
                rows += other.rows;
            }
        }

        boolean hasResult() {
            return switch (operator) {
                case COUNT, SUM -> true;
                case MIN, MAX, MEAN -> rows > 0;
            };
        }

        long result() {
            return switch (operator) {
                case COUNT -> kind == Kind.FLOAT ? Functors.bits((double) rows) : rows;
                case SUM -> targetKind == Kind.FLOAT ? Functors.bits(real) : value;
                case MIN, MAX -> value;
                case MEAN -> Functors.bits(real / rows);
            };
        }

        @Override
        boolean run(long[] registers) {
            Expression of = target;
            if (of == null) {
                rows++;
                return true;
            }
            long each = of.get(registers);
            switch (operator) {
                case COUNT -> {}
                case SUM -> {
                    if (targetKind == Kind.FLOAT) {
                        real += Functors.real(each);
                    } else {
                        value += each;
                    }
                }
                case MIN -> {
                    if (rows == 0 || functors.order(targetKind, each, value) < 0) {
                        value = each;
                    }
                }
                case MAX -> {
                    if (rows == 0 || functors.order(targetKind, each, value) > 0) {
                        value = each;
                    }
                }
                case MEAN ->
                        real +=
                                switch (targetKind) {
                                    case FLOAT -> Functors.real(each);
                                    case UNSIGNED -> Functors.unsignedToReal(each);
                                    case NUMBER, SYMBOL, RECORD, ADT -> (double) each;
                                };
            }
            rows++;
            return true;
        }
    }
}
