package dev.sovereign.runtime.wasm;

import dev.sovereign.runtime.wasm.ModuleRejected.Reason;
import dev.sovereign.runtime.wasm.WasmModule.Constant;
import dev.sovereign.runtime.wasm.WasmModule.Data;
import dev.sovereign.runtime.wasm.WasmModule.Elements;
import dev.sovereign.runtime.wasm.WasmModule.Global;

import org.jspecify.annotations.Nullable;

/// A running module: its state, and what generated code cannot do in a few instructions. Public for
/// generated code, which is the only caller of its public members; owned by the run's thread.
///
/// Operators with an operand that says how much work they are pay for it here, before they do it: 1
/// more for 64 bytes, 1 more for 8 table entries, 1024 for a page that is asked for.
public final class Instance implements Caller {

    static final int BYTES_PER_UNIT_SHIFT = 6;
    static final int ENTRIES_PER_UNIT_SHIFT = 3;
    static final long UNITS_PER_PAGE = 1024;

    private static final Memory NO_MEMORY = new Memory(0, 0, 0);

    /// What is left of the present slice; generated code keeps it in a local between calls.
    public long fuel;

    /// Never null: a module without memory has one without pages, which it cannot reach.
    public Memory memory = NO_MEMORY;

    /// Globals that no other instance can see, as bits; the others are in cells.
    public final long[] globals;

    /// Results of a function that returns more than one.
    public final long[] results = new long[WasmModule.MAX_RESULTS];

    /// The number of this instance's first function in its store.
    public final int base;

    final WasmModule module;
    final Store store;
    final Meter meter;
    private final @Nullable GlobalCell[] cells;
    private final ReferenceTable[] tables;
    private final @Nullable HostFunction[] hosts;
    private final int[][] elements;
    private final boolean[] droppedData;
    private final @Nullable CodeLoader code;
    private final @Nullable Interpreter interpreter;

    /// What is linked in: in order of the module's imports of each kind.
    static final class Linked {
        final java.util.List<HostFunction> functions = new java.util.ArrayList<>();
        final java.util.List<ReferenceTable> tables = new java.util.ArrayList<>();
        final java.util.List<GlobalCell> globals = new java.util.ArrayList<>();
        @Nullable Memory memory;
    }

    /// Allocates everything and initializes globals. Segments and the start function follow in
    /// [#initialize].
    ///
    /// @throws ModuleRejected when it wants more than the limits allow
    Instance(WasmModule module, Linked linked, Store store, Meter meter, Limits limits, Mode mode)
            throws ModuleRejected {
        this.module = module;
        this.store = store;
        this.meter = meter;
        this.base = store.add(this, module.functionTypes.length);
        this.hosts = linked.functions.toArray(new HostFunction[0]);
        this.tables = new ReferenceTable[module.tables.size()];
        allocateTables(linked, limits);
        WasmModule.MemoryType wanted = module.memory;
        if (wanted != null) {
            memory = linked.memory != null ? linked.memory : allocateMemory(wanted, limits);
        }
        this.globals = new long[module.globals.size()];
        this.cells = new GlobalCell[module.globals.size()];
        for (int i = 0; i < linked.globals.size(); i++) {
            cells[i] = linked.globals.get(i);
        }
        initializeGlobals();
        this.elements = new int[module.elements.length][];
        this.droppedData = new boolean[module.data.length];
        for (int i = 0; i < elements.length; i++) {
            elements[i] = references(module.elements[i].items());
        }
        this.code = mode == Mode.COMPILED ? module.code() : null;
        this.interpreter = mode == Mode.COMPILED ? null : new Interpreter(this);
    }

    private void allocateTables(Linked linked, Limits limits) throws ModuleRejected {
        for (int i = 0; i < tables.length; i++) {
            WasmModule.Table wanted = module.tables.get(i);
            if (wanted.imported()) {
                tables[i] = linked.tables.get(i);
                continue;
            }
            if (wanted.min() > limits.tableEntries()) {
                throw new ModuleRejected(
                        Reason.LIMIT,
                        "table of %d entries, at most %d are allowed"
                                .formatted(wanted.min(), limits.tableEntries()));
            }
            int max = bounded(wanted.max(), limits.tableEntries());
            tables[i] = new ReferenceTable(wanted.type(), wanted.min(), max, wanted.max());
        }
    }

    private static Memory allocateMemory(WasmModule.MemoryType wanted, Limits limits)
            throws ModuleRejected {
        if (wanted.min() > limits.memoryPages()) {
            throw new ModuleRejected(
                    Reason.LIMIT,
                    "memory of %d pages, at most %d are allowed"
                            .formatted(wanted.min(), limits.memoryPages()));
        }
        return new Memory(wanted.min(), bounded(wanted.max(), limits.memoryPages()), wanted.max());
    }

    private static int bounded(long declaredMax, int limit) {
        return declaredMax < 0 ? limit : (int) Math.min(declaredMax, limit);
    }

