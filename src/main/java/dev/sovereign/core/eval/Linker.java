package dev.sovereign.core.eval;

import dev.sovereign.core.analyze.Functor;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.ast.AggregateOperator;
import dev.sovereign.core.ast.Comparison;
import dev.sovereign.core.data.RecordTable;
import dev.sovereign.core.data.SymbolTable;
import dev.sovereign.core.plan.ir.Op;
import dev.sovereign.core.plan.ir.Pipeline;
import dev.sovereign.core.plan.ir.Rows;
import dev.sovereign.core.plan.ir.Step;
import dev.sovereign.core.plan.ir.Value;

import org.jspecify.annotations.Nullable;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntFunction;
import java.util.regex.Pattern;

/// Turns the operators of a plan into nodes that run on the tables of one evaluation. The only
/// place that knows both.
final class Linker {

    private final IntFunction<Table> tables;
    private final SymbolTable symbols;
    private final RecordTable records;
    private final Functors functors;
    private final Control control;
    private final Engine engine;
    private final Classes classes;

    /// Which of several threads the nodes are for; -1 for the evaluating one.
    private final int lane;

    /// Those that divide work of the evaluating one; null for none.
    private @Nullable Lanes lanes;

    private final Patterns patterns = new Patterns();
    private long counter;
    private long round;

    /// Ids of pipelines that find no tuple twice.
    private final BitSet distinct;

    /// Nodes by the id of their operator; filled while linking.
    private final Node[] counted;

    Linker(
            IntFunction<Table> tables,
            SymbolTable symbols,
            RecordTable records,
            Control control,
            Engine engine,
            int counters,
            Classes classes,
            int lane,
            BitSet distinct) {
        this.distinct = distinct;
        this.engine = engine;
        this.classes = classes;
        this.lane = lane;
        this.tables = tables;
        this.symbols = symbols;
        this.records = records;
        this.functors = new Functors(symbols, control);
        this.control = control;
        this.counted = new Node[counters];
    }

    /// From here on work is divided among these.
    void divideAmong(Lanes others) {
        lanes = others;
    }

    /// Rows handed on by each operator linked so far.
    long[] counts() {
        long[] counts = new long[counted.length];
        for (int i = 0; i < counts.length; i++) {
            counts[i] = counted[i] == null ? 0 : counted[i].count;
        }
        return counts;
    }

    Chain link(Pipeline pipeline) {
        Expression[] values = new Expression[pipeline.project().size()];
        int[] plain = new int[values.length];
        boolean allPlain = true;
        for (int i = 0; i < values.length; i++) {
            values[i] = link(pipeline.project().get(i), pipeline.names());
            if (values[i] instanceof Expression.Read read) {
                plain[i] = read.register;
            } else {
                allPlain = false;
            }
        }
        Table target = tables.apply(pipeline.target());
        Gate gate = target.gate();
        Node insert =
                gate != null
                        ? new Node.Admit(target, gate, values, control)
                        : new Node.Insert(
                                target,
                                pipeline.project(),
                                values,
                                allPlain ? plain : null,
                                control,
                                lane,
                                distinct.get(pipeline.id()));
        counted[pipeline.id()] = insert;
        return link(pipeline.ops(), insert, pipeline.registers(), pipeline.names());
    }

    /// The ways of a reduction to find pairs.
    List<Chain> link(Step.Reduction reduction) {
        Table table = tables.apply(reduction.relation());
        List<Chain> halves = new ArrayList<>();
        List<List<Op>> all =
                new ArrayList<>(List.of(reduction.newDominated(), reduction.newDominating()));
        all.addAll(reduction.newOthers());
        for (List<Op> ops : all) {
            Node kill = new Node.Kill(table, reduction.dominated(), reduction.dominating());
            halves.add(link(ops, kill, reduction.registers(), reduction.names()));
        }
        return halves;
    }

    private Chain link(List<Op> ops, Node last, int registers, List<String> names) {
        Node[] nodes = new Node[ops.size()];
        for (int i = 0; i < nodes.length; i++) {
            nodes[i] = link(ops.get(i), registers, names);
            counted[ops.get(i).id()] = nodes[i];
        }
        for (int i = 0; i + 1 < nodes.length; i++) {
            if (nodes[i] instanceof Node.Keyed keyed) {
                keyed.followedBy(nodes[i + 1]);
            }
        }
        // what several threads do is hot
        Engine how = lane >= 0 && engine == Engine.AUTO ? Engine.GENERATED : engine;
        return new Chain(ops, nodes, last, registers, how, control, classes);
    }

