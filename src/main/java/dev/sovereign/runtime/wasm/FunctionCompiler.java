package dev.sovereign.runtime.wasm;

import org.jspecify.annotations.Nullable;

import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Turns one validated function into the body of a JVM method, in one pass over its operators.
///
/// Operands live on the JVM's stack, and where control flow meets, in locals: each height and kind
/// of the operand stack has a local of its own. At every label the JVM's stack is empty, so that
/// HotSpot can replace a loop while it runs. Fuel is in a local, written back before everything
/// that may look at it; where a trap leaves the method, by one handler for all of it. During calls,
/// whose callees write what is left themselves, the local holds [Ops#WRITTEN].
///
/// The handler stands first and its range begins before the locals have values: the JVM verifies
/// its frame against every instruction, and looks for it from the first frame on. That is most of
/// what loading a class costs.
final class FunctionCompiler {

    /// Targets that a switch of the JVM gets; four bytes each count against a method's 64 KiB.
    private static final int MAX_SWITCH = 1024;

    /// Operands that are left on the JVM's stack, whose depth is a 16-bit number.
    private static final int MAX_JVM_STACK = 500;

    /// From the constant of an addition to the end of a branch at a loop's end: `add`, `local.tee`,
    /// `local.get`, `ne`, `br_if`, with indexes of up to two bytes.
    private static final int STEP_BYTES = 13;

    private static final ClassDesc INTEGER = ConstantDescs.CD_Integer;
    private static final ClassDesc LONG = ConstantDescs.CD_Long;
    private static final ClassDesc I = ConstantDescs.CD_int;
    private static final ClassDesc J = ConstantDescs.CD_long;
    private static final ClassDesc F = ConstantDescs.CD_float;
    private static final ClassDesc D = ConstantDescs.CD_double;
    private static final ClassDesc V = ConstantDescs.CD_void;
    private static final ClassDesc THROWABLE = ClassDesc.of("java.lang.Throwable");

    private final WasmModule module;
    private final CodeLoader loader;
    private final CodeBuilder code;
    private final boolean compact;
    private final FunctionType type;
    private final int function;
    private final Operators in;

    /// The region that this method is; null for the function itself.
    private final Regions.@Nullable Region region;

    /// What is compiled: the region, or the function without its regions; null without any.
    private final Regions.@Nullable Region part;

    /// Null for a function in one piece.
    private final @Nullable Regions regions;

    private final int from;
    private final int end;
    private final int[] charges;

    /// Locals whose NaNs may have any bits, as [#loose] says of operands.
    private final BitSet looseLocals;

    private int run;

    private int[] localSlots = {};
    private TypeKind[] localKinds = {};
    private int localCount;
    private final int instanceSlot;
    private final int depthSlot;
    private final int fuelSlot;
    private final int nextDepthSlot;

    /// Locals that regions share: an array of the function's.
    private final int sharedSlot;

    /// Of a region: the number of its exit, 0 for its end.
    private final int exitSlot;

    private final Block[] around;

    /// For regions called here that return to a common place: that place, where each goes on that
    /// does so where it was called, and labels of blocks that are still to come.
    private final Map<Regions.Tail, Label> tails = new HashMap<>();

    private final Map<Regions.Region, @Nullable Label[]> ways = new HashMap<>();
    private final Map<Integer, Label> comingLabels = new HashMap<>();
    private int wayOutSlot = -1;

    /// Where the operator begins that is compiled.
    private int operatorAt;

    private final BitSet written = new BitSet();

    /// Allocated before the function's own locals: the first 256 take a byte less for each use.
    private final int memorySlot;

    private boolean usesMemory;
    private final int[][] spillSlots = new int[4][];

    private TypeKind[] stack = new TypeKind[32];

    /// Operands that are results of float arithmetic: when they are NaN they become the canonical
    /// one where its bits could be seen, and not with every step of a calculation. All others are
    /// carried bit for bit. Only operands on the JVM's stack are loose.
    private boolean[] loose = new boolean[32];

    private int height;

    /// Operands from the bottom that are in locals; the others are on the JVM's stack.
    private int spilled;

    private final List<Block> blocks = new ArrayList<>();

    /// Blocks opened since the code became unreachable; -1 while it can be reached.
    private int dead = -1;

    private final Label rangeStart;
    private final Label handler;

    /// The sign of the constant that was added last, and where: tells which way a loop counts.
    private int stepSign;

    private int stepAt = -1;

    private static final class Block {
        final int op;
        final int base;
        final FunctionType type;
        final Label label;
        @Nullable Label otherwise;
        boolean targeted;

        /// Where it begins in the module; -1 for the function's own.
        final int at;

        /// Of a block around a region: the number that the region ends with to go there.
        int exit = -1;

        Block(int op, int at, int base, FunctionType type, Label label) {
            this.at = at;
            this.op = op;
            this.base = base;
            this.type = type;
            this.label = label;
        }

        List<ValueType> labelTypes() {
            return op == Opcode.LOOP ? type.params() : type.results();
        }
    }

    /// @param compact whether fewer bytes matter more than speed
    /// @param regions of the function; null when it is one piece
    /// @param region the one to compile; null for the function itself
    FunctionCompiler(
            WasmModule module,
            CodeLoader loader,
            CodeBuilder code,
            int function,
            boolean compact,
            @Nullable Regions regions,
            Regions.@Nullable Region region) {
        this.module = module;
        this.loader = loader;
        this.code = code;
        this.compact = compact;
        this.function = function;
        this.regions = regions;
        this.region = region;
        this.type = module.functionType(function);
        int body = function - module.importedFunctions;
        this.in = new Operators(module.bytes, module.bodyStart[body]);
        int arguments = region != null || Names.passedInArray(type) ? 1 : type.params().size();
        this.instanceSlot = code.parameterSlot(arguments);
        this.depthSlot = instanceSlot + 1;
        this.fuelSlot = code.allocateLocal(TypeKind.LONG);
        this.nextDepthSlot = code.allocateLocal(TypeKind.INT);
        this.memorySlot = code.allocateLocal(TypeKind.REFERENCE);
        this.sharedSlot =
                region != null
                        ? code.parameterSlot(0)
                        : regions != null ? code.allocateLocal(TypeKind.REFERENCE) : -1;
        this.exitSlot = region != null ? code.allocateLocal(TypeKind.INT) : -1;
        this.handler = code.newLabel();
        this.rangeStart = code.newLabel();
        handler();
        this.around = new Block[region == null ? 0 : region.exits.length];
        if (region == null) {
            parameters();
            declared();
            this.from = in.at;
            this.end = module.bodyEnd[body];
        } else {
            shared();
            in.at = region.from;
            this.from = region.from;
            this.end = region.to;
            blocksAround(region);
        }
        code.iload(depthSlot).iconst_1().isub().istore(nextDepthSlot);
        usesMemory = module.memory != null && touchesMemory();
        if (usesMemory) {
            loadMemory();
        }
        this.part = region != null ? region : regions != null ? regions.whole : null;
        Charges found = regions != null ? regions.charges : Charges.of(module.bytes, from, end);
        this.charges = found.costs();
        this.looseLocals = found.onlyComputed(type.params().size());
    }

