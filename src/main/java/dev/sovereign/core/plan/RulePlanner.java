package dev.sovereign.core.plan;

import dev.sovereign.core.analyze.CheckedProgram.Subsumption;
import dev.sovereign.core.analyze.CheckedProgram.Variable;
import dev.sovereign.core.analyze.Functor;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.analyze.Literal;
import dev.sovereign.core.analyze.Term;
import dev.sovereign.core.ast.AggregateOperator;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.data.Relation;
import dev.sovereign.core.plan.ir.Op;
import dev.sovereign.core.plan.ir.Pipeline;
import dev.sovereign.core.plan.ir.Rows;
import dev.sovereign.core.plan.ir.Step;
import dev.sovereign.core.plan.ir.Value;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.function.IntPredicate;

/// Plans single rules: in which order their atoms are joined, on which columns each is probed,
/// where conditions are checked. Numbers the operators of one plan.
final class RulePlanner {

    /// Rows of a delta, for comparison with whole relations; a guess: deltas are small.
    private static final double DELTA_SHARE = 0.1;

    /// Share of rows that an equality, or any other condition, lets through; guesses.
    private static final double EQUALITY_SHARE = 0.1;

    private static final double CONDITION_SHARE = 0.5;

    /// What a derived relation is taken to hand on at least where nothing connects it.
    private static final double UNCONNECTED_ROWS = 1e6;

    /// Bodies up to this many atoms are tried from each of them; longer ones from the smallest
    /// only, since trying costs the cube of it.
    private static final int TRIED_ATOMS = 16;

    /// Bodies of more atoms are joined as written, since comparing costs the square of it.
    private static final int COMPARED_ATOMS = 64;

    private final Model model;
    private int ids;

    RulePlanner(Model model) {
        this.model = model;
    }

    /// Operators numbered so far.
    int ids() {
        return ids;
    }

    /// @param delta which positive atom of the body sees only the last round; -1 for none
    /// @param recursive the relations of the clause's own stratum
    Pipeline plan(Clause clause, int delta, IntPredicate recursive) {
        Registers registers = new Registers(clause.variables());
        BitSet needed = new BitSet();
        Occurrences.collect(clause.head(), needed);
        Body body = new Body(registers, new BitSet(), needed, recursive, false, 1);
        List<Atom> atoms = new ArrayList<>();
        for (Literal literal : clause.body()) {
            if (literal instanceof Literal.Positive positive) {
                int position = atoms.size();
                Rows rows =
                        delta < 0 || !recursive.test(positive.relation()) || position > delta
                                ? Rows.ALL
                                : position == delta ? Rows.DELTA : Rows.OLD;
                atoms.add(new Atom(positive, rows, -1));
            } else {
                body.todo.add(new Condition(literal));
            }
        }
        List<Integer> hint =
                delta < 0 && clause.order().size() == atoms.size() ? clause.order() : List.of();
        body.join(atoms, delta, hint);
        return new Pipeline(
                ids++,
                clause.relation(),
                registers.count(),
                body.ops,
                clause.head().stream().map(RulePlanner::value).toList(),
                clause.span(),
                registers.names);
    }

    /// @param recursive the relations of the subsumption's own stratum
    Step.Reduction plan(Subsumption subsumption, IntPredicate recursive) {
        Registers registers = new Registers(subsumption.variables());
        int dominated = registers.add(Kind.NUMBER);
        int dominating = registers.add(Kind.NUMBER);
        List<Op> newDominated = pairs(subsumption, registers, dominated, dominating, 0);
        List<Op> newDominating = pairs(subsumption, registers, dominated, dominating, 1);
        List<List<Op>> newOthers = new ArrayList<>();
        int atom = 2;
        for (Literal literal : subsumption.body()) {
            if (literal instanceof Literal.Positive positive) {
                if (recursive.test(positive.relation())) {
                    newOthers.add(pairs(subsumption, registers, dominated, dominating, atom));
                }
                atom++;
            }
        }
        return new Step.Reduction(
                subsumption.relation(),
                registers.count(),
                newDominated,
                newDominating,
                newOthers,
                dominated,
                dominating,
                subsumption.span(),
                registers.names);
    }

