package dev.sovereign.core;

import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.store.Symbols;

/// The knowledge base's symbol table as the store sees it.
record StoreSymbols(SymbolTable table) implements Symbols {

    @Override
    public long intern(String text) {
        return table.intern(text);
    }

    @Override
    public long find(String text) {
        return Math.max(table.find(text), -1);
    }

    @Override
    public String text(long id) {
        return table.text(id);
    }
}