    void compile() {
        if (part != null && !part.tails.isEmpty()) {
            wayOutSlot = code.allocateLocal(TypeKind.INT);
        }
        if (region == null) {
            charge(true);
            Label done = code.newLabel();
            FunctionType returned = new FunctionType(List.of(), type.results());
            blocks.add(new Block(Opcode.BLOCK, -1, 0, returned, done));
        } else {
            run = region.firstRun;
        }
        while (region != null ? in.at < end : !blocks.isEmpty()) {
            Regions.Region child = dead < 0 && part != null ? part.childAt(in.at) : null;
            if (child != null) {
                callRegion(child);
                continue;
            }
            operatorAt = in.at;
            in.next();
            int op = in.op;
            if (dead >= 0) {
                skip(op);
            } else {
                operator(op);
            }
            // a comparison may have taken the branch behind it along
            if (Charges.endsRun(in.op)) {
                run++;
                if (dead < 0 && (region != null || !blocks.isEmpty())) {
                    charge(in.op == Opcode.LOOP);
                }
            }
        }
        if (region != null) {
            leaveRegion(region);
        } else if (dead < 0) {
            emitReturn();
        }
        code.exceptionCatchAll(rangeStart, code.newBoundLabel(), handler);
    }

    // ---- frame

    /// Loads the fuel and stands before everything else: what a trap anywhere behind it comes to.
    private void handler() {
        readFuel();
        code.goto_(rangeStart);
        code.labelBinding(handler);
        code.aload(instanceSlot).lload(fuelSlot);
        code.invokestatic(
                Names.OPS, "leave", MethodTypeDesc.of(THROWABLE, THROWABLE, Names.INSTANCE, J));
        code.athrow();
        code.labelBinding(rangeStart);
    }

    /// Gives the parameters their locals.
    private void parameters() {
        if (regions != null) {
            code.loadConstant(regions.places).newarray(TypeKind.LONG).astore(sharedSlot);
        }
        List<ValueType> params = type.params();
        boolean inArray = Names.passedInArray(type);
        for (int i = 0; i < params.size(); i++) {
            TypeKind kind = Names.kind(params.get(i));
            int place = place(i);
            if (place >= 0) {
                code.aload(sharedSlot).loadConstant(place);
                if (inArray) {
                    code.aload(0).loadConstant(i).laload();
                } else {
                    code.loadLocal(kind, code.parameterSlot(i));
                    Glue.toBits(code, kind);
                }
                code.lastore();
                addLocal(kind, -1);
            } else if (inArray) {
                int slot = addLocal(kind, code.allocateLocal(kind));
                code.aload(0).loadConstant(i).laload();
                Glue.fromBits(code, kind);
                code.storeLocal(kind, slot);
            } else {
                addLocal(kind, code.parameterSlot(i));
            }
        }
    }

    /// Gives the other locals of a function that are used here, and not shared, theirs.
    private void declared() {
        in.locals((count, each) -> {
            TypeKind kind = Names.kind(each);
            for (int i = 0; i < count; i++) {
                if (regions != null
                        && (place(localCount) >= 0 || !regions.whole.used.get(localCount))) {
                    addLocal(kind, -1);
                } else {
                    int slot = addLocal(kind, code.allocateLocal(kind));
                    zero(kind);
                    code.storeLocal(kind, slot);
                }
            }
        });
    }

    /// Gives the locals that a region uses theirs. One without regions inside fetches what is
    /// shared and brings back what it has changed; others leave it where it is.
    private void shared() {
        type.params().forEach(each -> regionLocal(Names.kind(each)));
        in.locals((count, each) -> {
            for (int i = 0; i < count; i++) {
                regionLocal(Names.kind(each));
            }
        });
    }

    private void regionLocal(TypeKind kind) {
        Regions.Region own = java.util.Objects.requireNonNull(region);
        int place = place(localCount);
        if (!own.used.get(localCount) || (place >= 0 && !own.children.isEmpty())) {
            addLocal(kind, -1);
            return;
        }
        int slot = code.allocateLocal(kind);
        if (place >= 0 && own.liveIn.get(localCount)) {
            fetch(place, kind);
        } else {
            zero(kind);
        }
        code.storeLocal(kind, slot);
        addLocal(kind, slot);
    }

    private void fetch(int place, TypeKind kind) {
        code.aload(sharedSlot).loadConstant(place).laload();
        Glue.fromBits(code, kind);
    }

    private void put(int place, TypeKind kind, int slot) {
        code.aload(sharedSlot).loadConstant(place).loadLocal(kind, slot);
        Glue.toBits(code, kind);
        code.lastore();
    }

    /// Where regions find a local; -1 when it is not shared.
    private int place(int local) {
        return regions == null ? -1 : regions.place[local];
    }

    // ---- regions

    private void blocksAround(Regions.Region own) {
        Label leave = code.newLabel();
        for (int i = 0; i < around.length; i++) {
            FunctionType types = new FunctionType(List.of(), own.exitTypes.get(i));
            around[i] = new Block(Opcode.BLOCK, -1, 0, types, leave);
            around[i].exit = own.exitCodes[i];
        }
    }

    /// The end of a region's method: its exits have said where they go.
    private void leaveRegion(Regions.Region own) {
        boolean branches = false;
        for (Block each : around) {
            branches |= each.targeted;
        }
        if (dead < 0) {
            spillAll();
            code.loadConstant(own.endCode).istore(exitSlot);
        }
        if (branches) {
            code.labelBinding(around[0].label);
        } else if (dead >= 0) {
            return;
        }
        for (int i = written.nextSetBit(0); i >= 0; i = written.nextSetBit(i + 1)) {
            if (place(i) >= 0 && localSlots[i] >= 0 && own.liveOut.get(i)) {
                put(place(i), localKinds[i], localSlots[i]);
            }
        }
        writeFuel();
        code.iload(exitSlot).ireturn();
    }

