package dev.sovereign.core.eval;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.AlgebraicType;
import dev.sovereign.core.analyze.CheckedProgram.RecordType;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.SymbolTable;

import java.util.ArrayDeque;
import java.util.List;

/// Compares records and branches by what is in them, so that an order does not depend on which was
/// made first: `nil` before all others, then field by field; branches by the position of their name
/// first. Equal ids are equal values, so only what differs is looked at; without recursion, since a
/// list is as deep as it is long.
final class RecordOrder {

    private record Pair(Kind kind, String type, long one, long other) {}

    private final CheckedProgram program;
    private final SymbolTable symbols;
    private final RecordTable records;
    private final Control control;

    RecordOrder(CheckedProgram program, SymbolTable symbols, RecordTable records, Control control) {
        this.program = program;
        this.symbols = symbols;
        this.records = records;
        this.control = control;
    }

    int compare(Column column, long one, long other) {
        ArrayDeque<Pair> open = new ArrayDeque<>();
        open.push(new Pair(column.kind(), column.type(), one, other));
        while (!open.isEmpty()) {
            Pair pair = open.pop();
            control.step();
            int order = pair.one() == pair.other() ? 0 : order(pair, open);
            if (order != 0) {
                return order;
            }
        }
        return 0;
    }

    /// The order as far as it can be told here; 0 with the fields pushed where they tell it.
    private int order(Pair pair, ArrayDeque<Pair> open) {
        long one = pair.one();
        long other = pair.other();
        return switch (pair.kind()) {
            case NUMBER -> Long.compare(one, other);
            case UNSIGNED -> Long.compareUnsigned(one, other);
            case FLOAT -> Double.compare(Functors.real(one), Functors.real(other));
            case SYMBOL -> SymbolTable.compare(symbols.text(one), symbols.text(other));
            case RECORD -> {
                RecordType type = program.records().get(pair.type());
                if (one == RecordTable.NIL || other == RecordTable.NIL || type == null) {
                    yield Boolean.compare(one != RecordTable.NIL, other != RecordTable.NIL);
                }
                push(type.fields(), 0, one, other, open);
                yield 0;
            }
            case ADT -> {
                int tag = Long.compare(records.field(one, 0), records.field(other, 0));
                AlgebraicType type = program.algebraics().get(pair.type());
                if (tag == 0 && type != null) {
                    int branch = (int) records.field(one, 0);
                    push(type.branches().get(branch).fields(), 1, one, other, open);
                }
                yield tag;
            }
        };
    }

    private void push(List<Column> fields, int first, long one, long other, ArrayDeque<Pair> open) {
        for (int i = fields.size() - 1; i >= 0; i--) {
            Column field = fields.get(i);
            long left = records.field(one, first + i);
            long right = records.field(other, first + i);
            if (left != right) {
                open.push(new Pair(field.kind(), field.type(), left, right));
            }
        }
    }
}
