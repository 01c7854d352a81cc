package dev.sovereign.core.data;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.function.IntConsumer;

/// What one of several threads finds for a relation, while all of them read it and none writes its
/// rows. Tuples that are there already are left out at once. The others are kept until the threads
/// wait for each other; then [Relation#settle] and [Relation#take] bring them in, always in the
/// same order.
///
/// Where the relation keeps pairs by value, each set of them belongs to one thread. A thread that
/// finds only pairs of its own ([#own]) puts them there at once.
public final class Share extends Adder {

    /// Tuples that a share holds before its thread should stop: what fits a second-level cache, and
    /// enough for a millisecond of work.
    public static final int FULL = 1 << 16;

    /// With more than this many times that, each tuple is kept once only.
    private static final int OVERFULL = 2;

    /// Tuples between two calls of who watches.
    private static final int WATCHED = 1 << 10;

    private static final int FIRST = 256;

    private final Relation of;
    private final int number;

    /// Whether all pairs that will be found belong to this thread's own set.
    private boolean own;

    /// Whether all tuples that will be found are known to be new.
    private boolean fresh;

    /// Whether pairs come that are other threads' too, to be left to those.
    private boolean leaving;

    /// Tuples that belong to no set of pairs, one after the other.
    private long[] tuples = {};

    private int tupleValues;

    /// Pairs by the set that they belong to: what the sets find them by, and the other value.
    private final int[][] keys;

    private final int[][] values;
    private final int[] counts;

    private int held;
    private int full = FULL;

    /// What is found beyond that many times [#full], each tuple once: one row of an outer loop may
    /// bring the same ones again and again. Null while there is no need.
    private @Nullable Relation overflow;

    private IntConsumer watch = _ -> {};

    Share(Relation of, int number, int shares) {
        this.of = of;
        this.number = number;
        this.keys = new int[shares][0];
        this.values = new int[shares][0];
        this.counts = new int[shares];
    }

    /// Whether so much is held that it should be brought in.
    public boolean isFull() {
        return held >= full;
    }

    /// Tuples that are held.
    public int held() {
        return held;
    }

    /// @param tuples that are held when it is full
    /// @param watching told how many are held when those are far more; may refuse
    public void limit(int tuples, IntConsumer watching) {
        full = tuples;
        watch = watching;
    }

    /// From here on tuples are found of this thread's own set only, or of all.
    ///
    /// @param leavesOthers whether others come as well: the threads that own them find them too
    public void own(boolean only, boolean leavesOthers) {
        own = only;
        leaving = only && leavesOthers;
    }

    /// From here on only tuples come that are known to be new.
    public void fresh() {
        fresh = true;
        of.startNew();
    }

    @Override
    public boolean addIfAbsent(long... tuple) {
        if (fresh) {
            int at = room(tuple.length);
            System.arraycopy(tuple, 0, tuples, at, tuple.length);
            return watched();
        }
        Relation once = overflow;
        if (once != null) {
            return !of.contains(tuple) && over(once.addIfAbsent(tuple));
        }
        switch (tuple.length) {
            case 1:
                return add(tuple[0]);
            case 2:
                return add(tuple[0], tuple[1]);
            default:
                if (!of.contains(tuple)) {
                    int at = room(tuple.length);
                    System.arraycopy(tuple, 0, tuples, at, tuple.length);
                    lookWhetherOver();
                }
                return false;
        }
    }

    @Override
    public boolean add(long a) {
        if (fresh) {
            int at = room(1);
            tuples[at] = a;
            return watched();
        }
        Relation once = overflow;
        if (once != null) {
            return !of.contains(a) && over(once.add(a));
        }
        if (!of.contains(a)) {
            int at = room(1);
            tuples[at] = a;
            lookWhetherOver();
        }
        return false;
    }

    @Override
    public boolean add(long a, long b) {
        if (fresh) {
            int at = room(2);
            tuples[at] = a;
            tuples[at + 1] = b;
            return watched();
        }
        Relation once = overflow;
        if (once != null && !own) {
            return !of.contains(a, b) && over(once.add(a, b));
        }
        PairSets sets = of.pairSets();
        if (sets == null || !PairSet.holds(a) || !PairSet.holds(b)) {
            if (!of.contains(a, b)) {
                int at = room(2);
                tuples[at] = a;
                tuples[at + 1] = b;
                lookWhetherOver();
            }
            return false;
        }
        boolean first = of.cluster() == 0;
        int key = (int) (first ? a : b);
        int value = (int) (first ? b : a);
        int set = sets.setOf(key);
        if (leaving && set != number) {
            return false;
        }
        if (own) {
            if (!sets.set(set).add(sets.keyIn(key), value)) {
                return false;
            }
            keep(set, key, value);
            return true;
        }
        if (!sets.set(set).contains(sets.keyIn(key), value)) {
            keep(set, key, value);
        }
        return false;
    }

    @Override
    public int addAll(int column, long value, int[] others, int from, int to) {
        PairSets sets = of.pairSets();
        if (fresh && PairSet.holds(value)) {
            keepAll(column, (int) value, others, from, to);
            return 0;
        }
        int at = from;
        int added = 0;
        if (sets != null
                && !fresh
                && column == of.cluster()
                && PairSet.holds(value)
                && (own || overflow == null)) {
            int key = (int) value;
            int set = sets.setOf(key);
            if (leaving && set != number) {
                return 0;
            }
            roomFor(set, to - from);
            int before = counts[set];
            PairSet pairs = sets.set(set);
            int count =
                    own
                            ? pairs.addAll(sets.keyIn(key), others, from, to, values[set], before)
                            : pairs.missing(sets.keyIn(key), others, from, to, values[set], before);
            at = own ? pairs.reached() : to;
            Arrays.fill(keys[set], before, before + count, key);
            counts[set] = before + count;
            held += count;
            added = own ? count : 0;
            if (!own) {
                moveWhatNoSetHolds(set, before);
                lookWhetherOver();
            }
        }
        for (; at < to; at++) {
            boolean isNew = column == 0 ? add(value, others[at]) : add(others[at], value);
            added += isNew ? 1 : 0;
        }
        return added;
    }

