package dev.sovereign.core.io;

import dev.sovereign.core.analyze.CheckedProgram.AlgebraicType;
import dev.sovereign.core.analyze.CheckedProgram.Branch;
import dev.sovereign.core.analyze.CheckedProgram.RecordType;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.error.SovereignException;

import java.util.ArrayDeque;
import java.util.List;

/// Records and branches as text, as Soufflé writes them: `[1, nil]`, `$Name(1)`.
final class RecordText {

    /// Characters of one record: one that shares its parts can be exponentially long; a guess.
    private static final int MAX_RECORD_CHARS = 64 << 20;

    private final Values values;
    private final boolean quoted;

    /// @param quoted whether symbols stand in quotes, so that any can be read again
    RecordText(Values values, boolean quoted) {
        this.values = values;
        this.quoted = quoted;
    }

    /// Records and branches lie in each other at most as deep as their types' values were built by
    /// the program; a list of a million elements is a record a million deep, so this does not
    /// recurse.
    String of(Column column, long bits) {
        StringBuilder text = new StringBuilder();
        String type = column.type();
        ArrayDeque<Object> todo = new ArrayDeque<>();
        todo.push(new Pending(type, column.kind(), bits));
        while (!todo.isEmpty()) {
            Object next = todo.pop();
            if (text.length() > MAX_RECORD_CHARS) {
                throw new SovereignException(
                        IoError.RECORD_SIZE,
                        "a record of type "
                                + type
                                + " has more than "
                                + MAX_RECORD_CHARS
                                + " characters when written out",
                        "leave it out of what .output writes");
            }
            if (next instanceof Pending pending) {
                expand(pending, text, todo);
            } else {
                text.append(next);
            }
        }
        return text.toString();
    }

    private record Pending(String type, Kind kind, long bits) {}

    private void expand(Pending value, StringBuilder text, ArrayDeque<Object> todo) {
        switch (value.kind()) {
            case NUMBER -> text.append(value.bits());
            case UNSIGNED -> text.append(Long.toUnsignedString(value.bits()));
            case FLOAT -> text.append(RowWriter.floatText(Double.longBitsToDouble(value.bits())));
            case SYMBOL -> {
                String symbol = values.symbols().text(value.bits());
                text.append(
                        quoted
                                ? '"' + symbol.replace("\\", "\\\\").replace("\"", "\\\"") + '"'
                                : symbol);
            }
            case RECORD -> {
                RecordType type = values.program().records().get(value.type());
                if (value.bits() == RecordTable.NIL || type == null) {
                    text.append("nil");
                    return;
                }
                text.append('[');
                todo.push("]");
                push(type.fields(), value.bits(), 0, todo);
            }
            case ADT -> {
                AlgebraicType type = values.program().algebraics().get(value.type());
                if (type == null) {
                    throw new IllegalStateException("no type " + value.type());
                }
                Branch branch = type.branches().get((int) values.records().field(value.bits(), 0));
                text.append('$').append(branch.name());
                if (!branch.fields().isEmpty()) {
                    text.append('(');
                    todo.push(")");
                    push(branch.fields(), value.bits(), 1, todo);
                }
            }
        }
    }

    private void push(List<Column> fields, long id, int first, ArrayDeque<Object> todo) {
        for (int i = fields.size() - 1; i >= 0; i--) {
            Column field = fields.get(i);
            todo.push(
                    new Pending(field.type(), field.kind(), values.records().field(id, first + i)));
            if (i > 0) {
                todo.push(", ");
            }
        }
    }
}
