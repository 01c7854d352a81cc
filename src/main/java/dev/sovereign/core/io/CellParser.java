package dev.sovereign.core.io;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.SymbolTable;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;

/// Turns the bytes of one cell into the 64 bits of a value. Makes no object for numbers and for
/// symbols that are known. For one thread.
public final class CellParser {

    private final SymbolTable symbols;
    private final @Nullable StructuredParser structured;
    private long value;

    /// @param symbols gets the symbols that are new
    public CellParser(SymbolTable symbols) {
        this.symbols = symbols;
        this.structured = null;
    }

    /// A parser of records and branches too.
    ///
    /// @param program whose types they are of
    /// @param records gets those that are new
    public CellParser(SymbolTable symbols, RecordTable records, CheckedProgram program) {
        this.symbols = symbols;
        this.structured = new StructuredParser(program, records, new CellParser(symbols));
    }

    /// Takes a cell; false when it is no value of the column's type.
    public boolean parse(Column column, byte[] bytes, int from, int to) {
        if (!column.kind().isStructured()) {
            return parse(column.kind(), bytes, from, to);
        }
        StructuredParser parser = structured;
        Long id =
                parser == null
                        ? null
                        : parser.parse(
                                column, new String(bytes, from, to - from, StandardCharsets.UTF_8));
        if (id == null) {
            return false;
        }
        value = id;
        return true;
    }

    /// The value of the newest cell that [#parse] took.
    public long value() {
        return value;
    }

    /// Takes a cell; false when it is no value of this kind.
    public boolean parse(Kind kind, byte[] bytes, int from, int to) {
        return switch (kind) {
            case NUMBER -> number(bytes, from, to);
            case UNSIGNED -> unsigned(bytes, from, to);
            case FLOAT -> floating(bytes, from, to);
            case SYMBOL -> {
                value = symbols.intern(bytes, from, to);
                yield true;
            }
            case RECORD, ADT -> false;
        };
    }

    /// Decimal with an optional sign, or hexadecimal and binary with `0x` and `0b`.
    private boolean number(byte[] bytes, int from, int to) {
        if (from == to) {
            return false;
        }
        boolean negative = bytes[from] == '-';
        int at = negative || bytes[from] == '+' ? from + 1 : from;
        if (isPrefixed(bytes, at, to)) {
            if (!prefixed(bytes, at, to)) {
                return false;
            }
            value = negative ? -value : value;
            return negative ? value <= 0 : value >= 0;
        }
        if (at == to) {
            return false;
        }
        long sum = 0; // negative, because there is one more negative number than positive ones
        for (; at < to; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0 || digit > 9 || sum < Long.MIN_VALUE / 10) {
                return false;
            }
            sum = sum * 10 - digit;
            if (sum > 0) {
                return false;
            }
        }
        if (!negative && sum == Long.MIN_VALUE) {
            return false;
        }
        value = negative ? sum : -sum;
        return true;
    }

    private boolean unsigned(byte[] bytes, int from, int to) {
        int end = to > from && (bytes[to - 1] == 'u' || bytes[to - 1] == 'U') ? to - 1 : to;
        if (from == end || end - from > 66) {
            return false;
        }
        if (isPrefixed(bytes, from, end)) {
            return prefixed(bytes, from, end);
        }
        long sum = 0;
        for (int at = from; at < end; at++) {
            int digit = bytes[at] - '0';
            if (digit < 0
                    || digit > 9
                    || Long.compareUnsigned(sum, Long.divideUnsigned(-1L, 10)) > 0) {
                return false;
            }
            long next = sum * 10 + digit;
            if (Long.compareUnsigned(next, sum * 10) < 0) {
                return false;
            }
            sum = next;
        }
        value = sum;
        return true;
    }

    private static boolean isPrefixed(byte[] bytes, int at, int to) {
        return to - at > 2 && bytes[at] == '0' && (bytes[at + 1] == 'x' || bytes[at + 1] == 'b');
    }

    private boolean prefixed(byte[] bytes, int at, int to) {
        int bits = bytes[at + 1] == 'x' ? 4 : 1;
        long sum = 0;
        for (int i = at + 2; i < to; i++) {
            int digit = Character.digit(bytes[i], 1 << bits);
            if (digit < 0 || (sum >>> (64 - bits)) != 0) {
                return false;
            }
            sum = sum << bits | digit;
        }
        value = sum;
        return true;
    }

    /// Decimal, with a point or an exponent or neither; `inf` and `nan` are refused.
    private boolean floating(byte[] bytes, int from, int to) {
        if (from == to || to - from > 400) {
            return false;
        }
        for (int at = from; at < to; at++) {
            byte b = bytes[at];
            if ((b < '0' || b > '9') && b != '.' && b != '-' && b != '+' && b != 'e' && b != 'E') {
                return false;
            }
        }
        try {
            double parsed =
                    Double.parseDouble(
                            new String(bytes, from, to - from, StandardCharsets.ISO_8859_1));
            value = Double.doubleToRawLongBits(parsed);
            return !Double.isInfinite(parsed);
        } catch (NumberFormatException _) {
            return false;
        }
    }
}
