package dev.sovereign.runtime.wasm;

import static dev.sovereign.runtime.wasm.ValueType.F32;
import static dev.sovereign.runtime.wasm.ValueType.F64;
import static dev.sovereign.runtime.wasm.ValueType.I32;
import static dev.sovereign.runtime.wasm.ValueType.I64;

import org.jspecify.annotations.Nullable;

/// Numbers of the operators (binary format, section 5.4) and the types of those that need no more
/// than that to be checked.
final class Opcode {

    static final int UNREACHABLE = 0x00;
    static final int NOP = 0x01;
    static final int BLOCK = 0x02;
    static final int LOOP = 0x03;
    static final int IF = 0x04;
    static final int ELSE = 0x05;
    static final int END = 0x0b;
    static final int BR = 0x0c;
    static final int BR_IF = 0x0d;
    static final int BR_TABLE = 0x0e;
    static final int RETURN = 0x0f;
    static final int CALL = 0x10;
    static final int CALL_INDIRECT = 0x11;
    static final int DROP = 0x1a;
    static final int SELECT = 0x1b;
    static final int SELECT_TYPED = 0x1c;
    static final int LOCAL_GET = 0x20;
    static final int LOCAL_SET = 0x21;
    static final int LOCAL_TEE = 0x22;
    static final int GLOBAL_GET = 0x23;
    static final int GLOBAL_SET = 0x24;
    static final int TABLE_GET = 0x25;
    static final int TABLE_SET = 0x26;
    static final int FIRST_LOAD = 0x28;
    static final int LAST_LOAD = 0x35;
    static final int FIRST_STORE = 0x36;
    static final int LAST_STORE = 0x3e;
    static final int MEMORY_SIZE = 0x3f;
    static final int MEMORY_GROW = 0x40;
    static final int I32_CONST = 0x41;
    static final int I64_CONST = 0x42;
    static final int F32_CONST = 0x43;
    static final int F64_CONST = 0x44;
    static final int FIRST_NUMERIC = 0x45;
    static final int LAST_NUMERIC = 0xc4;
    static final int REF_NULL = 0xd0;
    static final int REF_IS_NULL = 0xd1;
    static final int REF_FUNC = 0xd2;
    static final int PREFIX_FC = 0xfc;

    /// Operators behind the prefix 0xfc are numbered from here: 0x100 + their number.
    static final int FC = 0x100;

    static final int LAST_TRUNC_SAT = FC + 7;
    static final int MEMORY_INIT = FC + 8;
    static final int DATA_DROP = FC + 9;
    static final int MEMORY_COPY = FC + 10;
    static final int MEMORY_FILL = FC + 11;
    static final int TABLE_INIT = FC + 12;
    static final int ELEM_DROP = FC + 13;
    static final int TABLE_COPY = FC + 14;
    static final int TABLE_GROW = FC + 15;
    static final int TABLE_SIZE = FC + 16;
    static final int TABLE_FILL = FC + 17;

    private static final @Nullable ValueType[] FIRST = new ValueType[FC + 8];
    private static final @Nullable ValueType[] SECOND = new ValueType[FC + 8];
    private static final @Nullable ValueType[] RESULT = new ValueType[FC + 8];

    /// log2 of the bytes that loads and stores touch, from [#FIRST_LOAD] on.
    private static final byte[] WIDTH = {
        2, 3, 2, 3, 0, 0, 1, 1, 0, 0, 1, 1, 2, 2, 2, 3, 2, 3, 0, 1, 0, 1, 2
    };

