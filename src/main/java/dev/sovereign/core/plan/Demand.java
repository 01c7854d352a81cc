package dev.sovereign.core.plan;

import dev.sovereign.core.analyze.Column;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.ast.Qualifier;
import dev.sovereign.core.plan.ir.PlanRelation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Restricts what is derived to what is asked for (magic sets): a relation that is only ever read
/// with some columns known gets a relation of the values that are asked for there, every clause of
/// it reads that one first, and every clause that reads the relation derives into it.
///
/// A relation has one set of demanded columns: those that are known wherever it is read. So nothing
/// is derived twice; a relation that is somewhere read as a whole is derived as a whole. Demand is
/// taken only where what is asked is expected to be a small part, and given up again where it would
/// make the program unstratifiable.
final class Demand {

    /// When demand is used.
    enum Policy {
        /// Where it is expected to pay.
        AUTO,
        NEVER,
        /// Wherever it is possible: for tests.
        ALWAYS
    }

    /// A relation this small is derived as a whole: restricting it costs more than it saves.
    private static final double SMALL_TUPLES = 64;

    /// What is asked for must be at most this share of what there is; a guess: reading the demand
    /// costs about as much as deriving a tuple.
    private static final double LARGEST_SHARE = 0.25;

    /// Columns from here on are never demanded: the mask of all would look like [#UNREAD].
    private static final int MAX_COLUMNS = 63;

    /// Not read by anything so far.
    private static final long UNREAD = -1L;

    private final Model model;
    private final Policy policy;
    private final Set<Integer> wanted;
    private final long[] columns;
    private final double[] keys;
    private final Set<Integer> refused = new HashSet<>();
    private Components components;

    private Demand(Model model, Policy policy, Set<Integer> wanted) {
        this.model = model;
        this.policy = policy;
        this.wanted = wanted;
        this.columns = new long[model.size()];
        this.keys = new double[model.size()];
        this.components = model.components();
    }

    /// Adds demand to the clauses of the model.
    static void apply(Model model, Policy policy, Set<Integer> wanted) {
        if (policy != Policy.NEVER) {
            new Demand(model, policy, wanted).run();
        }
    }

    private void run() {
        for (int relation = 0; relation < model.size(); relation++) {
            if (wanted.contains(relation) || !mayBeDemanded(relation)) {
                refused.add(relation);
            }
        }
        List<List<Clause>> original = new ArrayList<>();
        for (int relation = 0; relation < model.size(); relation++) {
            original.add(List.copyOf(model.clauses(relation)));
        }
        int relations = model.size();
        while (true) {
            analyze();
            if (Arrays.stream(columns).allMatch(mask -> mask == 0 || mask == UNREAD)) {
                return;
            }
            transform(original);
            Set<Integer> broken = unstratified(relations);
            if (broken.isEmpty()) {
                return;
            }
            refused.addAll(broken);
            for (int relation = 0; relation < relations; relation++) {
                model.clauses(relation).clear();
                model.clauses(relation).addAll(original.get(relation));
            }
            for (int relation = relations; relation < model.size(); relation++) {
                model.clauses(relation).clear();
            }
        }
    }

    private boolean mayBeDemanded(int relation) {
        return model.origin(relation) instanceof PlanRelation.Derived
                && !model.clauses(relation).isEmpty()
                && model.subsumptions(relation).isEmpty()
                && model.admission(relation) == null
                && !model.counts(relation)
                && model.sizeLimit(relation) == null
                && !model.qualifiers(relation).contains(Qualifier.NO_MAGIC);
    }

    /// Finds the columns of each relation that are known wherever it is read: the greatest
    /// solution, from "never read" downwards.
    private void analyze() {
        Arrays.fill(columns, UNREAD);
        Arrays.fill(keys, 0);
        BitSet reached = new BitSet();
        for (int relation : wanted) {
            columns[relation] = 0;
            reached.set(relation);
        }
        boolean changed = true;
        while (changed) {
            changed = false;
            for (int i = components.all().size() - 1; i >= 0; i--) {
                for (int relation : components.all().get(i)) {
                    if (!reached.get(relation)) {
                        continue;
                    }
                    for (Clause clause : model.clauses(relation)) {
                        changed |= readBy(clause, reached);
                    }
                    for (var subsumption : model.subsumptions(relation)) {
                        List<Literal> body = subsumption.body();
                        boolean[] more = {false};
                        Model.forEachUse(body, (used, _) -> more[0] |= narrow(used, 0, 0, reached));
                        changed |= more[0];
                    }
                }
            }
        }
    }

