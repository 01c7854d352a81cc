package dev.sovereign.core.data;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Tuples of one arity in the order in which they were added, as columns. Rows are numbered from 0
/// and never change.
///
/// Used in one of two ways: as a set, through [#addIfAbsent], by an evaluation, which asks for
/// ranges of rows as "what the last round found"; or as the rows of a stored relation, through
/// [#append], where the writer sees to duplicates and removed rows stay behind a [RowFilter].
public final class Relation extends Adder {

    /// Rows of one relation: what an int can number, less some for tables that number rows from 1.
    public static final int MAX_ROWS = Integer.MAX_VALUE - 16;

    /// A relation of two columns with fewer tuples is in the caches anyway.
    private static final int FIRST_PAIRS = 4096;

    /// Tuples that have to share a value for sets by value to be smaller than one set of all.
    private static final int SHARED_BY = 4;

    /// Fewer rows than this are not worth sorting.
    private static final int SORTED_ROWS = 4096;

    /// Rows sorted at once: bounds the memory for it.
    private static final int SORTED_AT_ONCE = 1 << 21;

    /// Tuples that [#addAll] adds before it writes them.
    private static final int ADDED_AT_ONCE = 1024;

    /// Fewer rows do not tell what lists of some values would leave out.
    private static final int REDUCED_ROWS = 4096;

    /// Rows that are looked at for that, about.
    private static final int REDUCED_SAMPLE = 256;

    /// Columns that an index can be asked for.
    public static final int MAX_INDEXED_COLUMNS = 64;

    private final Column[] columns;
    private final boolean shared;
    private final MemoryMeter meter;
    private final TupleSet set;
    private final ConcurrentHashMap<Long, HashIndex> indexes = new ConcurrentHashMap<>(4);

    /// Of a relation for one thread: lists by column, of rows and of the other column's values.
    private final @Nullable Adjacency[] adjacencies;

    /// Of more columns than two: lists of one column's values by another one, by the two of them.
    private final Map<Integer, Adjacency> projections = new HashMap<>(2);

    /// Of two columns: lists that hold only what another relation has too, where that is few.
    private final Map<Reduction, Optional<Adjacency>> reductions = new HashMap<>(2);

    /// Holds the tuples in place of `set`, once there are many and they share first values.
    private @Nullable PairSets pairs;

    /// Rows at which it is looked into whether pairs would be better.
    private int pairsAt = FIRST_PAIRS;

    /// The column by which tuples are kept together.
    private int cluster;

    private int[] fresh = {};

    /// Sets that pairs are kept in: as many as threads add, see [#shares].
    private int sharedBy = 1;

    private Share[] shares = {};

    private int size;

    /// Whether rows were written that are known to be new, and that no set has yet: it gets them
    /// when somebody asks what is there. Volatile: several threads may ask.
    private volatile boolean behind;

    /// Whether a row was written without looking whether it is there.
    private boolean appended;

    /// Rows that were there at the end of each round.
    private int[] roundEnds = {};

    private int rounds;

    /// An empty relation for one thread.
    public Relation(int arity) {
        this(arity, MemoryMeter.NONE);
    }

    /// An empty relation for one thread that reports what it takes.
    public Relation(int arity, MemoryMeter meter) {
        this(arity, false, meter);
    }

    private Relation(int arity, boolean shared, MemoryMeter meter) {
        this.columns = new Column[arity];
        for (int i = 0; i < arity; i++) {
            columns[i] = new Column(meter);
        }
        this.shared = shared;
        this.meter = meter;
        this.set = new TupleSet(columns, meter);
        this.adjacencies = new Adjacency[shared ? 0 : 2 * Math.min(arity, MAX_INDEXED_COLUMNS)];
    }

    /// An empty relation that one thread appends to while any thread reads and indexes the rows
    /// that the writer has published.
    public static Relation shared(int arity) {
        return new Relation(arity, true, MemoryMeter.NONE);
    }

    /// The mask of all columns, for [#index].
    public static long allColumns(int arity) {
        return arity >= Long.SIZE ? -1L : (1L << arity) - 1;
    }

    public int arity() {
        return columns.length;
    }

    /// Rows written. Exact for the writer; others go by what was published to them.
    public int size() {
        return size;
    }

