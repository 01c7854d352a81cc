package dev.sovereign.core.io;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.AlgebraicType;
import dev.sovereign.core.analyze.CheckedProgram.RecordType;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.error.SovereignException;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

/// Writes the rows of a relation as one JSON array, the counterpart of [JsonFacts]. Infinities and
/// what is no number are strings. Without recursion: a list is as deep as it is long.
public final class JsonRows {

    /// Characters of one row: a record that shares its parts can be exponentially long; a guess.
    private static final long MAX_ROW_CHARS = 64 << 20;

    private final Writer out;
    private final boolean objects;
    private final Values values;
    private boolean any;
    private long rowChars;

    private record Pending(Column column, long bits) {}

    /// @param objects whether rows and records are objects by the names of their fields
    public JsonRows(OutputStream out, boolean objects, Values values) throws IOException {
        this.out = new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
        this.objects = objects;
        this.values = values;
        this.out.write("[");
    }

    /// One tuple; null for one without columns.
    public void row(Extent extent, List<Column> columns, int row) throws IOException {
        out.write(any ? ",\n" : "");
        any = true;
        if (columns.isEmpty()) {
            out.write("null");
            return;
        }
        rowChars = 0;
        ArrayDeque<Object> open = new ArrayDeque<>();
        open.push(objects ? "}" : "]");
        for (int i = columns.size() - 1; i >= 0; i--) {
            push(columns.get(i), extent.value(i, row), i, objects, open);
        }
        write(objects ? "{" : "[");
        while (!open.isEmpty()) {
            Object next = open.pop();
            if (next instanceof Pending(Column column, long bits)) {
                value(column, bits, open);
            } else {
                write((String) next);
            }
        }
    }

    /// Ends the array; what it is written to stays open.
    public void end() throws IOException {
        out.write("]\n");
        out.flush();
    }

    private static void push(
            Column column, long bits, int position, boolean named, ArrayDeque<Object> open) {
        open.push(new Pending(column, bits));
        if (named) {
            open.push(quoted(column.name()) + ": ");
        }
        if (position > 0) {
            open.push(", ");
        }
    }

    private void value(Column column, long bits, ArrayDeque<Object> open) throws IOException {
        switch (column.kind()) {
            case NUMBER -> write(Long.toString(bits));
            case UNSIGNED -> write(Long.toUnsignedString(bits));
            case FLOAT -> {
                double value = Double.longBitsToDouble(bits);
                write(
                        Double.isFinite(value)
                                ? Double.toString(value)
                                : quoted(RowWriter.floatText(value)));
            }
            case SYMBOL -> write(quoted(values.symbols().text(bits)));
            case RECORD -> {
                RecordType type = values.program().records().get(column.type());
                if (bits == RecordTable.NIL || type == null) {
                    write("null");
                    return;
                }
                write(objects ? "{" : "[");
                open.push(objects ? "}" : "]");
                fields(type.fields(), bits, 0, objects, open);
            }
            case ADT -> {
                AlgebraicType type = values.program().algebraics().get(column.type());
                if (type == null) {
                    throw new IllegalStateException("no type " + column.type());
                }
                CheckedProgram.Branch branch =
                        type.branches().get((int) values.records().field(bits, 0));
                write("{" + quoted("$" + branch.name()) + ": [");
                open.push("]}");
                fields(branch.fields(), bits, 1, false, open);
            }
        }
    }

    private void fields(
            List<Column> fields, long id, int first, boolean named, ArrayDeque<Object> open) {
        for (int i = fields.size() - 1; i >= 0; i--) {
            push(fields.get(i), values.records().field(id, first + i), i, named, open);
        }
    }

    private void write(String text) throws IOException {
        rowChars += text.length();
        if (rowChars > MAX_ROW_CHARS) {
            throw new SovereignException(
                    IoError.RECORD_SIZE,
                    "a row has more than " + MAX_ROW_CHARS + " characters when written out",
                    "leave large records out of what .output writes");
        }
        out.write(text);
    }

    private static String quoted(String text) {
        StringBuilder quoted = new StringBuilder(text.length() + 2);
        JsonText.quote(quoted, text);
        return quoted.toString();
    }
}
