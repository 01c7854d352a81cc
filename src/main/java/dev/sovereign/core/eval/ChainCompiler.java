package dev.sovereign.core.eval;

import static java.lang.constant.ConstantDescs.CD_Object;
import static java.lang.constant.ConstantDescs.CD_boolean;
import static java.lang.constant.ConstantDescs.CD_int;
import static java.lang.constant.ConstantDescs.CD_long;
import static java.lang.constant.ConstantDescs.CD_void;

import dev.sovereign.core.analyze.Functor;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.data.Adder;
import dev.sovereign.core.data.Adjacency;
import dev.sovereign.core.data.Column;
import dev.sovereign.core.data.Relation;
import dev.sovereign.core.data.RowFilter;
import dev.sovereign.core.plan.ir.Op;
import dev.sovereign.core.plan.ir.Value;

import org.jspecify.annotations.Nullable;

import java.lang.classfile.Attributes;
import java.lang.classfile.ClassFile;
import java.lang.classfile.ClassHierarchyResolver;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.MethodTypeDesc;
import java.lang.invoke.MethodHandles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;

/// Makes one class of a chain of operators: nested loops with registers as local variables, so that
/// the JIT compiler sees a whole rule at once. What has no code of its own here (a function of
/// strings, taking records apart, aggregates) is a call of its node or expression in between, with
/// the registers in an array as the interpreter has them.
///
/// The code relies on what nodes decided in [Node#prepare]: [#assumptions] tells whether that still
/// holds.
final class ChainCompiler {

    /// The JIT compiler leaves longer methods to its interpreter.
    private static final int MAX_CODE_BYTES = 7_900;

    /// Operators and registers of chains that are tried.
    private static final int MAX_OPS = 60;

    private static final int MAX_REGISTERS = 200;

    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final ClassDesc KERNEL = desc(Kernel.class);
    private static final ClassDesc NODE = desc(Node.class);
    private static final ClassDesc CONTROL = desc(Control.class);
    private static final ClassDesc RELATION = desc(Relation.class);
    private static final ClassDesc ADDER = desc(Adder.class);
    private static final ClassDesc COLUMN = desc(Column.class);
    private static final ClassDesc CURSOR = desc(Adjacency.Cursor.class);
    private static final ClassDesc KEYED = desc(Node.Keyed.class);
    private static final ClassDesc OF_TABLE = desc(Node.OfTable.class);
    private static final ClassDesc EXPRESSION = desc(Expression.class);
    private static final ClassDesc LONGS = CD_long.arrayType();
    private static final ClassDesc INTS = CD_int.arrayType();
    private static final ClassDesc NAME =
            ClassDesc.of(ChainCompiler.class.getPackageName(), "GeneratedRule");
    private static final MethodTypeDesc RUN = MethodTypeDesc.of(CD_boolean, LONGS);

    private static final int THIS = 0;
    private static final int ROW = 1;

    private final List<Op> ops;
    private final Node[] nodes;
    private final Node last;
    private final int registers;
    private final Control control;
    private final Classes classes;

    private final List<Object> parts = new ArrayList<>();
    private final BitSet bound = new BitSet();

    // set when code is made
    private @Nullable CodeBuilder builder;
    private int controlSlot;
    private int[] counters = {};
    private int[] nodeSlots = {};
    private int[] registerSlots = {};
    private @Nullable Label yes;
    private @Nullable Label no;

    ChainCompiler(
            List<Op> ops,
            Node[] nodes,
            Node last,
            int registers,
            Control control,
            Classes classes) {
        this.classes = classes;
        this.ops = ops;
        this.nodes = nodes;
        this.last = last;
        this.registers = registers;
        this.control = control;
    }

    private static ClassDesc desc(Class<?> type) {
        return type.describeConstable().orElseThrow();
    }

