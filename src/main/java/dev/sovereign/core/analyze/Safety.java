package dev.sovereign.core.analyze;

import dev.sovereign.core.analyze.Drafts.DraftAggregate;
import dev.sovereign.core.analyze.Drafts.DraftAtom;
import dev.sovereign.core.analyze.Drafts.DraftBranch;
import dev.sovereign.core.analyze.Drafts.DraftCall;
import dev.sovereign.core.analyze.Drafts.DraftCompare;
import dev.sovereign.core.analyze.Drafts.DraftConstant;
import dev.sovereign.core.analyze.Drafts.DraftLiteral;
import dev.sovereign.core.analyze.Drafts.DraftNil;
import dev.sovereign.core.analyze.Drafts.DraftRange;
import dev.sovereign.core.analyze.Drafts.DraftRecord;
import dev.sovereign.core.analyze.Drafts.DraftRule;
import dev.sovereign.core.analyze.Drafts.DraftTerm;
import dev.sovereign.core.analyze.Drafts.DraftTextTest;
import dev.sovereign.core.analyze.Drafts.DraftTruth;
import dev.sovereign.core.analyze.Drafts.DraftVariable;
import dev.sovereign.core.analyze.Drafts.DraftWildcard;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.Span;

import java.util.BitSet;
import java.util.List;

/// Finds variables that nothing binds: a rule is safe when some order of its body gives every
/// variable a value before it is used. Atoms bind what stands directly in them, equalities carry a
/// value from one side to the other, aggregates and ranges bind their results; negations and
/// comparisons bind nothing.
final class Safety {

    private static final String HEAD = "the head";
    private static final String NEGATION = "a negation";

    private final DraftRule rule;
    private final Faults faults;
    private final BitSet reported = new BitSet();

    private Safety(DraftRule rule, Faults faults) {
        this.rule = rule;
        this.faults = faults;
    }

    static void check(DraftRule rule, Faults faults) {
        new Safety(rule, faults).check();
    }

    private void check() {
        BitSet bound = new BitSet();
        if (rule.dominated != null) {
            bindDirect(rule.dominated, bound);
            bindDirect(rule.head, bound);
        }
        bind(rule.body, bound);
        body(rule.body, bound);
        for (DraftTerm argument : rule.head) {
            if (argument instanceof DraftWildcard && rule.dominated == null) {
                faults.error(
                        AnalysisCode.UNSAFE,
                        argument.span(),
                        "_ in a head has no value",
                        "name it, and bind it in the body");
            }
            term(argument, bound, HEAD);
        }
    }

    /// Adds to `bound` until nothing more is bound. Goes through the body in turns forward and
    /// backward, so that a chain of equations needs two turns, however it is written.
    private void bind(List<DraftLiteral> body, BitSet bound) {
        boolean more = true;
        boolean backward = false;
        while (more) {
            int before = bound.cardinality();
            for (DraftLiteral literal : backward ? body.reversed() : body) {
                bindOne(literal, bound);
            }
            more = bound.cardinality() > before;
            backward = !backward;
        }
    }

    private void bindOne(DraftLiteral literal, BitSet bound) {
        switch (literal) {
            case DraftAtom atom -> {
                if (!atom.negated()) {
                    bindDirect(atom.arguments(), bound);
                }
            }
            case DraftCompare compare -> {
                if (compare.comparison() == Comparison.EQUAL) {
                    if (isBound(compare.right(), bound)) {
                        take(compare.left(), bound);
                    }
                    if (isBound(compare.left(), bound)) {
                        take(compare.right(), bound);
                    }
                }
            }
            case DraftRange range -> {
                if (isBound(range.from(), bound)
                        && isBound(range.to(), bound)
                        && (range.step() == null || isBound(range.step(), bound))) {
                    bound.set(range.result());
                }
            }
            case DraftAggregate aggregate -> {
                BitSet outer = new BitSet();
                aggregate.outer().forEach(outer::set);
                outer.andNot(bound);
                if (outer.isEmpty()) {
                    bound.set(aggregate.result());
                }
            }
            case DraftTextTest _, DraftTruth _ -> {}
        }
    }

    private static void bindDirect(List<DraftTerm> arguments, BitSet bound) {
        for (DraftTerm argument : arguments) {
            take(argument, bound);
        }
    }

    /// Binds what a value is taken apart into.
    private static void take(DraftTerm term, BitSet bound) {
        switch (term) {
            case DraftVariable variable -> bound.set(variable.id());
            case DraftRecord record -> bindDirect(record.arguments(), bound);
            case DraftBranch branch -> bindDirect(branch.arguments(), bound);
            case DraftCall _, DraftConstant _, DraftNil _, DraftWildcard _ -> {}
        }
    }

