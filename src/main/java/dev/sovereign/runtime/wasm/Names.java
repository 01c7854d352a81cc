package dev.sovereign.runtime.wasm;

import java.lang.classfile.TypeKind;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.util.ArrayList;
import java.util.List;

/// What generated classes and methods are called, and how functions are called in the JVM: as a
/// static method `f<index>` that takes the arguments, the instance and the calls that may still be
/// opened, and returns the one result. A function with more results leaves them in
/// [Instance#results]; one with more arguments than a JVM method can take gets them in an array.
final class Names {

    /// JVM methods take 255 slots; three are for the instance, the depth and to spare.
    static final int MAX_ARGUMENT_SLOTS = 250;

    static final ClassDesc INSTANCE = desc(Instance.class);
    static final ClassDesc OPS = desc(Ops.class);
    static final ClassDesc MEMORY = desc(Memory.class);
    static final ClassDesc ENTRY = desc(Entry.class);
    static final ClassDesc BYTES = ConstantDescs.CD_byte.arrayType();
    static final ClassDesc LONGS = ConstantDescs.CD_long.arrayType();

    static final MethodTypeDesc ENTRY_CALL =
            MethodTypeDesc.of(ConstantDescs.CD_void, LONGS, INSTANCE, ConstantDescs.CD_int);

    /// A region: it takes what locals share, the instance and the depth, and returns its exit.
    static final MethodTypeDesc REGION =
            MethodTypeDesc.of(ConstantDescs.CD_int, LONGS, INSTANCE, ConstantDescs.CD_int);

    private static final String PACKAGE = "wasm.";

    private Names() {}

    private static ClassDesc desc(Class<?> type) {
        return ClassDesc.of(type.getName());
    }

    /// The class of a group of functions.
    static ClassDesc group(int group) {
        return ClassDesc.of(PACKAGE + "G" + group);
    }

    /// The class of the way in from outside to one function.
    static ClassDesc entry(int function) {
        return ClassDesc.of(PACKAGE + "E" + function);
    }

    /// The class that finds a function of a type by its index.
    static ClassDesc dispatcher(int type) {
        return ClassDesc.of(PACKAGE + "D" + type);
    }

    /// The class with the way out to an imported function.
    static ClassDesc host(int function) {
        return ClassDesc.of(PACKAGE + "H" + function);
    }

    static String method(int function) {
        return "f" + function;
    }

    /// A part of a function that is a method of its own.
    static String region(int function, int number) {
        return "r" + function + "_" + number;
    }

    static TypeKind kind(ValueType type) {
        return switch (type) {
            case I32, FUNCREF, EXTERNREF -> TypeKind.INT;
            case I64 -> TypeKind.LONG;
            case F32 -> TypeKind.FLOAT;
            case F64 -> TypeKind.DOUBLE;
        };
    }

    static int slots(List<ValueType> types) {
        int slots = 0;
        for (ValueType type : types) {
            slots += kind(type).slotSize();
        }
        return slots;
    }

    static boolean passedInArray(FunctionType type) {
        return slots(type.params()) > MAX_ARGUMENT_SLOTS;
    }

    private static ClassDesc jvm(ValueType type) {
        return switch (kind(type)) {
            case INT -> ConstantDescs.CD_int;
            case LONG -> ConstantDescs.CD_long;
            case FLOAT -> ConstantDescs.CD_float;
            default -> ConstantDescs.CD_double;
        };
    }

    /// What its method returns.
    static TypeKind returned(FunctionType type) {
        return type.results().size() == 1 ? kind(type.results().getFirst()) : TypeKind.VOID;
    }

    /// The arguments of a function as its method takes them.
    private static List<ClassDesc> arguments(FunctionType type) {
        List<ClassDesc> arguments = new ArrayList<>();
        if (passedInArray(type)) {
            arguments.add(LONGS);
        } else {
            type.params().forEach(each -> arguments.add(jvm(each)));
        }
        return arguments;
    }

    static MethodTypeDesc descriptor(FunctionType type) {
        List<ClassDesc> arguments = arguments(type);
        arguments.add(INSTANCE);
        arguments.add(ConstantDescs.CD_int);
        return MethodTypeDesc.of(result(type), arguments);
    }

    /// Of a dispatcher: the index of the function comes after the arguments.
    static MethodTypeDesc dispatcherDescriptor(FunctionType type) {
        List<ClassDesc> arguments = arguments(type);
        arguments.add(ConstantDescs.CD_int);
        arguments.add(INSTANCE);
        arguments.add(ConstantDescs.CD_int);
        return MethodTypeDesc.of(result(type), arguments);
    }

    private static ClassDesc result(FunctionType type) {
        return type.results().size() == 1 ? jvm(type.results().getFirst()) : ConstantDescs.CD_void;
    }
}
