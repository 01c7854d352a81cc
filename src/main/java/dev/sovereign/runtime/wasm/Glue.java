package dev.sovereign.runtime.wasm;

import java.lang.classfile.ClassFile;
import java.lang.classfile.CodeBuilder;
import java.lang.classfile.Label;
import java.lang.classfile.TypeKind;
import java.lang.classfile.instruction.SwitchCase;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.List;

/// Generates what stands between functions: ways in, ways out, and the choice of a function by its
/// index.
final class Glue {

    /// Functions that one method of a dispatcher tells apart: HotSpot compiles no method over 8000
    /// bytes, and one case takes at most 12 bytes and three for each argument.
    private static final int CASES = 256;

    private final WasmModule module;
    private final CodeLoader loader;

    Glue(WasmModule module, CodeLoader loader) {
        this.module = module;
        this.loader = loader;
    }

    /// A subclass of [Entry] that calls one function.
    byte[] entry(int function) {
        FunctionType type = module.functionType(function);
        return ClassFile.of()
                .build(
                        Names.entry(function),
                        builder -> {
                            builder.withFlags(AccessFlag.PUBLIC, AccessFlag.FINAL);
                            builder.withSuperclass(Names.ENTRY);
                            builder.withMethodBody(
                                    ConstantDescs.INIT_NAME,
                                    ConstantDescs.MTD_void,
                                    ClassFile.ACC_PUBLIC,
                                    code ->
                                            code.aload(0)
                                                    .invokespecial(
                                                            Names.ENTRY,
                                                            ConstantDescs.INIT_NAME,
                                                            ConstantDescs.MTD_void)
                                                    .return_());
                            builder.withMethodBody(
                                    "call",
                                    Names.ENTRY_CALL,
                                    ClassFile.ACC_PUBLIC,
                                    code -> enter(code, function, type));
                        });
    }

    private void enter(CodeBuilder code, int function, FunctionType type) {
        if (Names.passedInArray(type)) {
            code.aload(1);
        } else {
            for (int i = 0; i < type.params().size(); i++) {
                code.aload(1).loadConstant(i).laload();
                fromBits(code, Names.kind(type.params().get(i)));
            }
        }
        code.aload(2).iload(3);
        code.invokestatic(loader.ownerOf(function), Names.method(function), Names.descriptor(type));
        storeResults(code, type, 1, 2, 4);
    }

    /// Puts the results of a call into an array.
    private static void storeResults(
            CodeBuilder code, FunctionType type, int array, int instance, int free) {
        int count = type.results().size();
        if (count == 1) {
            TypeKind kind = Names.kind(type.results().getFirst());
            toBits(code, kind);
            code.lstore(free);
            code.aload(array).iconst_0().lload(free).lastore();
        } else if (count > 1) {
            code.aload(instance).getfield(Names.INSTANCE, "results", Names.LONGS);
            code.iconst_0().aload(array).iconst_0().loadConstant(count);
            code.invokestatic(
                    ClassDesc.of("java.lang.System"),
                    "arraycopy",
                    MethodTypeDesc.of(
                            ConstantDescs.CD_void,
                            ConstantDescs.CD_Object,
                            ConstantDescs.CD_int,
                            ConstantDescs.CD_Object,
                            ConstantDescs.CD_int,
                            ConstantDescs.CD_int));
        }
        code.return_();
    }

    /// Turns the long on top of the stack into what it stands for.
    static void fromBits(CodeBuilder code, TypeKind kind) {
        switch (kind) {
            case INT -> code.l2i();
            case FLOAT ->
                    code.l2i()
                            .invokestatic(
                                    ConstantDescs.CD_Float,
                                    "intBitsToFloat",
                                    MethodTypeDesc.of(
                                            ConstantDescs.CD_float, ConstantDescs.CD_int));
            case DOUBLE ->
                    code.invokestatic(
                            ConstantDescs.CD_Double,
                            "longBitsToDouble",
                            MethodTypeDesc.of(ConstantDescs.CD_double, ConstantDescs.CD_long));
            default -> {}
        }
    }

