package dev.sovereign.core.data;

import org.jspecify.annotations.Nullable;

/// The tuples of one relation as one reader sees them: the first rows of a [Relation], less those
/// that a filter hides. The same tuple is visible at most once. Safe for the reader's thread while
/// others append to the relation.
///
/// @param rows where the tuples lie
/// @param limit rows that exist for this reader: `0..limit-1`
/// @param filter hides some of them; null shows all
public record Extent(Relation rows, int limit, @Nullable RowFilter filter) {

    public Extent {
        if (limit < 0) {
            throw new IllegalArgumentException("limit " + limit);
        }
    }

    /// All rows that are there now.
    public static Extent of(Relation rows) {
        return new Extent(rows, rows.size(), null);
    }

    /// The empty relation.
    public static Extent empty(int arity) {
        return new Extent(new Relation(arity), 0, null);
    }

    public int arity() {
        return rows.arity();
    }

    /// Only for rows below [#limit].
    public long value(int column, int row) {
        return rows.value(column, row);
    }

    public boolean visible(int row) {
        return filter == null || filter.visible(row);
    }

    /// How many tuples are visible; looks at each row when there is a filter.
    public int count() {
        if (filter == null) {
            return limit;
        }
        int count = 0;
        for (int row = 0; row < limit; row++) {
            if (filter.visible(row)) {
                count++;
            }
        }
        return count;
    }

    /// An index over at least the rows below [#limit]; see [Relation#index].
    public HashIndex index(long columns) {
        HashIndex index = rows.index(columns);
        index.extendTo(limit);
        return index;
    }

    /// The newest visible row that holds this tuple; -1 when there is none. Builds an index over
    /// all columns when first asked.
    public int find(long... tuple) {
        if (tuple.length == 0) {
            for (int row = limit - 1; row >= 0; row--) {
                if (visible(row)) {
                    return row;
                }
            }
            return -1;
        }
        HashIndex index = index(Relation.allColumns(arity()));
        for (int row = index.first(tuple); row >= 0; row = index.next(row)) {
            if (row < limit && visible(row) && rows.matches(row, tuple)) {
                return row;
            }
        }
        return -1;
    }
}
