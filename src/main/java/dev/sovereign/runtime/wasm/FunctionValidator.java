package dev.sovereign.runtime.wasm;

import dev.sovereign.runtime.wasm.ModuleRejected.Reason;

import org.jspecify.annotations.Nullable;

import java.util.Arrays;
import java.util.List;

/// Checks function bodies as the appendix "Validation Algorithm" of the specification does: a stack
/// of types, a stack of blocks, one pass.
final class FunctionValidator {

    /// Types looked at for branches and calls, for one module: some 2 s of checking. Honest modules
    /// of 8 MiB need a tenth.
    private static final long MAX_WORK = 500_000_000L;

    private static final List<ValueType> NOTHING = List.of();
    private static final FunctionType EMPTY = new FunctionType(NOTHING, NOTHING);

    private final WasmModule module;
    private final ByteReader in;
    private final int dataCount;
    private long work;

    private ValueType[] locals = new ValueType[64];
    private int localCount;
    private @Nullable ValueType[] stack = new ValueType[64];
    private int height;
    private int highest;

    private final int[] opener = new int[WasmModule.MAX_NESTING + 1];
    private final int[] base = new int[WasmModule.MAX_NESTING + 1];
    private final boolean[] unreachable = new boolean[WasmModule.MAX_NESTING + 1];

    private final FunctionType[] blockTypes = new FunctionType[WasmModule.MAX_NESTING + 1];

    private int depth;

    /// @param in stands at the body's locals when [#check] is called
    /// @param dataCount -1 when the module does not say it
    FunctionValidator(WasmModule module, ByteReader in, int dataCount) {
        this.module = module;
        this.in = in;
        this.dataCount = dataCount;
    }

    void check(int function) throws ModuleRejected {
        FunctionType type = module.functionType(function);
        int from = in.at;
        readLocals(type.params());
        height = 0;
        depth = -1;
        push(Opcode.BLOCK, new FunctionType(NOTHING, type.results()));
        highest = 0;
        while (depth >= 0) {
            operator();
            highest = Math.max(highest, height);
            if (highest > WasmModule.MAX_OPERANDS) {
                throw new ModuleRejected(
                        Reason.LIMIT,
                        "operands of a function at once: more than " + WasmModule.MAX_OPERANDS);
            }
        }
        // two slots for a value on the stack, six for the locals that it may be spilled to
        int frame = 2 * localCount + 8 * highest + 16;
        if (in.at - from > Regions.SMALL_BYTES) {
            frame = (frame + Run.FRAME_BYTES / 8) * (1 + Regions.MAX_LEVELS);
        }
        module.largestFrame = Math.max(module.largestFrame, frame);
    }

    private void readLocals(List<ValueType> params) throws ModuleRejected {
        localCount = 0;
        for (ValueType param : params) {
            addLocals(param, 1);
        }
        int groups = in.count();
        long declared = 0;
        for (int i = 0; i < groups; i++) {
            long count = Integer.toUnsignedLong(in.u32());
            ValueType type = ModuleReader.valueType(in);
            declared += count;
            if (declared > 0xffff_ffffL) {
                throw in.malformed("too many locals");
            }
            if (declared <= WasmModule.MAX_LOCALS) {
                addLocals(type, (int) count);
            }
        }
        if (declared > WasmModule.MAX_LOCALS) {
            throw new ModuleRejected(
                    Reason.LIMIT,
                    "locals of a function: "
                            + declared
                            + ", at most "
                            + WasmModule.MAX_LOCALS
                            + " are taken");
        }
    }

    private void addLocals(ValueType type, int count) {
        if (localCount + count > locals.length) {
            locals = Arrays.copyOf(locals, 2 * (localCount + count));
        }
        Arrays.fill(locals, localCount, localCount + count, type);
        localCount += count;
    }

    private ModuleRejected invalid(String what) {
        return new ModuleRejected(Reason.INVALID, what + " at byte " + in.at);
    }

    private void work(int steps) throws ModuleRejected {
        work += steps;
        if (work > MAX_WORK) {
            throw new ModuleRejected(
                    Reason.LIMIT, "checking the module takes more than " + MAX_WORK + " steps");
        }
    }

    private void push(ValueType type) {
        if (height == stack.length) {
            stack = Arrays.copyOf(stack, height * 2);
        }
        stack[height++] = type;
    }

    private void pushUnknown() {
        if (height == stack.length) {
            stack = Arrays.copyOf(stack, height * 2);
        }
        stack[height++] = null;
    }

