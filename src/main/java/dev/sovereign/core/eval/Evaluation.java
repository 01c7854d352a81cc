package dev.sovereign.core.eval;

import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.plan.ir.Plan;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// What an evaluation found. For the thread that evaluated; reads the externals it was given.
public final class Evaluation {

    private final Plan plan;
    private final List<Extent> extents;
    private final SymbolTable symbols;
    private final long[] counts;

    Evaluation(Plan plan, List<Extent> extents, SymbolTable symbols, long[] counts) {
        this.plan = plan;
        this.extents = extents;
        this.symbols = symbols;
        this.counts = counts;
    }

    public Plan plan() {
        return plan;
    }

    public SymbolTable symbols() {
        return symbols;
    }

    /// The tuples of a relation of the checked program that was asked for.
    public Extent extent(int relation) {
        return extents.get(id(relation));
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
        int id = id(plan.queries().get(query).relation());
        return new Answer(plan.relations().get(id).columns(), extents.get(id), symbols);
    }

    /// Rows that each operator handed on, by [dev.sovereign.core.plan.ir.Op#id].
    public long[] counts() {
        return counts.clone();
    }

    /// The plan with estimated and real figures, for people.
    public String explain() {
        return explain(plan, counts);
    }

    static String explain(Plan plan, long @Nullable [] counts) {
        return dev.sovereign.core.plan.ir.PlanText.of(plan, counts);
    }
}