    /// Turns the value on top of the stack into its bits, as a long.
    static void toBits(CodeBuilder code, TypeKind kind) {
        switch (kind) {
            case INT -> code.i2l();
            case FLOAT ->
                    code.invokestatic(
                                    ConstantDescs.CD_Float,
                                    "floatToRawIntBits",
                                    MethodTypeDesc.of(ConstantDescs.CD_int, ConstantDescs.CD_float))
                            .i2l();
            case DOUBLE ->
                    code.invokestatic(
                            ConstantDescs.CD_Double,
                            "doubleToRawLongBits",
                            MethodTypeDesc.of(ConstantDescs.CD_long, ConstantDescs.CD_double));
            default -> {}
        }
    }

    /// A class with the one method that calls an imported function.
    byte[] host(int function) {
        FunctionType type = module.functionType(function);
        return ClassFile.of()
                .build(
                        Names.host(function),
                        builder -> {
                            builder.withFlags(AccessFlag.PUBLIC, AccessFlag.FINAL);
                            builder.withMethodBody(
                                    Names.method(function),
                                    Names.descriptor(type),
                                    ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                    code -> callHost(code, function, type));
                        });
    }

    private static void callHost(CodeBuilder code, int function, FunctionType type) {
        outside(
                code,
                type,
                0,
                c ->
                        c.loadConstant(function)
                                .aload(c.parameterSlot(arguments(type)) + 2)
                                .invokevirtual(
                                        Names.INSTANCE,
                                        "host",
                                        MethodTypeDesc.of(
                                                ConstantDescs.CD_void,
                                                ConstantDescs.CD_int,
                                                Names.LONGS)));
    }

    /// Arguments of the JVM method before the instance.
    private static int arguments(FunctionType type) {
        return Names.passedInArray(type) ? 1 : type.params().size();
    }

    /// What is done with the instance on the stack and the values in the local after the last
    /// parameter.
    private interface Outside {
        void emit(CodeBuilder code);
    }

    /// The body of a method that packs its arguments into an array, does something with it, and
    /// returns what is in it then.
    private static void outside(
            CodeBuilder code, FunctionType type, int extraParameters, Outside then) {
        int arguments = arguments(type);
        int instance = code.parameterSlot(arguments + extraParameters);
        int values = instance + 2;
        int most = Math.max(1, Math.max(type.params().size(), type.results().size()));
        if (Names.passedInArray(type)) {
            code.aload(0).loadConstant(most);
            code.invokestatic(
                    ClassDesc.of("java.util.Arrays"),
                    "copyOf",
                    MethodTypeDesc.of(Names.LONGS, Names.LONGS, ConstantDescs.CD_int));
        } else {
            code.loadConstant(most).newarray(TypeKind.LONG);
            for (int i = 0; i < arguments; i++) {
                TypeKind kind = Names.kind(type.params().get(i));
                code.dup().loadConstant(i).loadLocal(kind, code.parameterSlot(i));
                toBits(code, kind);
                code.lastore();
            }
        }
        code.astore(values);
        code.aload(instance);
        then.emit(code);
        returnFrom(code, type, values, instance);
    }

    private static void returnFrom(CodeBuilder code, FunctionType type, int values, int instance) {
        int count = type.results().size();
        if (count == 1) {
            TypeKind kind = Names.kind(type.results().getFirst());
            code.aload(values).iconst_0().laload();
            fromBits(code, kind);
            code.return_(kind);
            return;
        }
        for (int i = 0; i < count; i++) {
            code.aload(instance).getfield(Names.INSTANCE, "results", Names.LONGS);
            code.loadConstant(i).aload(values).loadConstant(i).laload().lastore();
        }
        code.return_();
    }

