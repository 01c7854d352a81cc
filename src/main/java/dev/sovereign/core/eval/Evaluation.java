package dev.sovereign.core.eval;

import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.plan.ir.Plan;
import dev.sovereign.core.plan.ir.PlanText;
import dev.sovereign.error.Diagnostic;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What an evaluation found. For the thread that evaluated; reads the externals it was given.
public final class Evaluation {

    private final Plan plan;
    private final List<@Nullable Extent> extents;
    private final SymbolTable symbols;
    private final RecordTable records;
    private final long[] counts;
    private final List<String> badPatterns;
    private final Profile profile;

    Evaluation(
            Plan plan,
            List<@Nullable Extent> extents,
            SymbolTable symbols,
            RecordTable records,
            long[] counts,
            List<String> badPatterns,
            Profile profile) {
        this.plan = plan;
        this.extents = extents;
        this.symbols = symbols;
        this.records = records;
        this.counts = counts;
        this.badPatterns = badPatterns;
        this.profile = profile;
    }

    public Plan plan() {
        return plan;
    }

    public SymbolTable symbols() {
        return symbols;
    }

    /// What ids of records and branches stand for.
    public RecordTable records() {
        return records;
    }

    /// Warnings of patterns that `match` met and that are none: it held for nothing then.
    public List<Diagnostic> warnings() {
        return badPatterns.stream()
                .map(pattern ->
                        Diagnostic.warning(
                                EvalError.BAD_PATTERN,
                                "match met the bad pattern \""
                                        + pattern
                                        + "\", which is never true",
                                "a backslash before a special character takes it as it is",
                                null))
                .toList();
    }

    /// The tuples of a relation of the checked program that was asked for.
    public Extent extent(int relation) {
        Extent extent = extents.get(id(relation));
        if (extent == null) {
            throw new IllegalStateException("relation " + relation + " was not evaluated");
        }
        return extent;
    }

    private int id(int relation) {
        Integer id = plan.results().get(relation);
        if (id == null) {
            throw new IllegalArgumentException("relation " + relation + " was not asked for");
        }
        return id;
    }

    /// The answer to a query, by its position in the program.
    public Answer answer(int query) {
        int relation = plan.queries().get(query).relation();
        return new Answer(
                plan.relations().get(id(relation)).columns(), extent(relation), symbols, records);
    }

    /// Rows that each operator handed on, by [dev.sovereign.core.plan.ir.Op#id].
    public long[] counts() {
        return counts.clone();
    }

    /// What each rule cost.
    public Profile profile() {
        return profile;
    }

    /// The plan with estimated and real figures, for people.
    public String explain() {
        return PlanText.of(plan, counts);
    }
}