    /// A number that changes when what the code relies on does.
    static long assumptions(List<Op> ops, Node[] nodes) {
        long bits = 1;
        for (int i = 0; i < nodes.length; i++) {
            int each = 0;
            if (nodes[i] instanceof Node.Keyed keyed) {
                each = (keyed.isListed() ? 1 : 0) + (keyed.isOfNeighbors() ? 2 : 0);
                if (nodes[i] instanceof Node.Exists exists) {
                    each += exists.isInSet() ? 4 : 0;
                }
            }
            if (nodes[i] instanceof Node.OfTable table) {
                each += table.filter != null ? 8 : 0;
            }
            bits = bits * 31 + each;
            if (isCalled(ops.get(i))) {
                break;
            }
        }
        return bits;
    }

    /// Whether the rest of a chain is a method of its own, called by this operator's node.
    private static boolean isCalled(Op op) {
        return switch (op) {
            case Op.Unpack _, Op.Range _, Op.Aggregate _ -> true;
            case Op.Scan _,
                    Op.Probe _,
                    Op.Exists _,
                    Op.Intersect _,
                    Op.Filter _,
                    Op.Match _,
                    Op.Contains _,
                    Op.Truth _,
                    Op.Compute _ ->
                    false;
        };
    }

    /// Null when the chain is too long for that, or has nothing to gain.
    @Nullable Kernel compile() {
        if (ops.size() > MAX_OPS || registers > MAX_REGISTERS) {
            return null;
        }
        for (int i = 0; i < ops.size(); i++) {
            if (isCalled(ops.get(i))) {
                // what follows first: this method ends in a call of the node
                if (i + 1 < ops.size()) {
                    Node[] rest = Arrays.copyOfRange(nodes, i + 1, nodes.length);
                    List<Op> restOps = ops.subList(i + 1, ops.size());
                    nodes[i].next =
                            new Chain(
                                            restOps,
                                            rest,
                                            last,
                                            registers,
                                            Engine.GENERATED,
                                            control,
                                            classes)
                                    .asNode();
                }
                if (i == 0) {
                    return null;
                }
                break;
            }
        }
        byte[] bytes =
                ClassFile.of(
                                ClassFile.ClassHierarchyResolverOption.of(
                                        ClassHierarchyResolver.ofClassLoading(LOOKUP)))
                        .build(
                                NAME,
                                type ->
                                        type.withFlags(ClassFile.ACC_FINAL)
                                                .withSuperclass(KERNEL)
                                                .withMethodBody(
                                                        "<init>",
                                                        constructor(),
                                                        0,
                                                        ChainCompiler::construct)
                                                .withMethodBody("run", RUN, 0, this::generate));
        boolean tooLong =
                ClassFile.of().parse(bytes).methods().stream()
                        .anyMatch(method ->
                                method.findAttribute(Attributes.code()).orElseThrow().codeLength()
                                        > MAX_CODE_BYTES);
        if (tooLong) {
            return null;
        }
        return classes.instance(bytes, parts.toArray(), control);
    }

    private static MethodTypeDesc constructor() {
        return MethodTypeDesc.of(CD_void, CD_Object.arrayType(), CONTROL);
    }

    private static void construct(CodeBuilder code) {
        code.aload(0).aload(1).aload(2).invokespecial(KERNEL, "<init>", constructor()).return_();
    }

    private CodeBuilder code() {
        CodeBuilder code = builder;
        if (code == null) {
            throw new IllegalStateException("no code yet");
        }
        return code;
    }

    private void generate(CodeBuilder code) {
        builder = code;
        parts.clear();
        bound.clear();
        yes = code.newLabel();
        no = code.newLabel();
        controlSlot = code.allocateLocal(TypeKind.REFERENCE);
        code.aload(THIS).getfield(KERNEL, "control", CONTROL).astore(controlSlot);
        counters = new int[nodes.length + 1];
        for (int i = 0; i < counters.length; i++) {
            counters[i] = code.allocateLocal(TypeKind.LONG);
            code.lconst_0().lstore(counters[i]);
        }
        nodeSlots = new int[nodes.length + 1];
        for (int i = 0; i < nodeSlots.length; i++) {
            nodeSlots[i] = code.allocateLocal(TypeKind.REFERENCE);
            load(node(i), node(i).getClass());
            code.astore(nodeSlots[i]);
        }
        registerSlots = new int[registers];
        for (int register = 0; register < registers; register++) {
            registerSlots[register] = code.allocateLocal(TypeKind.LONG);
            code.aload(ROW).loadConstant(register).laload().lstore(registerSlots[register]);
        }
        Label end = code.newLabel();
        emit(0, end);
        code.labelBinding(end);
        Label labelYes = yes;
        Label labelNo = no;
        if (labelYes == null || labelNo == null) {
            throw new IllegalStateException("no labels");
        }
        code.labelBinding(labelYes);
        flush();
        code.iconst_1().ireturn();
        code.labelBinding(labelNo);
        flush();
        code.iconst_0().ireturn();
    }

