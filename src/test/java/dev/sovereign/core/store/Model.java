package dev.sovereign.core.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a store should hold, in the plainest form: one line of text a live assertion, a relation
/// and a module.
final class Model implements Replay {

    final Symbols symbols;
    final Map<String, List<Column>> relations = new TreeMap<>();
    final TreeSet<String> facts = new TreeSet<>();
    final Map<String, String> modules = new TreeMap<>();
    long through = -1;
    int restarts;

    Model(Symbols symbols) {
        this.symbols = symbols;
    }

    @Override
    public void relation(String name, List<Column> columns) {
        relations.put(name, columns);
    }

    @Override
    public void asserted(String relation, long[][] columns, long[] assertingTx, int count) {
        for (int r = 0; r < count; r++) {
            facts.add(line(relation, columns, r, assertingTx[r]));
        }
    }

    @Override
    public void retracted(
            String relation, long[][] columns, long[] assertingTx, int count, long tx) {
        for (int r = 0; r < count; r++) {
            facts.remove(line(relation, columns, r, assertingTx[r]));
        }
    }

    private String line(String relation, long[][] columns, int row, long tx) {
        List<Column> declared = Objects.requireNonNull(relations.get(relation));
        StringBuilder line = new StringBuilder(relation).append('(');
        for (int c = 0; c < columns.length; c++) {
            line.append(
                            declared.get(c).kind() == ColumnKind.SYMBOL
                                    ? '"' + symbols.text(columns[c][row]) + '"'
                                    : String.valueOf(columns[c][row]))
                    .append(',');
        }
        return line.append(")@").append(tx).toString();
    }

    @Override
    public void module(String name, String text, long tx) {
        modules.put(name, text + "@" + tx);
    }

    @Override
    public void moduleRemoved(String name, long tx) {
        modules.remove(name);
    }

    @Override
    public void through(long tx) {
        through = tx;
    }

    @Override
    public void restart() {
        relations.clear();
        facts.clear();
        modules.clear();
        restarts++;
    }

    /// Applies a draft as the store would deliver it.
    void apply(Draft draft, long tx) {
        for (Change change : draft.changes()) {
            switch (change) {
                case Change.Declare(String relation, List<Column> columns) ->
                        relation(relation, columns);
                case Change.Assert(String relation, long[][] columns, int count) -> {
                    long[] by = new long[count];
                    java.util.Arrays.fill(by, tx);
                    asserted(relation, columns, by, count);
                }
                case Change.Retract(String relation, long[][] columns, long[] by, int count) ->
                        retracted(relation, columns, by, count, tx);
                case Change.PutModule(String name, String text) -> module(name, text, tx);
                case Change.RemoveModule(String name) -> moduleRemoved(name, tx);
            }
        }
    }

    /// Everything as one list of lines, to compare.
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        relations.forEach((name, columns) -> lines.add(name + " " + columns));
        lines.addAll(facts);
        new HashMap<>(modules)
                .entrySet().stream()
                        .sorted(Map.Entry.comparingByKey())
                        .forEach(m -> lines.add(m.getKey() + ": " + m.getValue()));
        return lines;
    }
}