    /// Runs a region and goes where it says.
    private void callRegion(Regions.Region child) {
        spillAll();
        beginCall();
        code.aload(sharedSlot).aload(instanceSlot).iload(depthSlot);
        code.invokestatic(
                loader.ownerOf(function), Names.region(function, child.number), Names.REGION);
        int exits = child.exits.length;
        Label stay = code.newLabel();
        if (child.tail != null) {
            toTail(child, child.tail);
            goOn(child);
            return;
        }
        endCall(true);
        if (exits == 0) {
            code.pop();
            if (!child.fallsThrough) {
                unreachable();
            }
        } else if (exits == 1 && child.fallsThrough) {
            code.ifeq(stay);
            takeExit(child, 0);
        } else if (exits == 1) {
            code.pop();
            takeExit(child, 0);
        } else {
            List<SwitchCase> cases = new ArrayList<>();
            for (int i = child.fallsThrough ? 0 : 1; i < exits; i++) {
                cases.add(SwitchCase.of(i + 1, code.newLabel()));
            }
            Label first = code.newLabel();
            int low = child.fallsThrough ? 1 : 2;
            code.tableswitch(low, exits, child.fallsThrough ? stay : first, cases);
            if (!child.fallsThrough) {
                code.labelBinding(first);
                takeExit(child, 0);
            }
            for (SwitchCase each : cases) {
                code.labelBinding(each.target());
                takeExit(child, each.caseValue() - 1);
            }
        }
        code.labelBinding(stay);
        goOn(child);
    }

    private void goOn(Regions.Region child) {
        in.at = child.to;
        run = child.endRun;
        dead = child.fallsThrough ? -1 : 0;
    }

    /// The way to the choice of a way, and the ways that end where the region was called.
    private void toTail(Regions.Region child, Regions.Tail tail) {
        code.istore(wayOutSlot).goto_(java.util.Objects.requireNonNull(tails.get(tail)));
        @Nullable Label[] own = ways.getOrDefault(child, new Label[child.exits.length + 1]);
        for (int i = 0; i < child.exits.length; i++) {
            Label way = own[i + 1];
            if (way != null && !child.exitTypes.get(i).isEmpty()) {
                code.labelBinding(way);
                takeExit(child, i);
            }
        }
        Label stay = own[0];
        if (stay != null) {
            code.labelBinding(stay);
        }
    }

    /// Stands at a loop's head, so that HotSpot finds one place to replace what runs, and not one
    /// for each call.
    private void tail(Regions.Tail tail) {
        Label first = code.newLabel();
        Label here = code.newLabel();
        code.goto_(first);
        code.labelBinding(here);
        tails.put(tail, here);
        endCall(true);
        code.iload(wayOutSlot);
        List<SwitchCase> cases = new ArrayList<>();
        Map<Block, Label> leaving = new LinkedHashMap<>();
        for (int i = 0; i < tail.from.size(); i++) {
            cases.add(SwitchCase.of(i, way(tail.from.get(i), tail.exit.get(i), leaving)));
        }
        Label last = cases.removeLast().target();
        code.tableswitch(0, Math.max(0, cases.size() - 1), last, cases);
        leaving.forEach((block, label) -> {
            code.labelBinding(label);
            carry(block);
            code.goto_(block.label);
        });
        code.labelBinding(first);
    }

    /// Where a region that was called goes on: where it was called when values come along, else at
    /// a block, which may be open, around this region, or still to come.
    private Label way(Regions.Region child, int exit, Map<Block, Label> leaving) {
        if (exit < 0 || !child.exitTypes.get(exit).isEmpty()) {
            Label label = code.newLabel();
            ways.computeIfAbsent(child, c -> new Label[c.exits.length + 1])[exit + 1] = label;
            return label;
        }
        int target = child.targets[exit];
        if (region != null && target < region.from) {
            for (int i = 0; i < around.length; i++) {
                if (region.targets[i] == target) {
                    around[i].targeted = true;
                    return leaving.computeIfAbsent(around[i], _ -> code.newLabel());
                }
            }
            throw new IllegalStateException("a region inside goes where its region does not");
        }
        for (Block open : blocks) {
            if (open.at == target) {
                open.targeted = true;
                return open.label;
            }
        }
        return comingLabels.computeIfAbsent(target, _ -> code.newLabel());
    }

    private void takeExit(Regions.Region child, int exit) {
        int before = height;
        List<ValueType> carried = child.exitTypes.get(exit);
        for (int i = 0; i < carried.size(); i++) {
            TypeKind kind = Names.kind(carried.get(i));
            code.aload(instanceSlot).getfield(Names.INSTANCE, "results", Names.LONGS);
            code.loadConstant(i).laload();
            Glue.fromBits(code, kind);
            push(kind);
        }
        branch(child.exits[exit]);
        height = before;
        spilled = before;
        dead = -1;
    }

    private boolean touchesMemory() {
        Operators operators = new Operators(module.bytes, from);
        while (operators.at < end) {
            operators.next();
            if (Opcode.isMemoryAccess(operators.op)) {
                return true;
            }
        }
        return false;
    }

    private int addLocal(TypeKind kind, int slot) {
        if (localCount == localSlots.length) {
            localSlots = Arrays.copyOf(localSlots, 2 * localCount + 16);
            localKinds = Arrays.copyOf(localKinds, 2 * localCount + 16);
        }
        localSlots[localCount] = slot;
        localKinds[localCount++] = kind;
        return slot;
    }

    private void zero(TypeKind kind) {
        switch (kind) {
            case LONG -> code.lconst_0();
            case FLOAT -> code.fconst_0();
            case DOUBLE -> code.dconst_0();
            default -> code.iconst_0();
        }
    }

    private void loadMemory() {
        if (compact) {
            code.aload(instanceSlot);
            code.invokestatic(Names.OPS, "bytes", MethodTypeDesc.of(Names.BYTES, Names.INSTANCE));
            code.astore(memorySlot);
            return;
        }
        code.aload(instanceSlot)
                .getfield(Names.INSTANCE, "memory", Names.MEMORY)
                .getfield(Names.MEMORY, "bytes", Names.BYTES)
                .astore(memorySlot);
    }

    /// Pays for the straight run that begins here.
    ///
    /// @param test whether fuel must be left, as at entries and loop heads
    private void charge(boolean test) {
        int cost = charges[run];
        if (compact && test && run != 0) {
            code.aload(instanceSlot).lload(fuelSlot);
            if (cost != 0) {
                code.loadConstant((long) cost).lsub();
            }
            code.invokestatic(Names.OPS, "charged", MethodTypeDesc.of(J, Names.INSTANCE, J));
            code.lstore(fuelSlot);
            return;
        }
        if (cost != 0) {
            code.lload(fuelSlot).loadConstant((long) cost).lsub();
            if (test) {
                code.dup2();
            }
            code.lstore(fuelSlot);
        } else if (test) {
            code.lload(fuelSlot);
        }
        if (!test) {
            return;
        }
        Label enough = code.newLabel();
        boolean entry = run == 0;
        if (entry) {
            code.iload(depthSlot).i2l().lor();
        }
        code.lconst_0().lcmp().ifge(enough);
        code.aload(instanceSlot).lload(fuelSlot);
        if (entry) {
            code.iload(depthSlot);
        } else {
            code.iconst_0();
        }
        code.invokevirtual(Names.INSTANCE, "more", MethodTypeDesc.of(J, J, I));
        code.lstore(fuelSlot);
        code.labelBinding(enough);
    }