    /// Adds what was counted to the nodes.
    private void flush() {
        CodeBuilder code = code();
        for (int i = 0; i <= nodes.length; i++) {
            if (i == nodes.length && !(last instanceof Node.Insert)) {
                continue;
            }
            part(node(i), Node.class);
            code.dup()
                    .getfield(NODE, "count", CD_long)
                    .lload(counters[i])
                    .ladd()
                    .putfield(NODE, "count", CD_long);
        }
    }

    private void count(int position) {
        code().lload(counters[position]).lconst_1().ladd().lstore(counters[position]);
    }

    /// Pushes a part of the kernel, which is known by its identity: a node from a local variable,
    /// anything else from the array.
    @SuppressWarnings("ReferenceEquality")
    private void part(Object part, Class<?> type) {
        for (int i = 0; i < nodeSlots.length; i++) {
            if (part == node(i)) {
                code().aload(nodeSlots[i]);
                return;
            }
        }
        load(part, type);
    }

    private Node node(int position) {
        return position == nodes.length ? last : nodes[position];
    }

    @SuppressWarnings("ReferenceEquality")
    private void load(Object part, Class<?> type) {
        int index = -1;
        for (int i = 0; i < parts.size(); i++) {
            if (parts.get(i) == part) {
                index = i;
            }
        }
        if (index < 0) {
            index = parts.size();
            parts.add(part);
        }
        code().aload(THIS)
                .getfield(KERNEL, "parts", CD_Object.arrayType())
                .loadConstant(index)
                .aaload()
                .checkcast(desc(type));
    }

    /// @param next where the next row of the enclosing loop is fetched
    private void emit(int position, Label next) {
        if (position == ops.size()) {
            emitLast(next);
            return;
        }
        Node node = nodes[position];
        switch (ops.get(position)) {
            case Op.Scan scan -> scan(scan, (Node.Scan) node, position, next);
            case Op.Probe probe -> probe(probe, (Node.Probe) node, position, next);
            case Op.Exists exists -> exists(exists, (Node.Exists) node, position, next);
            case Op.Intersect intersect -> intersect(intersect, (Intersect) node, position, next);
            case Op.Filter filter -> filter(filter, (Node.Filter) node, position, next);
            case Op.Match _, Op.Contains _, Op.Truth _ -> test((Node.Filter) node, position, next);
            case Op.Compute compute -> {
                value(compute.value(), ((Node.Compute) node).value);
                bind(compute.register());
                count(position);
                emit(position + 1, next);
            }
            case Op.Unpack _, Op.Range _, Op.Aggregate _ -> call(node, next);
        }
    }

    private void call(Node node, Label next) {
        spill();
        part(node, Node.class);
        code().aload(ROW).invokevirtual(NODE, "run", RUN).ifeq(label(no)).goto_(next);
    }

    private static Label label(@Nullable Label label) {
        if (label == null) {
            throw new IllegalStateException("no label");
        }
        return label;
    }

    /// Writes the registers to where interpreted parts read them.
    private void spill() {
        bound.stream()
                .forEach(register ->
                        code().aload(ROW)
                                .loadConstant(register)
                                .lload(registerSlots[register])
                                .lastore());
    }

    private void bind(int register) {
        code().lstore(registerSlots[register]);
        bound.set(register);
    }