    public long value(int column, int row) {
        return columns[column].get(row);
    }

    /// A column, for loops over many rows.
    public Column column(int column) {
        return columns[column];
    }

    /// Whether threads other than the writer's read it.
    public boolean isShared() {
        return shared;
    }

    /// Says by which of two columns tuples will mostly come together; before the first is added.
    public void clusterBy(int column) {
        cluster = column;
    }

    /// Writes the tuple as the next row, even if it is there already, and returns its number.
    public int append(long... tuple) {
        int row = size;
        room(row);
        appended = true;
        for (int i = 0; i < columns.length; i++) {
            columns[i].append(row, tuple[i]);
        }
        size = row + 1;
        return row;
    }

    /// Writes rows given as columns, as [#append] does.
    public void appendAll(long[][] values, int count) {
        room((long) size + count - 1);
        appended = true;
        for (int i = 0; i < columns.length; i++) {
            columns[i].appendAll(size, values[i], count);
        }
        size += count;
    }

    /// Writes a tuple that is known to be new, or that [#distinct] will be asked about. It goes
    /// into a set only when there is one already, or when somebody asks what is there.
    public void addNew(long... tuple) {
        if (!behind) {
            if (size > 0 || columns.length == 0) {
                addIfAbsent(tuple);
                return;
            }
            behind = true;
        }
        room(size);
        for (int i = 0; i < columns.length; i++) {
            columns[i].append(size, tuple[i]);
        }
        size++;
    }

    /// Says that the first tuples will be known to be new.
    void startNew() {
        if (size == 0 && columns.length > 0) {
            behind = true;
        }
    }

    /// What adds tuples that are known to be new.
    public Adder appender() {
        return new Appender(this);
    }

    /// This relation when [#addNew] was given no tuple twice, else one that has each once.
    public Relation distinct() {
        if (!behind || !Repeats.any(columns, size, meter)) {
            return this;
        }
        Relation copy = new Relation(columns.length, meter);
        long[] tuple = new long[columns.length];
        for (int row = 0; row < size; row++) {
            for (int i = 0; i < tuple.length; i++) {
                tuple[i] = columns[i].get(row);
            }
            copy.addIfAbsent(tuple);
        }
        meter.allocating(-bytes());
        return copy;
    }

    private synchronized void catchUp() {
        if (!behind) {
            return;
        }
        if (columns.length == 2 && size >= FIRST_PAIRS) {
            pair();
        }
        if (pairs == null) {
            long[] tuple = new long[columns.length];
            for (int row = 0; row < size; row++) {
                for (int i = 0; i < tuple.length; i++) {
                    tuple[i] = columns[i].get(row);
                }
                set.add(tuple, row);
            }
        }
        behind = false;
    }

    /// Adds the tuple unless it was added before; true when it is new.
    @Override
    public boolean addIfAbsent(long... tuple) {
        if (behind) {
            catchUp();
        }
        switch (columns.length) {
            case 0:
                if (size > 0) {
                    return false;
                }
                size = 1;
                return true;
            case 1:
                return add(tuple[0]);
            case 2:
                return add(tuple[0], tuple[1]);
            default:
                room(size);
                if (!set.add(tuple, size)) {
                    return false;
                }
                for (int i = 0; i < columns.length; i++) {
                    columns[i].append(size, tuple[i]);
                }
                size++;
                return true;
        }
    }

    /// [#addIfAbsent] of a relation with one column.
    @Override
    public boolean add(long a) {
        if (behind) {
            catchUp();
        }
        room(size);
        if (!set.add(a, size)) {
            return false;
        }
        columns[0].append(size, a);
        size++;
        return true;
    }

    /// [#addIfAbsent] of a relation with two columns.
    @Override
    public boolean add(long a, long b) {
        if (behind) {
            catchUp();
        }
        PairSets sets = pairs;
        if (sets != null) {
            if (PairSet.holds(a) && PairSet.holds(b)) {
                if (!(cluster == 0 ? sets.add((int) a, (int) b) : sets.add((int) b, (int) a))) {
                    return false;
                }
                write(a, b);
                return true;
            }
            unpair();
        }
        if (!set.add(a, b, size)) {
            return false;
        }
        write(a, b);
        if (size >= pairsAt) {
            pair();
        }
        return true;
    }

