package dev.sovereign.core;

import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.HashIndex;
import dev.sovereign.core.data.Relation;
import dev.sovereign.core.data.RowFilter;
import dev.sovereign.core.store.Column;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/// The tuples of one stored relation, each with the transaction that asserted it and the one that
/// retracted it, so that any number of readers see any moment since the start of what is held here
/// while one writer goes on.
///
/// The writer's thread calls everything; readers call only [#view], [#columns] and
/// [#publishedLive]. A row is never moved or overwritten: removing writes one number that only
/// later moments regard.
final class StoredRelation {

    private static final int PAGE_SHIFT = 14;
    private static final int PAGE_ROWS = 1 << PAGE_SHIFT;
    private static final int PAGE_MASK = PAGE_ROWS - 1;

    /// Rows of the first page at first: most relations of people stay below it.
    private static final int FIRST_ROWS = 64;

    private final String name;
    private final Relation rows;
    private volatile List<Column> columns;

    /// Asserting transactions; ascending, because rows are appended.
    private volatile long[][] added = new long[4][];

    /// Retracting transactions; a page is null until one of its rows is retracted, 0 means it still
    /// holds. A row whose two transactions are equal was never there: its batch could not be
    /// forced.
    private volatile long[] @Nullable [] removed = new long[4][];

    private long live;

    /// Rows that readers may look at. Written after the rows themselves, so that whoever reads it
    /// sees them whole.
    private volatile int publishedRows;

    private volatile long publishedLive;

    StoredRelation(String name, List<Column> columns) {
        this.name = name;
        this.columns = List.copyOf(columns);
        this.rows = Relation.shared(columns.size());
    }

    String name() {
        return name;
    }

    List<Column> columns() {
        return columns;
    }

    int arity() {
        return rows.arity();
    }

    /// New names for the same columns.
    void rename(List<Column> renamed) {
        columns = List.copyOf(renamed);
    }

    /// Rows so far, retracted ones included.
    int rows() {
        return rows.size();
    }

    /// Tuples that hold now.
    long live() {
        return live;
    }

    /// Lets readers see the rows so far, as far as their transaction allows.
    void publish() {
        publishedLive = live;
        publishedRows = rows.size();
    }

    /// Tuples that hold as of the newest [#publish]. Any thread.
    long publishedLive() {
        return publishedLive;
    }

    /// What readers of transaction `tx` see. Any thread.
    Extent view(long tx) {
        int limit = rowsThrough(tx, publishedRows);
        long[] @Nullable [] gone = removed;
        boolean whole = true;
        for (int page = 0; whole && page << PAGE_SHIFT < limit; page++) {
            whole = gone[page] == null;
        }
        RowFilter filter =
                whole
                        ? null
                        : row -> {
                            long[] page = gone[row >>> PAGE_SHIFT];
                            long at = page == null ? 0 : page[row & PAGE_MASK];
                            return at == 0 || at > tx;
                        };
        return new Extent(rows, limit, filter);
    }

