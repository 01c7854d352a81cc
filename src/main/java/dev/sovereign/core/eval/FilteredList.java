package dev.sovereign.core.eval;

import dev.sovereign.core.data.Column;
import dev.sovereign.core.data.RowFilter;

/// The end of a rule that goes through one column of a relation, looks for each value whether it
/// stands beside a known one in another relation, and adds it beside a known one: a stretch of
/// values at once, not one after the other through three operators.
final class FilteredList {

    /// Values taken at once: they stay in the first-level cache.
    private static final int AT_ONCE = 1024;

    private final Node.Scan scan;
    private final int column;
    private final Node.Exists exists;
    private final int listedKey;
    private final boolean negated;
    private final Node.Insert insert;
    private final int listedColumn;
    private final Control control;
    private final int[] values = new int[AT_ONCE];
    private final int[] kept = new int[AT_ONCE];

    /// @param column of the scanned relation
    /// @param listedKey where its values stand in the relation that is looked into
    /// @param listedColumn where they stand in the one that is added to
    FilteredList(
            Node.Scan scan,
            int column,
            Node.Exists exists,
            int listedKey,
            boolean negated,
            Node.Insert insert,
            int listedColumn,
            Control control) {
        this.scan = scan;
        this.column = column;
        this.exists = exists;
        this.listedKey = listedKey;
        this.negated = negated;
        this.insert = insert;
        this.listedColumn = listedColumn;
        this.control = control;
    }

    /// @param beside what stands beside a value where it is looked for
    /// @param head what stands beside it where it is added
    void run(long beside, long head) {
        Column read = scan.rows.column(column);
        RowFilter visible = scan.filter;
        int to = scan.to;
        if (visible != null || read.isWide()) {
            runOneByOne(read, beside, head);
            return;
        }
        for (int row = scan.from; row < to; row += AT_ONCE) {
            int end = (int) Math.min(to, (long) row + AT_ONCE);
            control.steps(2 * (end - row));
            read.copy(row, end, values);
            scan.count += end - row;
            int many = exists.rows.select(1 - listedKey, beside, values, end - row, !negated, kept);
            exists.count += many;
            insert.added(insert.rows.addAll(1 - listedColumn, head, kept, 0, many));
        }
    }

    private void runOneByOne(Column read, long beside, long head) {
        RowFilter visible = scan.filter;
        for (int row = scan.from; row < scan.to; row++) {
            control.steps(2);
            if (visible != null && !visible.visible(row)) {
                continue;
            }
            long value = read.get(row);
            scan.count++;
            boolean found =
                    listedKey == 0
                            ? exists.rows.contains(value, beside)
                            : exists.rows.contains(beside, value);
            if (found != negated) {
                exists.count++;
                boolean isNew =
                        listedColumn == 0
                                ? insert.rows.add(value, head)
                                : insert.rows.add(head, value);
                insert.added(isNew ? 1 : 0);
            }
        }
    }
}