    private void scan(Op.Scan op, Node.Scan node, int position, Label next) {
        if (filtersList(op, node, position, next)) {
            return;
        }
        CodeBuilder code = code();
        int row = code.allocateLocal(TypeKind.INT);
        int to = code.allocateLocal(TypeKind.INT);
        part(node, Node.OfTable.class);
        code.dup()
                .getfield(OF_TABLE, "from", CD_int)
                .istore(row)
                .getfield(OF_TABLE, "to", CD_int)
                .istore(to);
        int[] columns = columns(node, op.binds(), op.checks());
        steps(row, to);
        Label loop = code.newLabel();
        Label more = code.newLabel();
        code.labelBinding(loop);
        code.iload(row).iload(to).if_icmpge(next);
        read(node, node.reading, op.binds(), op.checks(), columns, row, more);
        count(position);
        emit(position + 1, more);
        code.labelBinding(more);
        code.iinc(row, 1).goto_(loop);
    }

    /// Where a rule ends in this scan of one column, a look into the set of a relation, and adding,
    /// with everything else known further out: does that as a whole.
    private boolean filtersList(Op.Scan op, Node.Scan node, int position, Label next) {
        if (position == 0
                || position + 2 != ops.size()
                || op.binds().size() != 1
                || op.binds().getFirst().column() == Op.Bind.ROW
                || !op.checks().isEmpty()
                || !(ops.get(position + 1) instanceof Op.Exists look)
                || look.keys().size() != 2
                || !((Node.Exists) nodes[position + 1]).isInSet()
                || !(last instanceof Node.Insert insert)) {
            return false;
        }
        int listed = op.binds().getFirst().register();
        int listedKey = registerOf(look.keys().get(0).value()) == listed ? 0 : 1;
        Value beside = look.keys().get(1 - listedKey).value();
        if (registerOf(look.keys().get(listedKey).value()) != listed
                || !(beside instanceof Value.Constant
                        || (registerOf(beside) >= 0 && registerOf(beside) != listed))
                || !addsAll(insert, listed)) {
            return false;
        }
        int listedColumn = listedColumn(insert, listed);
        Node.Exists exists = (Node.Exists) nodes[position + 1];
        FilteredList all =
                new FilteredList(
                        node,
                        op.binds().getFirst().column(),
                        exists,
                        listedKey,
                        look.negated(),
                        insert,
                        listedColumn,
                        control);
        load(all, FilteredList.class);
        value(beside, exists.keys[1 - listedKey]);
        value(insert.project.get(1 - listedColumn), insert.values[1 - listedColumn]);
        code().invokevirtual(
                        desc(FilteredList.class),
                        "run",
                        MethodTypeDesc.of(CD_void, CD_long, CD_long))
                .goto_(next);
        return true;
    }

    /// -1 for a value that is no register's.
    private static int registerOf(Value value) {
        return value instanceof Value.Register register ? register.index() : -1;
    }

    /// Counts `to - from` rows, if there are any.
    private void steps(int from, int to) {
        code().aload(controlSlot)
                .iload(to)
                .iload(from)
                .isub()
                .invokevirtual(CONTROL, "steps", MethodTypeDesc.of(CD_void, CD_int));
    }

    /// Locals that hold the columns to be read, by position among binds and checks.
    private int[] columns(Node.OfTable node, List<Op.Bind> binds, List<Op.Check> checks) {
        CodeBuilder code = code();
        int[] slots = new int[binds.size() + checks.size()];
        for (int i = 0; i < slots.length; i++) {
            int column =
                    i < binds.size()
                            ? binds.get(i).column()
                            : checks.get(i - binds.size()).column();
            if (column == Op.Bind.ROW) {
                continue;
            }
            slots[i] = code.allocateLocal(TypeKind.REFERENCE);
            part(node, Node.OfTable.class);
            code.getfield(OF_TABLE, "rows", RELATION)
                    .loadConstant(column)
                    .invokevirtual(RELATION, "column", MethodTypeDesc.of(COLUMN, CD_int))
                    .astore(slots[i]);
        }
        return slots;
    }

