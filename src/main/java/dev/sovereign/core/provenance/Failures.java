package dev.sovereign.core.provenance;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.Rule;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.Span;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Control;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Why a tuple does not hold: for each rule that could derive it, the first premise that fails and
/// the tuples that come nearest to mending it. For one thread.
public final class Failures {

    /// Choices of values shown for one failing premise, and tuples shown as nearest.
    private static final int SHOWN = 3;

    /// Tuples looked at for the nearest; a relation with more is looked at as far as that.
    private static final int SCANNED_ROWS = 1_000_000;

    private final Model model;
    private final Rendering rendering;

    private Failures(Model model) {
        this.model = model;
        this.rendering = new Rendering(model);
    }

    /// Evaluates what the relation depends on, completely; as [Proofs#of].
    public static Failures of(
            CheckedProgram program,
            int relation,
            Map<String, Extent> externals,
            SymbolTable symbols,
            Control control) {
        return new Failures(Model.evaluate(program, Set.of(relation), externals, symbols, control));
    }

    /// Whether the tuple holds after all.
    public boolean holds(int relation, long[] tuple) {
        return model.extent(relation).find(tuple) >= 0;
    }

    /// The tuple as a person reads it.
    public String text(int relation, long[] tuple) {
        return rendering.tuple(relation, tuple);
    }

    /// Every rule with the relation in its head, in the order of the program.
    public List<FailedRule> rules(int relation, long[] tuple) {
        List<FailedRule> failed = new ArrayList<>();
        for (Rule rule : model.rules(relation)) {
            failed.add(failed(rule, tuple));
        }
        return failed;
    }

    /// Tuples of the relation that differ from this one in the fewest columns.
    public List<String> nearest(int relation, long[] tuple) {
        @Nullable Long[] wanted = new Long[tuple.length];
        for (int i = 0; i < tuple.length; i++) {
            wanted[i] = tuple[i];
        }
        return nearest(relation, wanted);
    }

    private FailedRule failed(Rule rule, long[] tuple) {
        List<Literal> body = ordered(rule);
        Backward before = new Backward(model, rule, List.of());
        List<long[]> instances = before.instances(tuple);
        if (instances.isEmpty()) {
            return failed(rule, List.of(), List.of(), List.of());
        }
        for (int count = 1; count <= body.size(); count++) {
            Backward longer = new Backward(model, rule, body.subList(0, count));
            List<long[]> more = longer.instances(tuple);
            if (more.isEmpty()) {
                return failed(rule, before, instances, body, count - 1);
            }
            before = longer;
            instances = more;
        }
        throw new IllegalStateException("the rule derives the tuple");
    }

    private FailedRule failed(
            Rule rule, Backward before, List<long[]> instances, List<Literal> body, int failing) {
        List<String> holds = new ArrayList<>();
        for (Literal literal : body.subList(0, failing)) {
            holds.add(text(rule, literal, before, instances.getFirst()));
        }
        Literal literal = body.get(failing);
        Set<String> fails = new LinkedHashSet<>();
        Set<String> nearest = new LinkedHashSet<>();
        for (long[] instance : instances) {
            if (fails.size() == SHOWN) {
                break;
            }
            String text = text(rule, literal, before, instance);
            if (fails.add(literal instanceof Literal.Negative ? text.substring(3) + " holds" : text)
                    && nearest.size() < SHOWN) {
                if (literal instanceof Literal.Positive atom) {
                    nearest.addAll(nearest(atom, before, instance));
                }
            }
        }
        return failed(rule, holds, new ArrayList<>(fails), nearest.stream().limit(SHOWN).toList());
    }

    private static FailedRule failed(
            Rule rule, List<String> holds, List<String> fails, List<String> nearest) {
        Span span = rule.span();
        return new FailedRule(
                span.label(),
                span.source().text().substring(span.start(), span.end()).strip(),
                holds,
                fails,
                nearest);
    }

    private String text(Rule rule, Literal literal, Backward before, long[] instance) {
        return rendering.literal(
                literal,
                rule.variables(),
                id -> before.hasValue(id) ? before.valueOf(id, instance) : null);
    }

    // ---- nearest tuples ----