    private void initializeGlobals() {
        for (int i = 0; i < globals.length; i++) {
            Global global = module.globals.get(i);
            Constant init = global.init();
            if (init != null) {
                globals[i] = evaluate(init);
                if (module.isShared(i)) {
                    cells[i] = new GlobalCell(global.type(), global.mutable(), globals[i]);
                }
            }
        }
    }

    /// Evaluates a constant expression, which has been validated.
    private long evaluate(Constant constant) {
        Operators operators = new Operators(module.bytes, constant.from());
        long[] stack = new long[8];
        int height = 0;
        while (operators.at < constant.to()) {
            operators.next();
            int op = operators.op;
            if (Opcode.isPlain(op)) {
                long right = stack[--height];
                long left = stack[height - 1];
                stack[height - 1] =
                        switch (op) {
                            case 0x6a -> (int) left + (int) right;
                            case 0x6b -> (int) left - (int) right;
                            case 0x6c -> (int) (left * right);
                            case 0x7c -> left + right;
                            case 0x7d -> left - right;
                            default -> left * right;
                        };
                continue;
            }
            if (height == stack.length) {
                stack = java.util.Arrays.copyOf(stack, height * 2);
            }
            stack[height++] =
                    switch (op) {
                        case Opcode.REF_NULL -> ValueType.NULL;
                        case Opcode.REF_FUNC -> base + (int) operators.first;
                        case Opcode.GLOBAL_GET -> global((int) operators.first);
                        case Opcode.I32_CONST -> (int) operators.first;
                        default -> operators.first;
                    };
        }
        return stack[0];
    }

    private int[] references(int[] items) {
        int[] handles = new int[items.length];
        for (int i = 0; i < items.length; i++) {
            int item = items[i];
            handles[i] =
                    item >= 0 ? base + item : item == -1 ? ValueType.NULL : (int) global(-2 - item);
        }
        return handles;
    }

    /// Copies active segments into tables and memory and runs the start function.
    ///
    /// @param depth calls that may be open at once
    void initialize(int depth) {
        for (int i = 0; i < elements.length; i++) {
            Elements segment = module.elements[i];
            Constant offset = segment.offset();
            if (offset != null) {
                copyElements(
                        tables[segment.table()],
                        elements[i],
                        (int) evaluate(offset),
                        0,
                        elements[i].length);
            }
            if (segment.table() != -1) {
                elements[i] = new int[0];
            }
        }
        for (int i = 0; i < droppedData.length; i++) {
            Data segment = module.data[i];
            Constant offset = segment.offset();
            if (offset != null) {
                memory.write(
                        (int) evaluate(offset),
                        module.bytes,
                        segment.from(),
                        segment.to() - segment.from());
                droppedData[i] = true;
            }
        }
        if (module.start >= 0) {
            invoke(module.start, new long[1], depth - 1);
        }
    }

    /// Calls any function of the module.
    ///
    /// @param values arguments from index 0 on, replaced by the results
    /// @param depth calls that may be opened below it
    void invoke(int function, long[] values, int depth) {
        if (function < module.importedFunctions) {
            host(function, values);
        } else if (interpreter != null) {
            interpreter.call(function, values, depth);
        } else {
            java.util.Objects.requireNonNull(code).entry(function).call(values, this, depth);
        }
    }

    ReferenceTable tableAt(int index) {
        return tables[index];
    }

    GlobalCell cell(int index) {
        return java.util.Objects.requireNonNull(cells[index]);
    }

    long global(int index) {
        GlobalCell cell = cells[index];
        return cell == null ? globals[index] : cell.value;
    }

    void setGlobal(int index, long value) {
        GlobalCell cell = cells[index];
        if (cell == null) {
            globals[index] = value;
        } else {
            cell.value = value;
        }
    }

    /// What the run has used so far.
    long used() {
        return meter.used(fuel);
    }

    // ---- Caller

    @Override
    public Memory memory() {
        if (module.memory == null) {
            throw new WasmTrap("module has no memory");
        }
        return memory;
    }

    @Override
    public void charge(long units) {
        if (units < 0) {
            throw new IllegalArgumentException("charge of " + units);
        }
        fuel -= Math.min(units, Limits.MAX_FUEL);
        if (fuel < 0) {
            fuel = meter.more(fuel);
        }
    }

    @Override
    public long fuelLeft() {
        return Math.max(0, meter.remaining(fuel));
    }

    @Override
    public long deadlineNanos() {
        return meter.deadlineNanos();
    }

    // ---- for generated code

    /// Called when fuel or depth is below zero at a function's entry or a loop's head.
    ///
    /// @return fuel to go on with
    public long more(long left, int depth) {
        if (depth < 0) {
            throw new Stopped(Stopped.Why.DEPTH);
        }
        return meter.more(left);
    }

