package dev.sovereign.core.eval;

import dev.sovereign.core.data.Relation;
import dev.sovereign.core.plan.ir.PlanRelation;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Decides which rows come into a relation when a tuple is found. For one thread.
abstract class Gate {

    static Gate of(PlanRelation.Admission admission, Control control) {
        return switch (admission) {
            case PlanRelation.Equivalence _ -> new Equivalence(control);
            case PlanRelation.Choice choice -> new Choice(choice.keys(), control);
        };
    }

    /// Adds what the tuple brings.
    ///
    /// @return how many rows
    abstract int insert(Relation rows, long[] tuple);

    /// The least equivalence that holds the pairs that were found. Classes are kept with their
    /// members; when two become one, the smaller is told to the larger, so that each pair is made
    /// once and nothing is joined.
    private static final class Equivalence extends Gate {

        /// Heap bytes of one value in the table of classes, about; measured as what `HashMap` and
        /// boxes take.
        private static final int VALUE_BYTES = 72;

        private static final class Members {
            private long[] values = new long[2];
            private int count;

            void add(long value) {
                if (count == values.length) {
                    values = java.util.Arrays.copyOf(values, 2 * count);
                }
                values[count++] = value;
            }
        }

        private final Map<Long, Members> classes = new HashMap<>();
        private final Control control;

        Equivalence(Control control) {
            this.control = control;
        }

        @Override
        int insert(Relation rows, long[] tuple) {
            int before = rows.size();
            Members one = members(rows, tuple[0]);
            Members other = members(rows, tuple[1]);
            if (one != other) {
                merge(
                        rows,
                        one.count < other.count ? other : one,
                        one.count < other.count ? one : other);
            }
            return rows.size() - before;
        }

        private Members members(Relation rows, long value) {
            Members known = classes.get(value);
            if (known == null) {
                known = new Members();
                known.add(value);
                classes.put(value, known);
                control.allocating(VALUE_BYTES);
                rows.add(value, value);
            }
            return known;
        }

        private void merge(Relation rows, Members large, Members small) {
            int count = large.count;
            for (int i = 0; i < small.count; i++) {
                long value = small.values[i];
                for (int j = 0; j < count; j++) {
                    control.step();
                    rows.add(value, large.values[j]);
                    rows.add(large.values[j], value);
                }
                large.add(value);
                classes.put(value, large);
            }
        }
    }

    /// Lets the first of the tuples in that agree in a key.
    private static final class Choice extends Gate {

        /// Heap bytes of one key, about; as above.
        private static final int KEY_BYTES = 120;

        private final List<List<Integer>> keys;
        private final List<Set<List<Long>>> taken = new ArrayList<>();
        private final Control control;

        Choice(List<List<Integer>> keys, Control control) {
            this.keys = keys;
            this.control = control;
            keys.forEach(_ -> taken.add(new HashSet<>()));
        }

        @Override
        int insert(Relation rows, long[] tuple) {
            control.step();
            List<List<Long>> values = new ArrayList<>(keys.size());
            for (int i = 0; i < keys.size(); i++) {
                List<Long> value = keys.get(i).stream().map(column -> tuple[column]).toList();
                if (taken.get(i).contains(value)) {
                    return 0;
                }
                values.add(value);
            }
            for (int i = 0; i < values.size(); i++) {
                taken.get(i).add(values.get(i));
                control.allocating(KEY_BYTES);
            }
            return rows.addIfAbsent(tuple) ? 1 : 0;
        }
    }
}