    private void read(
            Node.OfTable node,
            Node.Reading reading,
            List<Op.Bind> binds,
            List<Op.Check> checks,
            int[] columns,
            int row,
            Label fails) {
        CodeBuilder code = code();
        if (node.filter != null) {
            part(node, Node.OfTable.class);
            code.getfield(OF_TABLE, "filter", desc(RowFilter.class))
                    .iload(row)
                    .invokeinterface(
                            desc(RowFilter.class), "visible", MethodTypeDesc.of(CD_boolean, CD_int))
                    .ifeq(fails);
        }
        for (int i = 0; i < binds.size(); i++) {
            if (binds.get(i).column() == Op.Bind.ROW) {
                code.iload(row).i2l();
            } else {
                cell(columns[i], row);
            }
            bind(binds.get(i).register());
        }
        for (int i = 0; i < checks.size(); i++) {
            cell(columns[binds.size() + i], row);
            value(checks.get(i).value(), reading.checks[i]);
            code.lcmp().ifne(fails);
        }
    }

    private void cell(int column, int row) {
        code().aload(column)
                .iload(row)
                .invokevirtual(COLUMN, "get", MethodTypeDesc.of(CD_long, CD_int));
    }

    private void probe(Op.Probe op, Node.Probe node, int position, Label next) {
        CodeBuilder code = code();
        if (!node.isListed()) {
            probeIndex(op, node, position, next);
            return;
        }
        int[] columns = node.isOfNeighbors() ? new int[0] : columns(node, op.binds(), op.checks());
        int list = code.allocateLocal(TypeKind.REFERENCE);
        int at = code.allocateLocal(TypeKind.INT);
        int to = code.allocateLocal(TypeKind.INT);
        step();
        seek(op.keys().getFirst().value(), node);
        code.ifeq(next);
        part(node, Node.Keyed.class);
        code.getfield(KEYED, "cursor", CURSOR)
                .dup()
                .getfield(CURSOR, "list", INTS)
                .astore(list)
                .dup()
                .getfield(CURSOR, "from", CD_int)
                .istore(at)
                .getfield(CURSOR, "to", CD_int)
                .istore(to);
        code.aload(controlSlot).invokevirtual(CONTROL, "step", MethodTypeDesc.of(CD_void));
        steps(at, to);
        if (node.isOfNeighbors() && onlyCounted(position)) {
            code.iload(to).iload(at).isub().istore(to);
            countAll(position, to, next);
            return;
        }
        if (node.isOfNeighbors()
                && position + 1 == ops.size()
                && last instanceof Node.Insert insert
                && addsAll(insert, node.neighborRegister)) {
            addAll(insert, node.neighborRegister, position, list, at, to, next);
            return;
        }
        Label loop = code.newLabel();
        Label more = code.newLabel();
        code.labelBinding(loop);
        code.iload(at).iload(to).if_icmpge(next);
        if (node.isOfNeighbors()) {
            if (node.neighborRegister >= 0) {
                code.aload(list).iload(at).iaload().i2l();
                bind(node.neighborRegister);
            }
        } else {
            int row = code.allocateLocal(TypeKind.INT);
            code.aload(list).iload(at).iaload().istore(row);
            read(node, node.reading, op.binds(), op.checks(), columns, row, more);
        }
        count(position);
        emit(position + 1, more);
        code.labelBinding(more);
        code.iinc(at, 1).goto_(loop);
    }

    /// Whether a rule ends in adding a whole list beside one value.
    private static boolean addsAll(Node.Insert insert, int register) {
        if (!insert.isPlain() || insert.project.size() != 2) {
            return false;
        }
        int listed = listedColumn(insert, register);
        return listed >= 0
                && (insert.values[1 - listed] instanceof Expression.Fixed
                        || (insert.project.get(1 - listed) instanceof Value.Register other
                                && other.index() != register));
    }

    private static int listedColumn(Node.Insert insert, int register) {
        for (int column = 0; column < 2; column++) {
            if (insert.project.get(column) instanceof Value.Register value
                    && value.index() == register) {
                return column;
            }
        }
        return -1;
    }

