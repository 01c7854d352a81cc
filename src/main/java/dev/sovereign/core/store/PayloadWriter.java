package dev.sovereign.core.store;

import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;

/// Turns the changes of one transaction into payload blocks. Hands them on whenever a record's
/// worth has come together, always at the boundary of a block. Reused from one transaction to the
/// next; not thread-safe.
final class PayloadWriter {

    /// Takes what has come together; the bytes are overwritten afterwards.
    interface Slices {
        void slice(byte[] bytes, int length);
    }

    /// Dictionaries larger than this are let go after the transaction.
    private static final int KEEP_SYMBOLS = 1 << 12;

    private final Symbols symbols;
    private final Authors authors;
    private final ByteOutput out = new ByteOutput(LogFormat.RECORD_BYTES * 2);
    private final ByteOutput block = new ByteOutput(LogFormat.RECORD_BYTES);
    private final ByteOutput strings = new ByteOutput(1024);
    private final TupleCodec codec = new TupleCodec();

    // The transaction's dictionary: the caller's ids in open addressing; slot = id + 1, 0 is free.
    private long[] slots = new long[64];
    private int[] numbers = new int[64];
    private int dictionarySize;
    private int newStrings; // in `strings`, not yet in a block

    private long asserted;
    private long retracted;

    PayloadWriter(Symbols symbols, Authors authors) {
        this.symbols = symbols;
        this.authors = authors;
    }

    void begin(@Nullable String reason) {
        out.clear(LogFormat.RECORD_BYTES * 2);
        strings.clear(1024);
        newStrings = 0;
        asserted = 0;
        retracted = 0;
        if (dictionarySize > 0) {
            if (slots.length > 4 * KEEP_SYMBOLS) {
                slots = new long[64];
                numbers = new int[64];
            } else {
                Arrays.fill(slots, 0);
            }
            dictionarySize = 0;
        }
        if (reason != null) {
            string(block, reason, "a reason");
            emit(PayloadFormat.REASON);
        }
    }

    long asserted() {
        return asserted;
    }

    long retracted() {
        return retracted;
    }

    /// What has not been handed on yet.
    ByteOutput rest() {
        return out;
    }

    /// @param relations the columns of a relation's name, null when it is not declared
    void add(Change change, Function<String, @Nullable List<Column>> relations, Slices slices) {
        switch (change) {
            case Change.Declare(String relation, List<Column> columns) ->
                    declare(relation, columns);
            case Change.Assert(String relation, long[][] columns, int count) -> {
                tuples(relation, columns, null, count, relations, slices);
                asserted += count;
            }
            case Change.Retract(String relation, long[][] columns, long[] tx, int count) -> {
                tuples(relation, columns, tx, count, relations, slices);
                retracted += count;
            }
            case Change.PutModule(String name, String text) -> {
                string(block, name, "a module's name");
                string(block, text, "the text of module \"" + name + "\"");
                emit(PayloadFormat.PUT_MODULE);
            }
            case Change.RemoveModule(String name) -> {
                string(block, name, "a module's name");
                emit(PayloadFormat.REMOVE_MODULE);
            }
        }
        handOn(slices);
    }

    private void declare(String relation, List<Column> columns) {
        if (columns.size() > TupleCodec.MAX_COLUMNS) {
            throw new SovereignException(
                    StoreError.TOO_LARGE,
                    "relation \""
                            + relation
                            + "\" has "
                            + columns.size()
                            + " columns, the store holds at most "
                            + TupleCodec.MAX_COLUMNS);
        }
        string(block, relation, "a relation's name");
        block.varint(columns.size());
        for (Column column : columns) {
            block.u8(column.kind().code());
            string(block, column.name(), "a column's name");
            string(block, column.type(), "a type's name");
        }
        emit(PayloadFormat.DECLARE);
    }

    private void tuples(
            String relation,
            long[][] columns,
            long @Nullable [] assertingTx,
            int count,
            Function<String, @Nullable List<Column>> relations,
            Slices slices) {
        List<Column> declared = relations.apply(relation);
        if (declared == null || declared.size() != columns.length) {
            throw new IllegalArgumentException(
                    "relation "
                            + relation
                            + " is not declared with "
                            + columns.length
                            + " columns");
        }
        int width = columns.length + (assertingTx == null ? 0 : 2);
        long[][] view = new long[width][];
        int step = TupleCodec.rowsFor(width);
        for (int from = 0; from < count; from += step) {
            int rows = Math.min(step, count - from);
            for (int c = 0; c < columns.length; c++) {
                view[c] =
                        declared.get(c).kind() == ColumnKind.SYMBOL
                                ? symbols(columns[c], from, rows, slices)
                                : columns[c];
            }
            emitSymbols();
            if (assertingTx == null) {
                tuples(relation, declared, view, from, rows, List.of());
            } else {
                List<String> names = new ArrayList<>();
                name(assertingTx, from, rows, view, names);
                tuples(relation, declared, view, from, rows, names);
            }
            handOn(slices);
        }
    }

