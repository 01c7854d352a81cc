package dev.sovereign.core.io;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.AlgebraicType;
import dev.sovereign.core.analyze.CheckedProgram.RecordType;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.data.RecordTable;

import org.jspecify.annotations.Nullable;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.List;

/// Reads records and branches as [RowWriter] writes them: `[1, [x, nil]]`, `$Node($Leaf, 3)`. A
/// symbol in them is in quotes, with `\"` and `\\`, or goes on to the next comma or bracket.
/// Without recursion: a list is as deep as it is long.
final class StructuredParser {

    /// A record or branch of which some fields have been read.
    private static final class Open {
        final List<Column> fields;
        final long[] values;
        final int first;
        final char close;
        int filled;

        Open(List<Column> fields, int tag) {
            this.fields = fields;
            this.first = tag < 0 ? 0 : 1;
            this.values = new long[fields.size() + first];
            this.close = tag < 0 ? ']' : ')';
            if (tag >= 0) {
                values[0] = tag;
            }
        }
    }

    private final CheckedProgram program;
    private final RecordTable records;
    private final CellParser primitives;
    private String text = "";
    private int at;

    StructuredParser(CheckedProgram program, RecordTable records, CellParser primitives) {
        this.program = program;
        this.records = records;
        this.primitives = primitives;
    }

    /// The id of the value that a cell holds; null when it is no value of the column's type.
    @Nullable Long parse(Column column, String cell) {
        text = cell;
        at = 0;
        ArrayDeque<Open> open = new ArrayDeque<>();
        Column wanted = column;
        while (true) {
            int depth = open.size();
            Long value = begin(wanted, open);
            boolean isOpened = open.size() > depth;
            if (value == null && !isOpened) {
                return null;
            }
            while (value != null) { // it may be the last field of what is around it
                Open around = open.peek();
                skipSpace();
                if (around == null) {
                    return at == text.length() ? value : null;
                }
                around.values[around.first + around.filled++] = value;
                if (around.filled < around.fields.size()) {
                    if (!take(',')) {
                        return null;
                    }
                    break;
                }
                if (!take(around.close)) {
                    return null;
                }
                open.pop();
                value = records.intern(around.values);
            }
            Open around = open.peek();
            if (around == null) {
                return null;
            }
            wanted = around.fields.get(around.filled);
        }
    }

    /// The value that stands here; null when there is none, or when a record is opened whose fields
    /// follow.
    private @Nullable Long begin(Column column, ArrayDeque<Open> open) {
        skipSpace();
        return switch (column.kind()) {
            case RECORD -> record(column, open);
            case ADT -> branch(column, open);
            case SYMBOL -> symbol(open);
            case NUMBER, UNSIGNED, FLOAT -> number(column.kind(), open);
        };
    }

    private @Nullable Long record(Column column, ArrayDeque<Open> open) {
        if (text.startsWith("nil", at)) {
            at += 3;
            return RecordTable.NIL;
        }
        RecordType type = program.records().get(column.type());
        if (type == null || !take('[')) {
            return null;
        }
        if (type.fields().isEmpty()) {
            skipSpace();
            return take(']') ? records.intern(new long[0]) : null;
        }
        open.push(new Open(type.fields(), -1));
        return null;
    }

    private @Nullable Long branch(Column column, ArrayDeque<Open> open) {
        AlgebraicType type = program.algebraics().get(column.type());
        if (type == null || !take('$')) {
            return null;
        }
        skipSpace();
        int start = at;
        while (at < text.length() && isNamePart(text.charAt(at))) {
            at++;
        }
        String name = text.substring(start, at);
        for (int tag = 0; tag < type.branches().size(); tag++) {
            CheckedProgram.Branch branch = type.branches().get(tag);
            if (branch.name().equals(name)) {
                if (branch.fields().isEmpty()) {
                    return records.intern(new long[] {tag});
                }
                skipSpace();
                if (!take('(')) {
                    return null;
                }
                open.push(new Open(branch.fields(), tag));
                return null;
            }
        }
        return null;
    }

    private static boolean isNamePart(char c) {
        return Character.isLetterOrDigit(c) || c == '_' || c == '?' || c == '.';
    }

    private @Nullable Long symbol(ArrayDeque<Open> open) {
        if (at < text.length() && text.charAt(at) == '"') {
            StringBuilder unquoted = new StringBuilder();
            for (at++; at < text.length(); at++) {
                char c = text.charAt(at);
                if (c == '"') {
                    at++;
                    return value(Kind.SYMBOL, unquoted.toString());
                }
                if (c == '\\' && at + 1 < text.length()) {
                    c = text.charAt(++at);
                }
                unquoted.append(c);
            }
            return null;
        }
        return value(Kind.SYMBOL, upToEnd(open));
    }

    private @Nullable Long number(Kind kind, ArrayDeque<Open> open) {
        return value(kind, upToEnd(open).strip());
    }

    private String upToEnd(ArrayDeque<Open> open) {
        Open around = open.peek();
        char close = around == null ? ',' : around.close;
        int start = at;
        while (at < text.length() && text.charAt(at) != ',' && text.charAt(at) != close) {
            at++;
        }
        return text.substring(start, at);
    }

    private @Nullable Long value(Kind kind, String cell) {
        byte[] bytes = cell.getBytes(StandardCharsets.UTF_8);
        return primitives.parse(kind, bytes, 0, bytes.length) ? primitives.value() : null;
    }

    private boolean take(char c) {
        if (at < text.length() && text.charAt(at) == c) {
            at++;
            return true;
        }
        return false;
    }

    private void skipSpace() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