    static {
        unary(0x45, 0x45, I32, I32);
        binary(0x46, 0x4f, I32, I32);
        unary(0x50, 0x50, I64, I32);
        binary(0x51, 0x5a, I64, I32);
        binary(0x5b, 0x60, F32, I32);
        binary(0x61, 0x66, F64, I32);
        unary(0x67, 0x69, I32, I32);
        binary(0x6a, 0x78, I32, I32);
        unary(0x79, 0x7b, I64, I64);
        binary(0x7c, 0x8a, I64, I64);
        unary(0x8b, 0x91, F32, F32);
        binary(0x92, 0x98, F32, F32);
        unary(0x99, 0x9f, F64, F64);
        binary(0xa0, 0xa6, F64, F64);
        ValueType[] from = {
            I64, F32, F32, F64, F64, I32, I32, F32, F32, F64, F64, I32, I32, I64, I64, F64, I32,
            I32, I64, I64, F32, F32, F64, I32, I64, I32, I32, I64, I64, I64
        };
        ValueType[] to = {
            I32, I32, I32, I32, I32, I64, I64, I64, I64, I64, I64, F32, F32, F32, F32, F32, F64,
            F64, F64, F64, F64, I32, I64, F32, F64, I32, I32, I64, I64, I64
        };
        for (int i = 0; i < from.length; i++) {
            unary(0xa7 + i, 0xa7 + i, from[i], to[i]);
        }
        for (int i = 0; i < 8; i++) {
            unary(FC + i, FC + i, (i & 2) == 0 ? F32 : F64, i < 4 ? I32 : I64);
        }
        ValueType[] loaded = {I32, I64, F32, F64, I32, I32, I32, I32, I64, I64, I64, I64, I64, I64};
        for (int i = 0; i < loaded.length; i++) {
            unary(FIRST_LOAD + i, FIRST_LOAD + i, I32, loaded[i]);
        }
        ValueType[] stored = {I32, I64, F32, F64, I32, I32, I64, I64, I64};
        for (int i = 0; i < stored.length; i++) {
            FIRST[FIRST_STORE + i] = I32;
            SECOND[FIRST_STORE + i] = stored[i];
        }
    }

    private Opcode() {}

    private static void unary(int from, int to, ValueType operand, ValueType result) {
        for (int op = from; op <= to; op++) {
            FIRST[op] = operand;
            RESULT[op] = result;
        }
    }

    private static void binary(int from, int to, ValueType operand, ValueType result) {
        unary(from, to, operand, result);
        for (int op = from; op <= to; op++) {
            SECOND[op] = operand;
        }
    }

    /// Whether it is a load, a store or a numeric operator: with fixed types, and no control.
    static boolean isPlain(int op) {
        return op < FIRST.length && FIRST[op] != null;
    }

    /// @param op a plain operator
    static ValueType first(int op) {
        return java.util.Objects.requireNonNull(FIRST[op]);
    }

    /// Null for those that take one operand.
    static @Nullable ValueType second(int op) {
        return SECOND[op];
    }

    /// Null for stores.
    static @Nullable ValueType result(int op) {
        return RESULT[op];
    }

    /// Additions to divisions of floats, and the conversions between them: of the bits of their
    /// NaNs the specification says little, and processors and the JVM's compilers choose.
    static boolean isFloatArithmetic(int op) {
        return (op >= 0x92 && op <= 0x95) || (op >= 0xa0 && op <= 0xa3) || op == 0xb6 || op == 0xbb;
    }

    static boolean isMemoryAccess(int op) {
        return op >= FIRST_LOAD && op <= LAST_STORE;
    }

    /// log2 of the bytes that a load or store touches.
    static int width(int op) {
        return WIDTH[op - FIRST_LOAD];
    }

    /// The proposal that an operator unknown to us belongs to, or null.
    static @Nullable String proposal(int op) {
        return switch (op) {
            case 0x06, 0x07, 0x08, 0x09, 0x0a, 0x18, 0x19, 0x1f ->
                    "exceptions (proposal exception-handling)";
            case 0x12, 0x13 -> "tail calls (proposal tail-call)";
            case 0x14, 0x15, 0xd4, 0xd5, 0xd6 ->
                    "typed function references (proposal function-references)";
            case 0xd3, 0xfb -> "garbage collection (proposal gc)";
            case 0xfd -> "SIMD (proposal simd)";
            case 0xfe -> "threads (proposal threads)";
            default -> null;
        };
    }
}
