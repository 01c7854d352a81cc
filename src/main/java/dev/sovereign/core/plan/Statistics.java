package dev.sovereign.core.plan;

import dev.sovereign.core.data.Extent;

import org.jspecify.annotations.Nullable;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.IntToLongFunction;

/// How many tuples given relations have, and how many distinct values their columns: counted, or
/// estimated from a sample. For one thread; looks at nothing before it is asked.
public final class Statistics {

    /// Rows looked at for one column: enough to tell a key from a category.
    private static final int SAMPLE_ROWS = 1024;

    private final Map<String, Extent> extents;
    private final Map<String, double[]> distinct = new HashMap<>();

    private Statistics(Map<String, Extent> extents) {
        this.extents = Map.copyOf(extents);
    }

    /// Of these relations, by name.
    public static Statistics of(Map<String, Extent> extents) {
        return new Statistics(extents);
    }

    /// Knows nothing.
    public static Statistics none() {
        return new Statistics(Map.of());
    }

    /// The relation of this name, if it is given.
    @Nullable Extent extent(String relation) {
        return extents.get(relation);
    }

    /// Distinct values in a column of a given relation; at least 1.
    double distinct(String relation, int column) {
        Extent extent = extents.get(relation);
        if (extent == null) {
            return 1;
        }
        double[] known =
                distinct.computeIfAbsent(relation, _ -> new double[Math.max(1, extent.arity())]);
        if (known[column] == 0) {
            known[column] = sample(extent.limit(), row -> extent.value(column, row));
        }
        return known[column];
    }

    /// Distinct values among those of so many rows.
    static double sample(int rows, IntToLongFunction valueOf) {
        if (rows == 0) {
            return 1;
        }
        // a whole number of rows apart would meet regular data always at the same place
        double stride = Math.max(1.0, (double) rows / SAMPLE_ROWS);
        Map<Long, Boolean> seenTwice = new HashMap<>();
        int looked = 0;
        for (double at = 0; at < rows; at += stride) {
            seenTwice.merge(valueOf.applyAsLong((int) at), false, (_, _) -> true);
            looked++;
        }
        Set<Long> once = new HashSet<>();
        seenTwice.forEach((value, twice) -> {
            if (!twice) {
                once.add(value);
            }
        });
        // guaranteed-error estimator: values seen once stand for sqrt(rows / looked) each
        double scale = Math.sqrt((double) rows / looked);
        double all =
                once.size() == looked ? rows : seenTwice.size() - once.size() + scale * once.size();
        return Math.max(1, Math.min(rows, all));
    }
}