    private void push(List<ValueType> types) throws ModuleRejected {
        work(types.size());
        for (int i = 0; i < types.size(); i++) {
            push(types.get(i));
        }
    }

    /// Null when nothing is known of it, in unreachable code.
    private @Nullable ValueType pop() throws ModuleRejected {
        if (height == base[depth]) {
            if (unreachable[depth]) {
                return null;
            }
            throw invalid("type mismatch: an operand is missing");
        }
        return stack[--height];
    }

    private void pop(ValueType expected) throws ModuleRejected {
        ValueType actual = pop();
        if (actual != expected && actual != null) {
            throw invalid(
                    "type mismatch: expected " + expected.text() + ", found " + actual.text());
        }
    }

    private void pop(List<ValueType> types) throws ModuleRejected {
        work(types.size());
        for (int i = types.size() - 1; i >= 0; i--) {
            pop(types.get(i));
        }
    }

    private void push(int op, FunctionType type) throws ModuleRejected {
        if (depth >= WasmModule.MAX_NESTING) {
            throw new ModuleRejected(
                    Reason.LIMIT, "blocks are nested deeper than " + WasmModule.MAX_NESTING);
        }
        depth++;
        opener[depth] = op;
        blockTypes[depth] = type;
        base[depth] = height;
        unreachable[depth] = false;
        push(type.params());
    }

    private void popBlock() throws ModuleRejected {
        pop(blockTypes[depth].results());
        if (height != base[depth]) {
            throw invalid("type mismatch: operands are left over");
        }
        depth--;
    }

    private void markUnreachable() {
        height = base[depth];
        unreachable[depth] = true;
    }

    private List<ValueType> labelTypes(int label) {
        int at = depth - label;
        FunctionType type = blockTypes[at];
        return opener[at] == Opcode.LOOP ? type.params() : type.results();
    }

    private int label() throws ModuleRejected {
        int label = in.index();
        if (label > depth) {
            throw invalid("unknown label " + label);
        }
        return label;
    }

    private ValueType local() throws ModuleRejected {
        int index = in.index();
        if (index >= localCount) {
            throw invalid("unknown local " + index);
        }
        return locals[index];
    }

    private WasmModule.Table table(int index) throws ModuleRejected {
        if (index >= module.tables.size()) {
            throw invalid("unknown table " + index);
        }
        return module.tables.get(index);
    }

    private WasmModule.Elements elements(int index) throws ModuleRejected {
        if (index >= module.elements.length) {
            throw invalid("unknown element segment " + index);
        }
        return module.elements[index];
    }

    private void needMemory() throws ModuleRejected {
        if (module.memory == null) {
            throw invalid("unknown memory 0");
        }
    }

    private void zeroByte() throws ModuleRejected {
        int value = in.u8();
        if (value != 0) {
            throw in.malformed("zero byte expected");
        }
    }

    private void blockOf(int op) throws ModuleRejected {
        if (op == Opcode.IF) {
            pop(ValueType.I32);
        }
        int first = in.peek();
        FunctionType type;
        if (first == 0x40) {
            in.at++;
            type = EMPTY;
        } else if ((first & 0xc0) == 0x40) {
            type = new FunctionType(NOTHING, List.of(ModuleReader.valueType(in)));
        } else {
            long index = in.s33();
            if (index < 0 || index >= module.types.length) {
                throw invalid("unknown type " + index);
            }
            type = module.types[(int) index];
        }
        pop(type.params());
        push(op, type);
    }