    private void addAll(
            Node.Insert insert, int register, int position, int list, int at, int to, Label next) {
        CodeBuilder code = code();
        int fixed = 1 - listedColumn(insert, register);
        int added = code.allocateLocal(TypeKind.INT);
        code.lload(counters[position]).iload(to).iload(at).isub().i2l().ladd();
        code.lstore(counters[position]);
        part(insert, Node.Insert.class);
        code.getfield(desc(Node.Insert.class), "rows", ADDER).loadConstant(fixed);
        value(insert.project.get(fixed), insert.values[fixed]);
        code.aload(list)
                .iload(at)
                .iload(to)
                .invokevirtual(
                        ADDER,
                        "addAll",
                        MethodTypeDesc.of(CD_int, CD_int, CD_long, INTS, CD_int, CD_int))
                .istore(added);
        code.lload(counters[nodes.length]).iload(added).i2l().ladd();
        code.lstore(counters[nodes.length]);
        code.aload(controlSlot)
                .iload(added)
                .invokevirtual(CONTROL, "derived", MethodTypeDesc.of(CD_void, CD_int))
                .goto_(next);
    }

    private void seek(Value key, Node.Keyed node) {
        part(node, Node.Keyed.class);
        value(key, node.keys[0]);
        code().invokevirtual(KEYED, "seek", MethodTypeDesc.of(CD_boolean, CD_long));
    }

    private void key(List<Op.Check> keys, Node.Keyed node) {
        CodeBuilder code = code();
        for (int i = 0; i < keys.size(); i++) {
            part(node, Node.Keyed.class);
            code.getfield(KEYED, "key", LONGS).loadConstant(i);
            value(keys.get(i).value(), node.keys[i]);
            code.lastore();
        }
    }

    private void probeIndex(Op.Probe op, Node.Probe node, int position, Label next) {
        CodeBuilder code = code();
        int[] columns = columns(node, op.binds(), op.checks());
        int row = code.allocateLocal(TypeKind.INT);
        key(op.keys(), node);
        ClassDesc probe = desc(Node.Probe.class);
        part(node, Node.Probe.class);
        code.invokevirtual(probe, "firstRow", MethodTypeDesc.of(CD_int)).istore(row);
        Label loop = code.newLabel();
        Label more = code.newLabel();
        code.labelBinding(loop);
        code.iload(row).iflt(next);
        read(node, node.reading, op.binds(), op.checks(), columns, row, more);
        count(position);
        emit(position + 1, more);
        code.labelBinding(more);
        part(node, Node.Probe.class);
        code.iload(row)
                .invokevirtual(probe, "nextRow", MethodTypeDesc.of(CD_int, CD_int))
                .istore(row)
                .goto_(loop);
    }

    private void exists(Op.Exists op, Node.Exists node, int position, Label next) {
        CodeBuilder code = code();
        if (node.isInSet() && op.keys().size() <= 2) {
            step();
            part(node, Node.OfTable.class);
            code.getfield(OF_TABLE, "rows", RELATION);
            value(op.keys().get(0).value(), node.keys[0]);
            if (op.keys().size() == 2) {
                value(op.keys().get(1).value(), node.keys[1]);
                code.invokevirtual(
                        RELATION, "contains", MethodTypeDesc.of(CD_boolean, CD_long, CD_long));
            } else {
                code.invokevirtual(RELATION, "contains", MethodTypeDesc.of(CD_boolean, CD_long));
            }
        } else if (node.isListed() && node.isOfNeighbors()) {
            step();
            seek(op.keys().getFirst().value(), node);
        } else {
            step();
            spill();
            part(node, Node.Exists.class);
            code.aload(ROW).invokevirtual(desc(Node.Exists.class), "exists", RUN);
        }
        if (op.negated()) {
            code.ifne(next);
        } else {
            code.ifeq(next);
        }
        count(position);
        emit(position + 1, next);
    }