    /// @param delta which atom sees only this round: 0 the dominated tuple, 1 the dominating one,
    ///   then those of the body
    private List<Op> pairs(
            Subsumption subsumption,
            Registers registers,
            int dominated,
            int dominating,
            int delta) {
        int relation = subsumption.relation();
        Body body = new Body(registers, new BitSet(), new BitSet(), id -> id == relation, true, 1);
        List<Atom> atoms = new ArrayList<>();
        atoms.add(
                new Atom(
                        new Literal.Positive(relation, subsumption.dominated(), subsumption.span()),
                        delta == 0 ? Rows.DELTA : delta == 1 ? Rows.OLD : Rows.ALL,
                        dominated));
        atoms.add(
                new Atom(
                        new Literal.Positive(
                                relation, subsumption.dominating(), subsumption.span()),
                        delta == 1 ? Rows.DELTA : Rows.ALL,
                        dominating));
        for (Literal literal : subsumption.body()) {
            if (literal instanceof Literal.Positive positive) {
                atoms.add(new Atom(positive, atoms.size() == delta ? Rows.DELTA : Rows.ALL, -1));
            } else {
                body.todo.add(new Condition(literal));
            }
        }
        body.join(atoms, delta, List.of());
        return body.ops;
    }

    static Value value(Term term) {
        return switch (term) {
            case Term.Variable variable -> new Value.Register(variable.id(), variable.kind());
            case Term.Constant constant ->
                    new Value.Constant(constant.kind(), constant.bits(), constant.symbol());
            case Term.Call call ->
                    new Value.Call(
                            call.functor(), call.operands(), call.kind(), values(call.arguments()));
            case Term.RecordInit init ->
                    new Value.Make(Kind.RECORD, Op.Unpack.RECORD, values(init.arguments()));
            case Term.BranchInit init ->
                    new Value.Make(Kind.ADT, init.tag(), values(init.arguments()));
            case Term.Wildcard _ -> throw new IllegalStateException("a wildcard has no value");
        };
    }

    private static List<Value> values(List<Term> terms) {
        return terms.stream().map(RulePlanner::value).toList();
    }

    /// @param rowRegister takes the number of the row; -1 for none
    private record Atom(Literal.Positive literal, Rows rows, int rowRegister) {
        List<Term> arguments() {
            return literal.arguments();
        }

        int relation() {
            return literal.relation();
        }
    }

    /// What is left to do besides atoms.
    private sealed interface Todo {}

    private record Condition(Literal literal) implements Todo {}

    /// A register to be compared with a term, or taken apart into it.
    private record Equal(int register, Term term) implements Todo {}

    private static final class Registers {
        private final List<String> names = new ArrayList<>();
        private final List<Kind> kinds = new ArrayList<>();

        Registers(List<Variable> variables) {
            for (Variable variable : variables) {
                names.add(variable.name());
                kinds.add(variable.kind());
            }
        }

        int add(Kind kind) {
            names.add("#" + names.size());
            kinds.add(kind);
            return names.size() - 1;
        }

        Value.Register value(int register) {
            return new Value.Register(register, kinds.get(register));
        }

        int count() {
            return names.size();
        }
    }

    /// A conjunction while it is put in order; of the rule or of an aggregate in it.
    private final class Body {
        private final Registers registers;
        private final BitSet bound;
        private final BitSet needed;
        private final IntPredicate open;
        private final boolean bag;
        private final List<Todo> todo = new ArrayList<>();
        private final List<Op> ops = new ArrayList<>();
        private double rows;

        /// Whether every atom has been emitted: only then are rows numbered.
        private boolean complete;

        /// Whether a float may be bound by an equation with zero, which is less than it equals: 0.0
        /// and -0.0.
        private boolean bindsZero;

        /// @param bound registers known before
        /// @param needed registers read afterwards
        /// @param open relations that are not complete while this runs
        /// @param bag whether it matters how often the same row comes
        /// @param rows how many rows of registers come in
        Body(
                Registers registers,
                BitSet bound,
                BitSet needed,
                IntPredicate open,
                boolean bag,
                double rows) {
            this.open = open;
            this.registers = registers;
            this.bound = bound;
            this.needed = needed;
            this.bag = bag;
            this.rows = rows;
        }

