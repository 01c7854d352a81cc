package dev.sovereign.core.store;

/// Kinds of blocks in a payload. A payload is a sequence of blocks: a kind byte, a varint length, and as many bytes.
/// Payloads stand on their own: strings are theirs, relations and authors go by name.
///
///     0 REASON         string; at most once, first
///     1 DECLARE        string name, varint columns, for each: kind byte, string name, string type
///     2 SYMBOLS        varint count, strings; they take the next numbers from 0 of this payload's dictionary
///     3 ASSERT         string relation, varint columns, a kind byte each, tuples (TupleCodec); symbols by number
///     4 RETRACT        string relation, varint columns, a kind byte each, varint authors, strings, then tuples with two
///                      columns more: which of these authors, and his sequence number of the asserting transaction
///     5 PUT_MODULE     string name, string text
///     6 REMOVE_MODULE  string name
final class PayloadFormat {

    static final int REASON = 0;
    static final int DECLARE = 1;
    static final int SYMBOLS = 2;
    static final int ASSERT = 3;
    static final int RETRACT = 4;
    static final int PUT_MODULE = 5;
    static final int REMOVE_MODULE = 6;

    private static final ColumnKind[] KINDS = ColumnKind.values();

    private PayloadFormat() {}

    static ColumnKind kind(int ordinal) throws MalformedException {
        if (ordinal >= KINDS.length) {
            throw new MalformedException("a column is of unknown kind " + ordinal);
        }
        return KINDS[ordinal];
    }

    static ColumnKind[] kinds(ByteInput in) throws MalformedException {
        ColumnKind[] kinds =
                new ColumnKind[in.count(TupleCodec.MAX_COLUMNS, "the number of columns")];
        for (int c = 0; c < kinds.length; c++) {
            kinds[c] = kind(in.u8());
        }
        return kinds;
    }
}