    /// Keeps pairs that are known to be new, in whichever set: they are in none yet.
    private void keepAll(int column, int value, int[] others, int from, int to) {
        int count = to - from;
        roomFor(0, count);
        boolean keyed = column == of.cluster();
        int at = counts[0];
        Arrays.fill(keyed ? keys[0] : values[0], at, at + count, value);
        System.arraycopy(others, from, keyed ? values[0] : keys[0], at, count);
        counts[0] += count;
        held += count;
        if (held > OVERFULL * full) {
            watch.accept(held);
        }
    }

    /// Sets of pairs hold all numbers but one.
    private void moveWhatNoSetHolds(int set, int from) {
        for (int i = from; i < counts[set]; i++) {
            if (!PairSet.holds(values[set][i])) {
                long key = keys[set][i];
                long value = values[set][i];
                int last = --counts[set];
                keys[set][i] = keys[set][last];
                values[set][i] = values[set][last];
                held--;
                if (of.cluster() == 0) {
                    add(key, value);
                } else {
                    add(value, key);
                }
                return; // a list has each value once
            }
        }
    }

    private void keep(int set, int key, int value) {
        roomFor(set, 1);
        int at = counts[set]++;
        keys[set][at] = key;
        values[set][at] = value;
        held++;
        lookWhetherOver();
    }

    /// Where much more is held than should be, keeps each tuple once from here on.
    private void lookWhetherOver() {
        if (held <= OVERFULL * full || own || overflow != null) {
            return;
        }
        Relation once = new Relation(of.arity(), of.meter());
        once.clusterBy(of.cluster());
        boolean first = of.cluster() == 0;
        for (int set = 0; set < counts.length; set++) {
            for (int i = 0; i < counts[set]; i++) {
                int key = keys[set][i];
                int value = values[set][i];
                once.add(first ? key : value, first ? value : key);
            }
            counts[set] = 0;
        }
        long[] tuple = new long[of.arity()];
        for (int at = 0; at < tupleValues; at += tuple.length) {
            System.arraycopy(tuples, at, tuple, 0, tuple.length);
            once.addIfAbsent(tuple);
        }
        tupleValues = 0;
        overflow = once;
        held = once.size();
    }

    /// @return false: the relation counts what it gets
    private boolean watched() {
        if (held > OVERFULL * full && (held & (WATCHED - 1)) == 0) {
            watch.accept(held);
        }
        return false;
    }

    /// @return false: only the relation knows what is new
    private boolean over(boolean isNew) {
        if (isNew && (++held & (WATCHED - 1)) == 0) {
            watch.accept(held);
        }
        return false;
    }

    private void roomFor(int set, int more) {
        int needed = counts[set] + more;
        if (needed > keys[set].length) {
            int length = Math.max(Math.max(FIRST, needed), 2 * keys[set].length);
            of.meter().allocating(8L * (length - keys[set].length));
            keys[set] = Arrays.copyOf(keys[set], length);
            values[set] = Arrays.copyOf(values[set], length);
        }
    }

    private int room(int more) {
        int at = tupleValues;
        if (at + more > tuples.length) {
            int length = Math.max(FIRST, 2 * tuples.length);
            of.meter().allocating(8L * (length - tuples.length));
            tuples = Arrays.copyOf(tuples, length);
        }
        tupleValues += more;
        held++;
        return at;
    }

    /// Keeps of the pairs of one set, which other shares found, those that are new to it; after
    /// those of earlier shares. The set belongs to this share, whose own pairs are in it already or
    /// are looked at among the others.
    void settle(PairSets sets, Share[] all) {
        PairSet mine = sets.set(number);
        for (Share share : all) {
            int count = share.counts[number];
            int[] from = share.keys[number];
            int[] with = share.values[number];
            int kept = 0;
            for (int i = 0; i < count; i++) {
                if (mine.add(sets.keyIn(from[i]), with[i])) {
                    from[kept] = from[i];
                    with[kept] = with[i];
                    kept++;
                }
            }
            share.counts[number] = kept;
        }
    }

    /// Hands the pairs that are kept to their relation, whose sets have them.
    ///
    /// @return how many, unless they were known to be new
    int writePairs() {
        int written = 0;
        for (int set = 0; set < counts.length; set++) {
            of.writePairs(keys[set], values[set], counts[set]);
            written += own ? 0 : counts[set];
            counts[set] = 0;
        }
        return written;
    }

    /// Adds the tuples that are kept in no set to their relation; is empty then.
    ///
    /// @return how many were new
    int addTuples() {
        int added = 0;
        int arity = of.arity();
        long[] tuple = new long[arity];
        for (int at = 0; at < tupleValues; at += arity) {
            System.arraycopy(tuples, at, tuple, 0, arity);
            if (fresh) {
                of.addNew(tuple);
                added++;
            } else {
                added += of.addIfAbsent(tuple) ? 1 : 0;
            }
        }
        tupleValues = 0;
        Relation once = overflow;
        if (once != null) {
            for (int row = 0; row < once.size(); row++) {
                for (int column = 0; column < arity; column++) {
                    tuple[column] = once.value(column, row);
                }
                added += of.addIfAbsent(tuple) ? 1 : 0;
            }
            of.meter().allocating(-once.bytes());
            overflow = null;
        }
        held = 0;
        return added;
    }
}
