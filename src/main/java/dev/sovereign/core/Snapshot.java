package dev.sovereign.core;

import dev.sovereign.core.data.Extent;

import org.jspecify.annotations.Nullable;

import java.util.Map;

/// One moment of what the node knows. Immutable to its holder, though the writer goes on: rows of
/// later transactions are not regarded.
///
/// @param tx the newest transaction in it; 0 when there is none
/// @param floorTx moments before this one cannot be had from the same rows
/// @param relations by name
/// @param modules by name, sorted
record Snapshot(
        long tx,
        long floorTx,
        Map<String, StoredRelation> relations,
        Map<String, StoredModule> modules) {

    /// Before anything was published.
    static final Snapshot EMPTY = new Snapshot(-1, 0, Map.of(), Map.of());

    boolean isInitial() {
        return tx < 0;
    }

    /// The tuples of a relation at this moment; null when there is no such relation.
    @Nullable Extent view(String relation) {
        StoredRelation known = relations.get(relation);
        return known == null ? null : known.view(tx);
    }

    /// The same rules over the facts of an earlier moment, from [#floorTx] on.
    Snapshot asOf(long earlier) {
        if (earlier < floorTx || earlier > tx) {
            throw new IllegalArgumentException(
                    "transaction " + earlier + " lies outside " + floorTx + " to " + tx);
        }
        return new Snapshot(earlier, floorTx, relations, modules);
    }
}