    /// Symbol columns, and the two added ones, have their values at index 0; the others at `from`.
    private void tuples(
            String relation,
            List<Column> declared,
            long[][] view,
            int from,
            int rows,
            List<String> authorNames) {
        boolean retract = view.length > declared.size();
        string(block, relation, "a relation's name");
        block.varint(declared.size());
        long[][] aligned = new long[view.length][];
        boolean mixed = retract;
        for (Column column : declared) {
            block.u8(column.kind().code());
            mixed |= column.kind() == ColumnKind.SYMBOL;
        }
        if (retract) {
            block.varint(authorNames.size());
            for (String name : authorNames) {
                string(block, name, "an author's name");
            }
        }
        int start = from;
        if (mixed) { // bring all columns to index 0
            for (int c = 0; c < view.length; c++) {
                boolean own = c >= declared.size() || declared.get(c).kind() == ColumnKind.SYMBOL;
                aligned[c] = own ? view[c] : Arrays.copyOfRange(view[c], from, from + rows);
            }
            start = 0;
        } else {
            aligned = view;
        }
        codec.encode(block, aligned, start, rows);
        emit(retract ? PayloadFormat.RETRACT : PayloadFormat.ASSERT);
    }

    private void name(long[] tx, int from, int rows, long[][] view, List<String> names) {
        long[] author = new long[rows];
        long[] sequence = new long[rows];
        long lastTx = -1;
        for (int i = 0; i < rows; i++) {
            long asserting = tx[from + i];
            if (asserting == lastTx) {
                author[i] = author[i - 1];
                sequence[i] = sequence[i - 1];
                continue;
            }
            lastTx = asserting;
            Authors.Name name = authors.name(asserting);
            if (name == null) {
                throw new IllegalArgumentException(
                        "no transaction " + asserting + " to retract from");
            }
            int index = names.indexOf(name.author());
            if (index < 0) {
                index = names.size();
                names.add(name.author());
            }
            author[i] = index;
            sequence[i] = name.sequence();
        }
        view[view.length - 2] = author;
        view[view.length - 1] = sequence;
    }

    /// The dictionary's numbers for the caller's ids; new strings are put into blocks on the way.
    private long[] symbols(long[] ids, int from, int rows, Slices slices) {
        long[] local = new long[rows];
        for (int i = 0; i < rows; i++) {
            local[i] = number(ids[from + i], slices);
        }
        return local;
    }

    private int number(long id, Slices slices) {
        long key = id + 1;
        int mask = slots.length - 1;
        int slot = slot(key, mask);
        while (slots[slot] != 0) {
            if (slots[slot] == key) {
                return numbers[slot];
            }
            slot = slot + 1 & mask;
        }
        string(strings, symbols.text(id), "a symbol");
        newStrings++;
        slots[slot] = key;
        int number = dictionarySize++;
        numbers[slot] = number;
        if (dictionarySize * 2 > slots.length) {
            grow();
        }
        if (strings.size() >= LogFormat.RECORD_BYTES) {
            emitSymbols();
            handOn(slices);
        }
        return number;
    }

    private static int slot(long key, int mask) {
        return (int) ((key * 0x9E3779B97F4A7C15L) >>> 32) & mask;
    }

    private void grow() {
        long[] oldSlots = slots;
        int[] oldNumbers = numbers;
        slots = new long[oldSlots.length * 2];
        numbers = new int[slots.length];
        int mask = slots.length - 1;
        for (int i = 0; i < oldSlots.length; i++) {
            if (oldSlots[i] != 0) {
                int slot = slot(oldSlots[i], mask);
                while (slots[slot] != 0) {
                    slot = slot + 1 & mask;
                }
                slots[slot] = oldSlots[i];
                numbers[slot] = oldNumbers[i];
            }
        }
    }

    private void emitSymbols() {
        if (newStrings == 0) {
            return;
        }
        out.u8(PayloadFormat.SYMBOLS);
        out.varint(ByteOutput.varintSize(newStrings) + strings.size());
        out.varint(newStrings);
        out.bytes(strings.array(), 0, strings.size());
        strings.clear(1024);
        newStrings = 0;
    }

    private void emit(int kind) {
        out.u8(kind);
        out.varint(block.size());
        out.bytes(block.array(), 0, block.size());
        block.clear(LogFormat.RECORD_BYTES);
    }

    private void handOn(Slices slices) {
        if (out.size() >= LogFormat.RECORD_BYTES) {
            slices.slice(out.array(), out.size());
            out.clear(LogFormat.RECORD_BYTES * 2);
        }
    }

    private static void string(ByteOutput out, String text, String what) {
        int before = out.size();
        out.string(text);
        if (out.size() - before > LogFormat.MAX_STRING_BYTES) {
            out.truncate(before);
            throw new SovereignException(
                    StoreError.TOO_LARGE,
                    what
                            + " of "
                            + text.length()
                            + " characters, the store holds at most "
                            + LogFormat.MAX_STRING_BYTES
                            + " bytes in one");
        }
    }
}
