package dev.sovereign.core;

import dev.sovereign.core.analyze.Catalog;
import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.Column;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Puts together what is known about relations: stored facts, modules that derive them, the
/// system's.
final class RelationList {

    private RelationList() {}

    private static final class Entry {
        private List<Column> columns = List.of();
        private long facts = -1;
        private final TreeSet<String> modules = new TreeSet<>();

        RelationInfo info(String name) {
            RelationInfo.Origin origin =
                    modules.isEmpty()
                            ? RelationInfo.Origin.FACTS
                            : facts > 0
                                    ? RelationInfo.Origin.FACTS_AND_RULES
                                    : RelationInfo.Origin.RULES;
            return new RelationInfo(
                    name, columns, origin, Math.max(0, facts), List.copyOf(modules));
        }
    }

    /// Sorted by name, the system's last.
    ///
    /// @param modules all stored modules, checked together; null when they do not check any more
    static List<RelationInfo> of(
            Snapshot snapshot, @Nullable CheckedProgram modules, SystemRelations system) {
        Map<String, Entry> entries = new TreeMap<>();
        for (StoredRelation relation : snapshot.relations().values()) {
            Entry entry = entries.computeIfAbsent(relation.name(), _ -> new Entry());
            entry.columns = KnowledgeCatalog.columns(relation);
            entry.facts = relation.view(snapshot.tx()).count();
        }
        if (modules != null) {
            for (CheckedProgram.Stratum stratum : modules.strata()) {
                for (CheckedProgram.Rule rule : stratum.rules()) {
                    derived(modules.relations().get(rule.relation()), entries);
                }
            }
            for (CheckedProgram.Facts facts : modules.facts()) {
                derived(modules.relations().get(facts.relation()), entries);
            }
        }
        List<RelationInfo> all = new ArrayList<>();
        entries.forEach((name, entry) -> all.add(entry.info(name)));
        for (Catalog.Known known : system.all()) {
            all.add(
                    new RelationInfo(
                            known.name(),
                            known.columns(),
                            RelationInfo.Origin.SYSTEM,
                            0,
                            List.of()));
        }
        return all;
    }

    private static void derived(CheckedProgram.Relation relation, Map<String, Entry> entries) {
        String name = relation.name();
        int dot = name.indexOf('.');
        if (!name.startsWith("@") || dot < 0) {
            return;
        }
        Entry entry = entries.computeIfAbsent(name.substring(dot + 1), _ -> new Entry());
        if (entry.columns.isEmpty()) {
            entry.columns = relation.columns();
        }
        entry.modules.add(name.substring(1, dot));
    }
}