    /// [#add] of tuples that have one value in common.
    ///
    /// @param column where that one stands
    /// @param others what stands in the other column: the values from `from` to `to - 1`
    /// @return how many were new
    @Override
    public int addAll(int column, long value, int[] others, int from, int to) {
        int before = size;
        int at = from;
        PairSets sets = pairs;
        if (sets != null && column == cluster && PairSet.holds(value)) {
            PairSet set = sets.set(sets.setOf((int) value));
            int key = sets.keyIn((int) value);
            while (at < to) {
                int end = Math.min(to, at + ADDED_AT_ONCE);
                int count = set.addAll(key, others, at, end, fresh, 0);
                room((long) size + count);
                Column same = columns[column];
                Column other = columns[1 - column];
                for (int i = 0; i < count; i++) {
                    same.append(size + i, value);
                    other.append(size + i, fresh[i]);
                }
                size += count;
                at = set.reached();
                if (at < end) {
                    break;
                }
            }
        }
        for (; at < to; at++) {
            if (column == 0) {
                add(value, others[at]);
            } else {
                add(others[at], value);
            }
        }
        return size - before;
    }

    /// Prepares for several threads that find tuples for it at the same time; before the first
    /// tuple is added.
    ///
    /// @param count threads; a power of two
    public void shareBy(int count) {
        if (size > 0) {
            throw new IllegalStateException("shared with " + size + " rows in it");
        }
        sharedBy = count;
        shares = new Share[count];
        for (int i = 0; i < count; i++) {
            shares[i] = new Share(this, i, count);
        }
    }

    /// Where each of the threads puts what it finds.
    public Share share(int number) {
        return shares[number];
    }

    /// Whether each share has a set of its own.
    public boolean isSettled() {
        return pairs != null;
    }

    /// The share to whose set a tuple with this value belongs, in the column by which the relation
    /// is clustered.
    public int shareOf(long value) {
        return PairSets.setOf((int) value, Integer.numberOfTrailingZeros(sharedBy));
    }

    /// Brings into one share's set what all shares found for it; each on a thread of its own.
    public void settle(int share) {
        PairSets sets = pairs;
        if (sets != null) {
            shares[share].settle(sets, shares);
        }
    }

    /// Writes what the shares hold, which are empty then.
    ///
    /// @return how many tuples were new besides those that a share knew to be
    public int take() {
        int added = 0;
        for (Share share : shares) {
            added += share.writePairs();
        }
        // these may need a set of another kind, which is made of all rows
        for (Share share : shares) {
            added += share.addTuples();
        }
        return added;
    }

    /// Writes pairs that are in their sets already.
    void writePairs(int[] keys, int[] values, int count) {
        if (count == 0) {
            return;
        }
        if (!behind && pairs == null) { // known to be new, but somebody has asked what is there
            for (int i = 0; i < count; i++) {
                add(cluster == 0 ? keys[i] : values[i], cluster == 0 ? values[i] : keys[i]);
            }
            return;
        }
        room((long) size + count - 1);
        columns[cluster].appendAll(size, keys, count);
        columns[1 - cluster].appendAll(size, values, count);
        size += count;
    }

    @Nullable PairSets pairSets() {
        return pairs;
    }

    /// The column by which tuples come together.
    public int cluster() {
        return cluster;
    }

    MemoryMeter meter() {
        return meter;
    }

    /// Writes tuples that are known to be new.
    private static final class Appender extends Adder {
        private final Relation to;

        private Appender(Relation to) {
            this.to = to;
        }

        @Override
        public boolean addIfAbsent(long... tuple) {
            to.addNew(tuple);
            return true;
        }

        @Override
        public boolean add(long a) {
            if (to.behind) {
                to.room(to.size);
                to.columns[0].append(to.size, a);
                to.size++;
            } else {
                to.addNew(a);
            }
            return true;
        }

        @Override
        public boolean add(long a, long b) {
            if (to.behind) {
                to.write(a, b);
            } else {
                to.addNew(a, b);
            }
            return true;
        }