        void join(List<Atom> atoms, int first, List<Integer> hint) {
            List<Atom> left = new ArrayList<>(atoms);
            List<Atom> order = new ArrayList<>();
            if (hint.stream().sorted().distinct().count() == atoms.size() && !atoms.isEmpty()) {
                for (int position : hint) {
                    if (position < 0 || position >= atoms.size()) {
                        order.clear();
                        break;
                    }
                    order.add(atoms.get(position));
                }
            }
            if (order.isEmpty()) {
                order = order(atoms, first);
            }
            for (Atom atom : order) {
                if (!left.remove(atom)) {
                    continue; // was intersected with another
                }
                settle();
                while (isUnconnected(atom) && generate()) {
                    settle();
                }
                if (!intersect(atom, left)) {
                    emit(atom, left);
                }
            }
            complete = true;
            settle();
            while (!todo.isEmpty()) {
                if (!generate()) {
                    if (bindsZero) {
                        throw new IllegalStateException("no order binds every variable: " + todo);
                    }
                    bindsZero = true;
                }
                settle();
            }
        }

        private boolean isUnconnected(Atom atom) {
            boolean wants = false;
            for (Term term : atom.arguments()) {
                if (Occurrences.isKnown(term, bound)) {
                    return false;
                }
                wants |= !(term instanceof Term.Wildcard);
            }
            return wants;
        }

        /// The order that is expected to hand on the fewest rows altogether.
        private List<Atom> order(List<Atom> atoms, int first) {
            if (atoms.isEmpty()) {
                return List.of();
            }
            if (atoms.size() > COMPARED_ATOMS) {
                List<Atom> written = new ArrayList<>(atoms);
                if (first > 0) {
                    written.addFirst(written.remove(first));
                }
                return written;
            }
            int[] starts;
            if (first >= 0) {
                starts = new int[] {first};
            } else if (atoms.size() <= TRIED_ATOMS) {
                starts = java.util.stream.IntStream.range(0, atoms.size()).toArray();
            } else {
                starts = new int[] {-1};
            }
            List<Atom> best = List.of();
            double least = Double.POSITIVE_INFINITY;
            for (int start : starts) {
                List<Atom> order = new ArrayList<>();
                double cost = greedy(atoms, start, order);
                if (best.isEmpty() || cost < least * 0.999) {
                    least = cost;
                    best = order;
                }
            }
            return best;
        }

        private double greedy(List<Atom> atoms, int start, List<Atom> order) {
            BitSet known = (BitSet) bound.clone();
            List<Atom> left = new ArrayList<>(atoms);
            double now = 1;
            double total = 0;
            while (!left.isEmpty()) {
                follow(known);
                int choice = order.isEmpty() && start >= 0 ? start : cheapest(left, known);
                Atom atom = left.remove(choice);
                now *= Math.max(1e-6, fanout(atom, known));
                total += now;
                order.add(atom);
                Occurrences.collect(atom.arguments(), known);
            }
            return total;
        }

        private int cheapest(List<Atom> left, BitSet known) {
            int choice = 0;
            double least = Double.POSITIVE_INFINITY;
            for (int i = 0; i < left.size(); i++) {
                double cost = fanout(left.get(i), known);
                if (cost < least * 0.999) {
                    least = cost;
                    choice = i;
                }
            }
            return choice;
        }

        private double fanout(Atom atom, BitSet known) {
            long columns = 0;
            for (int i = 0; i < Math.min(64, atom.arguments().size()); i++) {
                if (Occurrences.isKnown(atom.arguments().get(i), known)) {
                    columns |= 1L << i;
                }
            }
            double rowsOfIt = model.fanout(atom.relation(), columns);
            if (atom.rows() == Rows.DELTA) {
                return DELTA_SHARE * rowsOfIt;
            }
            // sizes of derived relations are guesses: too weak a reason to try all pairs
            boolean unconnected = columns == 0 && !known.isEmpty() && !atom.arguments().isEmpty();
            return unconnected && model.isDerived(atom.relation())
                    ? Math.max(rowsOfIt, UNCONNECTED_ROWS)
                    : rowsOfIt;
        }

        /// Adds what equalities, ranges and aggregates would bind.
        private void follow(BitSet known) {
            boolean more = true;
            while (more) {
                more = false;
                for (Todo left : todo) {
                    if (left instanceof Condition(Literal.Compare compare)
                            && compare.comparison() == Comparison.EQUAL) {
                        if (Occurrences.isKnown(compare.left(), known)
                                != Occurrences.isKnown(compare.right(), known)) {
                            int before = known.cardinality();
                            if (isPattern(compare.left())) {
                                Occurrences.collect(compare.left(), known);
                            }
                            if (isPattern(compare.right())) {
                                Occurrences.collect(compare.right(), known);
                            }
                            more |= known.cardinality() > before;
                        }
                    }
                }
            }
        }

