package dev.sovereign.core;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.AlgebraicType;
import dev.sovereign.core.analyze.CheckedProgram.RecordType;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.io.IoError;
import dev.sovereign.error.SovereignException;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// Decodes values for an answer: records become lists, branches [AnswerSink.Branch]es, `nil` null.
/// A value that shares its parts grows when it is written out, and a list is as deep as it is long,
/// so both are bounded. For one thread.
final class RecordValues {

    /// Values in one cell; a guess at what anybody wants to look at, and far below what a frame
    /// holds.
    static final int MAX_VALUES = 100_000;

    /// Records in each other: each is one or two levels of JSON, of which a frame has 1,000.
    static final int MAX_DEPTH = 490;

    private final CheckedProgram program;
    private final SymbolTable symbols;
    private final RecordTable records;
    private int values;

    RecordValues(CheckedProgram program, SymbolTable symbols, RecordTable records) {
        this.program = program;
        this.symbols = symbols;
        this.records = records;
    }

    /// Values decoded since the last call.
    int decoded() {
        int count = values;
        values = 0;
        return count;
    }

    /// @throws SovereignException `core.record-size` for one that is too large to be shown
    @Nullable Object of(Column column, long bits) {
        return of(column.kind(), column.type(), bits, values + MAX_VALUES, 0);
    }

    private @Nullable Object of(Kind kind, String type, long bits, int most, int depth) {
        if (++values > most || depth > MAX_DEPTH) {
            throw new SovereignException(
                    IoError.RECORD_SIZE,
                    "a record of type "
                            + type
                            + " in the answer has more than "
                            + (depth > MAX_DEPTH ? MAX_DEPTH + " levels" : MAX_VALUES + " values"),
                    "ask for parts of it, or write it to a file with `sovereign run`");
        }
        return switch (kind) {
            case NUMBER -> bits;
            case UNSIGNED ->
                    bits >= 0 ? (Object) bits : new BigInteger(Long.toUnsignedString(bits));
            case FLOAT -> Double.longBitsToDouble(bits);
            case SYMBOL -> symbols.text(bits);
            case RECORD -> {
                RecordType record = program.records().get(type);
                yield bits == RecordTable.NIL || record == null
                        ? null
                        : fields(record.fields(), bits, 0, most, depth);
            }
            case ADT -> {
                AlgebraicType algebraic = program.algebraics().get(type);
                if (algebraic == null) {
                    throw new IllegalStateException("no type " + type);
                }
                CheckedProgram.Branch branch =
                        algebraic.branches().get((int) records.field(bits, 0));
                yield new AnswerSink.Branch(
                        branch.name(), fields(branch.fields(), bits, 1, most, depth));
            }
        };
    }

    private List<@Nullable Object> fields(
            List<Column> fields, long id, int first, int most, int depth) {
        List<@Nullable Object> decoded = new ArrayList<>(fields.size());
        for (int i = 0; i < fields.size(); i++) {
            Column field = fields.get(i);
            decoded.add(
                    of(field.kind(), field.type(), records.field(id, first + i), most, depth + 1));
        }
        return decoded;
    }
}