    private void operator() throws ModuleRejected {
        int op = in.u8();
        if (op == Opcode.PREFIX_FC) {
            long number = Integer.toUnsignedLong(in.u32());
            if (number > 17) {
                throw in.malformed("operator 0xfc " + number + " is none,");
            }
            op = Opcode.FC + (int) number;
        }
        if (Opcode.isPlain(op)) {
            plain(op);
            return;
        }
        switch (op) {
            case Opcode.UNREACHABLE -> markUnreachable();
            case Opcode.NOP -> {}
            case Opcode.BLOCK, Opcode.LOOP, Opcode.IF -> blockOf(op);
            case Opcode.ELSE -> {
                if (opener[depth] != Opcode.IF) {
                    throw in.malformed("else without if");
                }
                FunctionType type = blockTypes[depth];
                popBlock();
                push(Opcode.ELSE, type);
            }
            case Opcode.END -> {
                FunctionType type = blockTypes[depth];
                if (opener[depth] == Opcode.IF && !type.params().equals(type.results())) {
                    throw invalid("type mismatch: if without else changes types");
                }
                popBlock();
                if (depth >= 0) {
                    push(type.results());
                }
            }
            case Opcode.BR -> {
                pop(labelTypes(label()));
                markUnreachable();
            }
            case Opcode.BR_IF -> {
                pop(ValueType.I32);
                List<ValueType> types = labelTypes(label());
                pop(types);
                push(types);
            }
            case Opcode.BR_TABLE -> brTable();
            case Opcode.RETURN -> {
                pop(blockTypes[0].results());
                markUnreachable();
            }
            case Opcode.CALL -> {
                int function = in.index();
                if (function >= module.functionTypes.length) {
                    throw invalid("unknown function " + function);
                }
                call(module.functionType(function));
            }
            case Opcode.CALL_INDIRECT -> {
                int type = in.index();
                int table = in.index();
                if (table(table).type() != ValueType.FUNCREF) {
                    throw invalid("type mismatch: table of another type than funcref");
                }
                if (type >= module.types.length) {
                    throw invalid("unknown type " + type);
                }
                pop(ValueType.I32);
                call(module.types[type]);
            }
            case Opcode.DROP -> pop();
            case Opcode.SELECT -> {
                pop(ValueType.I32);
                ValueType second = pop();
                ValueType first = pop();
                if (isReference(first) || isReference(second)) {
                    throw invalid("type mismatch: select of references needs its type");
                }
                if (first != null && second != null && first != second) {
                    throw invalid("type mismatch: select between different types");
                }
                ValueType result = first == null ? second : first;
                if (result == null) {
                    pushUnknown();
                } else {
                    push(result);
                }
            }
            case Opcode.SELECT_TYPED -> {
                if (in.count() != 1) {
                    throw invalid("invalid result arity");
                }
                ValueType type = ModuleReader.valueType(in);
                pop(ValueType.I32);
                pop(type);
                pop(type);
                push(type);
            }
            case Opcode.LOCAL_GET -> push(local());
            case Opcode.LOCAL_SET -> pop(local());
            case Opcode.LOCAL_TEE -> {
                ValueType type = local();
                pop(type);
                push(type);
            }
            case Opcode.GLOBAL_GET -> push(global(false).type());
            case Opcode.GLOBAL_SET -> pop(global(true).type());
            case Opcode.TABLE_GET -> {
                ValueType type = table(in.index()).type();
                pop(ValueType.I32);
                push(type);
            }
            case Opcode.TABLE_SET -> {
                ValueType type = table(in.index()).type();
                pop(type);
                pop(ValueType.I32);
            }
            case Opcode.MEMORY_SIZE -> {
                zeroByte();
                needMemory();
                push(ValueType.I32);
            }
            case Opcode.MEMORY_GROW -> {
                zeroByte();
                needMemory();
                pop(ValueType.I32);
                push(ValueType.I32);
            }
            case Opcode.I32_CONST -> {
                in.s32();
                push(ValueType.I32);
            }
            case Opcode.I64_CONST -> {
                in.s64();
                push(ValueType.I64);
            }
            case Opcode.F32_CONST -> {
                in.skip(4);
                push(ValueType.F32);
            }
            case Opcode.F64_CONST -> {
                in.skip(8);
                push(ValueType.F64);
            }
            case Opcode.REF_NULL -> push(ModuleReader.referenceType(in));
            case Opcode.REF_IS_NULL -> {
                ValueType type = pop();
                if (type != null && !type.isReference()) {
                    throw invalid("type mismatch: expected a reference, found " + type.text());
                }
                push(ValueType.I32);
            }
            case Opcode.REF_FUNC -> {
                int function = in.index();
                if (function >= module.functionTypes.length) {
                    throw invalid("unknown function " + function);
                }
                if (!module.referenced.get(function)) {
                    throw invalid("undeclared function reference " + function);
                }
                push(ValueType.FUNCREF);
            }
            default -> {
                if (op >= Opcode.FC) {
                    bulk(op);
                    return;
                }
                String proposal = Opcode.proposal(op);
                if (proposal != null) {
                    throw new ModuleRejected(Reason.UNSUPPORTED, proposal + " are not supported");
                }
                in.at--;
                throw in.malformed("operator " + op + " is none,");
            }
        }
    }

    private static boolean isReference(@Nullable ValueType type) {
        return type != null && type.isReference();
    }

