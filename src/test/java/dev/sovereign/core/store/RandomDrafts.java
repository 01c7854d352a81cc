package dev.sovereign.core.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/// Makes transactions that a caller could make, and remembers what they left alive.
final class RandomDrafts {

    static final List<Column> EDGE =
            List.of(
                    new Column("from", "number", ColumnKind.NUMBER),
                    new Column("to", "number", ColumnKind.NUMBER));
    static final List<Column> NAMED =
            List.of(
                    new Column("name", "symbol", ColumnKind.SYMBOL),
                    new Column("weight", "float", ColumnKind.FLOAT),
                    new Column("tag", "tag", ColumnKind.SYMBOL));

    @SuppressWarnings("ArrayRecordComponent")
    private record Live(String relation, long[] tuple, long tx) {
        String key() {
            return relation + java.util.Arrays.toString(tuple) + tx;
        }
    }

    private final RandomGenerator random;
    private final Symbols symbols;
    private final List<Live> live = new ArrayList<>();
    private long time = 1_700_000_000_000L;

    RandomDrafts(RandomGenerator random, Symbols symbols) {
        this.random = random;
        this.symbols = symbols;
    }

    /// As after these transactions.
    static RandomDrafts after(RandomGenerator random, Symbols symbols, List<Draft> past) {
        RandomDrafts drafts = new RandomDrafts(random, symbols);
        long tx = 0;
        for (Draft draft : past) {
            tx++;
            Map<String, Live> added = new java.util.LinkedHashMap<>();
            for (Change change : draft.changes()) {
                switch (change) {
                    case Change.Assert(String relation, long[][] columns, int count) -> {
                        for (int r = 0; r < count; r++) {
                            Live live = new Live(relation, row(columns, r), tx);
                            added.put(live.key(), live);
                        }
                    }
                    case Change.Retract(
                                    String relation,
                                    long[][] columns,
                                    long[] by,
                                    int count) -> {
                        java.util.Set<String> gone = new java.util.HashSet<>();
                        for (int r = 0; r < count; r++) {
                            gone.add(new Live(relation, row(columns, r), by[r]).key());
                        }
                        drafts.live.removeIf(l -> gone.contains(l.key()));
                    }
                    case Change.Declare _, Change.PutModule _, Change.RemoveModule _ -> {}
                }
            }
            drafts.live.addAll(added.values());
            drafts.time = draft.timeMillis();
        }
        return drafts;
    }

    private static long[] row(long[][] columns, int row) {
        long[] tuple = new long[columns.length];
        for (int c = 0; c < tuple.length; c++) {
            tuple[c] = columns[c][row];
        }
        return tuple;
    }

    /// @param tx the number that it will get
    /// @param most tuples in one assert
    Draft next(long tx, int most) {
        List<Change> changes = new ArrayList<>();
        if (tx == 1) {
            changes.add(new Change.Declare("edge", EDGE));
            changes.add(new Change.Declare("named", NAMED));
        }
        List<Live> added = new ArrayList<>();
        String what = "assert";
        switch (random.nextInt(8)) {
            case 0 -> {
                what = "rules add";
                changes.add(new Change.PutModule("m" + random.nextInt(3), "text " + word()));
            }
            case 1 -> {
                what = "rules remove";
                changes.add(new Change.RemoveModule("m" + random.nextInt(3)));
            }
            case 2, 3 -> {
                what = "retract";
                retract(changes);
            }
            default -> {
                tuples("edge", EDGE, 1 + random.nextInt(most), tx, changes, added);
                if (random.nextBoolean()) {
                    tuples("named", NAMED, 1 + random.nextInt(most), tx, changes, added);
                }
            }
        }
        live.addAll(added);
        time += random.nextInt(1000);
        return new Draft(
                time,
                random.nextInt(4) == 0 ? "agent" : "node",
                what,
                random.nextInt(3) == 0 ? "because " + word() : null,
                changes);
    }

    private void retract(List<Change> changes) {
        Map<String, List<Live>> chosen = new HashMap<>();
        int count = Math.min(live.size(), 1 + random.nextInt(5));
        for (int i = 0; i < count; i++) {
            Live gone = live.remove(random.nextInt(live.size()));
            chosen.computeIfAbsent(gone.relation, _ -> new ArrayList<>()).add(gone);
        }
        chosen.forEach((relation, tuples) -> {
            long[][] columns = new long[tuples.getFirst().tuple.length][tuples.size()];
            long[] by = new long[tuples.size()];
            for (int r = 0; r < tuples.size(); r++) {
                by[r] = tuples.get(r).tx;
                for (int c = 0; c < columns.length; c++) {
                    columns[c][r] = tuples.get(r).tuple[c];
                }
            }
            changes.add(new Change.Retract(relation, columns, by, tuples.size()));
        });
    }

    private void tuples(
            String relation,
            List<Column> declared,
            int count,
            long tx,
            List<Change> changes,
            List<Live> added) {
        long[][] columns = new long[declared.size()][count];
        java.util.Set<String> seen = new java.util.HashSet<>();
        for (int r = 0; r < count; r++) {
            long[] tuple = new long[declared.size()];
            for (int c = 0; c < tuple.length; c++) {
                tuple[c] =
                        switch (declared.get(c).kind()) {
                            case NUMBER, UNSIGNED -> number();
                            case FLOAT -> Double.doubleToRawLongBits(random.nextGaussian());
                            case SYMBOL -> symbols.intern(word());
                        };
                columns[c][r] = tuple[c];
            }
            Live one = new Live(relation, tuple, tx);
            if (seen.add(one.key())) {
                added.add(one);
            }
        }
        changes.add(new Change.Assert(relation, columns, count));
    }

    private long number() {
        return switch (random.nextInt(5)) {
            case 0 -> random.nextLong();
            case 1 -> -random.nextInt(100);
            default -> random.nextInt(1000);
        };
    }

    private String word() {
        return switch (random.nextInt(20)) {
            case 0 -> "";
            case 1 -> "ünï\u4e2d\ud83d\ude00";
            case 2 -> "half \ud83d pair";
            default -> "w" + random.nextInt(200);
        };
    }
}
