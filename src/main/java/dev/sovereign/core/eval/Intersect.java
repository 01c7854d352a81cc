package dev.sovereign.core.eval;

import dev.sovereign.core.data.Adjacency;
import dev.sovereign.core.data.HashIndex;
import dev.sovereign.core.data.Relation;
import dev.sovereign.core.plan.ir.Rows;

import java.util.Arrays;
import java.util.Map;

/// The values that stand beside given ones in each of several relations: the step of a worst-case
/// optimal join. Keys that are bound further out come first: what their lists have in common is
/// kept while they stay the same, as a sorted list and as bits, and each list of the last key is
/// compared with that, through the shorter of the two.
final class Intersect extends Node {

    /// A list this many times longer than the other is searched, not read.
    private static final int LONGER = 8;

    /// Largest value that bits are kept for: 8 MiB of them.
    private static final int MAX_BITS = 1 << 26;

    /// Values handed on at once where rows are looked up one by one.
    private static final int FOUND_AT_ONCE = 1024;

    private final Arm[] arms;
    final Expression[] keys;
    final int register;
    private final Control control;

    /// The keys to look for, by arm.
    final long[] key;

    /// What [#find] found: the first so many of these.
    long[] found = new long[16];

    // what all arms but the last have in common, for these keys
    private final long[] prefixKey;
    private boolean known;
    private int[] prefix = {};
    private int prefixFrom;
    private int prefixTo;
    private int[] spare = {};
    private long[] bits = {};
    private int[] marked = {};
    private int markedCount;
    private boolean isMarked;

    /// Whether it matters how often a value comes.
    private final boolean bag;

    /// Whether the lists are there; else rows are looked up one by one.
    private boolean listed;

    // where they are not: the row to be looked at next, and a value found there that is still to be
    // handed on so many times
    private int row = -1;
    private long value;
    private long times;

    /// Whether that has been looked into, for lists that have each value once.
    private boolean looked;

    /// One relation: a column is given, another one is intersected.
    static final class Arm {
        final Table table;
        final int keyColumn;
        final int column;
        final Adjacency.Cursor cursor = new Adjacency.Cursor();

        Arm(Table table, int keyColumn, int column) {
            this.table = table;
            this.keyColumn = keyColumn;
            this.column = column;
        }

        /// Whether several rows may have the same two values.
        boolean isWider() {
            return rows().arity() > 2;
        }

        private long both() {
            return 1L << keyColumn | 1L << column;
        }

        Relation rows() {
            return table.rows();
        }

        boolean isListed() {
            return !rows().isShared()
                    && table.filter() == null
                    && table.isComplete()
                    && !rows().column(column).isWide();
        }

        Adjacency lists() {
            Adjacency lists = rows().neighbors(keyColumn, column);
            if (!lists.isSorted()) {
                lists.coverComplete(table.to(Rows.ALL));
                lists.sort();
            }
            return lists;
        }

        void collectIndexes(boolean listed, Map<Object, Runnable> work) {
            if (listed) {
                work.merge(rows().neighbors(keyColumn, column), this::lists, Node::both);
            } else {
                int all = table.to(Rows.ALL);
                for (long mask : new long[] {1L << keyColumn, both()}) {
                    HashIndex index = rows().index(mask);
                    work.merge(index, () -> index.extendTo(all), Node::both);
                }
            }
        }

        /// How many rows have the two values; 0 or 1 where it does not matter how often.
        int times(long key, long value, boolean bag) {
            long a = keyColumn < column ? key : value;
            long b = keyColumn < column ? value : key;
            if (!isWider() && table.isCompleteSet()) {
                return rows().contains(a, b) ? 1 : 0;
            }
            HashIndex index = rows().index(both());
            index.extendTo(table.to(Rows.ALL));
            long[] tuple = {a, b};
            int times = 0;
            for (int row = index.first(tuple);
                    row >= 0 && (bag || times == 0);
                    row = index.next(row)) {
                if (row < table.to(Rows.ALL)
                        && (table.filter() == null || table.filter().visible(row))) {
                    times++;
                }
            }
            return times;
        }
    }