    private boolean readBy(Clause clause, BitSet reached) {
        boolean[] changed = {false};
        long demanded = columns[clause.relation()];
        double asked = demanded == 0 ? 1 : Math.max(1, keys[clause.relation()]);
        new Walk(
                clause,
                demanded,
                asked,
                (relation, _, known, _, _, rows) -> {
                    boolean inside = components.of(relation) == components.of(clause.relation());
                    boolean pays = inside ? demanded != 0 : pays(relation, known, rows);
                    changed[0] |= narrow(relation, pays ? known : 0, rows, reached);
                });
        return changed[0];
    }

    private boolean narrow(int relation, long known, double rows, BitSet reached) {
        if (!model.isDerived(relation)) {
            return false;
        }
        long before = columns[relation];
        boolean isNew = !reached.get(relation);
        reached.set(relation);
        columns[relation] = refused.contains(relation) ? 0 : before & known;
        if (isNew) {
            keys[relation] = rows;
        }
        return isNew || columns[relation] != before;
    }

    private boolean pays(int relation, long known, double rows) {
        if (policy == Policy.ALWAYS || model.qualifiers(relation).contains(Qualifier.MAGIC)) {
            return true;
        }
        double tuples = model.tuples(relation);
        if (tuples < SMALL_TUPLES) {
            return false;
        }
        double distinct = 1;
        for (int column = 0;
                column < Math.min(MAX_COLUMNS, model.columns(relation).size());
                column++) {
            if ((known >>> column & 1) != 0) {
                distinct *= model.distinct(relation, column);
            }
        }
        return rows <= LARGEST_SHARE * Math.min(distinct, tuples);
    }

    private void transform(List<List<Clause>> original) {
        Map<Integer, Integer> demands = new HashMap<>();
        for (int relation = 0; relation < columns.length; relation++) {
            long mask = columns[relation];
            if (mask != 0 && mask != UNREAD) {
                List<Column> demanded = new ArrayList<>();
                StringBuilder names = new StringBuilder();
                for (int column = 0; column < model.columns(relation).size(); column++) {
                    if (isSet(mask, column)) {
                        Column it = model.columns(relation).get(column);
                        demanded.add(it);
                        names.append(names.isEmpty() ? "" : ",").append(it.name());
                    }
                }
                int id =
                        model.add(
                                model.name(relation) + " asked by " + names,
                                demanded,
                                new PlanRelation.Demand(relation));
                model.assume(id, Math.max(1, keys[relation]));
                demands.put(relation, id);
            }
        }
        for (int relation = 0; relation < columns.length; relation++) {
            List<Clause> clauses = model.clauses(relation);
            clauses.clear();
            if (columns[relation] == UNREAD) {
                continue;
            }
            for (Clause clause : original.get(relation)) {
                clauses.add(guarded(clause, demands));
                long demanded = columns[relation];
                new Walk(
                        clause,
                        demanded,
                        Math.max(1, keys[relation]),
                        (used, arguments, _, before, bound, _) -> {
                            Integer demand = demands.get(used);
                            if (demand != null) {
                                ask(clause, used, arguments, before, bound, demand, demands);
                            }
                        });
            }
        }
    }

    /// The clause that derives what `clause` asks of `used`.
    private void ask(
            Clause clause,
            int used,
            List<Term> arguments,
            List<Literal> before,
            BitSet bound,
            int demand,
            Map<Integer, Integer> demands) {
        List<Term> head = select(arguments, columns[used]);
        if (!Occurrences.areKnown(head, bound)) {
            throw new IllegalStateException("unknown values asked of " + model.name(used));
        }
        List<Literal> body = new ArrayList<>();
        Integer guard = demands.get(clause.relation());
        if (guard != null) {
            List<Term> asked = select(clause.head(), columns[clause.relation()]);
            if (guard == demand && asked.equals(head)) {
                return;
            }
            List<Term> known = new ArrayList<>();
            for (Term term : asked) {
                // a computed column is compared by the clause itself, which knows what it needs; a
                // variable is bound here, also for what an aggregate asks, which does not see it
                boolean binds = term instanceof Term.Variable || Occurrences.isKnown(term, bound);
                known.add(binds ? term : new Term.Wildcard(term.kind()));
            }
            body.add(new Literal.Positive(guard, known, Clause.NOWHERE));
        }
        body.addAll(before);
        model.clauses(demand)
                .add(new Clause(demand, head, body, clause.variables(), clause.span(), List.of()));
    }

