package dev.sovereign.core;

import dev.sovereign.core.analyze.Column;

import java.util.List;

/// A relation as `relations` lists it.
///
/// @param origin where its tuples come from
/// @param facts stored ones that hold
/// @param modules that derive more; sorted
public record RelationInfo(
        String name, List<Column> columns, Origin origin, long facts, List<String> modules) {

    /// Where tuples come from.
    public enum Origin {
        FACTS("facts"),
        RULES("rules"),
        FACTS_AND_RULES("facts+rules"),
        SYSTEM("system");

        private final String word;

        Origin(String word) {
            this.word = word;
        }

        public String word() {
            return word;
        }
    }

    public RelationInfo {
        columns = List.copyOf(columns);
        modules = List.copyOf(modules);
    }
}