        /// Emits all conditions that can be checked now, and what equalities bind, in the order
        /// written.
        private void settle() {
            boolean more = true;
            while (more) {
                more = false;
                for (Iterator<Todo> left = todo.iterator(); left.hasNext(); ) {
                    Todo next = left.next();
                    List<Todo> added = new ArrayList<>();
                    if (emitIfReady(next, added)) {
                        left.remove();
                        if (!added.isEmpty() || bindsMore(next)) {
                            todo.addAll(added);
                            more = true;
                            break;
                        }
                    }
                }
            }
        }

        private boolean bindsMore(Todo done) {
            return done instanceof Equal
                    || (done instanceof Condition(Literal.Compare compare)
                            && compare.comparison() == Comparison.EQUAL);
        }

        private boolean emitIfReady(Todo next, List<Todo> added) {
            return switch (next) {
                case Equal(int register, Term term) ->
                        equate(
                                registers.value(register),
                                term,
                                registers.kinds.get(register),
                                added);
                case Condition(Literal literal) ->
                        switch (literal) {
                            case Literal.Truth truth -> {
                                rows *= truth.value() ? 1 : 0;
                                ops.add(new Op.Truth(ids++, truth.value(), rows));
                                yield true;
                            }
                            case Literal.Compare compare -> emit(compare, added);
                            case Literal.Match match -> {
                                if (!Occurrences.isKnown(match.pattern(), bound)
                                        || !Occurrences.isKnown(match.text(), bound)) {
                                    yield false;
                                }
                                rows *= CONDITION_SHARE;
                                ops.add(
                                        new Op.Match(
                                                ids++,
                                                match.negated(),
                                                value(match.pattern()),
                                                value(match.text()),
                                                rows));
                                yield true;
                            }
                            case Literal.Contains contains -> {
                                if (!Occurrences.isKnown(contains.part(), bound)
                                        || !Occurrences.isKnown(contains.text(), bound)) {
                                    yield false;
                                }
                                rows *= CONDITION_SHARE;
                                ops.add(
                                        new Op.Contains(
                                                ids++,
                                                contains.negated(),
                                                value(contains.part()),
                                                value(contains.text()),
                                                rows));
                                yield true;
                            }
                            case Literal.Negative negative -> emit(negative);
                            case Literal.Range _, Literal.Aggregate _ -> false;
                            case Literal.Positive positive ->
                                    throw new IllegalStateException("an atom: " + positive);
                        };
            };
        }

        private boolean emit(Literal.Compare compare, List<Todo> added) {
            if (!complete && (counts(compare.left()) || counts(compare.right()))) {
                return false;
            }
            boolean left = Occurrences.isKnown(compare.left(), bound);
            boolean right = Occurrences.isKnown(compare.right(), bound);
            if (left && right) {
                rows *= compare.comparison() == Comparison.EQUAL ? EQUALITY_SHARE : CONDITION_SHARE;
                ops.add(
                        new Op.Filter(
                                ids++,
                                compare.comparison(),
                                compare.kind(),
                                value(compare.left()),
                                value(compare.right()),
                                rows));
                return true;
            }
            if (compare.comparison() != Comparison.EQUAL || !(left || right)) {
                return false;
            }
            if (!bindsZero && isZero(left ? compare.left() : compare.right())) {
                return false;
            }
            return left
                    ? equate(value(compare.left()), compare.right(), compare.kind(), added)
                    : equate(value(compare.right()), compare.left(), compare.kind(), added);
        }

        /// Compares a known value with a term, or binds the term's variables to it.
        private boolean equate(Value known, Term term, Kind kind, List<Todo> added) {
            if (Occurrences.isKnown(term, bound)) {
                rows *= EQUALITY_SHARE;
                ops.add(new Op.Filter(ids++, Comparison.EQUAL, kind, known, value(term), rows));
                return true;
            }
            return switch (term) {
                case Term.Variable variable -> {
                    ops.add(new Op.Compute(ids++, variable.id(), known, rows));
                    bound.set(variable.id());
                    yield true;
                }
                case Term.RecordInit init -> {
                    unpack(known, Op.Unpack.RECORD, init.arguments(), added);
                    yield true;
                }
                case Term.BranchInit init -> {
                    unpack(known, init.tag(), init.arguments(), added);
                    yield true;
                }
                case Term.Wildcard _ -> true;
                case Term.Constant _, Term.Call _ -> false;
            };
        }