    /// Calls an imported function.
    public void host(int function, long[] values) {
        try {
            java.util.Objects.requireNonNull(hosts[function]).call(this, values);
        } catch (WasmTrap | WasmExit | Stopped | HostFailed ends) {
            throw ends;
        } catch (Exception | LinkageError failure) {
            throw new HostFailed(failure);
        }
    }

    /// Runs a function that could not be compiled.
    public void interpret(int function, long[] values, int depth) {
        new Interpreter(this).call(function, values, depth);
    }

    /// A call through a reference that is no function of this instance with the type that the
    /// caller expects: a function of another instance, null, or another type.
    ///
    /// @param index the function, counted from this instance's first
    /// @param type canonical, of this instance's module
    public void callForeign(int index, int type, long[] values, int depth) {
        if (index == ValueType.NULL - base) {
            throw new WasmTrap("uninitialized element");
        }
        Instance owner = store.owner(index + base);
        int function = index + base - owner.base;
        if (!owner.module.functionType(function).equals(module.types[type])) {
            throw new WasmTrap("indirect call type mismatch");
        }
        if (owner == this) {
            invoke(function, values, depth);
            return;
        }
        owner.fuel = fuel;
        try {
            owner.invoke(function, values, depth);
        } finally {
            fuel = owner.fuel;
        }
    }

    /// The function at an index of a table, counted from this instance's first.
    public int element(int table, int index) {
        int[] entries = tables[table].entries;
        if (index < 0 || index >= entries.length) {
            throw new WasmTrap("undefined element");
        }
        return entries[index] - base;
    }

    /// Which of its labels a `br_table` with very many entries takes.
    ///
    /// @param at where its labels begin in the module
    public int label(int index, int at) {
        short[] labels = module.labels(at);
        int last = labels.length - 1;
        return labels[Integer.compareUnsigned(index, last) < 0 ? index : last];
    }

    public long sharedGlobal(int index) {
        return cell(index).value;
    }

    public void setSharedGlobal(long value, int index) {
        cell(index).value = value;
    }

    public int tableGet(int index, int table) {
        return tables[table].get(index);
    }

    public void tableSet(int index, int value, int table) {
        tables[table].set(index, value);
    }

    public int tableSize(int table) {
        return tables[table].size();
    }

    public int tableGrow(int value, int delta, int table) {
        chargeEntries(delta);
        return tables[table].grow(delta, value);
    }

    public void tableFill(int from, int value, int length, int table) {
        chargeEntries(length);
        tables[table].check(from, length);
        java.util.Arrays.fill(tables[table].entries, from, from + length, value);
    }

    public void tableCopy(int to, int from, int length, int target, int source) {
        chargeEntries(length);
        tables[source].check(from, length);
        tables[target].check(to, length);
        System.arraycopy(tables[source].entries, from, tables[target].entries, to, length);
    }

    public void tableInit(int to, int from, int length, int segment, int table) {
        chargeEntries(length);
        copyElements(tables[table], elements[segment], to, from, length);
    }

    private static void copyElements(
            ReferenceTable table, int[] elements, int to, int from, int length) {
        if (from < 0 || length < 0 || (long) from + length > elements.length) {
            throw ReferenceTable.outOfBounds();
        }
        table.check(to, length);
        System.arraycopy(elements, from, table.entries, to, length);
    }

    public void elementDrop(int segment) {
        elements[segment] = new int[0];
    }

    public int memoryGrow(int delta) {
        chargeDynamic(Integer.toUnsignedLong(delta) * UNITS_PER_PAGE);
        meter.check();
        return memory.grow(delta);
    }

    public void memoryFill(int address, int value, int length) {
        chargeBytes(length);
        memory.fill(address, length, (byte) value);
    }

    public void memoryCopy(int to, int from, int length) {
        chargeBytes(length);
        int source = memory.check(from, length);
        int target = memory.check(to, length);
        System.arraycopy(memory.bytes, source, memory.bytes, target, length);
    }

    public void memoryInit(int to, int from, int length, int segment) {
        chargeBytes(length);
        Data data = module.data[segment];
        int present = droppedData[segment] ? 0 : data.to() - data.from();
        if (from < 0 || length < 0 || (long) from + length > present) {
            throw new WasmTrap("out of bounds memory access");
        }
        memory.write(to, module.bytes, data.from() + from, length);
    }

    public void dataDrop(int segment) {
        droppedData[segment] = true;
    }

    private void chargeBytes(int length) {
        chargeDynamic(Integer.toUnsignedLong(length) >>> BYTES_PER_UNIT_SHIFT);
    }

    private void chargeEntries(int length) {
        chargeDynamic(Integer.toUnsignedLong(length) >>> ENTRIES_PER_UNIT_SHIFT);
    }

    private void chargeDynamic(long units) {
        if (units > 0) {
            fuel -= units;
            if (fuel < 0) {
                fuel = meter.more(fuel);
            }
        }
    }
}