    private void writeFuel() {
        code.aload(instanceSlot).lload(fuelSlot).putfield(Names.INSTANCE, "fuel", J);
    }

    private void readFuel() {
        code.aload(instanceSlot).getfield(Names.INSTANCE, "fuel", J).lstore(fuelSlot);
    }

    /// What follows writes fuel itself.
    private void beginCall() {
        if (compact) {
            code.aload(instanceSlot).lload(fuelSlot);
            code.invokestatic(Names.OPS, "save", MethodTypeDesc.of(J, Names.INSTANCE, J));
            code.lstore(fuelSlot);
            return;
        }
        writeFuel();
        code.loadConstant(Ops.WRITTEN).lstore(fuelSlot);
    }

    private void endCall(boolean mayGrow) {
        readFuel();
        if (mayGrow && usesMemory) {
            loadMemory();
        }
    }

    // ---- operand stack

    private void push(TypeKind kind) {
        if (height == stack.length) {
            stack = Arrays.copyOf(stack, height * 2);
            loose = Arrays.copyOf(loose, height * 2);
        }
        loose[height] = false;
        stack[height++] = kind;
        if (height - spilled > MAX_JVM_STACK) {
            spillAll();
        }
    }

    private void push(List<ValueType> types) {
        for (ValueType each : types) {
            push(Names.kind(each));
        }
    }

    /// Takes operands that are on the JVM's stack off the books.
    private void popped(int count) {
        height -= count;
        if (spilled > height) {
            throw new IllegalStateException("operand below the JVM's stack was consumed");
        }
    }

    private int spillSlot(int at, TypeKind kind) {
        int row =
                switch (kind) {
                    case LONG -> 1;
                    case FLOAT -> 2;
                    case DOUBLE -> 3;
                    default -> 0;
                };
        int[] slots = spillSlots[row];
        if (slots == null || at >= slots.length) {
            int[] more = new int[Math.max(16, 2 * at)];
            if (slots != null) {
                System.arraycopy(slots, 0, more, 0, slots.length);
            }
            slots = more;
            spillSlots[row] = slots;
        }
        if (slots[at] == 0) {
            slots[at] = code.allocateLocal(kind);
        }
        return slots[at];
    }

    /// Moves all operands to locals.
    private void spillAll() {
        for (int i = height - 1; i >= spilled; i--) {
            settle(i);
            code.storeLocal(stack[i], spillSlot(i, stack[i]));
        }
        spilled = height;
    }

    /// Makes sure that the upper `count` operands are on the JVM's stack.
    private void need(int count) {
        if (height - spilled >= count) {
            return;
        }
        spillAll();
        for (int i = height - count; i < height; i++) {
            code.loadLocal(stack[i], spillSlot(i, stack[i]));
        }
        spilled = height - count;
    }

    /// Makes a NaN on top of the JVM's stack the canonical one, if it is an operand that arithmetic
    /// has made.
    ///
    /// @param operand the one there
    private void settle(int operand) {
        if (!loose[operand]) {
            return;
        }
        loose[operand] = false;
        ClassDesc type = stack[operand] == TypeKind.FLOAT ? F : D;
        code.invokestatic(Names.OPS, "canonical", MethodTypeDesc.of(type, type));
    }

    /// Makes sure that the upper `count` operands are on the JVM's stack with the bits that they
    /// have for others.
    private void needSettled(int count) {
        boolean below = false;
        for (int i = height - count; i < height - 1; i++) {
            below |= loose[i];
        }
        if (below) {
            spillAll();
        }
        need(count);
        if (count > 0) {
            settle(height - 1);
        }
    }

    /// Makes sure that just the upper `count` operands are on the JVM's stack.
    private void isolate(int count) {
        if (height - spilled > count) {
            spillAll();
        }
        need(count);
    }

    // ---- control

    private void skip(int op) {
        switch (op) {
            case Opcode.BLOCK, Opcode.LOOP, Opcode.IF -> dead++;
            case Opcode.ELSE -> {
                if (dead == 0) {
                    beginElse();
                }
            }
            case Opcode.END -> {
                if (dead == 0) {
                    endBlock();
                } else {
                    dead--;
                }
            }
            default -> {}
        }
    }

    private Block block(int label) {
        if (label < blocks.size()) {
            return blocks.get(blocks.size() - 1 - label);
        }
        int[] exits = java.util.Objects.requireNonNull(region).exits;
        return around[Arrays.binarySearch(exits, label - blocks.size())];
    }

    private void openBlock(int op) {
        FunctionType types = Operators.blockType(module, in.first);
        spillAll();
        Label coming = comingLabels.remove(operatorAt);
        Block block =
                new Block(
                        op,
                        operatorAt,
                        height - types.params().size(),
                        types,
                        coming != null ? coming : code.newLabel());
        block.targeted = coming != null;
        blocks.add(block);
        if (op == Opcode.LOOP) {
            code.labelBinding(block.label);
            if (part != null) {
                part.tails.stream()
                        .filter(tail -> tail.loop == operatorAt)
                        .findAny()
                        .ifPresent(this::tail);
            }
        }
    }

    private void beginElse() {
        Block block = blocks.getLast();
        if (dead < 0) {
            spillAll();
            code.goto_(block.label);
            block.targeted = true;
        }
        code.labelBinding(java.util.Objects.requireNonNull(block.otherwise));
        block.otherwise = null;
        dead = -1;
        height = block.base;
        push(block.type.params());
        spilled = height;
    }

    private void endBlock() {
        Block block = blocks.removeLast();
        if (dead < 0) {
            if (region == null && blocks.isEmpty() && !block.targeted) {
                return;
            }
            spillAll();
        }
        Label otherwise = block.otherwise;
        if (otherwise != null) {
            code.labelBinding(otherwise);
        }
        boolean reached = dead < 0 || otherwise != null;
        if (block.op != Opcode.LOOP) {
            code.labelBinding(block.label);
            reached |= block.targeted;
        }
        dead = reached ? -1 : 0;
        height = block.base;
        push(block.type.results());
        spilled = height;
    }

    /// Whether a branch finds what it carries in the right locals once everything is spilled.
    private boolean carriesInPlace(Block block) {
        int arity = block.labelTypes().size();
        return block.exit < 0 && (arity == 0 || height - arity == block.base);
    }