    /// The clause, restricted to what is asked of its relation.
    private Clause guarded(Clause clause, Map<Integer, Integer> demands) {
        Integer demand = demands.get(clause.relation());
        if (demand == null) {
            return clause;
        }
        long mask = columns[clause.relation()];
        List<Term> asked = select(clause.head(), mask);
        for (Literal literal : clause.body()) {
            // tuples of the relation itself were asked for already
            if (literal instanceof Literal.Positive atom
                    && atom.relation() == clause.relation()
                    && select(atom.arguments(), mask).equals(asked)) {
                return clause;
            }
        }
        List<Literal> body = new ArrayList<>();
        body.add(new Literal.Positive(demand, asked, Clause.NOWHERE));
        body.addAll(clause.body());
        return new Clause(
                clause.relation(),
                clause.head(),
                body,
                clause.variables(),
                clause.span(),
                List.of());
    }

    /// Relations whose demand must be given up, because something in a cycle is negated or
    /// aggregated.
    private Set<Integer> unstratified(int relations) {
        Components after = model.components();
        Set<Integer> broken = new HashSet<>();
        for (int relation = 0; relation < model.size(); relation++) {
            int component = after.of(relation);
            for (Clause clause : model.clauses(relation)) {
                Model.forEachUse(
                        clause.body(),
                        (used, strict) -> {
                            if (strict && after.of(used) == component) {
                                if (used < relations && isDemanded(used)) {
                                    broken.add(used);
                                } else {
                                    for (int member : after.all().get(component)) {
                                        if (member < relations && isDemanded(member)) {
                                            broken.add(member);
                                        }
                                    }
                                }
                            }
                        });
            }
            // a subsumption, too, must not be interleaved with what asks
            if (relation < relations
                    && !model.subsumptions(relation).isEmpty()
                    && after.all().get(component).length > 1) {
                for (int member : after.all().get(component)) {
                    if (member < relations && isDemanded(member)) {
                        broken.add(member);
                    }
                }
            }
        }
        return broken;
    }

    private boolean isDemanded(int relation) {
        return columns[relation] != 0 && columns[relation] != UNREAD;
    }

    private static boolean isSet(long mask, int column) {
        return column < MAX_COLUMNS && (mask >>> column & 1) != 0;
    }

    private static List<Term> select(List<Term> terms, long mask) {
        List<Term> selected = new ArrayList<>();
        for (int column = 0; column < terms.size(); column++) {
            if (isSet(mask, column)) {
                selected.add(terms.get(column));
            }
        }
        return selected;
    }

    /// Told of each use of a derived relation.
    private interface Reader {
        /// @param known columns whose values are known there
        /// @param before what binds them
        /// @param bound the variables so bound
        /// @param rows how often it is read, about
        void read(
                int relation,
                List<Term> arguments,
                long known,
                List<Literal> before,
                BitSet bound,
                double rows);
    }

    /// Goes through a body in the order in which knowledge spreads: from what is asked, along atoms
    /// with known columns, given relations first. Negation and aggregates come last and spread
    /// nothing, so that demand never waits for them.
    private final class Walk {
        private final Reader reader;
        private final BitSet bound = new BitSet();
        private final List<Literal> before = new ArrayList<>();
        private double rows;

        Walk(Clause clause, long demanded, double asked, Reader reader) {
            this.reader = reader;
            this.rows = asked;
            List<Term> head = clause.head();
            for (int column = 0; column < head.size(); column++) {
                if (isSet(demanded, column) && head.get(column) instanceof Term.Variable variable) {
                    bound.set(variable.id());
                }
            }
            walk(clause.body());
        }