        private void unpack(Value known, int tag, List<Term> fields, List<Todo> added) {
            Columns columns = new Columns(fields, added, false);
            rows *= tag == Op.Unpack.RECORD ? 1 : CONDITION_SHARE;
            columns.binds.forEach(bind -> bound.set(bind.register()));
            ops.add(
                    new Op.Unpack(
                            ids++, known, tag, fields.size(), columns.binds, columns.checks, rows));
        }

        private boolean emit(Literal.Negative negative) {
            for (Term term : negative.arguments()) {
                if (!(term instanceof Term.Wildcard) && !Occurrences.isKnown(term, bound)) {
                    return false;
                }
            }
            Columns columns = new Columns(negative.arguments(), new ArrayList<>(), true);
            rows *= CONDITION_SHARE;
            ops.add(
                    new Op.Exists(
                            ids++,
                            negative.relation(),
                            Rows.ALL,
                            true,
                            columns.keys,
                            columns.binds,
                            columns.checks,
                            rows));
            return true;
        }

        /// Takes the atom together with all others that only lack the same variable.
        private boolean intersect(Atom atom, List<Atom> left) {
            Op.Arm arm = arm(atom, -1);
            if (arm == null) {
                return false;
            }
            Term.Variable variable = (Term.Variable) atom.arguments().get(arm.column());
            List<Atom> together = new ArrayList<>(List.of(atom));
            List<Op.Arm> arms = new ArrayList<>(List.of(arm));
            double share = fanout(atom, bound);
            for (Atom other : left) {
                Op.Arm another = arm(other, variable.id());
                if (another != null && !together.contains(other)) {
                    together.add(other);
                    arms.add(another);
                    double tuples = Math.max(1, model.tuples(other.relation()));
                    share *= Math.min(1, fanout(other, bound) * fanout(atom, bound) / tuples);
                }
            }
            if (arms.size() < 2) {
                return false;
            }
            left.removeAll(together);
            arms.sort(Comparator.comparingInt(this::depth));
            bound.set(variable.id());
            rows *= share;
            ops.add(new Op.Intersect(ids++, variable.id(), arms, bag, rows));
            return true;
        }

        /// An atom of a complete relation: one column is known, one a variable, and nothing is
        /// asked of the others.
        ///
        /// @param wanted the variable that it has to be; -1 for any
        private Op.@Nullable Arm arm(Atom atom, int wanted) {
            List<Term> arguments = atom.arguments();
            if (arguments.size() > Relation.MAX_INDEXED_COLUMNS
                    || atom.rowRegister() >= 0
                    || open.test(atom.relation())
                    || !model.isListable(atom.relation())) {
                return null;
            }
            int key = -1;
            int other = -1;
            for (int column = 0; column < arguments.size(); column++) {
                Term term = arguments.get(column);
                if (term instanceof Term.Wildcard) {
                    continue;
                }
                if (key < 0 && Occurrences.isKnown(term, bound)) {
                    key = column;
                } else if (other < 0
                        && term instanceof Term.Variable variable
                        && !bound.get(variable.id())
                        && (wanted < 0 || wanted == variable.id())) {
                    other = column;
                } else {
                    return null;
                }
            }
            return key < 0 || other < 0
                    ? null
                    : new Op.Arm(
                            atom.relation(), new Op.Check(key, value(arguments.get(key))), other);
        }

        /// After how many operators the key is known.
        private int depth(Op.Arm arm) {
            if (!(arm.key().value() instanceof Value.Register register)) {
                return arm.key().value() instanceof Value.Constant ? 0 : ops.size();
            }
            for (int i = 0; i < ops.size(); i++) {
                if (binds(ops.get(i), register.index())) {
                    return i + 1;
                }
            }
            return 0;
        }

