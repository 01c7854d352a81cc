package dev.sovereign.runtime.wasm;

import java.lang.classfile.CodeBuilder;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;

/// JVM instructions for numeric operators that compare nothing; operands are on the JVM's stack.
final class Numeric {

    private static final ClassDesc I = ConstantDescs.CD_int;
    private static final ClassDesc J = ConstantDescs.CD_long;
    private static final ClassDesc F = ConstantDescs.CD_float;
    private static final ClassDesc D = ConstantDescs.CD_double;
    private static final ClassDesc INTEGER = ConstantDescs.CD_Integer;
    private static final ClassDesc LONG = ConstantDescs.CD_Long;

    private Numeric() {}

    static void emit(CodeBuilder code, int op) {
        if (op <= 0x78) {
            int32(code, op);
        } else if (op <= 0x8a) {
            int64(code, op);
        } else if (op <= 0xa6) {
            floating(code, op);
        } else {
            convert(code, op);
        }
    }

    private static void call(
            CodeBuilder code, ClassDesc owner, String name, ClassDesc result, ClassDesc... from) {
        code.invokestatic(owner, name, MethodTypeDesc.of(result, from));
    }

    private static void ops(CodeBuilder code, String name, ClassDesc result, ClassDesc... from) {
        call(code, Names.OPS, name, result, from);
    }

    private static void int32(CodeBuilder code, int op) {
        switch (op) {
            case 0x67 -> call(code, INTEGER, "numberOfLeadingZeros", I, I);
            case 0x68 -> call(code, INTEGER, "numberOfTrailingZeros", I, I);
            case 0x69 -> call(code, INTEGER, "bitCount", I, I);
            case 0x6a -> code.iadd();
            case 0x6b -> code.isub();
            case 0x6c -> code.imul();
            case 0x6d -> ops(code, "divS", I, I, I);
            case 0x6e -> call(code, INTEGER, "divideUnsigned", I, I, I);
            case 0x6f -> code.irem();
            case 0x70 -> call(code, INTEGER, "remainderUnsigned", I, I, I);
            case 0x71 -> code.iand();
            case 0x72 -> code.ior();
            case 0x73 -> code.ixor();
            case 0x74 -> code.ishl();
            case 0x75 -> code.ishr();
            case 0x76 -> code.iushr();
            case 0x77 -> call(code, INTEGER, "rotateLeft", I, I, I);
            default -> call(code, INTEGER, "rotateRight", I, I, I);
        }
    }

    private static void int64(CodeBuilder code, int op) {
        switch (op) {
            case 0x79 -> {
                call(code, LONG, "numberOfLeadingZeros", I, J);
                code.i2l();
            }
            case 0x7a -> {
                call(code, LONG, "numberOfTrailingZeros", I, J);
                code.i2l();
            }
            case 0x7b -> {
                call(code, LONG, "bitCount", I, J);
                code.i2l();
            }
            case 0x7c -> code.ladd();
            case 0x7d -> code.lsub();
            case 0x7e -> code.lmul();
            case 0x7f -> ops(code, "divS", J, J, J);
            case 0x80 -> call(code, LONG, "divideUnsigned", J, J, J);
            case 0x81 -> code.lrem();
            case 0x82 -> call(code, LONG, "remainderUnsigned", J, J, J);
            case 0x83 -> code.land();
            case 0x84 -> code.lor();
            case 0x85 -> code.lxor();
            case 0x86 -> code.l2i().lshl();
            case 0x87 -> code.l2i().lshr();
            case 0x88 -> code.l2i().lushr();
            case 0x89 -> {
                code.l2i();
                call(code, LONG, "rotateLeft", J, J, I);
            }
            default -> {
                code.l2i();
                call(code, LONG, "rotateRight", J, J, I);
            }
        }
    }

    private static void floating(CodeBuilder code, int op) {
        boolean single = op <= 0x98;
        ClassDesc type = single ? F : D;
        switch (single ? op - 0x8b : op - 0x99) {
            case 0 -> ops(code, "abs", type, type);
            case 1 -> ops(code, "neg", type, type);
            case 2 -> ops(code, "ceil", type, type);
            case 3 -> ops(code, "floor", type, type);
            case 4 -> ops(code, "trunc", type, type);
            case 5 -> ops(code, "nearest", type, type);
            case 6 -> ops(code, "sqrt", type, type);
            case 7 -> either(single, code::fadd, code::dadd);
            case 8 -> either(single, code::fsub, code::dsub);
            case 9 -> either(single, code::fmul, code::dmul);
            case 10 -> either(single, code::fdiv, code::ddiv);
            case 11 -> ops(code, "min", type, type, type);
            case 12 -> ops(code, "max", type, type, type);
            default -> ops(code, "copysign", type, type, type);
        }
    }

    private static void either(boolean single, Runnable ifSingle, Runnable ifDouble) {
        if (single) {
            ifSingle.run();
        } else {
            ifDouble.run();
        }
    }

    private static void convert(CodeBuilder code, int op) {
        switch (op) {
            case 0xa7 -> code.l2i();
            case 0xa8 -> ops(code, "truncS32", I, F);
            case 0xa9 -> ops(code, "truncU32", I, F);
            case 0xaa -> ops(code, "truncS32", I, D);
            case 0xab -> ops(code, "truncU32", I, D);
            case 0xac -> code.i2l();
            case 0xad -> code.i2l().loadConstant(0xffff_ffffL).land();
            case 0xae -> ops(code, "truncS64", J, F);
            case 0xaf -> ops(code, "truncU64", J, F);
            case 0xb0 -> ops(code, "truncS64", J, D);
            case 0xb1 -> ops(code, "truncU64", J, D);
            case 0xb2 -> code.i2f();
            case 0xb3 -> ops(code, "convertU32ToF32", F, I);
            case 0xb4 -> code.l2f();
            case 0xb5 -> ops(code, "convertU64ToF32", F, J);
            case 0xb6 -> code.d2f();
            case 0xb7 -> code.i2d();
            case 0xb8 -> ops(code, "convertU32ToF64", D, I);
            case 0xb9 -> code.l2d();
            case 0xba -> ops(code, "convertU64ToF64", D, J);
            case 0xbb -> code.f2d();
            case 0xbc -> call(code, ConstantDescs.CD_Float, "floatToRawIntBits", I, F);
            case 0xbd -> call(code, ConstantDescs.CD_Double, "doubleToRawLongBits", J, D);
            case 0xbe -> call(code, ConstantDescs.CD_Float, "intBitsToFloat", F, I);
            case 0xbf -> call(code, ConstantDescs.CD_Double, "longBitsToDouble", D, J);
            case 0xc0 -> code.i2b();
            case 0xc1 -> code.i2s();
            case 0xc2 -> code.l2i().i2b().i2l();
            case 0xc3 -> code.l2i().i2s().i2l();
            case 0xc4 -> code.l2i().i2l();
            case Opcode.FC -> code.f2i();
            case Opcode.FC + 1 -> ops(code, "satU32", I, F);
            case Opcode.FC + 2 -> code.d2i();
            case Opcode.FC + 3 -> ops(code, "satU32", I, D);
            case Opcode.FC + 4 -> code.f2l();
            case Opcode.FC + 5 -> ops(code, "satU64", J, F);
            case Opcode.FC + 6 -> code.d2l();
            case Opcode.FC + 7 -> ops(code, "satU64", J, D);
            default -> throw new IllegalStateException("operator " + op);
        }
    }
}