        private void walk(List<Literal> body) {
            List<Literal.Positive> atoms = new ArrayList<>();
            List<Literal> rest = new ArrayList<>();
            for (Literal literal : body) {
                if (literal instanceof Literal.Positive atom) {
                    atoms.add(atom);
                } else {
                    rest.add(literal);
                }
            }
            spread(rest);
            while (!atoms.isEmpty()) {
                Literal.Positive atom = atoms.remove(next(atoms));
                long known = known(atom.arguments());
                if (model.isDerived(atom.relation())) {
                    read(atom.relation(), atom.arguments(), known);
                }
                rows *= Math.max(1e-6, model.fanout(atom.relation(), known));
                before.add(atom);
                for (Term term : atom.arguments()) {
                    if (term instanceof Term.Variable variable) {
                        bound.set(variable.id());
                    }
                }
                spread(rest);
            }
            for (Literal literal : rest) {
                switch (literal) {
                    case Literal.Negative negative -> {
                        if (model.isDerived(negative.relation())) {
                            read(
                                    negative.relation(),
                                    negative.arguments(),
                                    known(negative.arguments()));
                        }
                    }
                    case Literal.Aggregate aggregate -> {
                        BitSet outside = (BitSet) bound.clone();
                        int length = before.size();
                        double rowsBefore = rows;
                        BitSet inner = new BitSet();
                        aggregate.outer().forEach(inner::set);
                        bound.and(inner);
                        walk(aggregate.body());
                        bound.clear();
                        bound.or(outside);
                        before.subList(length, before.size()).clear();
                        rows = rowsBefore;
                    }
                    default -> {}
                }
            }
        }

        private void read(int relation, List<Term> arguments, long known) {
            reader.read(
                    relation,
                    arguments,
                    known,
                    List.copyOf(before),
                    (BitSet) bound.clone(),
                    Math.max(1, rows));
        }

        /// The next atom: the one with known columns that is expected to hand on the fewest rows;
        /// given relations before derived ones.
        private int next(List<Literal.Positive> atoms) {
            int best = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < atoms.size(); i++) {
                Literal.Positive atom = atoms.get(i);
                long known = known(atom.arguments());
                double cost = model.fanout(atom.relation(), known);
                if (model.isDerived(atom.relation())) {
                    cost *= 4;
                }
                if (known == 0 && !atom.arguments().isEmpty()) {
                    cost *= 1e6;
                }
                if (cost < least) {
                    least = cost;
                    best = i;
                }
            }
            return best;
        }

        private long known(List<Term> arguments) {
            long known = 0;
            for (int column = 0; column < Math.min(MAX_COLUMNS, arguments.size()); column++) {
                if (Occurrences.isKnown(arguments.get(column), bound)) {
                    known |= 1L << column;
                }
            }
            return known;
        }

        /// Takes in conditions whose variables are known, and what equalities then bind.
        private void spread(List<Literal> rest) {
            boolean more = true;
            while (more) {
                more = false;
                for (Literal literal : rest) {
                    if (!(literal instanceof Literal.Compare compare)
                            || mayFail(compare.left())
                            || mayFail(compare.right())
                            || before.contains(literal)) {
                        continue;
                    }
                    boolean left = Occurrences.isKnown(compare.left(), bound);
                    boolean right = Occurrences.isKnown(compare.right(), bound);
                    if (left && right) {
                        before.add(literal);
                    } else if (compare.comparison() == Comparison.EQUAL
                            && left != right
                            && (left ? compare.right() : compare.left())
                                    instanceof Term.Variable variable) {
                        before.add(literal);
                        bound.set(variable.id());
                        more = true;
                    }
                }
            }
        }
    }

    /// Whether computing the term may end the evaluation: only the rule itself may do that, after
    /// all its conditions.
    private static boolean mayFail(Term term) {
        return switch (term) {
            case Term.Variable _, Term.Wildcard _, Term.Constant _ -> false;
            case Term.Call call ->
                    switch (call.functor()) {
                        case DIVIDE, MODULO, POWER, TO_NUMBER, TO_UNSIGNED, TO_FLOAT, OUTER -> true;
                        default -> call.arguments().stream().anyMatch(Demand::mayFail);
                    };
            case Term.RecordInit init -> init.arguments().stream().anyMatch(Demand::mayFail);
            case Term.BranchInit init -> init.arguments().stream().anyMatch(Demand::mayFail);
        };
    }
}