        private void emit(Atom atom, List<Atom> left) {
            List<Todo> added = new ArrayList<>();
            Columns columns = new Columns(atom.arguments(), added, true);
            double share = fanout(atom, bound);
            columns.binds.forEach(bind -> bound.set(bind.register()));
            todo.addAll(0, added);
            BitSet later = later(left);
            boolean multiplies = false;
            for (Op.Bind bind : columns.binds) {
                multiplies |= later.get(bind.register());
            }
            boolean whole = columns.keys.size() == atom.arguments().size();
            if (atom.rowRegister() < 0 && !multiplies && (!bag || whole)) {
                rows *= Math.min(1, share);
                ops.add(
                        new Op.Exists(
                                ids++,
                                atom.relation(),
                                atom.rows(),
                                false,
                                columns.keys,
                                columns.bindsFor(columns.checks),
                                columns.checks,
                                rows));
                return;
            }
            rows *= share;
            List<Op.Bind> binds = new ArrayList<>();
            if (atom.rowRegister() >= 0) {
                binds.add(new Op.Bind(Op.Bind.ROW, atom.rowRegister()));
                bound.set(atom.rowRegister());
            }
            List<Op.Bind> checked = columns.bindsFor(columns.checks);
            for (Op.Bind bind : columns.binds) {
                if (later.get(bind.register()) || checked.contains(bind)) {
                    binds.add(bind);
                }
            }
            ops.add(
                    columns.keys.isEmpty()
                            ? new Op.Scan(
                                    ids++,
                                    atom.relation(),
                                    atom.rows(),
                                    binds,
                                    columns.checks,
                                    rows)
                            : new Op.Probe(
                                    ids++,
                                    atom.relation(),
                                    atom.rows(),
                                    columns.keys,
                                    binds,
                                    columns.checks,
                                    rows));
        }

        /// Registers that are read by anything still to come.
        private BitSet later(List<Atom> left) {
            BitSet later = (BitSet) needed.clone();
            left.forEach(atom -> Occurrences.collect(atom.arguments(), later));
            for (Todo next : todo) {
                switch (next) {
                    case Equal(int register, Term term) -> {
                        later.set(register);
                        Occurrences.collect(term, later);
                    }
                    case Condition(Literal literal) -> Occurrences.collect(literal, later);
                }
            }
            return later;
        }

        /// Emits the first range or aggregate whose inputs are known; false when there is none.
        private boolean generate() {
            for (Iterator<Todo> left = todo.iterator(); left.hasNext(); ) {
                if (left.next() instanceof Condition(Literal literal)) {
                    if (literal instanceof Literal.Range range && isReady(range)) {
                        left.remove();
                        emit(range);
                        return true;
                    }
                    if (literal instanceof Literal.Aggregate aggregate
                            && aggregate.outer().stream().allMatch(bound::get)) {
                        left.remove();
                        emit(aggregate);
                        return true;
                    }
                }
            }
            return false;
        }

        private boolean isReady(Literal.Range range) {
            BitSet inputs = new BitSet();
            Occurrences.collectInputs(range, inputs);
            inputs.andNot(bound);
            return inputs.isEmpty();
        }

        private void emit(Literal.Range range) {
            int result = target(range.result(), range.kind());
            Term step = range.step();
            rows *= 10;
            ops.add(
                    new Op.Range(
                            ids++,
                            result,
                            range.kind(),
                            value(range.from()),
                            value(range.to()),
                            step == null ? null : value(step),
                            rows));
            bindOrCompare(range.result(), result, range.kind());
        }

        private void emit(Literal.Aggregate aggregate) {
            BitSet inner = new BitSet();
            aggregate.outer().forEach(inner::set);
            BitSet target = new BitSet();
            Term of = aggregate.target();
            if (of != null) {
                Occurrences.collect(of, target);
            }
            boolean counts =
                    aggregate.operator() != AggregateOperator.MIN
                            && aggregate.operator() != AggregateOperator.MAX;
            Body body = new Body(registers, inner, target, open, counts, 1);
            List<Atom> atoms = new ArrayList<>();
            for (Literal literal : aggregate.body()) {
                if (literal instanceof Literal.Positive positive) {
                    atoms.add(new Atom(positive, Rows.ALL, -1));
                } else {
                    body.todo.add(new Condition(literal));
                }
            }
            body.join(atoms, -1, List.of());
            int result = target(aggregate.result(), aggregate.kind());
            ops.add(
                    new Op.Aggregate(
                            ids++,
                            result,
                            aggregate.operator(),
                            aggregate.kind(),
                            of == null ? null : value(of),
                            body.ops,
                            aggregate.outer().stream().sorted().toList(),
                            rows));
            bindOrCompare(aggregate.result(), result, aggregate.kind());
        }