        @Override
        public int addAll(int column, long value, int[] others, int from, int end) {
            int count = end - from;
            int at = from;
            while (at < end && !to.behind) { // the first one, or all where there is a set
                add(column == 0 ? value : others[at], column == 0 ? others[at] : value);
                at++;
            }
            to.room((long) to.size + (end - at));
            to.columns[column].fill(to.size, value, end - at);
            to.columns[1 - column].appendAll(to.size, others, at, end - at);
            to.size += end - at;
            return count;
        }
    }

    private void write(long a, long b) {
        int row = size;
        room(row);
        columns[0].append(row, a);
        columns[1].append(row, b);
        size = row + 1;
    }

    /// Goes over to pairs where they take less room.
    private void pair() {
        pairsAt = (int) Math.min(MAX_ROWS, 2L * size);
        if (!set.isPacked()) {
            return;
        }
        PairSets sets = new PairSets(sharedBy, meter);
        Column first = columns[cluster];
        Column second = columns[1 - cluster];
        boolean held = true;
        KeyIds keys = new KeyIds(meter);
        for (int row = 0; row < size; row++) {
            keys.idOf(first.get(row));
            if (!PairSet.holds(first.get(row)) || !PairSet.holds(second.get(row))) {
                held = false;
                break;
            }
        }
        meter.allocating(-keys.bytes());
        if (!held || (long) keys.count() * SHARED_BY > size) {
            return;
        }
        for (int row = 0; row < size; row++) {
            if ((row & MemoryMeter.PAUSE_MASK) == MemoryMeter.PAUSE_MASK) {
                meter.allocating(0);
            }
            sets.add((int) first.get(row), (int) second.get(row));
        }
        set.clear();
        pairs = sets;
        fresh = new int[ADDED_AT_ONCE];
    }

    /// Goes back, for a value that needs 64 bits.
    private void unpair() {
        PairSets sets = pairs;
        if (sets != null) {
            set.refill(size);
            meter.allocating(-sets.bytes());
            pairs = null;
            pairsAt = MAX_ROWS;
        }
    }

    /// Puts the rows from `from` on in an order in which those with equal values in the column by
    /// which the relation is clustered come together; for rows that nobody has numbered yet.
    public void cluster(int from) {
        PairSets sets = pairs;
        if (sets == null || size - from < SORTED_ROWS) {
            return;
        }
        for (int start = from; start < size; start += SORTED_AT_ONCE) {
            int end = (int) Math.min(size, (long) start + SORTED_AT_ONCE);
            if (end - start >= sets.keys() / SHARED_BY && isScattered(sets, start, end)) {
                sort(sets, start, end);
            }
        }
    }

    private boolean isScattered(PairSets sets, int from, int to) {
        Column keys = columns[cluster];
        int[] last = new int[sets.keys()];
        int runs = 0;
        int distinct = 0;
        long before = 0;
        for (int row = from; row < to; row++) {
            long key = keys.get(row);
            if (row == from || key != before) {
                runs++;
                before = key;
                int id = sets.idOf((int) key);
                distinct += last[id] == 0 ? 1 : 0;
                last[id] = 1;
            }
        }
        return runs > distinct + distinct / 2;
    }

    private void sort(PairSets sets, int from, int to) {
        long taken = 4L * (sets.keys() + 1) + 8L * (to - from);
        meter.allocating(taken);
        Column keys = columns[cluster];
        Column values = columns[1 - cluster];
        int[] starts = new int[sets.keys() + 1];
        for (int row = from; row < to; row++) {
            starts[sets.idOf((int) keys.get(row)) + 1]++;
        }
        for (int id = 1; id < starts.length; id++) {
            starts[id] += starts[id - 1];
        }
        int[] sortedKeys = new int[to - from];
        int[] sortedValues = new int[to - from];
        for (int row = from; row < to; row++) {
            int key = (int) keys.get(row);
            int at = starts[sets.idOf(key)]++;
            sortedKeys[at] = key;
            sortedValues[at] = (int) values.get(row);
        }
        for (int i = 0; i < sortedKeys.length; i++) {
            keys.replace(from + i, sortedKeys[i]);
            values.replace(from + i, sortedValues[i]);
        }
        meter.allocating(-taken);
    }

