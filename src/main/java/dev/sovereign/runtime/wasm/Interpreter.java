package dev.sovereign.runtime.wasm;

import java.util.Arrays;

/// Runs functions one operator after the other: those that no JVM method can hold, and all of them
/// in [Mode#INTERPRETED]. Values are kept as bits, i32 and references sign-extended, f32 likewise.
final class Interpreter {

    private final Instance instance;

    Interpreter(Instance instance) {
        this.instance = instance;
    }

    /// @param values arguments from index 0 on, replaced by the results
    /// @param depth calls that may be opened below this one
    void call(int function, long[] values, int depth) {
        Decoded decoded = instance.module.decoded(function);
        int params = decoded.type.params().size();
        long[] frame = Arrays.copyOf(values, Math.max(decoded.frame, params));
        if (values.length > params) {
            Arrays.fill(frame, params, Math.min(values.length, frame.length), 0);
        }
        instance.fuel -= decoded.entryCost;
        if ((instance.fuel | depth) < 0) {
            instance.fuel = instance.more(instance.fuel, depth);
        }
        int top = run(decoded, frame, depth);
        int results = decoded.type.results().size();
        System.arraycopy(frame, top - results, values, 0, results);
    }

    /// Moves what a branch carries down to its block's height.
    private static int carry(long[] frame, int top, int arity, int base) {
        int to = base + arity;
        if (to != top && arity > 0) {
            System.arraycopy(frame, top - arity, frame, base, arity);
        }
        return to;
    }

    /// @return the height at the end; the results are below it
    private int run(Decoded decoded, long[] frame, int depth) {
        int[] code = decoded.code;
        int locals = decoded.locals;
        int top = locals;
        int at = 0;
        while (true) {
            int op = code[at++];
            if (Opcode.isPlain(op)) {
                if (Opcode.isMemoryAccess(op)) {
                    int offset = code[at++];
                    if (op <= Opcode.LAST_LOAD) {
                        frame[top - 1] = load(op, (int) frame[top - 1], offset);
                    } else {
                        top -= 2;
                        store(op, (int) frame[top], offset, frame[top + 1]);
                    }
                } else if (Opcode.second(op) == null) {
                    frame[top - 1] = Arithmetic.unary(op, frame[top - 1]);
                } else {
                    top--;
                    frame[top - 1] = Arithmetic.binary(op, frame[top - 1], frame[top]);
                }
                continue;
            }
            switch (op) {
                case Decoded.CHARGE -> instance.fuel -= code[at++];
                case Decoded.CHARGE_LOOP -> {
                    instance.fuel -= code[at++];
                    if (instance.fuel < 0) {
                        instance.fuel = instance.more(instance.fuel, 0);
                    }
                }
                case Decoded.JUMP -> at = code[at];
                case Decoded.JUMP_UNLESS -> at = (int) frame[--top] == 0 ? code[at] : at + 1;
                case Opcode.UNREACHABLE -> throw new WasmTrap("unreachable");
                case Opcode.BR -> {
                    top = carry(frame, top, code[at + 1], locals + code[at + 2]);
                    at = code[at];
                }
                case Opcode.BR_IF -> {
                    if ((int) frame[--top] == 0) {
                        at += 3;
                    } else {
                        top = carry(frame, top, code[at + 1], locals + code[at + 2]);
                        at = code[at];
                    }
                }
                case Opcode.BR_TABLE -> {
                    int last = code[at] - 1;
                    int index = (int) frame[--top];
                    int entry = Integer.compareUnsigned(index, last) < 0 ? index : last;
                    int target = at + 2 + last + 3 * code[at + 1 + entry];
                    top = carry(frame, top, code[target + 1], locals + code[target + 2]);
                    at = code[target];
                }
                case Opcode.RETURN -> {
                    return top;
                }
                case Opcode.CALL -> {
                    int callee = code[at++];
                    FunctionType type = instance.module.functionType(callee);
                    top = call(frame, top, type, callee, -1, depth);
                }
                case Opcode.CALL_INDIRECT -> {
                    int type = code[at];
                    int callee = instance.element(code[at + 1], (int) frame[--top]);
                    at += 2;
                    top = call(frame, top, instance.module.types[type], callee, type, depth);
                }
                case Opcode.DROP -> top--;
                case Opcode.SELECT -> {
                    top -= 2;
                    if ((int) frame[top + 1] == 0) {
                        frame[top - 1] = frame[top];
                    }
                }
                case Opcode.LOCAL_GET -> frame[top++] = frame[code[at++]];
                case Opcode.LOCAL_SET -> frame[code[at++]] = frame[--top];
                case Opcode.LOCAL_TEE -> frame[code[at++]] = frame[top - 1];
                case Opcode.GLOBAL_GET -> frame[top++] = instance.global(code[at++]);
                case Opcode.GLOBAL_SET -> instance.setGlobal(code[at++], frame[--top]);
                case Opcode.I32_CONST -> frame[top++] = code[at++];
                case Opcode.I64_CONST -> {
                    frame[top++] = (code[at] & 0xffff_ffffL) | ((long) code[at + 1] << 32);
                    at += 2;
                }
                case Opcode.REF_FUNC -> frame[top++] = (int) (instance.base + (long) code[at++]);
                case Opcode.REF_IS_NULL ->
                        frame[top - 1] = frame[top - 1] == ValueType.NULL ? 1 : 0;
                case Opcode.TABLE_GET ->
                        frame[top - 1] = instance.tableGet((int) frame[top - 1], code[at++]);
                case Opcode.TABLE_SET -> {
                    top -= 2;
                    instance.tableSet((int) frame[top], (int) frame[top + 1], code[at++]);
                }
                case Opcode.TABLE_SIZE -> frame[top++] = instance.tableSize(code[at++]);
                case Opcode.TABLE_GROW -> {
                    top--;
                    frame[top - 1] =
                            instance.tableGrow((int) frame[top - 1], (int) frame[top], code[at++]);
                }
                case Opcode.MEMORY_SIZE -> frame[top++] = instance.memory.pages();
                case Opcode.MEMORY_GROW ->
                        frame[top - 1] = instance.memoryGrow((int) frame[top - 1]);
                case Opcode.DATA_DROP -> instance.dataDrop(code[at++]);
                case Opcode.ELEM_DROP -> instance.elementDrop(code[at++]);
                default -> {
                    top -= 3;
                    at =
                            bulk(
                                    op,
                                    code,
                                    at,
                                    (int) frame[top],
                                    (int) frame[top + 1],
                                    (int) frame[top + 2]);
                }
            }
        }
    }

