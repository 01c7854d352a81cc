package dev.sovereign.core;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// One thing asked.
///
/// @param text one or more queries, facts and rules before them
/// @param programs rules for this question only
/// @param asOf a transaction number or an RFC 3339 time; null is now
/// @param rowLimit at most this many rows of each query
/// @param explain whether the plan is wanted
public record Question(
        KnowledgeBase.Text text,
        List<KnowledgeBase.Text> programs,
        @Nullable String asOf,
        long rowLimit,
        boolean explain) {
    public Question {
        programs = List.copyOf(programs);
    }
}
