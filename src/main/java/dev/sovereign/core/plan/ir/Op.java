package dev.sovereign.core.plan.ir;

import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.ast.AggregateOperator;
import dev.sovereign.core.ast.Comparison;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One step of a pipeline: for each row of registers that reaches it, it hands on none, one or
/// many.
public sealed interface Op {

    /// Its position among all operators of the plan: where its rows are counted.
    int id();

    /// Rows it is expected to hand on in all; rough.
    double estimate();

    /// A column whose value goes into a register.
    ///
    /// @param column of the relation, or [#ROW]
    record Bind(int column, int register) {
        /// Stands for the number of the row itself.
        public static final int ROW = -1;
    }

    /// A column that must equal a value.
    record Check(int column, Value value) {}

    /// All rows of a relation.
    ///
    /// @param checks after binding; they may read registers bound here
    record Scan(
            int id, int relation, Rows rows, List<Bind> binds, List<Check> checks, double estimate)
            implements Op {
        public Scan {
            binds = List.copyOf(binds);
            checks = List.copyOf(checks);
        }
    }

    /// The rows whose key columns have the given values, through an index.
    ///
    /// @param keys by ascending column, at least one; known before
    record Probe(
            int id,
            int relation,
            Rows rows,
            List<Check> keys,
            List<Bind> binds,
            List<Check> checks,
            double estimate)
            implements Op {
        public Probe {
            keys = List.copyOf(keys);
            binds = List.copyOf(binds);
            checks = List.copyOf(checks);
        }
    }

    /// Hands the row on when a matching one exists (semi-join), or when none does (anti-join).
    ///
    /// @param keys by ascending column; may be empty: any row will do
    /// @param binds only for `checks`
    record Exists(
            int id,
            int relation,
            Rows rows,
            boolean negated,
            List<Check> keys,
            List<Bind> binds,
            List<Check> checks,
            double estimate)
            implements Op {
        public Exists {
            keys = List.copyOf(keys);
            binds = List.copyOf(binds);
            checks = List.copyOf(checks);
        }
    }

    /// The values that stand beside given ones in each of several relations, all of them complete:
    /// the lists of each are intersected. With such steps a cyclic body costs no more than its
    /// largest possible answer.
    ///
    /// @param arms at least two; those whose keys are bound further out come first
    /// @param bag whether it matters how often the same value comes: as often as rows are combined,
    ///   where a relation has further columns
    record Intersect(int id, int register, List<Arm> arms, boolean bag, double estimate)
            implements Op {
        public Intersect {
            arms = List.copyOf(arms);
        }
    }

    /// A relation of which one column is known, and another one intersected; what stands in further
    /// ones does not matter.
    ///
    /// @param key the known column
    /// @param column the one that is intersected
    record Arm(int relation, Check key, int column) {}

    record Filter(
            int id, Comparison comparison, Kind kind, Value left, Value right, double estimate)
            implements Op {}

    record Match(int id, boolean negated, Value pattern, Value text, double estimate)
            implements Op {}

    record Contains(int id, boolean negated, Value part, Value text, double estimate)
            implements Op {}

    record Truth(int id, boolean value, double estimate) implements Op {}

    /// One register from others.
    record Compute(int id, int register, Value value, double estimate) implements Op {}

    /// Takes a record or branch apart; nothing is handed on for `nil` or another branch.
    ///
    /// @param tag of the branch; -1 for a record
    /// @param arity fields
    /// @param binds fields, as columns, into registers
    /// @param checks of fields, after binding
    record Unpack(
            int id,
            Value value,
            int tag,
            int arity,
            List<Bind> binds,
            List<Check> checks,
            double estimate)
            implements Op {
        /// The tag of a record.
        public static final int RECORD = -1;

        public Unpack {
            binds = List.copyOf(binds);
            checks = List.copyOf(checks);
        }
    }

    /// `from`, `from + step`, … before `to`.
    ///
    /// @param step null is 1, or -1 when `to` lies below `from`
    record Range(
            int id,
            int register,
            Kind kind,
            Value from,
            Value to,
            @Nullable Value step,
            double estimate)
            implements Op {}

    /// An aggregate over all rows that the body hands on; once for each combination of the grouping
    /// registers, however often that comes.
    ///
    /// @param kind of the result
    /// @param target null for count
    /// @param body over the same registers
    /// @param group registers that the body reads from outside
    record Aggregate(
            int id,
            int register,
            AggregateOperator operator,
            Kind kind,
            @Nullable Value target,
            List<Op> body,
            List<Integer> group,
            double estimate)
            implements Op {
        public Aggregate {
            body = List.copyOf(body);
            group = List.copyOf(group);
        }
    }
}
