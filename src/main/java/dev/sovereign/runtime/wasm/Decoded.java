package dev.sovereign.runtime.wasm;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One function as the interpreter wants it: operators as ints, each followed by its immediates,
/// branches with the place they go to, and the charges of straight runs in between.
///
/// Code that cannot be reached is left out. Constants of 64 bits take two ints, low one first.
final class Decoded {

    /// Followed by what the straight run that begins here costs.
    static final int CHARGE = 0x200;

    /// The same, where fuel must be left.
    static final int CHARGE_LOOP = 0x201;

    /// Followed by a target.
    static final int JUMP_UNLESS = 0x202;

    /// Followed by a target: a branch that carries nothing and drops nothing.
    static final int JUMP = 0x203;

    final int[] code;
    final int locals;
    final int frame;

    /// What the first straight run costs.
    final int entryCost;

    final FunctionType type;

    private Decoded(Decoder decoder) {
        this.code = Arrays.copyOf(decoder.code, decoder.length);
        this.locals = decoder.locals;
        this.frame = decoder.locals + decoder.highest;
        this.entryCost = decoder.charges[0];
        this.type = decoder.type;
    }

    static Decoded of(WasmModule module, int function) {
        Decoder decoder = new Decoder(module, function);
        decoder.decode();
        return new Decoded(decoder);
    }

    private static final class Block {
        final int op;
        final int base;
        final FunctionType type;
        final int start;

        /// Places in the code that wait for the end of this block.
        final List<Integer> waiting = new ArrayList<>();

        int otherwise = -1;

        Block(int op, int base, FunctionType type, int start) {
            this.op = op;
            this.base = base;
            this.type = type;
            this.start = start;
        }

        int arity() {
            return (op == Opcode.LOOP ? type.params() : type.results()).size();
        }
    }

    private static final class Decoder {
        private final WasmModule module;
        private final Operators in;
        private final int end;
        private final FunctionType type;
        private final int[] charges;
        private int locals;
        private int[] code = new int[64];
        private int length;
        private int run;
        private int height;
        private int highest;
        private int dead = -1;
        private final List<Block> blocks = new ArrayList<>();

        Decoder(WasmModule module, int function) {
            this.module = module;
            this.type = module.functionType(function);
            int body = function - module.importedFunctions;
            this.in = new Operators(module.bytes, module.bodyStart[body]);
            this.end = module.bodyEnd[body];
            this.locals = type.params().size();
            in.locals((count, each) -> locals += count);
            this.charges = Charges.of(module.bytes, in.at, end).costs();
        }

        private void emit(int value) {
            if (length == code.length) {
                code = Arrays.copyOf(code, length * 2);
            }
            code[length++] = value;
        }

        private void emit(int op, int first) {
            emit(op);
            emit(first);
        }

        private void emitLong(long bits) {
            emit((int) bits, (int) (bits >>> 32));
        }

        private void height(int change) {
            height += change;
            highest = Math.max(highest, height);
        }

        void decode() {
            blocks.add(new Block(Opcode.BLOCK, 0, new FunctionType(List.of(), type.results()), 0));
            while (!blocks.isEmpty()) {
                in.next();
                int op = in.op;
                if (dead >= 0) {
                    skip(op);
                } else {
                    operator(op);
                }
                if (Charges.endsRun(op)) {
                    run++;
                    if (dead < 0 && !blocks.isEmpty()) {
                        if (op == Opcode.LOOP) {
                            emit(CHARGE_LOOP, charges[run]);
                        } else if (charges[run] != 0) {
                            emit(CHARGE, charges[run]);
                        }
                    }
                }
            }
            emit(Opcode.RETURN);
        }

        private void skip(int op) {
            switch (op) {
                case Opcode.BLOCK, Opcode.LOOP, Opcode.IF -> dead++;
                case Opcode.ELSE -> {
                    if (dead == 0) {
                        otherwise();
                    }
                }
                case Opcode.END -> {
                    if (dead == 0) {
                        close();
                    } else {
                        dead--;
                    }
                }
                default -> {}
            }
        }

        private void open(int op) {
            FunctionType types = Operators.blockType(module, in.first);
            blocks.add(new Block(op, height - types.params().size(), types, length));
        }

        private void otherwise() {
            Block block = blocks.getLast();
            if (dead < 0) {
                emit(JUMP, 0);
                block.waiting.add(length - 1);
            }
            code[block.otherwise] = length;
            block.otherwise = -1;
            dead = -1;
            height = block.base + block.type.params().size();
        }

        private void close() {
            Block block = blocks.removeLast();
            boolean reached = dead < 0 || block.otherwise >= 0 || !block.waiting.isEmpty();
            if (block.otherwise >= 0) {
                code[block.otherwise] = length;
            }
            for (int place : block.waiting) {
                code[place] = length;
            }
            dead = reached ? -1 : 0;
            height = block.base;
            height(block.type.results().size());
        }