    /// Operators with three operands.
    ///
    /// @return where the next operator is
    private int bulk(int op, int[] code, int at, int first, int second, int third) {
        return switch (op) {
            case Opcode.MEMORY_COPY -> {
                instance.memoryCopy(first, second, third);
                yield at;
            }
            case Opcode.MEMORY_FILL -> {
                instance.memoryFill(first, second, third);
                yield at;
            }
            case Opcode.MEMORY_INIT -> {
                instance.memoryInit(first, second, third, code[at]);
                yield at + 1;
            }
            case Opcode.TABLE_FILL -> {
                instance.tableFill(first, second, third, code[at]);
                yield at + 1;
            }
            case Opcode.TABLE_INIT -> {
                instance.tableInit(first, second, third, code[at], code[at + 1]);
                yield at + 2;
            }
            case Opcode.TABLE_COPY -> {
                instance.tableCopy(first, second, third, code[at], code[at + 1]);
                yield at + 2;
            }
            default -> throw new IllegalStateException("operator " + op);
        };
    }

    /// Calls a function with operands from the frame.
    ///
    /// @param expected the type that a call through a table expects; -1 for a direct call
    /// @return the height after it
    private int call(
            long[] frame, int top, FunctionType type, int callee, int expected, int depth) {
        int params = type.params().size();
        int results = type.results().size();
        int base = top - params;
        long[] values = new long[Math.max(params, results)];
        System.arraycopy(frame, base, values, 0, params);
        boolean own = expected < 0 || instance.module.hasType(callee, expected);
        if (own) {
            instance.invoke(callee, values, depth - 1);
        } else {
            instance.callForeign(callee, expected, values, depth - 1);
        }
        System.arraycopy(values, 0, frame, base, results);
        return base + results;
    }

    private long load(int op, int base, int offset) {
        byte[] memory = instance.memory.bytes;
        int address = address(base, offset);
        return switch (op) {
            case 0x28, 0x2a -> Ops.load32(address, memory);
            case 0x29, 0x2b -> Ops.load64(address, memory);
            case 0x2c, 0x30 -> Ops.load8S(address, memory);
            case 0x2d, 0x31 -> Ops.load8U(address, memory);
            case 0x2e, 0x32 -> Ops.load16S(address, memory);
            case 0x2f, 0x33 -> Ops.load16U(address, memory);
            case 0x34 -> Ops.load32(address, memory);
            case 0x35 -> Ops.load32(address, memory) & 0xffff_ffffL;
            default -> throw new IllegalStateException("operator " + op);
        };
    }

    private void store(int op, int base, int offset, long value) {
        byte[] memory = instance.memory.bytes;
        int address = address(base, offset);
        switch (op) {
            case 0x36, 0x38, 0x3e -> Ops.store32(address, (int) value, memory);
            case 0x37, 0x39 -> Ops.store64(address, value, memory);
            case 0x3a, 0x3c -> Ops.store8(address, (int) value, memory);
            case 0x3b, 0x3d -> Ops.store16(address, (int) value, memory);
            default -> throw new IllegalStateException("operator " + op);
        }
    }

    /// The sum of two unsigned numbers; -1, which is out of bounds, when it is 2 GiB or more.
    private static int address(int base, int offset) {
        long sum = Integer.toUnsignedLong(base) + Integer.toUnsignedLong(offset);
        return sum > Integer.MAX_VALUE ? -1 : (int) sum;
    }
}