    /// A method for a function that runs in the interpreter.
    static void interpreted(CodeBuilder code, int function, FunctionType type) {
        outside(
                code,
                type,
                0,
                c ->
                        c.loadConstant(function)
                                .aload(c.parameterSlot(arguments(type)) + 2)
                                .iload(c.parameterSlot(arguments(type) + 1))
                                .invokevirtual(
                                        Names.INSTANCE,
                                        "interpret",
                                        MethodTypeDesc.of(
                                                ConstantDescs.CD_void,
                                                ConstantDescs.CD_int,
                                                Names.LONGS,
                                                ConstantDescs.CD_int)));
    }

    /// A class whose method `call` takes the index of a function of a type.
    byte[] dispatcher(int type) {
        FunctionType structure = module.types[type];
        List<Integer> functions = new ArrayList<>();
        module.referenced.stream()
                .filter(function -> module.canonicalType(function) == type)
                .forEach(functions::add);
        ClassDesc self = Names.dispatcher(type);
        return ClassFile.of()
                .build(
                        self,
                        builder -> {
                            builder.withFlags(AccessFlag.PUBLIC, AccessFlag.FINAL);
                            for (int from = 0;
                                    from == 0 || from < functions.size();
                                    from += CASES) {
                                int to = Math.min(functions.size(), from + CASES);
                                List<Integer> part = functions.subList(from, to);
                                String next = to < functions.size() ? "call" + to : null;
                                builder.withMethodBody(
                                        from == 0 ? "call" : "call" + from,
                                        Names.dispatcherDescriptor(structure),
                                        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                        code -> dispatch(code, type, part, self, next));
                            }
                        });
    }

    private void dispatch(
            CodeBuilder code,
            int type,
            List<Integer> functions,
            ClassDesc self,
            @org.jspecify.annotations.Nullable String next) {
        FunctionType structure = module.types[type];
        int arguments = arguments(structure);
        int index = code.parameterSlot(arguments);
        Label otherwise = code.newLabel();
        if (!functions.isEmpty()) {
            List<SwitchCase> cases = new ArrayList<>();
            for (int function : functions) {
                cases.add(SwitchCase.of(function, code.newLabel()));
            }
            code.iload(index);
            int span = functions.getLast() - functions.getFirst();
            if (span < 4 * functions.size()) {
                code.tableswitch(functions.getFirst(), functions.getLast(), otherwise, cases);
            } else {
                code.lookupswitch(otherwise, cases);
            }
            for (SwitchCase each : cases) {
                code.labelBinding(each.target());
                loadArguments(code, structure);
                code.aload(code.parameterSlot(arguments + 1));
                code.iload(code.parameterSlot(arguments + 2));
                code.invokestatic(
                        loader.ownerOf(each.caseValue()),
                        Names.method(each.caseValue()),
                        Names.descriptor(structure));
                code.return_(Names.returned(structure));
            }
            code.labelBinding(otherwise);
        }
        if (next != null) {
            loadArguments(code, structure);
            code.iload(index);
            code.aload(code.parameterSlot(arguments + 1));
            code.iload(code.parameterSlot(arguments + 2));
            code.invokestatic(self, next, Names.dispatcherDescriptor(structure));
            code.return_(Names.returned(structure));
            return;
        }
        outside(
                code,
                structure,
                1,
                c ->
                        c.iload(index)
                                .loadConstant(type)
                                .aload(c.parameterSlot(arguments + 1) + 2)
                                .iload(c.parameterSlot(arguments + 2))
                                .invokevirtual(
                                        Names.INSTANCE,
                                        "callForeign",
                                        MethodTypeDesc.of(
                                                ConstantDescs.CD_void,
                                                ConstantDescs.CD_int,
                                                ConstantDescs.CD_int,
                                                Names.LONGS,
                                                ConstantDescs.CD_int)));
    }

    private static void loadArguments(CodeBuilder code, FunctionType type) {
        if (Names.passedInArray(type)) {
            code.aload(0);
            return;
        }
        for (int i = 0; i < type.params().size(); i++) {
            code.loadLocal(Names.kind(type.params().get(i)), code.parameterSlot(i));
        }
    }
}
