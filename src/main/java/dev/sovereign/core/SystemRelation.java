package dev.sovereign.core;

import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Kind;

import java.util.List;
import java.util.function.Consumer;

/// A relation of the system that somebody outside of the knowledge base fills: peers, licenses,
/// skills, the machine. Read only for everybody; rules may use it like any other.
///
/// @param name begins with `sys_`
/// @param columns made with [#number] and [#symbol]
/// @param rows called each time that a question needs the relation
public record SystemRelation(String name, List<Column> columns, Rows rows) {

    /// The present rows. May be called by several threads at once, and keeps a question waiting: it
    /// reads what is at hand and asks nobody over a network.
    @FunctionalInterface
    public interface Rows {
        /// Delivers each row: a [Long] for a number, a [String] for a symbol, in the order of the
        /// columns. Equal rows count once.
        void forEach(Consumer<Object[]> row);
    }

    public SystemRelation {
        if (!name.startsWith(SystemRelations.PREFIX)) {
            throw new IllegalArgumentException("not a name of the system: " + name);
        }
        columns = List.copyOf(columns);
    }

    public static Column number(String name) {
        return new Column(name, Kind.NUMBER.word(), Kind.NUMBER);
    }

    public static Column symbol(String name) {
        return new Column(name, Kind.SYMBOL.word(), Kind.SYMBOL);
    }
}