    private Node link(Op op, int registers, List<String> names) {
        return switch (op) {
            case Op.Scan scan ->
                    new Node.Scan(
                            tables.apply(scan.relation()),
                            scan.rows(),
                            reading(scan.binds(), scan.checks(), names),
                            control);
            case Op.Probe probe ->
                    new Node.Probe(
                            tables.apply(probe.relation()),
                            probe.rows(),
                            reading(probe.binds(), probe.checks(), names),
                            columns(probe.keys()),
                            values(probe.keys(), names),
                            control);
            case Op.Exists exists -> {
                Table table = tables.apply(exists.relation());
                yield new Node.Exists(
                        table,
                        exists.rows(),
                        reading(exists.binds(), exists.checks(), names),
                        columns(exists.keys()),
                        values(exists.keys(), names),
                        exists.negated(),
                        exists.rows() == Rows.ALL
                                && !exists.keys().isEmpty()
                                && exists.keys().size() == table.rows().arity(),
                        control);
            }
            case Op.Intersect intersect -> {
                List<Op.Arm> arms = intersect.arms();
                yield new Intersect(
                        arms.stream()
                                .map(arm ->
                                        new Intersect.Arm(
                                                tables.apply(arm.relation()),
                                                arm.key().column(),
                                                arm.column()))
                                .toArray(Intersect.Arm[]::new),
                        values(arms.stream().map(Op.Arm::key).toList(), names),
                        intersect.register(),
                        intersect.bag(),
                        control);
            }
            case Op.Filter filter ->
                    new Node.Filter(
                            compare(
                                    filter.comparison(),
                                    filter.kind(),
                                    link(filter.left(), names),
                                    link(filter.right(), names)));
            case Op.Match match -> new Node.Filter(match(match, names));
            case Op.Contains contains -> {
                Expression part = link(contains.part(), names);
                Expression text = link(contains.text(), names);
                boolean wanted = !contains.negated();
                yield new Node.Filter(r ->
                        symbols.text(text.get(r)).contains(symbols.text(part.get(r))) == wanted);
            }
            case Op.Truth truth -> {
                boolean value = truth.value();
                yield new Node.Filter(_ -> value);
            }
            case Op.Compute compute ->
                    new Node.Compute(compute.register(), link(compute.value(), names));
            case Op.Unpack unpack ->
                    new Generators.Unpack(
                            link(unpack.value(), names),
                            unpack.tag(),
                            unpack.arity(),
                            unpack.binds().stream().mapToInt(Op.Bind::column).toArray(),
                            unpack.binds().stream().mapToInt(Op.Bind::register).toArray(),
                            columns(unpack.checks()),
                            values(unpack.checks(), names),
                            records);
            case Op.Range range ->
                    new Generators.Range(
                            range.register(),
                            range.kind(),
                            link(range.from(), names),
                            link(range.to(), names),
                            range.step() == null ? null : link(range.step(), names),
                            functors,
                            control);
            case Op.Aggregate aggregate -> aggregate(aggregate, registers, names);
        };
    }

    private Node aggregate(Op.Aggregate aggregate, int registers, List<String> names) {
        Chain body = body(aggregate, registers, names);
        Lanes others = lanes;
        DividedRule.Body divided = null;
        if (others != null && Division.isPossible(aggregate)) {
            List<Chain> bodies = new ArrayList<>();
            for (int i = 0; i < others.count(); i++) {
                bodies.add(others.linker(i).body(aggregate, registers, names));
            }
            divided = new DividedRule.Body(others, bodies);
        }
        return new Generators.Aggregate(
                body,
                divided,
                aggregate.register(),
                aggregate.group().stream().mapToInt(Integer::intValue).toArray(),
                control);
    }

    /// Ends in an accumulator.
    private Chain body(Op.Aggregate aggregate, int registers, List<String> names) {
        Value target = aggregate.target();
        Kind targetKind = target == null ? aggregate.kind() : target.kind();
        Generators.Accumulator accumulator =
                new Generators.Accumulator(
                        target == null ? AggregateOperator.COUNT : aggregate.operator(),
                        aggregate.kind(),
                        targetKind,
                        target == null ? null : link(target, names),
                        functors);
        return link(aggregate.body(), accumulator, registers, names);
    }