    Intersect(Arm[] arms, Expression[] keys, int register, boolean bag, Control control) {
        this.arms = arms;
        this.keys = keys;
        this.register = register;
        this.bag = bag;
        this.control = control;
        this.key = new long[keys.length];
        this.prefixKey = new long[keys.length - 1];
    }

    @Override
    void prepare() {
        known = false;
        looked = false;
        listed = true;
        for (Arm arm : arms) {
            listed &= arm.isListed();
        }
    }

    @Override
    void collectIndexes(Map<Object, Runnable> work) {
        boolean lists = isListed();
        for (Arm arm : arms) {
            arm.collectIndexes(lists, work);
        }
    }

    /// Whether lists do, which have each value once: not where a value comes as often as rows have
    /// it.
    private boolean isListed() {
        if (!looked && bag && listed) {
            for (Arm arm : arms) {
                listed &= !arm.isWider() || !arm.lists().isRepeating();
            }
        }
        looked = true;
        return listed;
    }

    @Override
    boolean run(long[] registers) {
        for (int i = 0; i < key.length; i++) {
            key[i] = keys[i].get(registers);
        }
        // found is this operator's own until it is run again, after all that follows
        for (int many = find(); many > 0; many = findMore()) {
            long[] values = found;
            for (int i = 0; i < many; i++) {
                registers[register] = values[i];
                count++;
                if (!next.run(registers)) {
                    return false;
                }
            }
        }
        return true;
    }

    /// Finds the values for [#key]; returns how many of [#found] they are.
    int find() {
        control.step();
        if (!isListed()) {
            return findOneByOne();
        }
        if (!known || !isSamePrefix()) {
            computePrefix();
        }
        if (prefixFrom == prefixTo) {
            return 0;
        }
        int last = arms.length - 1;
        Adjacency.Cursor cursor = arms[last].cursor;
        if (!arms[last].lists().seek(key[last], Adjacency.Part.ALL, cursor)) {
            return 0;
        }
        int[] list = cursor.list;
        int from = cursor.from;
        int to = cursor.to;
        int first = prefix[prefixFrom];
        int end = prefix[prefixTo - 1];
        if (list[from] < first) {
            from = search(list, from, to, first);
        }
        if (from < to && list[to - 1] > end) {
            to = end == Integer.MAX_VALUE ? to : search(list, from, to, end + 1);
        }
        int length = to - from;
        int prefixLength = prefixTo - prefixFrom;
        if (length <= 0) {
            return 0;
        }
        room(Math.min(length, prefixLength) + 1);
        if (length > (long) LONGER * prefixLength) {
            control.steps(prefixLength);
            return searchEach(prefix, prefixFrom, prefixTo, list, from, to);
        }
        control.steps(length);
        if (first < 0 || end >= MAX_BITS || prefixLength > (long) LONGER * length) {
            return searchEach(list, from, to, prefix, prefixFrom, prefixTo);
        }
        mark();
        long[] set = bits;
        long[] out = found;
        int many = 0;
        for (int i = from; i < to; i++) {
            int value = list[i];
            out[many] = value;
            many += (int) (set[value >>> 6] >>> value) & 1;
        }
        return many;
    }

    private boolean isSamePrefix() {
        for (int i = 0; i < prefixKey.length; i++) {
            if (prefixKey[i] != key[i]) {
                return false;
            }
        }
        return true;
    }

    private void computePrefix() {
        System.arraycopy(key, 0, prefixKey, 0, prefixKey.length);
        known = true;
        isMarked = false;
        Adjacency.Cursor cursor = arms[0].cursor;
        boolean any = arms[0].lists().seek(key[0], Adjacency.Part.ALL, cursor);
        prefix = cursor.list;
        prefixFrom = cursor.from;
        prefixTo = cursor.to;
        for (int arm = 1; arm < prefixKey.length && any; arm++) {
            Adjacency.Cursor other = arms[arm].cursor;
            any = arms[arm].lists().seek(key[arm], Adjacency.Part.ALL, other);
            intersectPrefix(other);
        }
        if (!any) {
            prefixFrom = prefixTo;
        }
    }