    private void intersect(Op.Intersect op, Intersect node, int position, Label next) {
        CodeBuilder code = code();
        ClassDesc type = desc(Intersect.class);
        for (int i = 0; i < op.arms().size(); i++) {
            part(node, Intersect.class);
            code.getfield(type, "key", LONGS).loadConstant(i);
            value(op.arms().get(i).key().value(), node.keys[i]);
            code.lastore();
        }
        int many = code.allocateLocal(TypeKind.INT);
        part(node, Intersect.class);
        code.invokevirtual(type, "find", MethodTypeDesc.of(CD_int)).istore(many);
        Label some = code.newLabel();
        Label others = code.newLabel();
        code.labelBinding(some);
        code.iload(many).ifeq(next);
        if (onlyCounted(position)) {
            countAll(position, many, others);
        } else {
            int found = code.allocateLocal(TypeKind.REFERENCE);
            int at = code.allocateLocal(TypeKind.INT);
            part(node, Intersect.class);
            code.getfield(type, "found", LONGS).astore(found).iconst_0().istore(at);
            Label loop = code.newLabel();
            Label more = code.newLabel();
            code.labelBinding(loop);
            code.iload(at).iload(many).if_icmpge(others);
            code.aload(found).iload(at).laload();
            bind(op.register());
            count(position);
            emit(position + 1, more);
            code.labelBinding(more);
            code.iinc(at, 1).goto_(loop);
        }
        code.labelBinding(others);
        part(node, Intersect.class);
        code.invokevirtual(type, "findMore", MethodTypeDesc.of(CD_int)).istore(many).goto_(some);
    }

    /// Whether nothing but the number of this operator's rows matters.
    private boolean onlyCounted(int position) {
        return position + 1 == ops.size()
                && last instanceof Generators.Accumulator accumulator
                && accumulator.countsOnly();
    }

    /// Counts as many rows as a local variable says.
    private void countAll(int position, int many, Label next) {
        CodeBuilder code = code();
        code.lload(counters[position]).iload(many).i2l().ladd().lstore(counters[position]);
        ClassDesc type = desc(Generators.Accumulator.class);
        part(last, Generators.Accumulator.class);
        code.dup()
                .getfield(type, "rows", CD_long)
                .iload(many)
                .i2l()
                .ladd()
                .putfield(type, "rows", CD_long)
                .goto_(next);
    }

    private void step() {
        code().aload(controlSlot).invokevirtual(CONTROL, "step", MethodTypeDesc.of(CD_void));
    }

    private void filter(Op.Filter op, Node.Filter node, int position, Label next) {
        CodeBuilder code = code();
        boolean equality =
                switch (op.comparison()) {
                    case EQUAL, NOT_EQUAL -> true;
                    case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> false;
                };
        boolean direct =
                switch (op.kind()) {
                    case NUMBER, UNSIGNED -> true;
                    case SYMBOL, RECORD, ADT -> equality;
                    case FLOAT -> false;
                };
        if (!direct || !isNative(op.left()) || !isNative(op.right())) {
            test(node, position, next);
            return;
        }
        nativeValue(op.left());
        nativeValue(op.right());
        if (equality || op.kind() == Kind.NUMBER) {
            code.lcmp();
        } else {
            code.invokestatic(
                    desc(Long.class),
                    "compareUnsigned",
                    MethodTypeDesc.of(CD_int, CD_long, CD_long));
        }
        switch (op.comparison()) {
            case EQUAL -> code.ifne(next);
            case NOT_EQUAL -> code.ifeq(next);
            case LESS -> code.ifge(next);
            case LESS_OR_EQUAL -> code.ifgt(next);
            case GREATER -> code.ifle(next);
            case GREATER_OR_EQUAL -> code.iflt(next);
        }
        count(position);
        emit(position + 1, next);
    }

    private void test(Node.Filter node, int position, Label next) {
        spill();
        part(node.test, Node.Test.class);
        code().aload(ROW).invokeinterface(desc(Node.Test.class), "holds", RUN).ifeq(next);
        count(position);
        emit(position + 1, next);
    }