    /// How many of the first `published` rows transaction `tx` and earlier ones asserted: a
    /// beginning of them.
    private int rowsThrough(long tx, int published) {
        int low = 0;
        int high = published;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (addedTx(middle) <= tx) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Whether the extent shows rows of this relation, so that its row numbers are ours.
    boolean isOf(Extent extent) {
        return extent.rows() == rows;
    }

    long value(int column, int row) {
        return rows.value(column, row);
    }

    /// Which transaction asserted a row. Any thread, for rows it may see.
    long addedTx(int row) {
        return added[row >>> PAGE_SHIFT][row & PAGE_MASK];
    }

    boolean holds(int row) {
        long[] page = removed[row >>> PAGE_SHIFT];
        return page == null || page[row & PAGE_MASK] == 0;
    }

    /// The row that holds the tuple now, or -1.
    int find(long[] tuple) {
        return find(tuple, 0);
    }

    /// The row that transaction `tx` asserted for a tuple and that still holds, or -1.
    ///
    /// @param tx 0 is any
    int find(long[] tuple, long tx) {
        if (live == 0) {
            return -1;
        }
        if (tuple.length == 0) {
            for (int row = rows.size() - 1; row >= 0; row--) {
                if (holds(row) && (tx == 0 || addedTx(row) == tx)) {
                    return row;
                }
            }
            return -1;
        }
        HashIndex index = rows.index(Relation.allColumns(tuple.length));
        index.extendTo(rows.size());
        for (int row = index.first(tuple); row >= 0; row = index.next(row)) {
            if (holds(row) && (tx == 0 || addedTx(row) == tx)) {
                return row;
            }
        }
        return -1;
    }

    /// Appends a tuple that transaction `tx` asserts; the caller knows that it does not hold yet.
    int append(long[] tuple, long tx) {
        requireRoom(1);
        int row = rows.append(tuple);
        room(row);
        added[row >>> PAGE_SHIFT][row & PAGE_MASK] = tx;
        live++;
        return row;
    }

    /// Appends tuples that hold, given as columns; the caller knows that none of them holds yet.
    ///
    /// @param tx which transaction asserts each
    void appendAll(long[][] tuples, long[] tx, int count) {
        requireRoom(count);
        int first = rows.size();
        if (tuples.length == 0) {
            for (int i = 0; i < count; i++) {
                append(new long[0], tx[i]);
            }
            return;
        }
        rows.appendAll(tuples, count);
        int done = 0;
        while (done < count) {
            int row = first + done;
            room(row);
            long[] page = added[row >>> PAGE_SHIFT];
            int offset = row & PAGE_MASK;
            int many = Math.min(count - done, page.length - offset);
            System.arraycopy(tx, done, page, offset, many);
            done += many;
        }
        live += count;
    }

    private void requireRoom(int count) {
        if (rows.size() > Relation.MAX_ROWS - count) {
            throw new SovereignException(
                    KnowledgeError.RELATION_FULL,
                    "relation " + name + " holds " + rows.size() + " rows, the most there can be",
                    "stop and start the daemon: rows that were retracted are then dropped");
        }
    }

    /// Transaction `tx` takes a row back.
    void remove(int row, long tx) {
        removedPage(row >>> PAGE_SHIFT)[row & PAGE_MASK] = tx;
        live--;
    }

    /// Takes [#remove] back.
    void restore(int row) {
        removedPage(row >>> PAGE_SHIFT)[row & PAGE_MASK] = 0;
        live++;
    }

    /// Takes back [#append] of all rows from `count` on: nobody ever sees them.
    void cancel(int count) {
        for (int row = count; row < rows.size(); row++) {
            if (holds(row)) {
                remove(row, addedTx(row));
            }
        }
    }

    /// A relation with only the rows that hold, for when most do not. Later moments see the same in
    /// both.
    StoredRelation withoutRetracted() {
        StoredRelation copy = new StoredRelation(name, columns);
        long[] tuple = new long[arity()];
        for (int row = 0; row < rows.size(); row++) {
            if (holds(row)) {
                for (int column = 0; column < tuple.length; column++) {
                    tuple[column] = rows.value(column, row);
                }
                copy.append(tuple, addedTx(row));
            }
        }
        return copy;
    }

    private void room(int row) {
        int page = row >>> PAGE_SHIFT;
        int offset = row & PAGE_MASK;
        long[][] pages = added;
        if (page == pages.length) {
            pages = Arrays.copyOf(pages, page * 2);
            removed = Arrays.copyOf(removed, page * 2);
            added = pages;
        }
        if (pages[page] == null) {
            pages[page] = new long[page == 0 ? FIRST_ROWS : PAGE_ROWS];
        } else if (offset == pages[page].length) {
            pages[page] = Arrays.copyOf(pages[page], offset * 4);
        }
    }

    private long[] removedPage(int page) {
        long[] found = removed[page];
        if (found == null) {
            found = new long[PAGE_ROWS];
            removed[page] = found;
        }
        return found;
    }
}