    /// Whether all rows were added by [#addIfAbsent], so that [#contains] knows them.
    public boolean isSet() {
        return !appended;
    }

    /// Whether the tuple was added through [#addIfAbsent].
    public boolean contains(long... tuple) {
        if (behind) {
            catchUp();
        }
        return switch (columns.length) {
            case 0 -> size > 0;
            case 2 -> contains(tuple[0], tuple[1]);
            default -> set.contains(tuple);
        };
    }

    /// [#contains] for one column.
    public boolean contains(long a) {
        if (behind) {
            catchUp();
        }
        return set.contains(a);
    }

    /// [#contains] for two columns.
    public boolean contains(long a, long b) {
        if (behind) {
            catchUp();
        }
        PairSets sets = pairs;
        if (sets == null) {
            return set.contains(a, b);
        }
        return PairSet.holds(a)
                && PairSet.holds(b)
                && (cluster == 0
                        ? sets.contains((int) a, (int) b)
                        : sets.contains((int) b, (int) a));
    }

    /// Of values those that stand, or do not, beside a given one.
    ///
    /// @param column where the given one stands, of two
    /// @param standing which of them are wanted
    /// @param kept gets them
    /// @return how many those are
    public int select(
            int column, long value, int[] others, int count, boolean standing, int[] kept) {
        if (behind) {
            catchUp();
        }
        PairSets sets = pairs;
        if (!standing && sets != null && column == cluster && PairSet.holds(value)) {
            PairSet set = sets.set(sets.setOf((int) value));
            return set.missing(sets.keyIn((int) value), others, 0, count, kept, 0);
        }
        int found = 0;
        for (int i = 0; i < count; i++) {
            boolean isThere = column == 0 ? contains(value, others[i]) : contains(others[i], value);
            if (isThere == standing) {
                kept[found++] = others[i];
            }
        }
        return found;
    }

    /// The row of a tuple of a set that gets no more rows; -1 when it is not there. Without an
    /// index over whole tuples, which would take seconds and hundreds of megabytes where there are
    /// ten million: the set tells whether it is there, and often the row; else the rows by one
    /// column do.
    ///
    /// @throws IllegalStateException when rows were appended
    public int rowOf(long... tuple) {
        if (appended) {
            throw new IllegalStateException("not a set");
        }
        if (columns.length == 0 || !contains(tuple)) {
            return columns.length == 0 ? size - 1 : -1;
        }
        if (pairs == null && !set.isPacked()) {
            return set.row(tuple);
        }
        int column = columns.length == 1 ? 0 : cluster;
        Adjacency byValue = adjacency(column);
        byValue.coverComplete(size);
        Adjacency.Cursor cursor = new Adjacency.Cursor();
        byValue.seek(tuple[column], Adjacency.Part.ALL, cursor);
        for (int i = cursor.from; i < cursor.to; i++) {
            if (matches(cursor.list[i], tuple)) {
                return cursor.list[i];
            }
        }
        throw new IllegalStateException("the set has a tuple that no row has");
    }

    /// Whether a row holds this tuple.
    public boolean matches(int row, long[] tuple) {
        for (int i = 0; i < columns.length; i++) {
            if (columns[i].get(row) != tuple[i]) {
                return false;
            }
        }
        return true;
    }

    /// The index over the columns whose bits are set, made when first asked for. It covers nothing
    /// until [HashIndex#extendTo]; [Extent#index] does both.
    ///
    /// @param mask at least one column, all below [#MAX_INDEXED_COLUMNS]
    public HashIndex index(long mask) {
        HashIndex found = indexes.get(mask);
        return found != null ? found : indexes.computeIfAbsent(mask, this::newIndex);
    }

    /// The rows by the value of one column, in a relation that is not shared; made when first asked
    /// for, covers nothing until told to.
    public Adjacency adjacency(int column) {
        return adjacency(column, 2 * column, null);
    }

    /// In a relation of two columns the values of the other one by the value of this one. Only
    /// while the other one's fit an int.
    public Adjacency neighbors(int column) {
        return adjacency(column, 2 * column + 1, columns[1 - column]);
    }