    private List<String> nearest(Literal.Positive atom, Backward before, long[] instance) {
        @Nullable Long[] wanted = new Long[atom.arguments().size()];
        for (int i = 0; i < wanted.length; i++) {
            wanted[i] =
                    switch (atom.arguments().get(i)) {
                        case Term.Variable variable ->
                                before.hasValue(variable.id())
                                        ? before.valueOf(variable.id(), instance)
                                        : null;
                        case Term.Constant constant -> {
                            String symbol = constant.symbol();
                            yield symbol == null ? constant.bits() : model.symbols().intern(symbol);
                        }
                        case Term.Wildcard _, Term.Call _, Term.RecordInit _, Term.BranchInit _ ->
                                null;
                    };
        }
        return nearest(atom.relation(), wanted);
    }

    /// @param wanted a value for each column, null for any
    private List<String> nearest(int relation, @Nullable Long[] wanted) {
        record Near(int row, int agreeing) {}
        Extent extent = model.extent(relation);
        List<Near> best = new ArrayList<>();
        int limit = Math.min(extent.limit(), SCANNED_ROWS);
        for (int row = 0; row < limit; row++) {
            if (!extent.visible(row)) {
                continue;
            }
            model.control().step();
            int agreeing = 0;
            for (int column = 0; column < wanted.length; column++) {
                Long value = wanted[column];
                if (value != null && value == extent.value(column, row)) {
                    agreeing++;
                }
            }
            if (agreeing > 0 && (best.size() < SHOWN || agreeing > best.getLast().agreeing())) {
                best.add(new Near(row, agreeing));
                best.sort(Comparator.comparingInt(Near::agreeing).reversed());
                if (best.size() > SHOWN) {
                    best.removeLast();
                }
            }
        }
        List<String> texts = new ArrayList<>();
        for (Near near : best) {
            long[] tuple = new long[wanted.length];
            for (int column = 0; column < tuple.length; column++) {
                tuple[column] = extent.value(column, near.row());
            }
            texts.add(rendering.tuple(relation, tuple));
        }
        return texts;
    }

    // ---- an order in which each prefix of the body is safe ----

    /// Atoms as written; every other literal as soon as it can be computed.
    private static List<Literal> ordered(Rule rule) {
        List<Literal> left = new ArrayList<>(rule.body());
        List<Literal> ordered = new ArrayList<>();
        Variables known = new Variables(rule.variables());
        for (Term argument : rule.arguments()) {
            if (!Variables.computes(argument)) {
                known.note(argument);
            }
        }
        while (!left.isEmpty()) {
            Literal next = null;
            for (Literal literal : left) {
                if (isReady(literal, known.bound())) {
                    next = literal;
                    break;
                }
            }
            if (next == null) {
                next =
                        left.stream()
                                .filter(Literal.Positive.class::isInstance)
                                .findFirst()
                                .orElse(left.getFirst());
            }
            left.remove(next);
            ordered.add(next);
            known.note(next);
        }
        return ordered;
    }

    private static boolean isReady(Literal literal, BitSet known) {
        return switch (literal) {
            case Literal.Positive _ -> false;
            case Literal.Negative atom -> allKnown(atom.arguments(), known);
            case Literal.Compare compare -> {
                boolean left = isKnown(compare.left(), known);
                boolean right = isKnown(compare.right(), known);
                yield (left && right)
                        || (compare.comparison() == Comparison.EQUAL
                                && ((left && !Variables.computes(compare.right()))
                                        || (right && !Variables.computes(compare.left()))));
            }
            case Literal.Match match ->
                    isKnown(match.pattern(), known) && isKnown(match.text(), known);
            case Literal.Contains contains ->
                    isKnown(contains.part(), known) && isKnown(contains.text(), known);
            case Literal.Truth _ -> true;
            case Literal.Range range ->
                    isKnown(range.from(), known)
                            && isKnown(range.to(), known)
                            && isKnown(range.step(), known);
            case Literal.Aggregate aggregate -> aggregate.outer().stream().allMatch(known::get);
        };
    }

    private static boolean allKnown(List<Term> terms, BitSet known) {
        return terms.stream()
                .allMatch(term -> term instanceof Term.Wildcard || isKnown(term, known));
    }

    private static boolean isKnown(@Nullable Term term, BitSet known) {
        return switch (term) {
            case null -> true;
            case Term.Variable variable -> known.get(variable.id());
            case Term.Constant _ -> true;
            case Term.Wildcard _ -> false;
            case Term.Call call -> allKnown(call.arguments(), known);
            case Term.RecordInit record -> allKnown(record.arguments(), known);
            case Term.BranchInit branch -> allKnown(branch.arguments(), known);
        };
    }
}
