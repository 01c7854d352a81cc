package dev.sovereign.core.provenance;

import dev.sovereign.core.analyze.CheckedProgram;
import dev.sovereign.core.analyze.CheckedProgram.Rule;
import dev.sovereign.core.analyze.CheckedProgram.Stratum;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.Qualifier;
import dev.sovereign.core.data.Extent;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.Relation;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.eval.Control;
import dev.sovereign.core.eval.Evaluation;
import dev.sovereign.core.eval.Evaluator;
import dev.sovereign.core.plan.Planner;
import dev.sovereign.core.plan.Statistics;
import dev.sovereign.core.plan.ir.Plan;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A checked program and the complete relations of one evaluation of it: what is given, what is
/// derived, and a lower bound for the height of every tuple. For one thread.
final class Model {

    /// A relation that no tuple can be in.
    static final int UNREACHABLE = Integer.MAX_VALUE / 2;

    private final CheckedProgram program;
    private final Map<String, Extent> externals;
    private final Evaluation evaluation;
    private final Control control;
    private final Set<Integer> known;

    /// Rules by the relation of their head.
    private final List<List<Rule>> rules = new ArrayList<>();

    /// Facts that the program itself states, made when first asked for.
    private final @Nullable Relation[] stated;

    /// The least height that any tuple of a relation can have.
    private final int[] least;

    /// The same of the whole stratum that a relation is in.
    private final int[] leastOfStratum;

    private Model(
            CheckedProgram program,
            Map<String, Extent> externals,
            Evaluation evaluation,
            Control control,
            Set<Integer> known) {
        this.program = program;
        this.externals = externals;
        this.evaluation = evaluation;
        this.control = control;
        this.known = known;
        this.stated = new Relation[program.relations().size()];
        program.relations().forEach(_ -> rules.add(new ArrayList<>()));
        for (Stratum stratum : program.strata()) {
            stratum.rules().forEach(rule -> rules.get(rule.relation()).add(rule));
        }
        this.least = new int[program.relations().size()];
        this.leastOfStratum = new int[program.relations().size()];
        leastHeights();
    }

    /// Evaluates what some relations depend on, each relation completely and without demand: only
    /// then does the round of a tuple say how deep it lies.
    static Model evaluate(
            CheckedProgram program,
            Set<Integer> wanted,
            Map<String, Extent> externals,
            SymbolTable symbols,
            Control control) {
        Set<Integer> needed = Planner.needed(program, wanted);
        Plan plan = Planner.plan(program, Statistics.of(externals), needed);
        return new Model(
                program,
                externals,
                Evaluator.evaluate(plan, externals, symbols, control),
                control,
                needed);
    }

    CheckedProgram program() {
        return program;
    }

    Control control() {
        return control;
    }

    SymbolTable symbols() {
        return evaluation.symbols();
    }

    RecordTable records() {
        return evaluation.records();
    }

    /// The value of a constant.
    long bits(Term.Constant constant) {
        String symbol = constant.symbol();
        return symbol == null ? constant.bits() : symbols().intern(symbol);
    }

    CheckedProgram.Relation relation(int id) {
        return program.relations().get(id);
    }

    /// Whether pairs follow from each other in it.
    boolean isEquivalence(int relation) {
        return relation(relation).qualifiers().contains(Qualifier.EQREL);
    }

    List<Rule> rules(int relation) {
        return rules.get(relation);
    }

    /// All tuples of a relation; empty for one that nothing asked for depends on.
    Extent extent(int relation) {
        return known.contains(relation)
                ? evaluation.extent(relation)
                : Extent.empty(relation(relation).arity());
    }

    /// The row of a tuple in [#extent]; -1 when it does not hold.
    int row(int relation, long[] tuple) {
        Extent extent = extent(relation);
        Relation rows = extent.rows();
        if (rows.isShared() || !rows.isSet() || rows.size() != extent.limit()) {
            return extent.find(tuple);
        }
        int row = rows.rowOf(tuple);
        return row >= 0 && extent.visible(row) ? row : -1;
    }

    /// What was given for a relation, not derived; null when nothing was.
    @Nullable Extent external(int relation) {
        return externals.get(relation(relation).name());
    }

    /// Whether the tuple is a fact: stored, read from a file, of the system, or in the program.
    boolean isFact(int relation, long[] tuple) {
        Extent given = external(relation);
        return (given != null && given.find(tuple) >= 0) || stated(relation).contains(tuple);
    }

    /// No proof of this tuple, which is no fact, is lower than this.
    int lowerBound(int relation, int row) {
        return Math.max(1, leastOfStratum[relation] + extent(relation).rows().roundOf(row));
    }

    /// No tuple's least proof is higher than this: each round of each stratum adds one level, and
    /// one more where pairs follow from each other.
    int highest() {
        int rounds = 1;
        for (Stratum stratum : program.strata()) {
            int most = 0;
            for (int id : stratum.relations()) {
                most = Math.max(most, extent(id).rows().rounds());
            }
            rounds += 2 * (most + 1);
        }
        return rounds;
    }

    /// Facts that the program itself states.
    Relation stated(int relation) {
        Relation made = stated[relation];
        if (made == null) {
            CheckedProgram.Relation of = relation(relation);
            made = new Relation(of.arity(), control);
            long[] tuple = new long[of.arity()];
            for (CheckedProgram.Facts block : program.facts()) {
                if (block.relation() != relation) {
                    continue;
                }
                long[] ids = block.symbols().stream().mapToLong(symbols()::intern).toArray();
                for (int row = 0; row < block.count(); row++) {
                    for (int column = 0; column < tuple.length; column++) {
                        long value = block.columns().get(column)[row];
                        tuple[column] =
                                of.columns().get(column).kind() == Kind.SYMBOL
                                        ? ids[(int) value]
                                        : value;
                    }
                    made.addIfAbsent(tuple);
                }
            }
            stated[relation] = made;
        }
        return made;
    }

    /// Of relations, as if every rule could fire: a least fixpoint from above.
    private void leastHeights() {
        Map<Integer, Boolean> hasFacts = new HashMap<>();
        program.facts().forEach(block -> hasFacts.put(block.relation(), true));
        for (CheckedProgram.Relation relation : program.relations()) {
            Extent given = externals.get(relation.name());
            boolean facts =
                    hasFacts.containsKey(relation.id()) || (given != null && given.count() > 0);
            least[relation.id()] = facts ? 0 : UNREACHABLE;
        }
        for (Stratum stratum : program.strata()) {
            boolean changed = true;
            while (changed) {
                changed = false;
                for (Rule rule : stratum.rules()) {
                    int height = 0;
                    for (Literal literal : rule.body()) {
                        if (literal instanceof Literal.Positive atom) {
                            height = Math.max(height, least[atom.relation()]);
                        }
                    }
                    if (height + 1 < least[rule.relation()]) {
                        least[rule.relation()] = height + 1;
                        changed = true;
                    }
                }
            }
            int lowest = UNREACHABLE;
            for (int id : stratum.relations()) {
                lowest = Math.min(lowest, least[id]);
            }
            for (int id : stratum.relations()) {
                leastOfStratum[id] = lowest;
            }
        }
    }
}