    private void carry(Block block) {
        int arity = block.labelTypes().size();
        int from = height - arity;
        if (block.exit >= 0) {
            for (int i = 0; i < arity; i++) {
                result(i, from + i);
            }
            code.loadConstant(block.exit).istore(exitSlot);
            return;
        }
        if (arity == 0 || from == block.base) {
            return;
        }
        for (int i = 0; i < arity; i++) {
            TypeKind kind = stack[from + i];
            code.loadLocal(kind, spillSlot(from + i, kind));
            code.storeLocal(kind, spillSlot(block.base + i, kind));
        }
    }

    private void branch(int label) {
        Block block = block(label);
        spillAll();
        carry(block);
        block.targeted = true;
        code.goto_(block.label);
        dead = 0;
    }

    private void brTable() {
        isolate(1);
        popped(1);
        int[] labels = in.labels;
        boolean huge = labels.length - 1 > MAX_SWITCH;
        if (huge) {
            code.aload(instanceSlot).swap().loadConstant((int) in.first);
            code.invokevirtual(Names.INSTANCE, "label", MethodTypeDesc.of(I, I, I));
            int depth = 1 + Arrays.stream(in.labels).max().orElse(0);
            labels = java.util.stream.IntStream.range(0, depth).toArray();
            boolean[] used = new boolean[depth];
            for (int label : in.labels) {
                used[label] = true;
            }
            int fallback = in.labels[in.labels.length - 1];
            labels = Arrays.copyOf(labels, labels.length + 1);
            for (int i = 0; i < used.length; i++) {
                if (!used[i]) {
                    labels[i] = fallback;
                }
            }
            labels[used.length] = fallback;
        }
        @Nullable Label[] targets = new Label[1 + Arrays.stream(labels).max().orElse(0)];
        List<Integer> stubs = new ArrayList<>();
        for (int label : labels) {
            if (targets[label] == null) {
                Block block = block(label);
                block.targeted = true;
                if (carriesInPlace(block)) {
                    targets[label] = block.label;
                } else {
                    targets[label] = code.newLabel();
                    stubs.add(label);
                }
            }
        }
        int last = labels.length - 1;
        List<SwitchCase> cases = new ArrayList<>();
        for (int i = 0; i < last; i++) {
            cases.add(SwitchCase.of(i, java.util.Objects.requireNonNull(targets[labels[i]])));
        }
        Label fallback = java.util.Objects.requireNonNull(targets[labels[last]]);
        if (last == 0) {
            code.pop().goto_(fallback);
        } else {
            code.tableswitch(0, last - 1, fallback, cases);
        }
        for (int label : stubs) {
            code.labelBinding(java.util.Objects.requireNonNull(targets[label]));
            carry(block(label));
            code.goto_(block(label).label);
        }
        dead = 0;
    }

    private void emitReturn() {
        int count = type.results().size();
        if (count <= 1) {
            needSettled(count);
            writeFuel();
            code.return_(Names.returned(type));
            return;
        }
        spillAll();
        for (int i = 0; i < count; i++) {
            result(i, height - count + i);
        }
        writeFuel();
        code.return_();
    }

    /// Puts a spilled operand where results and what leaves a region are taken from.
    private void result(int number, int at) {
        code.aload(instanceSlot).getfield(Names.INSTANCE, "results", Names.LONGS);
        code.loadConstant(number).loadLocal(stack[at], spillSlot(at, stack[at]));
        Glue.toBits(code, stack[at]);
        code.lastore();
    }

    // ---- conditions

    /// A condition on the JVM's stack: a jump that is taken when it holds, in two polarities.
    private record Condition(
            java.lang.classfile.Opcode taken, java.lang.classfile.Opcode refused, int operands) {

        @SuppressWarnings("ArgumentSelectionDefectChecker") // swapping them is the point
        Condition negated() {
            return new Condition(refused, taken, operands);
        }
    }

    private static final Condition NOT_ZERO =
            new Condition(java.lang.classfile.Opcode.IFNE, java.lang.classfile.Opcode.IFEQ, 1);

    private static final java.lang.classfile.Opcode[] ZERO_JUMPS = {
        java.lang.classfile.Opcode.IFEQ,
        java.lang.classfile.Opcode.IFNE,
        java.lang.classfile.Opcode.IFLT,
        java.lang.classfile.Opcode.IFGE,
        java.lang.classfile.Opcode.IFGT,
        java.lang.classfile.Opcode.IFLE
    };

    private static final java.lang.classfile.Opcode[] INT_JUMPS = {
        java.lang.classfile.Opcode.IF_ICMPEQ,
        java.lang.classfile.Opcode.IF_ICMPNE,
        java.lang.classfile.Opcode.IF_ICMPLT,
        java.lang.classfile.Opcode.IF_ICMPGE,
        java.lang.classfile.Opcode.IF_ICMPGT,
        java.lang.classfile.Opcode.IF_ICMPLE
    };

    private static final int EQ = 0;
    private static final int NE = 1;
    private static final int LT = 2;
    private static final int GE = 3;
    private static final int GT = 4;
    private static final int LE = 5;

    private static Condition condition(
            java.lang.classfile.Opcode[] jumps, int which, int operands) {
        return new Condition(jumps[which], jumps[which ^ 1], operands);
    }

    private static boolean isComparison(int op) {
        return op >= 0x45 && op <= 0x66;
    }

    /// Emits what comes before the jump; the operands are on the JVM's stack.
    private Condition compare(int op) {
        if (op == 0x45) {
            return condition(ZERO_JUMPS, EQ, 1);
        }
        if (op <= 0x4f) {
            int which = integerRelation(op - 0x46);
            if (isUnsigned(op - 0x46)) {
                code.invokestatic(INTEGER, "compareUnsigned", MethodTypeDesc.of(I, I, I));
                return condition(ZERO_JUMPS, which, 2);
            }
            return condition(INT_JUMPS, which, 2);
        }
        if (op == 0x50) {
            code.lconst_0().lcmp();
            return condition(ZERO_JUMPS, EQ, 1);
        }
        if (op <= 0x5a) {
            int which = integerRelation(op - 0x51);
            if (isUnsigned(op - 0x51)) {
                code.invokestatic(LONG, "compareUnsigned", MethodTypeDesc.of(I, J, J));
            } else {
                code.lcmp();
            }
            return condition(ZERO_JUMPS, which, 2);
        }
        boolean single = op <= 0x60;
        int which =
                switch (single ? op - 0x5b : op - 0x61) {
                    case 0 -> EQ;
                    case 1 -> NE;
                    case 2 -> LT;
                    case 3 -> GT;
                    case 4 -> LE;
                    default -> GE;
                };
        // NaN must make every relation but "not equal" false
        boolean less = which == LT || which == LE;
        if (single) {
            if (less) {
                code.fcmpg();
            } else {
                code.fcmpl();
            }
        } else if (less) {
            code.dcmpg();
        } else {
            code.dcmpl();
        }
        return condition(ZERO_JUMPS, which, 2);
    }