    private void emitLast(Label next) {
        CodeBuilder code = code();
        switch (last) {
            case Node.Insert insert -> insert(insert, next);
            case Generators.Accumulator accumulator when accumulator.countsOnly() -> {
                ClassDesc type = desc(Generators.Accumulator.class);
                part(accumulator, Generators.Accumulator.class);
                code.dup()
                        .getfield(type, "rows", CD_long)
                        .lconst_1()
                        .ladd()
                        .putfield(type, "rows", CD_long)
                        .goto_(next);
            }
            default -> call(last, next);
        }
    }

    private void insert(Node.Insert insert, Label next) {
        CodeBuilder code = code();
        ClassDesc type = desc(Node.Insert.class);
        List<Value> project = insert.project;
        if (insert.isPlain() && (project.size() == 1 || project.size() == 2)) {
            part(insert, Node.Insert.class);
            code.getfield(type, "rows", ADDER);
            for (int i = 0; i < project.size(); i++) {
                value(project.get(i), insert.values[i]);
            }
            code.invokevirtual(
                    ADDER,
                    "add",
                    project.size() == 1
                            ? MethodTypeDesc.of(CD_boolean, CD_long)
                            : MethodTypeDesc.of(CD_boolean, CD_long, CD_long));
        } else {
            for (int i = 0; i < project.size(); i++) {
                part(insert, Node.Insert.class);
                code.getfield(type, "tuple", LONGS).loadConstant(i);
                value(project.get(i), insert.values[i]);
                code.lastore();
            }
            part(insert, Node.Insert.class);
            code.invokevirtual(type, "addTuple", MethodTypeDesc.of(CD_boolean));
        }
        Label known = project.isEmpty() ? label(no) : next;
        code.ifeq(known);
        count(nodes.length);
        code.aload(controlSlot)
                .invokevirtual(CONTROL, "derived", MethodTypeDesc.of(CD_void))
                .goto_(known);
    }

    /// Pushes a value.
    private void value(Value value, Expression expression) {
        CodeBuilder code = code();
        if (expression instanceof Expression.Fixed fixed) {
            code.loadConstant(fixed.bits);
        } else if (isNative(value)) {
            nativeValue(value);
        } else {
            spill();
            part(expression, Expression.class);
            code.aload(ROW).invokevirtual(EXPRESSION, "get", MethodTypeDesc.of(CD_long, LONGS));
        }
    }

    private static boolean isNative(Value value) {
        return switch (value) {
            case Value.Register _ -> true;
            case Value.Constant constant -> constant.symbol() == null;
            case Value.Call call ->
                    (call.kind() == Kind.NUMBER || call.kind() == Kind.UNSIGNED)
                            && call.operands() == call.kind()
                            && isNative(call.functor(), call.arguments().size())
                            && call.arguments().stream().allMatch(ChainCompiler::isNative);
            case Value.Make _ -> false;
        };
    }

    private static boolean isNative(Functor functor, int arguments) {
        return switch (functor) {
            case NEGATE -> arguments == 1;
            case ADD, SUBTRACT, MULTIPLY, BIT_AND, BIT_OR, BIT_XOR -> arguments == 2;
            default -> false;
        };
    }

    private void nativeValue(Value value) {
        CodeBuilder code = code();
        switch (value) {
            case Value.Register register -> code.lload(registerSlots[register.index()]);
            case Value.Constant constant -> code.loadConstant(constant.bits());
            case Value.Call call -> {
                call.arguments().forEach(this::nativeValue);
                switch (call.functor()) {
                    case NEGATE -> code.lneg();
                    case ADD -> code.ladd();
                    case SUBTRACT -> code.lsub();
                    case MULTIPLY -> code.lmul();
                    case BIT_AND -> code.land();
                    case BIT_OR -> code.lor();
                    case BIT_XOR -> code.lxor();
                    default -> throw new IllegalStateException("no code for " + call.functor());
                }
            }
            case Value.Make _ -> throw new IllegalStateException("no code for records");
        }
    }
}