    /// In a relation of any columns the values of one by the value of another, as often as rows
    /// have them.
    public Adjacency neighbors(int column, int other) {
        return columns.length == 2
                ? neighbors(column)
                : projections.computeIfAbsent(
                        column * MAX_INDEXED_COLUMNS + other,
                        _ -> new Adjacency(columns[column], columns[other], meter));
    }

    /// As [#neighbors(int)], without the values that do not stand in a column of another relation,
    /// which gets no more rows: for a join that goes on with them there. Null where that would not
    /// leave out most, judged by some rows when first asked, or is not worth looking into yet.
    ///
    /// @param rows of the other relation
    public @Nullable Adjacency neighborsIn(int column, Relation other, int in, int rows) {
        Optional<Adjacency> known = reductions.get(new Reduction(column, other, in));
        if (known == null) {
            if (size < REDUCED_ROWS || rows > size) {
                return null;
            }
            known = reduced(column, other.columns[in], rows);
            reductions.put(new Reduction(column, other, in), known);
        }
        return known.orElse(null);
    }

    private record Reduction(int column, Relation other, int in) {}

    private Optional<Adjacency> reduced(int column, Column in, int rows) {
        KeyIds kept = new KeyIds(meter);
        for (int row = 0; row < rows; row++) {
            kept.idOf(in.get(row));
        }
        Column values = columns[1 - column];
        int stays = 0;
        int looked = 0;
        for (int row = 0; row < size; row += Math.max(1, size / REDUCED_SAMPLE)) {
            stays += kept.find(values.get(row)) >= 0 ? 1 : 0;
            looked++;
        }
        if (2 * stays > looked) {
            meter.allocating(-kept.bytes());
            return Optional.empty();
        }
        return Optional.of(new Adjacency(columns[column], values, kept, meter));
    }

    private Adjacency adjacency(int column, int position, @Nullable Column values) {
        Adjacency known = adjacencies[position];
        if (known == null) {
            known = new Adjacency(columns[column], values, meter);
            adjacencies[position] = known;
        }
        return known;
    }

    private HashIndex newIndex(long mask) {
        Column[] keys = new Column[Long.bitCount(mask)];
        int count = 0;
        for (int i = 0; i < columns.length && i < MAX_INDEXED_COLUMNS; i++) {
            if ((mask >>> i & 1) != 0) {
                keys[count++] = columns[i];
            }
        }
        if (count == 0 || count != keys.length) {
            throw new IllegalArgumentException("no such columns: " + Long.toBinaryString(mask));
        }
        return new HashIndex(keys, shared, meter);
    }

    /// Notes that the rows so far were there at the end of a round; rounds are numbered from 0.
    public void endRound() {
        if (rounds == roundEnds.length) {
            int length = Math.max(4, rounds * 2);
            meter.allocating(4L * (rounds + length));
            roundEnds = Arrays.copyOf(roundEnds, length);
            meter.allocating(-8L * rounds);
        }
        roundEnds[rounds++] = size;
    }

    /// Rounds ended.
    public int rounds() {
        return rounds;
    }

    /// Rows that were there at the end of a round.
    public int roundEnd(int round) {
        return roundEnds[round];
    }

    /// The round in which a row was added; the number of rounds ended when it is still going on.
    public int roundOf(int row) {
        int low = 0;
        int high = rounds;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (roundEnds[middle] <= row) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        return low;
    }

    /// Bytes held by columns and tables, about.
    public long bytes() {
        long bytes = set.bytes() + 4L * roundEnds.length;
        for (Column column : columns) {
            bytes += column.bytes();
        }
        for (HashIndex index : indexes.values()) {
            bytes += index.bytes();
        }
        for (Adjacency adjacency : adjacencies) {
            bytes += adjacency == null ? 0 : adjacency.bytes();
        }
        for (Adjacency projection : projections.values()) {
            bytes += projection.bytes();
        }
        for (Optional<Adjacency> reduction : reductions.values()) {
            bytes += reduction.map(Adjacency::bytes).orElse(0L);
        }
        PairSets sets = pairs;
        bytes += sets == null ? 0 : sets.bytes();
        return bytes;
    }

    private void room(long row) {
        if (row >= MAX_ROWS) {
            throw new IllegalStateException("a relation holds at most " + MAX_ROWS + " rows");
        }
    }
}