        /// The register for a result: its variable's, or a new one when that has a value already.
        private int target(int variable, Kind kind) {
            return bound.get(variable) ? registers.add(kind) : variable;
        }

        private void bindOrCompare(int variable, int result, Kind kind) {
            if (result == variable) {
                bound.set(variable);
                return;
            }
            bound.set(result);
            rows *= EQUALITY_SHARE;
            ops.add(
                    new Op.Filter(
                            ids++,
                            Comparison.EQUAL,
                            kind,
                            registers.value(result),
                            registers.value(variable),
                            rows));
        }

        /// What each column of an atom, or field of a record, is for.
        private final class Columns {
            private final List<Op.Check> keys = new ArrayList<>();
            private final List<Op.Bind> binds = new ArrayList<>();
            private final List<Op.Check> checks = new ArrayList<>();

            /// @param added gets what has to be compared or taken apart after binding
            /// @param keyed whether known values are keys, else checks
            Columns(List<Term> terms, List<Todo> added, boolean keyed) {
                BitSet here = new BitSet();
                for (int column = 0; column < terms.size(); column++) {
                    Term term = terms.get(column);
                    if (Occurrences.isKnown(term, bound)) {
                        (keyed && column < Relation.MAX_INDEXED_COLUMNS ? keys : checks)
                                .add(new Op.Check(column, value(term)));
                        continue;
                    }
                    switch (term) {
                        case Term.Wildcard _ -> {}
                        case Term.Variable variable -> {
                            if (here.get(variable.id())) {
                                checks.add(new Op.Check(column, value(variable)));
                            } else {
                                here.set(variable.id());
                                binds.add(new Op.Bind(column, variable.id()));
                            }
                        }
                        case Term.Call _, Term.RecordInit _, Term.BranchInit _, Term.Constant _ -> {
                            int register = registers.add(term.kind());
                            binds.add(new Op.Bind(column, register));
                            added.add(new Equal(register, term));
                        }
                    }
                }
            }

            /// Those of the binds that the checks read.
            private List<Op.Bind> bindsFor(List<Op.Check> readers) {
                BitSet read = new BitSet();
                for (Op.Check check : readers) {
                    if (check.value() instanceof Value.Register register) {
                        read.set(register.index());
                    }
                }
                return binds.stream().filter(bind -> read.get(bind.register())).toList();
            }
        }
    }

    private static boolean binds(Op op, int register) {
        return switch (op) {
            case Op.Scan scan -> binds(scan.binds(), register);
            case Op.Probe probe -> binds(probe.binds(), register);
            case Op.Unpack unpack -> binds(unpack.binds(), register);
            case Op.Intersect intersect -> intersect.register() == register;
            case Op.Compute compute -> compute.register() == register;
            case Op.Range range -> range.register() == register;
            case Op.Aggregate aggregate -> aggregate.register() == register;
            case Op.Exists _, Op.Filter _, Op.Match _, Op.Contains _, Op.Truth _ -> false;
        };
    }

    private static boolean binds(List<Op.Bind> binds, int register) {
        return binds.stream().anyMatch(bind -> bind.register() == register);
    }

    /// Whether a term is a number for each row.
    static boolean counts(Term term) {
        return switch (term) {
            case Term.Call call ->
                    call.functor() == Functor.COUNTER
                            || call.arguments().stream().anyMatch(RulePlanner::counts);
            case Term.RecordInit init -> init.arguments().stream().anyMatch(RulePlanner::counts);
            case Term.BranchInit init -> init.arguments().stream().anyMatch(RulePlanner::counts);
            case Term.Variable _, Term.Wildcard _, Term.Constant _ -> false;
        };
    }

    private static boolean isZero(Term term) {
        return term instanceof Term.Constant constant
                && constant.kind() == Kind.FLOAT
                && Double.longBitsToDouble(constant.bits()) == 0;
    }

    /// Whether variables in the term can be bound by taking a value apart.
    private static boolean isPattern(Term term) {
        return switch (term) {
            case Term.Variable _, Term.RecordInit _, Term.BranchInit _, Term.Wildcard _ -> true;
            case Term.Constant _, Term.Call _ -> false;
        };
    }
}