    /// In the order of the operators: eq ne lt_s lt_u gt_s gt_u le_s le_u ge_s ge_u.
    private static int integerRelation(int number) {
        return switch (number) {
            case 0 -> EQ;
            case 1 -> NE;
            case 2, 3 -> LT;
            case 4, 5 -> GT;
            case 6, 7 -> LE;
            default -> GE;
        };
    }

    private static boolean isUnsigned(int number) {
        return number > 1 && (number & 1) == 1;
    }

    /// A comparison, together with what uses its result when that follows at once.
    private void comparison(int op) {
        int operands = Opcode.second(op) == null ? 1 : 2;
        int before = in.at;
        boolean negated = false;
        while (in.peek() == 0x45) {
            in.next();
            negated = !negated;
        }
        switch (in.peek()) {
            case Opcode.BR_IF -> {
                in.next();
                isolate(operands);
                conditionalBranch(op, negated);
            }
            case Opcode.IF -> {
                operatorAt = in.at;
                in.next();
                isolate(operands);
                Condition condition = compare(op);
                popped(operands);
                openIf(negated ? condition.negated() : condition);
            }
            case Opcode.SELECT -> {
                in.next();
                needToSelect(operands);
                Condition condition = compare(op);
                popped(operands);
                select(negated ? condition.negated() : condition);
            }
            default -> {
                in.at = before;
                in.op = op;
                need(operands);
                Condition condition = compare(op);
                popped(operands);
                materialize(condition);
            }
        }
    }

    private void materialize(Condition condition) {
        Label yes = code.newLabel();
        Label done = code.newLabel();
        code.branch(condition.taken, yes);
        code.iconst_0().goto_(done);
        code.labelBinding(yes);
        code.iconst_1();
        code.labelBinding(done);
        push(TypeKind.INT);
    }

    /// `br_if` after a comparison whose operands alone are on the JVM's stack.
    private void conditionalBranch(int op, boolean negated) {
        Block block = block((int) in.first);
        boolean counts = op == (negated ? 0x46 : 0x47);
        if (counts && block.op == Opcode.LOOP && block.labelTypes().isEmpty()) {
            // C2 sees a counted loop in "i < limit", and none in "i != limit"
            int right = spillSlot(height - 1, TypeKind.INT);
            int left = spillSlot(height - 2, TypeKind.INT);
            code.istore(right).istore(left);
            popped(2);
            block.targeted = true;
            code.iload(left).iload(right);
            if (stepSign < 0 && steppedHere()) {
                code.if_icmpgt(block.label);
            } else {
                code.if_icmplt(block.label);
            }
            code.iload(left).iload(right).if_icmpne(block.label);
            return;
        }
        Condition condition = compare(op);
        popped(Opcode.second(op) == null ? 1 : 2);
        branchIf(negated ? condition.negated() : condition, block);
    }

    private void branchIf(Condition condition, Block block) {
        block.targeted = true;
        if (carriesInPlace(block)) {
            code.branch(condition.taken, block.label);
            return;
        }
        Label stay = code.newLabel();
        code.branch(condition.refused, stay);
        carry(block);
        code.goto_(block.label);
        code.labelBinding(stay);
    }

    private void brIf() {
        isolate(1);
        Block block = block((int) in.first);
        if (block.op == Opcode.LOOP && block.labelTypes().isEmpty() && steppedHere()) {
            int left = spillSlot(height - 1, TypeKind.INT);
            code.istore(left);
            popped(1);
            block.targeted = true;
            code.iload(left);
            if (stepSign < 0) {
                code.ifgt(block.label);
            } else {
                code.iflt(block.label);
            }
            code.iload(left).ifne(block.label);
            return;
        }
        popped(1);
        branchIf(NOT_ZERO, block);
    }

    /// Whether a constant was added just before, by an addition and a `local.tee` at most.
    private boolean steppedHere() {
        return stepAt >= 0 && in.at - stepAt <= STEP_BYTES;
    }

    private void openIf(Condition condition) {
        openBlock(Opcode.IF);
        Block block = blocks.getLast();
        Label otherwise = code.newLabel();
        block.otherwise = otherwise;
        code.branch(condition.refused, otherwise);
    }

    /// @param condition operands of the condition, above the two values
    private void needToSelect(int condition) {
        int second = height - condition - 1;
        if (loose[second] != loose[second - 1]) {
            spillAll();
        }
        need(condition + 2);
    }

    /// Two values of one kind are on the JVM's stack, and the condition above them; both loose, or
    /// none.
    private void select(Condition condition) {
        TypeKind kind = stack[height - 1];
        Label first = code.newLabel();
        code.branch(condition.taken, first);
        if (kind.slotSize() == 1) {
            code.swap();
            code.labelBinding(first);
            code.pop();
        } else {
            code.dup2_x2().pop2();
            code.labelBinding(first);
            code.pop2();
        }
        popped(1);
    }

    // ---- operators

    private void operator(int op) {
        if (Opcode.isPlain(op)) {
            plain(op);
            return;
        }
        switch (op) {
            case Opcode.UNREACHABLE -> {
                unreachable();
                dead = 0;
            }
            case Opcode.NOP -> {}
            case Opcode.BLOCK, Opcode.LOOP -> openBlock(op);
            case Opcode.IF -> {
                isolate(1);
                popped(1);
                openIf(NOT_ZERO);
            }
            case Opcode.ELSE -> beginElse();
            case Opcode.END -> endBlock();
            case Opcode.BR -> branch((int) in.first);
            case Opcode.BR_IF -> brIf();
            case Opcode.BR_TABLE -> brTable();
            case Opcode.RETURN -> {
                if (region != null) {
                    // the outermost block is the function's
                    branch(blocks.size() + region.exits[region.exits.length - 1]);
                } else {
                    emitReturn();
                }
                dead = 0;
            }
            case Opcode.CALL -> call((int) in.first);
            case Opcode.CALL_INDIRECT -> callIndirect((int) in.first, in.second);
            case Opcode.DROP -> {
                if (height == spilled) {
                    height--;
                    spilled = height;
                } else {
                    if (stack[height - 1].slotSize() == 1) {
                        code.pop();
                    } else {
                        code.pop2();
                    }
                    popped(1);
                }
            }
            case Opcode.SELECT, Opcode.SELECT_TYPED -> {
                needToSelect(1);
                popped(1);
                select(NOT_ZERO);
            }
            case Opcode.LOCAL_GET -> {
                int index = (int) in.first;
                if (localSlots[index] < 0) {
                    fetch(place(index), localKinds[index]);
                } else {
                    code.loadLocal(localKinds[index], localSlots[index]);
                }
                push(localKinds[index]);
                loose[height - 1] = looseLocals.get(index);
            }
            case Opcode.LOCAL_SET -> {
                need(1);
                settleFor((int) in.first);
                setLocal((int) in.first);
                popped(1);
            }
            case Opcode.LOCAL_TEE -> {
                need(1);
                int index = (int) in.first;
                settleFor(index);
                if (localKinds[index].slotSize() == 1) {
                    code.dup();
                } else {
                    code.dup2();
                }
                setLocal(index);
            }
            case Opcode.GLOBAL_GET -> globalGet((int) in.first);
            case Opcode.GLOBAL_SET -> globalSet((int) in.first);
            case Opcode.I32_CONST -> {
                int value = (int) in.first;
                if (in.peek() == 0x6a) {
                    stepSign = value;
                    stepAt = in.at;
                }
                code.loadConstant(value);
                push(TypeKind.INT);
            }
            case Opcode.I64_CONST -> {
                code.loadConstant(in.first);
                push(TypeKind.LONG);
            }
            case Opcode.F32_CONST -> {
                floatConstant((int) in.first);
                push(TypeKind.FLOAT);
            }
            case Opcode.F64_CONST -> {
                doubleConstant(in.first);
                push(TypeKind.DOUBLE);
            }
            case Opcode.REF_NULL -> {
                code.iconst_m1();
                push(TypeKind.INT);
            }
            case Opcode.REF_IS_NULL -> {
                need(1);
                popped(1);
                code.iconst_m1();
                materialize(condition(INT_JUMPS, EQ, 2));
            }
            case Opcode.REF_FUNC -> {
                code.loadConstant((int) in.first);
                code.aload(instanceSlot).getfield(Names.INSTANCE, "base", I).iadd();
                push(TypeKind.INT);
            }
            default -> state(op);
        }
    }

