package dev.sovereign.core.analyze;

import dev.sovereign.core.ast.AggregateOperator;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.Item;
import dev.sovereign.core.ast.Span;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;

/// Rules with names resolved and kinds still open: what stands between the AST and a checked
/// program. [Slots] holds the kinds.
final class Drafts {

    private Drafts() {}

    /// A term; `slot` is its kind.
    sealed interface DraftTerm {
        int slot();

        Span span();
    }

    record DraftVariable(int id, int slot, Span span) implements DraftTerm {}

    record DraftWildcard(int slot, Span span) implements DraftTerm {}

    record DraftConstant(dev.sovereign.core.ast.Term.Constant written, int slot)
            implements DraftTerm {
        @Override
        public Span span() {
            return written.span();
        }
    }

    /// @param operands slot of the operands' kind
    record DraftCall(Functor functor, int operands, int slot, List<DraftTerm> arguments, Span span)
            implements DraftTerm {}

    /// `nil`.
    record DraftNil(int slot, Span span) implements DraftTerm {}

    /// `[a, b]`; which type it is of may become known late.
    record DraftRecord(int slot, List<DraftTerm> arguments, Span span) implements DraftTerm {}

    /// `$Branch(a, b)`.
    ///
    /// @param tag position of the branch in its type
    record DraftBranch(int slot, String type, int tag, List<DraftTerm> arguments, Span span)
            implements DraftTerm {}

    /// One conjunct.
    sealed interface DraftLiteral {
        Span span();
    }

    record DraftAtom(boolean negated, int relation, List<DraftTerm> arguments, Span span)
            implements DraftLiteral {}

    record DraftCompare(Comparison comparison, DraftTerm left, DraftTerm right, Span span)
            implements DraftLiteral {}

    /// `match` or `contains`.
    record DraftTextTest(
            boolean match, boolean negated, DraftTerm pattern, DraftTerm text, Span span)
            implements DraftLiteral {}

    record DraftTruth(boolean value, Span span) implements DraftLiteral {}

    record DraftRange(
            int result, int slot, DraftTerm from, DraftTerm to, @Nullable DraftTerm step, Span span)
            implements DraftLiteral {}

    /// @param slot of the result
    record DraftAggregate(
            int result,
            int slot,
            AggregateOperator operator,
            @Nullable DraftTerm target,
            List<DraftLiteral> body,
            List<Integer> outer,
            Span span)
            implements DraftLiteral {}

    /// A variable of a rule.
    ///
    /// @param span where it first occurs
    record DraftName(String name, int slot, Span span) {}

    /// A rule under construction; with `dominated` a subsumption.
    static final class DraftRule {
        final int relation;
        final Span span;
        final List<Item.PlanOrder> plan;
        final List<DraftName> variables = new ArrayList<>();
        final List<DraftLiteral> body = new ArrayList<>();

        /// The type that each `as(…)` in it names.
        final IdentityHashMap<DraftCall, String> casts = new IdentityHashMap<>();

        /// Every `autoinc()` in it.
        final List<Span> counters = new ArrayList<>();

        /// Every `[…]` in it.
        final List<DraftRecord> records = new ArrayList<>();

        List<DraftTerm> head = List.of();
        @Nullable List<DraftTerm> dominated;

        /// Whether a fault in it was reported that would make others appear.
        boolean isBroken;

        DraftRule(int relation, Span span, List<Item.PlanOrder> plan) {
            this.relation = relation;
            this.span = span;
            this.plan = plan;
        }
    }
}