    private Node.Reading reading(List<Op.Bind> binds, List<Op.Check> checks, List<String> names) {
        int row = -1;
        List<Op.Bind> columns = new ArrayList<>();
        for (Op.Bind bind : binds) {
            if (bind.column() == Op.Bind.ROW) {
                row = bind.register();
            } else {
                columns.add(bind);
            }
        }
        return new Node.Reading(
                columns.stream().mapToInt(Op.Bind::column).toArray(),
                columns.stream().mapToInt(Op.Bind::register).toArray(),
                row,
                columns(checks),
                values(checks, names));
    }

    private static int[] columns(List<Op.Check> checks) {
        return checks.stream().mapToInt(Op.Check::column).toArray();
    }

    private Expression[] values(List<Op.Check> checks, List<String> names) {
        return checks.stream().map(check -> link(check.value(), names)).toArray(Expression[]::new);
    }

    private Expression link(Value value, List<String> names) {
        return switch (value) {
            case Value.Register register -> new Expression.Read(register.index());
            case Value.Constant constant -> {
                String symbol = constant.symbol();
                yield new Expression.Fixed(
                        symbol == null ? constant.bits() : symbols.intern(symbol));
            }
            case Value.Call call -> {
                if (call.functor() == Functor.COUNTER || call.functor() == Functor.ITERATION) {
                    yield new Made(call.functor() == Functor.COUNTER);
                }
                if (call.functor() == Functor.OUTER) {
                    yield outer(call, names);
                }
                Expression[] arguments = links(call.arguments(), names);
                Expression computed =
                        functors.call(call.functor(), call.operands(), call.kind(), arguments);
                yield switch (call.functor()) {
                    case DIVIDE, MODULO, POWER, TO_NUMBER, TO_UNSIGNED, TO_FLOAT ->
                            new Guarded(computed, call, names);
                    default -> computed;
                };
            }
            case Value.Make make -> {
                Expression[] fields = links(make.fields(), names);
                int tag = make.tag();
                if (tag < 0) {
                    yield new Expression.Many(records::intern, fields);
                }
                Expression[] tagged = new Expression[fields.length + 1];
                tagged[0] = new Expression.Fixed(tag);
                System.arraycopy(fields, 0, tagged, 1, fields.length);
                yield new Expression.Many(records::intern, tagged);
            }
        };
    }

    private Expression[] links(List<Value> values, List<String> names) {
        return values.stream().map(value -> link(value, names)).toArray(Expression[]::new);
    }

    private Node.Test compare(Comparison comparison, Kind kind, Expression a, Expression b) {
        if (kind == Kind.FLOAT) {
            return switch (comparison) {
                case EQUAL -> r -> Functors.real(a.get(r)) == Functors.real(b.get(r));
                case NOT_EQUAL -> r -> Functors.real(a.get(r)) != Functors.real(b.get(r));
                case LESS -> r -> Functors.real(a.get(r)) < Functors.real(b.get(r));
                case LESS_OR_EQUAL -> r -> Functors.real(a.get(r)) <= Functors.real(b.get(r));
                case GREATER -> r -> Functors.real(a.get(r)) > Functors.real(b.get(r));
                case GREATER_OR_EQUAL -> r -> Functors.real(a.get(r)) >= Functors.real(b.get(r));
            };
        }
        if (kind == Kind.NUMBER) {
            return switch (comparison) {
                case EQUAL -> r -> a.get(r) == b.get(r);
                case NOT_EQUAL -> r -> a.get(r) != b.get(r);
                case LESS -> r -> a.get(r) < b.get(r);
                case LESS_OR_EQUAL -> r -> a.get(r) <= b.get(r);
                case GREATER -> r -> a.get(r) > b.get(r);
                case GREATER_OR_EQUAL -> r -> a.get(r) >= b.get(r);
            };
        }
        return switch (comparison) {
            case EQUAL -> r -> a.get(r) == b.get(r);
            case NOT_EQUAL -> r -> a.get(r) != b.get(r);
            case LESS -> r -> functors.order(kind, a.get(r), b.get(r)) < 0;
            case LESS_OR_EQUAL -> r -> functors.order(kind, a.get(r), b.get(r)) <= 0;
            case GREATER -> r -> functors.order(kind, a.get(r), b.get(r)) > 0;
            case GREATER_OR_EQUAL -> r -> functors.order(kind, a.get(r), b.get(r)) >= 0;
        };
    }

