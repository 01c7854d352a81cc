package dev.sovereign.core.io;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.SymbolTable;

/// What turns text into values and back: the tables that number symbols and records, and the types
/// that say how a record is made. For one thread.
public record Values(SymbolTable symbols, RecordTable records, CheckedProgram program) {

    CellParser parser() {
        return new CellParser(symbols, records, program);
    }

    /// A record or branch as Soufflé writes it.
    String text(Column column, long bits) {
        return new RecordText(this, true).of(column, bits);
    }
}