    private void settleFor(int local) {
        if (!looseLocals.get(local)) {
            settle(height - 1);
        }
    }

    /// Takes the value of a local from the JVM's stack; it is the topmost operand.
    private void setLocal(int index) {
        TypeKind kind = localKinds[index];
        written.set(index);
        if (localSlots[index] >= 0) {
            code.storeLocal(kind, localSlots[index]);
            return;
        }
        int slot = spillSlot(height - 1, kind);
        code.storeLocal(kind, slot);
        put(place(index), kind, slot);
    }

    private void unreachable() {
        code.invokestatic(
                        Names.OPS,
                        "unreachable",
                        MethodTypeDesc.of(ClassDesc.of("java.lang.RuntimeException")))
                .athrow();
    }

    /// NaNs keep their bits only as integers: the constant pool may make them all one.
    private void floatConstant(int bits) {
        float value = Float.intBitsToFloat(bits);
        if (!Float.isNaN(value)) {
            code.loadConstant(value);
        } else {
            code.loadConstant(bits);
            code.invokestatic(ConstantDescs.CD_Float, "intBitsToFloat", MethodTypeDesc.of(F, I));
        }
    }

    private void doubleConstant(long bits) {
        double value = Double.longBitsToDouble(bits);
        if (!Double.isNaN(value)) {
            code.loadConstant(value);
        } else {
            code.loadConstant(bits);
            code.invokestatic(ConstantDescs.CD_Double, "longBitsToDouble", MethodTypeDesc.of(D, J));
        }
    }

    /// Tables, memory as a whole, segments: by the instance, with the operator's immediates as last
    /// arguments.
    private void state(int op) {
        switch (op) {
            case Opcode.TABLE_GET -> onInstance("tableGet", true, false, 1, (int) in.first);
            case Opcode.TABLE_SET -> onInstance("tableSet", false, false, 2, (int) in.first);
            case Opcode.TABLE_SIZE -> onInstance("tableSize", true, false, 0, (int) in.first);
            case Opcode.TABLE_GROW -> onInstance("tableGrow", true, true, 2, (int) in.first);
            case Opcode.TABLE_FILL -> onInstance("tableFill", false, true, 3, (int) in.first);
            case Opcode.TABLE_COPY ->
                    onInstance("tableCopy", false, true, 3, (int) in.first, in.second);
            case Opcode.TABLE_INIT ->
                    onInstance("tableInit", false, true, 3, (int) in.first, in.second);
            case Opcode.ELEM_DROP -> onInstance("elementDrop", false, false, 0, (int) in.first);
            case Opcode.DATA_DROP -> onInstance("dataDrop", false, false, 0, (int) in.first);
            case Opcode.MEMORY_INIT -> onInstance("memoryInit", false, true, 3, (int) in.first);
            case Opcode.MEMORY_COPY -> onInstance("memoryCopy", false, true, 3);
            case Opcode.MEMORY_FILL -> onInstance("memoryFill", false, true, 3);
            case Opcode.MEMORY_GROW -> {
                onInstance("memoryGrow", true, true, 1);
                if (usesMemory) {
                    loadMemory();
                }
            }
            case Opcode.MEMORY_SIZE -> {
                code.aload(instanceSlot).getfield(Names.INSTANCE, "memory", Names.MEMORY);
                code.getfield(Names.MEMORY, "bytes", Names.BYTES).arraylength();
                code.loadConstant(16).iushr();
                push(TypeKind.INT);
            }
            default -> throw new IllegalStateException("operator " + op);
        }
    }

    /// Calls a method of the instance with operands, all of them int, and constants behind them.
    private void onInstance(
            String method, boolean returns, boolean charges, int operands, int... immediates) {
        need(operands);
        int[] slots = new int[operands];
        for (int i = operands - 1; i >= 0; i--) {
            slots[i] = spillSlot(height - operands + i, TypeKind.INT);
            code.istore(slots[i]);
        }
        popped(operands);
        if (charges) {
            beginCall();
        }
        code.aload(instanceSlot);
        ClassDesc[] parameters = new ClassDesc[operands + immediates.length];
        Arrays.fill(parameters, I);
        for (int slot : slots) {
            code.iload(slot);
        }
        for (int immediate : immediates) {
            code.loadConstant(immediate);
        }
        code.invokevirtual(Names.INSTANCE, method, MethodTypeDesc.of(returns ? I : V, parameters));
        if (charges) {
            endCall(false);
        }
        if (returns) {
            push(TypeKind.INT);
        }
    }

    private void globalGet(int index) {
        TypeKind kind = Names.kind(module.globals.get(index).type());
        code.aload(instanceSlot);
        if (module.isShared(index)) {
            code.loadConstant(index);
            code.invokevirtual(Names.INSTANCE, "sharedGlobal", MethodTypeDesc.of(J, I));
        } else {
            code.getfield(Names.INSTANCE, "globals", Names.LONGS).loadConstant(index).laload();
        }
        Glue.fromBits(code, kind);
        push(kind);
    }