    private void plain(int op) throws ModuleRejected {
        if (Opcode.isMemoryAccess(op)) {
            int align = in.u32();
            if ((align & 0x40) != 0 && align < 0x80 && align > 0) {
                throw new ModuleRejected(
                        Reason.UNSUPPORTED,
                        "several memories (proposal multi-memory) are not supported");
            }
            if (align < 0 || align >= 32) {
                throw in.malformed("malformed alignment");
            }
            in.u32();
            needMemory();
            if (align > Opcode.width(op)) {
                throw invalid("alignment must not be larger than natural");
            }
        }
        ValueType second = Opcode.second(op);
        if (second != null) {
            pop(second);
        }
        pop(Opcode.first(op));
        ValueType result = Opcode.result(op);
        if (result != null) {
            push(result);
        }
    }

    private void call(FunctionType type) throws ModuleRejected {
        pop(type.params());
        push(type.results());
    }

    private WasmModule.Global global(boolean set) throws ModuleRejected {
        int index = in.index();
        if (index >= module.globals.size()) {
            throw invalid("unknown global " + index);
        }
        WasmModule.Global global = module.globals.get(index);
        if (set && !global.mutable()) {
            throw invalid("global " + index + " is immutable");
        }
        return global;
    }

    private void brTable() throws ModuleRejected {
        int count = in.count();
        pop(ValueType.I32);
        int firstAt = in.at;
        work(depth);
        for (int i = 0; i < count; i++) {
            in.u32();
        }
        int arity = labelTypes(label()).size();
        int endAt = in.at;
        in.at = firstAt;
        long[] seen = new long[depth / 64 + 1];
        for (int i = 0; i <= count; i++) {
            int label = label();
            if ((seen[label >> 6] & 1L << label) != 0) {
                continue;
            }
            seen[label >> 6] |= 1L << label;
            List<ValueType> types = labelTypes(label);
            if (types.size() != arity) {
                throw invalid("type mismatch: labels of br_table differ");
            }
            peek(types);
        }
        in.at = endAt;
        markUnreachable();
    }

    /// Checks what is on the stack against types, and leaves it there.
    private void peek(List<ValueType> types) throws ModuleRejected {
        work(types.size());
        int at = height;
        for (int i = types.size() - 1; i >= 0; i--) {
            if (at == base[depth]) {
                if (unreachable[depth]) {
                    return;
                }
                throw invalid("type mismatch: an operand is missing");
            }
            ValueType actual = stack[--at];
            if (actual != null && actual != types.get(i)) {
                throw invalid(
                        "type mismatch: expected "
                                + types.get(i).text()
                                + ", found "
                                + actual.text());
            }
        }
    }

    private void bulk(int op) throws ModuleRejected {
        switch (op) {
            case Opcode.MEMORY_INIT -> {
                int segment = in.index();
                zeroByte();
                needMemory();
                dataSegment(segment);
                popThree();
            }
            case Opcode.DATA_DROP -> dataSegment(in.index());
            case Opcode.MEMORY_COPY -> {
                zeroByte();
                zeroByte();
                needMemory();
                popThree();
            }
            case Opcode.MEMORY_FILL -> {
                zeroByte();
                needMemory();
                popThree();
            }
            case Opcode.TABLE_INIT -> {
                int segment = in.index();
                int table = in.index();
                if (table(table).type() != elements(segment).type()) {
                    throw invalid("type mismatch between segment and table");
                }
                popThree();
            }
            case Opcode.ELEM_DROP -> elements(in.index());
            case Opcode.TABLE_COPY -> {
                int to = in.index();
                int from = in.index();
                if (table(to).type() != table(from).type()) {
                    throw invalid("type mismatch between tables");
                }
                popThree();
            }
            case Opcode.TABLE_GROW -> {
                ValueType type = table(in.index()).type();
                pop(ValueType.I32);
                pop(type);
                push(ValueType.I32);
            }
            case Opcode.TABLE_SIZE -> {
                table(in.index());
                push(ValueType.I32);
            }
            case Opcode.TABLE_FILL -> {
                ValueType type = table(in.index()).type();
                pop(ValueType.I32);
                pop(type);
                pop(ValueType.I32);
            }
            default -> throw new IllegalStateException("operator " + op);
        }
    }

    private void dataSegment(int index) throws ModuleRejected {
        if (dataCount < 0) {
            throw in.malformed("data count section required");
        }
        if (Integer.compareUnsigned(index, dataCount) >= 0) {
            throw invalid("unknown data segment " + index);
        }
    }

    private void popThree() throws ModuleRejected {
        pop(ValueType.I32);
        pop(ValueType.I32);
        pop(ValueType.I32);
    }
}