        private void target(int label) {
            Block block = blocks.get(blocks.size() - 1 - label);
            if (block.op == Opcode.LOOP) {
                emit(block.start);
            } else {
                block.waiting.add(length);
                emit(0);
            }
            emit(block.arity(), block.base);
        }

        private void operator(int op) {
            if (Opcode.isPlain(op)) {
                emit(op);
                if (Opcode.isMemoryAccess(op)) {
                    emit(in.second);
                }
                height -= Opcode.second(op) == null ? 1 : 2;
                height(Opcode.result(op) == null ? 0 : 1);
                return;
            }
            switch (op) {
                case Opcode.UNREACHABLE -> {
                    emit(op);
                    dead = 0;
                }
                case Opcode.NOP -> {}
                case Opcode.BLOCK, Opcode.LOOP -> open(op);
                case Opcode.IF -> {
                    height(-1);
                    open(op);
                    emit(JUMP_UNLESS, 0);
                    blocks.getLast().otherwise = length - 1;
                }
                case Opcode.ELSE -> otherwise();
                case Opcode.END -> close();
                case Opcode.BR -> {
                    emit(op);
                    target((int) in.first);
                    dead = 0;
                }
                case Opcode.BR_IF -> {
                    height(-1);
                    emit(op);
                    target((int) in.first);
                }
                case Opcode.BR_TABLE -> brTable();
                case Opcode.RETURN -> {
                    emit(op);
                    dead = 0;
                }
                case Opcode.CALL -> {
                    emit(op, (int) in.first);
                    called(module.functionType((int) in.first));
                }
                case Opcode.CALL_INDIRECT -> {
                    emit(op);
                    emit(module.canonical[(int) in.first], in.second);
                    height(-1);
                    called(module.types[(int) in.first]);
                }
                case Opcode.DROP -> {
                    emit(op);
                    height(-1);
                }
                case Opcode.SELECT, Opcode.SELECT_TYPED -> {
                    emit(Opcode.SELECT);
                    height(-2);
                }
                case Opcode.LOCAL_GET, Opcode.GLOBAL_GET, Opcode.REF_FUNC, Opcode.TABLE_SIZE -> {
                    emit(op, (int) in.first);
                    height(1);
                }
                case Opcode.LOCAL_SET, Opcode.GLOBAL_SET -> {
                    emit(op, (int) in.first);
                    height(-1);
                }
                case Opcode.LOCAL_TEE, Opcode.TABLE_GET, Opcode.DATA_DROP, Opcode.ELEM_DROP ->
                        emit(op, (int) in.first);
                case Opcode.TABLE_SET -> {
                    emit(op, (int) in.first);
                    height(-2);
                }
                case Opcode.MEMORY_SIZE -> {
                    emit(op);
                    height(1);
                }
                case Opcode.MEMORY_GROW, Opcode.REF_IS_NULL -> emit(op);
                case Opcode.I32_CONST, Opcode.F32_CONST -> {
                    emit(Opcode.I32_CONST, (int) in.first);
                    height(1);
                }
                case Opcode.I64_CONST, Opcode.F64_CONST -> {
                    emit(Opcode.I64_CONST);
                    emitLong(in.first);
                    height(1);
                }
                case Opcode.REF_NULL -> {
                    emit(Opcode.I32_CONST, ValueType.NULL);
                    height(1);
                }
                case Opcode.MEMORY_INIT, Opcode.TABLE_FILL -> {
                    emit(op, (int) in.first);
                    height(-3);
                }
                case Opcode.MEMORY_COPY, Opcode.MEMORY_FILL -> {
                    emit(op);
                    height(-3);
                }
                case Opcode.TABLE_INIT, Opcode.TABLE_COPY -> {
                    emit(op);
                    emit((int) in.first, in.second);
                    height(-3);
                }
                case Opcode.TABLE_GROW -> {
                    emit(op, (int) in.first);
                    height(-1);
                }
                default -> throw new IllegalStateException("operator " + op);
            }
        }

        private void called(FunctionType callee) {
            height -= callee.params().size();
            height(callee.results().size());
        }

        /// The number of entries, which of the targets behind them each takes, then those targets.
        private void brTable() {
            height(-1);
            int[] numbers = new int[blocks.size()];
            Arrays.fill(numbers, -1);
            List<Integer> used = new ArrayList<>();
            emit(Opcode.BR_TABLE, in.labels.length);
            for (int label : in.labels) {
                if (numbers[label] < 0) {
                    numbers[label] = used.size();
                    used.add(label);
                }
                emit(numbers[label]);
            }
            for (int label : used) {
                target(label);
            }
            dead = 0;
        }
    }
}