    private Node.Test match(Op.Match match, List<String> names) {
        Expression pattern = link(match.pattern(), names);
        Expression text = link(match.text(), names);
        boolean wanted = !match.negated();
        return new Node.Test() {
            private long compiledId = SymbolTable.NONE;
            private @Nullable Pattern compiled;

            @Override
            public boolean holds(long[] registers) {
                long id = pattern.get(registers);
                if (id != compiledId) {
                    compiled = patterns.compile(symbols.text(id));
                    compiledId = id;
                }
                Pattern known = compiled;
                if (known == null) { // what is no pattern neither matches nor fails to
                    return false;
                }
                String whole = symbols.text(text.get(registers));
                try {
                    return known.matcher(new Watched(whole, control)).matches() == wanted;
                } catch (StackOverflowError _) {
                    throw new Uncomputable(
                            "match with the pattern \""
                                    + symbols.text(id)
                                    + "\" of a text of "
                                    + whole.length()
                                    + " characters: it recurses too deeply");
                }
            }
        };
    }

    /// A text whose reader can be stopped: some patterns look at it exponentially often.
    private record Watched(CharSequence text, Control control) implements CharSequence {
        @Override
        public char charAt(int index) {
            control.step();
            return text.charAt(index);
        }

        @Override
        public int length() {
            return text.length();
        }

        @Override
        public CharSequence subSequence(int start, int end) {
            return new Watched(text.subSequence(start, end), control);
        }

        @Override
        public String toString() {
            return text.toString();
        }
    }

    /// A number that the evaluation itself makes.
    private final class Made extends Expression {
        private final boolean counts;

        Made(boolean counts) {
            this.counts = counts;
        }

        @Override
        long get(long[] registers) {
            return counts ? counter++ : round;
        }
    }

    /// Patterns of `match` that are none, in the order in which they were met.
    List<String> badPatterns() {
        return patterns.bad();
    }

    private OuterCall outer(Value.Call call, List<String> names) {
        if (!(call.arguments().getFirst() instanceof Value.Constant(_, _, String name))) {
            throw new IllegalStateException("a functor from outside without a name");
        }
        List<Value> own = call.arguments().subList(1, call.arguments().size());
        return new OuterCall(
                name,
                own.stream().map(Value::kind).toList(),
                call.kind(),
                links(own, names),
                symbols,
                control);
    }

    /// The round of the fixpoint that runs.
    void round(long current) {
        round = current;
    }

    /// A call that may fail: says on which values.
    private final class Guarded extends Expression {
        private final Expression computed;
        private final Value.Call call;
        private final List<String> names;

        Guarded(Expression computed, Value.Call call, List<String> names) {
            this.computed = computed;
            this.call = call;
            this.names = names;
        }

        @Override
        long get(long[] registers) {
            try {
                return computed.get(registers);
            } catch (Uncomputable failure) {
                List<String> row = new ArrayList<>();
                describe(call, registers, row);
                throw failure.on(String.join(", ", row));
            }
        }

        private void describe(Value value, long[] registers, List<String> row) {
            switch (value) {
                case Value.Register register -> {
                    String shown =
                            names.get(register.index())
                                    + " = "
                                    + shown(register.kind(), registers[register.index()]);
                    if (!row.contains(shown)) {
                        row.add(shown);
                    }
                }
                case Value.Constant _ -> {}
                case Value.Call inner ->
                        inner.arguments().forEach(each -> describe(each, registers, row));
                case Value.Make make ->
                        make.fields().forEach(each -> describe(each, registers, row));
            }
        }
    }

    private String shown(Kind kind, long bits) {
        return switch (kind) {
            case NUMBER, RECORD, ADT -> Long.toString(bits);
            case UNSIGNED -> Long.toUnsignedString(bits);
            case FLOAT -> Double.toString(Functors.real(bits));
            case SYMBOL -> {
                String text = symbols.text(bits);
                yield '"' + (text.length() <= 60 ? text : text.substring(0, 59) + "…") + '"';
            }
        };
    }
}
