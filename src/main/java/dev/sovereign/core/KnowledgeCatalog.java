package dev.sovereign.core;

import dev.sovereign.core.analyze.Catalog;
import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Kind;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/// What the analyzer may know of one moment: stored relations and the system's.
final class KnowledgeCatalog implements Catalog {

    private final Snapshot snapshot;
    private final SystemRelations system;

    KnowledgeCatalog(Snapshot snapshot, SystemRelations system) {
        this.snapshot = snapshot;
        this.system = system;
    }

    @Override
    public @Nullable Known find(String relation) {
        if (relation.startsWith(SystemRelations.PREFIX)) {
            return system.find(relation);
        }
        StoredRelation stored = snapshot.relations().get(relation);
        return stored == null ? null : new Known(relation, columns(stored), false);
    }

    static List<Column> columns(StoredRelation relation) {
        List<Column> columns = new ArrayList<>(relation.arity());
        for (dev.sovereign.core.store.Column column : relation.columns()) {
            Kind kind =
                    switch (column.kind()) {
                        case NUMBER -> Kind.NUMBER;
                        case UNSIGNED -> Kind.UNSIGNED;
                        case FLOAT -> Kind.FLOAT;
                        case SYMBOL -> Kind.SYMBOL;
                    };
            columns.add(new Column(column.name(), kind.word(), kind));
        }
        return columns;
    }

    @Override
    public Collection<String> names() {
        List<String> names = new ArrayList<>(snapshot.relations().keySet());
        system.all().forEach(known -> names.add(known.name()));
        return names;
    }
}
