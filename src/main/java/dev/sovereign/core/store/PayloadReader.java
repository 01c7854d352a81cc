package dev.sovereign.core.store;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToLongFunction;

/// Reads the payload of one transaction after the other and delivers its changes. What it reads is
/// not trusted; what it allocates for one block is bounded by [TupleCodec#MAX_CELLS] and by the
/// block's own length.
final class PayloadReader {

    private final ToLongFunction<String> symbols;
    private final Authors authors;

    private long[] dictionary = new long[64];
    private int dictionarySize;
    private long[] assertingTx = new long[0];
    private final Map<Integer, long[][]> scratch = new HashMap<>(); // by number of columns

    /// @param symbols gives the caller's id of a string
    PayloadReader(ToLongFunction<String> symbols, Authors authors) {
        this.symbols = symbols;
        this.authors = authors;
    }

    /// Forgets the dictionary of the transaction before.
    void begin() {
        dictionarySize = 0;
        if (dictionary.length > 1 << 16) {
            dictionary = new long[64];
        }
    }

    /// The reason at the beginning of a payload; null when there is none.
    static @Nullable String reason(ByteInput slice) throws MalformedException {
        if (!slice.hasRemaining() || slice.u8() != PayloadFormat.REASON) {
            return null;
        }
        return slice.slice(slice.count(slice.remaining(), "the length of a block")).string();
    }

    /// Delivers the changes of one slice, which holds whole blocks.
    void read(ByteInput slice, long tx, Replay sink) throws MalformedException {
        while (slice.hasRemaining()) {
            int kind = slice.u8();
            int length = slice.count(Integer.MAX_VALUE, "the length of a block");
            ByteInput block = slice.slice(length);
            switch (kind) {
                case PayloadFormat.REASON -> block.skipString();
                case PayloadFormat.DECLARE -> declare(block, sink);
                case PayloadFormat.SYMBOLS -> symbols(block);
                case PayloadFormat.ASSERT -> asserted(block, tx, sink);
                case PayloadFormat.RETRACT -> retracted(block, tx, sink);
                case PayloadFormat.PUT_MODULE -> {
                    String name = block.string();
                    sink.module(name, block.string(), tx);
                }
                case PayloadFormat.REMOVE_MODULE -> sink.moduleRemoved(block.string(), tx);
                default ->
                        throw new MalformedException(
                                "a payload has a block of unknown kind " + kind);
            }
            if (block.hasRemaining()) {
                throw new MalformedException(
                        "a block of kind "
                                + kind
                                + " has "
                                + block.remaining()
                                + " bytes too many");
            }
        }
    }

    private static void declare(ByteInput block, Replay sink) throws MalformedException {
        String name = block.string();
        int count = block.count(TupleCodec.MAX_COLUMNS, "the number of columns");
        List<Column> columns = new ArrayList<>();
        for (int c = 0; c < count; c++) {
            ColumnKind kind = PayloadFormat.kind(block.u8());
            String column = block.string();
            columns.add(new Column(column, block.string(), kind));
        }
        sink.relation(name, columns);
    }

    private void symbols(ByteInput block) throws MalformedException {
        int count = block.count(block.remaining(), "the number of symbols");
        if (dictionary.length - dictionarySize < count) {
            dictionary =
                    Arrays.copyOf(
                            dictionary, Math.max(dictionary.length * 2, dictionarySize + count));
        }
        for (int i = 0; i < count; i++) {
            dictionary[dictionarySize++] = symbols.applyAsLong(block.string());
        }
    }

    private void asserted(ByteInput block, long tx, Replay sink) throws MalformedException {
        String relation = block.string();
        ColumnKind[] kinds = PayloadFormat.kinds(block);
        long[][] columns = scratch(kinds.length);
        int count = TupleCodec.decode(block, columns);
        translate(kinds, columns, count);
        reserveTx(count);
        Arrays.fill(assertingTx, 0, count, tx);
        sink.asserted(relation, columns, assertingTx, count);
    }

    private void retracted(ByteInput block, long tx, Replay sink) throws MalformedException {
        String relation = block.string();
        ColumnKind[] kinds = PayloadFormat.kinds(block);
        String[] names = new String[block.count(block.remaining(), "the number of authors")];
        for (int i = 0; i < names.length; i++) {
            names[i] = block.string();
        }
        long[][] packed = scratch(kinds.length + 2);
        int count = TupleCodec.decode(block, packed);
        translate(kinds, packed, count);
        reserveTx(count);
        for (int i = 0; i < count; i++) {
            long author = packed[kinds.length][i];
            long sequence = packed[kinds.length + 1][i];
            if (author < 0 || author >= names.length) {
                throw new MalformedException(
                        "a retract names author " + author + " of " + names.length);
            }
            assertingTx[i] =
                    i > 0
                                    && author == packed[kinds.length][i - 1]
                                    && sequence == packed[kinds.length + 1][i - 1]
                            ? assertingTx[i - 1]
                            : authors.tx(names[(int) author], sequence);
        }
        long[][] columns = Arrays.copyOf(packed, kinds.length);
        sink.retracted(relation, columns, assertingTx, count, tx);
    }

    private void translate(ColumnKind[] kinds, long[][] columns, int count)
            throws MalformedException {
        for (int c = 0; c < kinds.length; c++) {
            if (kinds[c] == ColumnKind.SYMBOL) {
                long[] column = columns[c];
                for (int i = 0; i < count; i++) {
                    long number = column[i];
                    if (number < 0 || number >= dictionarySize) {
                        throw new MalformedException(
                                "a tuple names symbol " + number + " of " + dictionarySize);
                    }
                    column[i] = dictionary[(int) number];
                }
            }
        }
    }

    private void reserveTx(int count) {
        if (assertingTx.length < count) {
            assertingTx = new long[Math.max(count, TupleCodec.ROWS)];
        }
    }

    private long[][] scratch(int columns) {
        return scratch.computeIfAbsent(columns, width -> new long[width][16]);
    }
}