    private void globalSet(int index) {
        TypeKind kind = Names.kind(module.globals.get(index).type());
        needSettled(1);
        int slot = spillSlot(height - 1, kind);
        code.storeLocal(kind, slot);
        popped(1);
        code.aload(instanceSlot);
        if (module.isShared(index)) {
            code.loadLocal(kind, slot);
            Glue.toBits(code, kind);
            code.loadConstant(index);
            code.invokevirtual(Names.INSTANCE, "setSharedGlobal", MethodTypeDesc.of(V, J, I));
        } else {
            code.getfield(Names.INSTANCE, "globals", Names.LONGS).loadConstant(index);
            code.loadLocal(kind, slot);
            Glue.toBits(code, kind);
            code.lastore();
        }
    }

    // ---- calls

    private void call(int callee) {
        FunctionType callType = module.functionType(callee);
        loadArguments(callType);
        beginCall();
        code.aload(instanceSlot).iload(nextDepthSlot);
        code.invokestatic(loader.ownerOf(callee), Names.method(callee), Names.descriptor(callType));
        endCall(true);
        pushResults(callType);
    }

    private void callIndirect(int typeIndex, int table) {
        int canonical = module.canonical[typeIndex];
        FunctionType callType = module.types[canonical];
        need(1);
        int index = spillSlot(height - 1, TypeKind.INT);
        code.istore(index);
        popped(1);
        loadArguments(callType);
        code.aload(instanceSlot).loadConstant(table).iload(index);
        code.invokevirtual(Names.INSTANCE, "element", MethodTypeDesc.of(I, I, I));
        beginCall();
        code.aload(instanceSlot).iload(nextDepthSlot);
        code.invokestatic(
                loader.dispatcherOf(canonical), "call", Names.dispatcherDescriptor(callType));
        endCall(true);
        pushResults(callType);
    }

    private void loadArguments(FunctionType callType) {
        int count = callType.params().size();
        if (!Names.passedInArray(callType)) {
            needSettled(count);
            popped(count);
            return;
        }
        spillAll();
        int length = Math.max(count, callType.results().size());
        code.loadConstant(length).newarray(TypeKind.LONG);
        for (int i = 0; i < count; i++) {
            int at = height - count + i;
            code.dup().loadConstant(i).loadLocal(stack[at], spillSlot(at, stack[at]));
            Glue.toBits(code, stack[at]);
            code.lastore();
        }
        height -= count;
        spilled = height;
    }

    private void pushResults(FunctionType callType) {
        List<ValueType> results = callType.results();
        if (results.size() > 1) {
            for (int i = 0; i < results.size(); i++) {
                code.aload(instanceSlot).getfield(Names.INSTANCE, "results", Names.LONGS);
                code.loadConstant(i).laload();
                Glue.fromBits(code, Names.kind(results.get(i)));
            }
        }
        push(results);
    }

    // ---- memory and numbers

    private void plain(int op) {
        if (isComparison(op)) {
            comparison(op);
            return;
        }
        if (Opcode.isMemoryAccess(op)) {
            access(op);
            return;
        }
        int operands = Opcode.second(op) == null ? 1 : 2;
        if (showsBits(op)) {
            needSettled(operands);
        } else {
            need(operands);
        }
        Numeric.emit(code, op);
        popped(operands);
        push(Names.kind(java.util.Objects.requireNonNull(Opcode.result(op))));
        loose[height - 1] = Opcode.isFloatArithmetic(op);
    }

    /// Whether an operator on floats lets the bits of a NaN be seen: reinterpretations, and those
    /// of the sign.
    private static boolean showsBits(int op) {
        return switch (op) {
            case 0x8b, 0x8c, 0x98, 0x99, 0x9a, 0xa6, 0xbc, 0xbd -> true;
            default -> false;
        };
    }

    private void access(int op) {
        int offset = in.second;
        ValueType stored = Opcode.second(op);
        if (stored == null) {
            need(1);
            addOffset(offset);
            code.aload(memorySlot);
            load(op);
            popped(1);
            push(Names.kind(java.util.Objects.requireNonNull(Opcode.result(op))));
            return;
        }
        needSettled(2);
        if (offset != 0) {
            TypeKind kind = Names.kind(stored);
            int slot = spillSlot(height - 1, kind);
            code.storeLocal(kind, slot);
            addOffset(offset);
            code.loadLocal(kind, slot);
        }
        store(op);
        popped(2);
    }

    private void addOffset(int offset) {
        if (offset == 0) {
            return;
        }
        if (offset < 0) {
            // no memory has 2 GiB: always out of bounds
            code.pop().iconst_m1();
            return;
        }
        if (compact) {
            code.loadConstant(offset);
            code.invokestatic(Names.OPS, "offset", MethodTypeDesc.of(I, I, I));
            return;
        }
        code.loadConstant(Integer.MAX_VALUE);
        code.invokestatic(
                ClassDesc.of("java.util.Objects"), "checkIndex", MethodTypeDesc.of(I, I, I));
        code.loadConstant(offset).iadd();
    }

    private void load(int op) {
        switch (op) {
            case 0x28 -> load("load32", I);
            case 0x29 -> load("load64", J);
            case 0x2a -> load("loadF32", F);
            case 0x2b -> load("loadF64", D);
            case 0x2c -> code.swap().baload();
            case 0x2d -> code.swap().baload().loadConstant(255).iand();
            case 0x2e -> load("load16S", I);
            case 0x2f -> load("load16U", I);
            case 0x30 -> code.swap().baload().i2l();
            case 0x31 -> code.swap().baload().loadConstant(255).iand().i2l();
            case 0x32 -> {
                load("load16S", I);
                code.i2l();
            }
            case 0x33 -> {
                load("load16U", I);
                code.i2l();
            }
            case 0x34 -> {
                load("load32", I);
                code.i2l();
            }
            default -> {
                load("load32", I);
                code.i2l().loadConstant(0xffff_ffffL).land();
            }
        }
    }

    private void load(String method, ClassDesc type) {
        code.invokestatic(Names.OPS, method, MethodTypeDesc.of(type, I, Names.BYTES));
    }

    private void store(int op) {
        switch (op) {
            case 0x36 -> store("store32", I);
            case 0x37 -> store("store64", J);
            case 0x38 -> store("storeF32", F);
            case 0x39 -> store("storeF64", D);
            case 0x3a -> store("store8", I);
            case 0x3b -> store("store16", I);
            case 0x3c -> {
                code.l2i();
                store("store8", I);
            }
            case 0x3d -> {
                code.l2i();
                store("store16", I);
            }
            default -> {
                code.l2i();
                store("store32", I);
            }
        }
    }

    private void store(String method, ClassDesc type) {
        code.aload(memorySlot);
        code.invokestatic(Names.OPS, method, MethodTypeDesc.of(V, I, type, Names.BYTES));
    }
}