    private void intersectPrefix(Adjacency.Cursor other) {
        int one = prefixTo - prefixFrom;
        int two = other.to - other.from;
        control.steps(Math.min(one, two));
        room(Math.min(one, two) + 1);
        int many =
                one <= two
                        ? searchEach(prefix, prefixFrom, prefixTo, other.list, other.from, other.to)
                        : searchEach(
                                other.list, other.from, other.to, prefix, prefixFrom, prefixTo);
        // never the array that is read: that one may be a relation's
        if (spare.length < many) {
            control.allocating(4L * many);
            spare = new int[Math.max(16, many)];
        }
        int[] target = spare;
        for (int i = 0; i < many; i++) {
            target[i] = (int) found[i];
        }
        prefix = target;
        prefixFrom = 0;
        prefixTo = many;
    }

    /// Writes into [#found] what of the short list is in the long one: both walk on, the long one
    /// in growing leaps.
    private int searchEach(
            int[] few, int fewFrom, int fewTo, int[] many, int manyFrom, int manyTo) {
        long[] out = found;
        int count = 0;
        int at = manyFrom;
        for (int i = fewFrom; i < fewTo && at < manyTo; i++) {
            int wanted = few[i];
            if (many[at] < wanted) {
                int leap = 1;
                while (at + leap < manyTo && many[at + leap] < wanted) {
                    at += leap;
                    leap *= 2;
                }
                at = search(many, at + 1, Math.min(manyTo, at + leap + 1), wanted);
                if (at == manyTo) {
                    break;
                }
            }
            if (many[at] == wanted) {
                out[count++] = wanted;
                at++;
            }
        }
        return count;
    }

    /// The first position in `from..to` whose value is not below the wanted one.
    private static int search(int[] list, int from, int to, int wanted) {
        int low = from;
        int high = to;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (list[middle] < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Sets the bits of what all arms but the last have in common, and clears those set before.
    private void mark() {
        if (isMarked) {
            return;
        }
        long[] set = bits;
        for (int i = 0; i < markedCount; i++) {
            set[marked[i] >>> 6] = 0;
        }
        int count = prefixTo - prefixFrom;
        control.steps(count);
        if (marked.length < count) {
            control.allocating(4L * count);
            marked = new int[count];
        }
        System.arraycopy(prefix, prefixFrom, marked, 0, count);
        markedCount = count;
        int words = (prefix[prefixTo - 1] >>> 6) + 1;
        if (set.length < words) {
            control.allocating(8L * words);
            set = new long[words];
            bits = set;
        }
        for (int i = 0; i < count; i++) {
            set[marked[i] >>> 6] |= 1L << marked[i];
        }
        isMarked = true;
    }

    private void room(int values) {
        if (found.length < values) {
            control.allocating(8L * values);
            found = new long[Math.max(values, 2 * found.length)];
        }
    }

    /// Where lists of ints would not do: each row of the first key is looked up in the others.
    private int findOneByOne() {
        Arm arm = arms[0];
        HashIndex index = arm.rows().index(1L << arm.keyColumn);
        index.extendTo(arm.table.to(Rows.ALL));
        row = index.first(key[0]);
        times = 0;
        room(FOUND_AT_ONCE);
        return fill();
    }

    /// Finds further values for the same keys in place of those before; returns how many, 0 when
    /// there are no more.
    int findMore() {
        return listed ? 0 : fill();
    }

    private int fill() {
        Arm arm = arms[0];
        HashIndex index = arm.rows().index(1L << arm.keyColumn);
        int many = 0;
        while (true) {
            int count = (int) Math.min(times, FOUND_AT_ONCE - many);
            Arrays.fill(found, many, many + count, value);
            many += count;
            times -= count;
            if (times > 0 || row < 0) {
                return many;
            }
            control.step();
            if (row < arm.table.to(Rows.ALL)
                    && (arm.table.filter() == null || arm.table.filter().visible(row))) {
                value = arm.rows().value(arm.column, row);
                times = 1;
                for (int i = 1; i < arms.length && times > 0; i++) {
                    // beyond what a long holds nobody would see the end of it
                    times =
                            Math.min(
                                    Long.MAX_VALUE / Relation.MAX_ROWS,
                                    times * arms[i].times(key[i], value, bag));
                }
            }
            row = index.next(row);
        }
    }
}