    private static boolean isBound(DraftTerm term, BitSet bound) {
        return switch (term) {
            case DraftVariable variable -> bound.get(variable.id());
            case DraftConstant _, DraftNil _ -> true;
            case DraftWildcard _ -> false;
            case DraftCall call -> areBound(call.arguments(), bound);
            case DraftRecord record -> areBound(record.arguments(), bound);
            case DraftBranch branch -> areBound(branch.arguments(), bound);
        };
    }

    private static boolean areBound(List<DraftTerm> terms, BitSet bound) {
        for (DraftTerm term : terms) {
            if (!isBound(term, bound)) {
                return false;
            }
        }
        return true;
    }

    private void body(List<DraftLiteral> body, BitSet bound) {
        for (DraftLiteral literal : body) {
            switch (literal) {
                case DraftAtom atom -> {
                    for (DraftTerm argument : atom.arguments()) {
                        term(
                                argument,
                                bound,
                                atom.negated() ? NEGATION : "an argument that is computed");
                    }
                }
                case DraftCompare compare -> {
                    term(compare.left(), bound, "a comparison");
                    term(compare.right(), bound, "a comparison");
                }
                case DraftTextTest test -> {
                    term(test.pattern(), bound, "a test");
                    term(test.text(), bound, "a test");
                }
                case DraftRange range -> {
                    term(range.from(), bound, "a range");
                    term(range.to(), bound, "a range");
                    if (range.step() != null) {
                        term(range.step(), bound, "a range");
                    }
                }
                case DraftAggregate aggregate -> aggregate(aggregate, bound);
                case DraftTruth _ -> {}
            }
        }
    }

    private void aggregate(DraftAggregate aggregate, BitSet bound) {
        for (int outer : aggregate.outer()) {
            if (!bound.get(outer) && !reported.get(outer)) {
                reported.set(outer);
                faults.error(
                        AnalysisCode.UNSAFE,
                        rule.variables.get(outer).span(),
                        "variable "
                                + rule.variables.get(outer).name()
                                + " is bound only inside the aggregate, which has a scope of its"
                                + " own",
                        "bind it outside as well; only min and max have witnesses");
            }
        }
        BitSet inside = (BitSet) bound.clone();
        aggregate.outer().forEach(inside::set); // reported above
        bind(aggregate.body(), inside);
        body(aggregate.body(), inside);
        if (aggregate.target() != null) {
            term(aggregate.target(), inside, "the aggregate");
        }
    }

    private void term(DraftTerm term, BitSet bound, String in) {
        switch (term) {
            case DraftVariable variable -> {
                String name = rule.variables.get(variable.id()).name();
                // a made one stands for what is reported itself
                if (!bound.get(variable.id())
                        && !name.startsWith("#")
                        && !reported.get(variable.id())) {
                    reported.set(variable.id());
                    unbound(name, variable.span(), in);
                }
            }
            case DraftCall call -> call.arguments().forEach(argument -> term(argument, bound, in));
            case DraftRecord record -> fields(record.arguments(), bound, in);
            case DraftBranch branch -> fields(branch.arguments(), bound, in);
            case DraftConstant _, DraftNil _, DraftWildcard _ -> {}
        }
    }

    private void fields(List<DraftTerm> fields, BitSet bound, String in) {
        for (DraftTerm field : fields) {
            if (field instanceof DraftWildcard && (in.equals(HEAD) || in.equals(NEGATION))) {
                faults.error(
                        AnalysisCode.UNSAFE,
                        field.span(),
                        "_ in a record in " + in + " has no value",
                        "name it, and bind it in the body");
            }
            term(field, bound, in);
        }
    }

    private void unbound(String name, Span span, String in) {
        if (in.equals(HEAD) && rule.body.isEmpty()) {
            faults.error(
                    AnalysisCode.UNSAFE,
                    span,
                    "a fact holds values only, and " + name + " is a variable",
                    "to ask, end it with ?; a symbol stands in quotes: \"" + name + "\"");
            return;
        }
        faults.error(
                AnalysisCode.UNSAFE,
                span,
                "variable " + name + " in " + in + " is not bound: no positive atom holds it",
                switch (in) {
                    case HEAD -> "bind it in the body: by a positive atom or an equation";
                    case NEGATION ->
                            "bind it by a positive atom, or write _ where its value does not"
                                    + " matter";
                    default -> "bind it by a positive atom of the body";
                },
                "in this rule",
                isInRule(span) ? null : rule.span);
    }

    /// Whether a place lies in the rule as it is written, and not in an inline relation's.
    private boolean isInRule(Span span) {
        return span.source() == rule.span.source()
                && span.start() >= rule.span.start()
                && span.end() <= rule.span.end();
    }
}
