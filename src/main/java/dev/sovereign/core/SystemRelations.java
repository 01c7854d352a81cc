package dev.sovereign.core;

import static dev.sovereign.core.SystemRelation.number;
import static dev.sovereign.core.SystemRelation.symbol;

import dev.sovereign.core.analyze.Catalog;
import dev.sovereign.core.analyze.Column;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// The relations through which rules see the node itself. Read only; their rows are made when a
/// question needs them, from the same moment as its facts.
final class SystemRelations {

    /// Names of the system's relations begin so; nobody else's may.
    static final String PREFIX = "sys_";

    /// One row: a [Long] for a number, a [String] for a symbol.
    interface Rows {
        void forEach(Snapshot snapshot, Consumer<Object[]> row);
    }

    private record Definition(Catalog.Known known, Rows rows) {}

    private final Map<String, Definition> definitions = new java.util.TreeMap<>();

    /// @param settings configuration as pairs of key and value
    /// @param outside what others fill
    SystemRelations(
            KnowledgeBase knowledge,
            Supplier<Map<String, String>> settings,
            List<SystemRelation> outside) {
        define(
                "sys_tx",
                List.of(number("tx"), number("time"), symbol("author"), symbol("what")),
                knowledge::transactionRows);
        define(
                "sys_fact",
                List.of(symbol("relation"), number("tx"), symbol("author"), number("time")),
                knowledge::factRows);
        define(
                "sys_relation",
                List.of(symbol("name"), number("arity"), number("facts")),
                SystemRelations::relationRows);
        define(
                "sys_rule",
                List.of(symbol("module"), symbol("place"), symbol("text")),
                SystemRelations::ruleRows);
        define(
                "sys_config",
                List.of(symbol("key"), symbol("value")),
                (_, row) ->
                        settings.get()
                                .forEach((key, value) -> row.accept(new Object[] {key, value})));
        for (SystemRelation relation : outside) {
            define(relation.name(), relation.columns(), (_, row) -> relation.rows().forEach(row));
        }
    }

    private void define(String name, List<Column> columns, Rows rows) {
        definitions.put(name, new Definition(new Catalog.Known(name, columns, true), rows));
    }

    Catalog.@Nullable Known find(String name) {
        Definition found = definitions.get(name);
        return found == null ? null : found.known();
    }

    /// Sorted by name.
    List<Catalog.Known> all() {
        List<Catalog.Known> all = new ArrayList<>();
        definitions.values().forEach(definition -> all.add(definition.known()));
        return all;
    }

    /// Delivers the rows of one of [#all] at a moment.
    void rows(String name, Snapshot snapshot, Consumer<Object[]> row) {
        Definition found = definitions.get(name);
        if (found == null) {
            throw new IllegalArgumentException("no system relation " + name);
        }
        found.rows().forEach(snapshot, row);
    }

    private static void relationRows(Snapshot snapshot, Consumer<Object[]> row) {
        for (StoredRelation relation : snapshot.relations().values()) {
            row.accept(
                    new Object[] {
                        relation.name(),
                        (long) relation.arity(),
                        (long) relation.view(snapshot.tx()).count()
                    });
        }
    }

    private static void ruleRows(Snapshot snapshot, Consumer<Object[]> row) {
        for (StoredModule module : snapshot.modules().values()) {
            module.rules((place, text) -> row.accept(new Object[] {module.name(), place, text}));
        }
    }
}
