package dev.sovereign.core.io;

import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.SymbolTable;

import java.io.IOException;
import java.io.OutputStream;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Writes tuples as Soufflé does: cells between delimiters, floats with 17 significant digits,
/// records as `[1, nil]`, branches as `$Name(1)`. With RFC 4180 quoting every symbol is in quotes,
/// with a quote in it doubled. Buffers; [#flush] at the end. For one thread.
public final class RowWriter {

    private static final int BUFFER_BYTES = 64 << 10;

    /// Longest decimal text of a long, with its sign.
    private static final int LONG_DIGITS = 20;

    /// Digits that tell any two floats apart.
    private static final MathContext FLOAT_DIGITS = new MathContext(17, RoundingMode.HALF_EVEN);

    private final OutputStream out;
    private final Delimited format;
    private final byte[] delimiter;
    private final SymbolTable symbols;
    private final RecordText structured;
    private final byte[] buffer = new byte[BUFFER_BYTES];
    private int filled;

    public RowWriter(OutputStream out, Delimited format, Values values) {
        this.out = out;
        this.format = format;
        this.delimiter = format.delimiterBytes();
        this.symbols = values.symbols();
        this.structured = new RecordText(values, format.quoting() == Delimited.Quoting.RFC4180);
    }

    /// The names of the columns, when the format has a header.
    public void header(List<Column> columns) throws IOException {
        if (format.header()) {
            for (int i = 0; i < columns.size(); i++) {
                if (i > 0) {
                    write(delimiter);
                }
                write(columns.get(i).name());
            }
            write((byte) '\n');
        }
    }

    /// A line of text as it is.
    public void line(String text) throws IOException {
        write(text);
        write((byte) '\n');
    }

    /// One tuple; `()` for one without columns.
    public void row(Extent extent, List<Column> columns, int row) throws IOException {
        if (columns.isEmpty()) {
            line("()");
            return;
        }
        for (int i = 0; i < columns.size(); i++) {
            if (i > 0) {
                write(delimiter);
            }
            cell(columns.get(i), extent.value(i, row));
        }
        write((byte) '\n');
    }

    public void flush() throws IOException {
        out.write(buffer, 0, filled);
        filled = 0;
        out.flush();
    }

    private void cell(Column column, long bits) throws IOException {
        boolean quoted = format.quoting() == Delimited.Quoting.RFC4180;
        switch (column.kind()) {
            case NUMBER -> number(bits);
            case UNSIGNED -> write(Long.toUnsignedString(bits));
            case FLOAT -> write(floatText(Double.longBitsToDouble(bits)));
            case SYMBOL -> symbol(symbols.text(bits), quoted);
            case RECORD, ADT -> {
                symbol(structured.of(column, bits), quoted);
            }
        }
    }

    private void symbol(String text, boolean quoted) throws IOException {
        if (quoted) {
            write((byte) '"');
            write(text.replace("\"", "\"\""));
            write((byte) '"');
        } else if (format.quoting() == Delimited.Quoting.BACKSLASH) {
            write(text.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n"));
        } else {
            write(text);
        }
    }

    /// A float as C's `%.17g` writes it: Soufflé's form with 64-bit floats.
    static String floatText(double value) {
        if (Double.isNaN(value)) {
            return "nan";
        }
        if (Double.isInfinite(value)) {
            return value > 0 ? "inf" : "-inf";
        }
        if (value == 0) {
            return 1 / value < 0 ? "-0" : "0";
        }
        BigDecimal rounded = new BigDecimal(value).round(FLOAT_DIGITS).stripTrailingZeros();
        int exponent = rounded.precision() - rounded.scale() - 1;
        if (exponent >= -4 && exponent < FLOAT_DIGITS.getPrecision()) {
            return rounded.toPlainString();
        }
        String digits = rounded.unscaledValue().abs().toString();
        return (value < 0 ? "-" : "")
                + digits.charAt(0)
                + (digits.length() == 1 ? "" : "." + digits.substring(1))
                + (exponent < 0 ? "e-" : "e+")
                + (Math.abs(exponent) < 10 ? "0" : "")
                + Math.abs(exponent);
    }

    private void number(long value) throws IOException {
        if (filled + LONG_DIGITS > buffer.length) {
            spill();
        }
        if (value == Long.MIN_VALUE) {
            write(Long.toString(value));
            return;
        }
        long left = value;
        if (left < 0) {
            buffer[filled++] = '-';
            left = -left;
        }
        int digits = 1;
        for (long power = 10; digits < 19 && left >= power; power *= 10) {
            digits++;
        }
        for (int at = filled + digits - 1; at >= filled; at--) {
            buffer[at] = (byte) ('0' + left % 10);
            left /= 10;
        }
        filled += digits;
    }

    private void write(String text) throws IOException {
        int length = text.length();
        if (length <= buffer.length) {
            if (filled + length > buffer.length) {
                spill();
            }
            int i = 0;
            while (i < length && text.charAt(i) < 0x80) {
                buffer[filled + i] = (byte) text.charAt(i);
                i++;
            }
            if (i == length) {
                filled += length;
                return;
            }
        }
        write(text.getBytes(StandardCharsets.UTF_8));
    }

    private void write(byte[] bytes) throws IOException {
        if (bytes.length > buffer.length - filled) {
            spill();
        }
        if (bytes.length > buffer.length) {
            out.write(bytes);
            return;
        }
        System.arraycopy(bytes, 0, buffer, filled, bytes.length);
        filled += bytes.length;
    }

    private void write(byte one) throws IOException {
        if (filled == buffer.length) {
            spill();
        }
        buffer[filled++] = one;
    }

    private void spill() throws IOException {
        out.write(buffer, 0, filled);
        filled = 0;
    }
}
