package dev.sovereign.runtime.wasm;

import dev.sovereign.runtime.wasm.ModuleRejected.Reason;
import dev.sovereign.runtime.wasm.WasmModule.AnyImport;
import dev.sovereign.runtime.wasm.WasmModule.Constant;
import dev.sovereign.runtime.wasm.WasmModule.Data;
import dev.sovereign.runtime.wasm.WasmModule.Elements;
import dev.sovereign.runtime.wasm.WasmModule.Export;
import dev.sovereign.runtime.wasm.WasmModule.Global;
import dev.sovereign.runtime.wasm.WasmModule.Kind;
import dev.sovereign.runtime.wasm.WasmModule.MemoryType;
import dev.sovereign.runtime.wasm.WasmModule.Table;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// Reads a module and validates it, section by section; bodies are checked by [FunctionValidator].
/// Nothing is allocated for a count before the bytes for it are known to be there.
final class ModuleReader {

    /// Sections in the order in which they must come; custom sections may stand anywhere.
    private static final int[] ORDER = {0, 1, 2, 3, 4, 5, 7, 8, 9, 10, 12, 13, 11, 6};

    private final WasmModule module;
    private final ByteReader in;
    private int[] functions = {};
    private int dataCount = -1;
    private int importedGlobals;
    private boolean codeSeen;
    private final boolean checksBodies;

    /// @param checksBodies false for a module that was checked before
    ModuleReader(byte[] bytes, boolean checksBodies) {
        this.checksBodies = checksBodies;
        this.module = new WasmModule(bytes);
        this.in = new ByteReader(bytes, 0, bytes.length);
    }

    WasmModule read() throws ModuleRejected {
        if (in.remaining() < 8 || in.fixed32() != 0x6d73_6100) {
            in.at = 0;
            throw in.malformed("magic header not detected");
        }
        int version = in.fixed32();
        if (version == 0x1_000d || (version >>> 16) == 1) {
            throw unsupported("components (proposal component-model)");
        }
        if (version != 1) {
            throw in.malformed("binary version is " + version + ", expected 1,");
        }
        int whole = in.end;
        int last = 0;
        while (in.at < whole) {
            int id = in.u8();
            int size = in.count();
            int sectionEnd = in.at + size;
            in.end = sectionEnd;
            if (id == 0) {
                in.name();
                in.at = sectionEnd;
            } else {
                if (id >= ORDER.length) {
                    throw in.malformed("section has number " + id + ", expected 0 to 13,");
                }
                if (ORDER[id] <= last) {
                    throw in.malformed("section " + id + " is out of order or there twice,");
                }
                last = ORDER[id];
                section(id);
                if (in.at != sectionEnd) {
                    throw in.malformed("section " + id + " has another size than it says,");
                }
            }
            in.end = whole;
        }
        if (functions.length != 0 && !codeSeen) {
            throw in.malformed("functions and bodies differ in number");
        }
        if (dataCount > 0 && module.data.length == 0) {
            throw in.malformed("data count and data segments differ");
        }
        return module;
    }

    private void section(int id) throws ModuleRejected {
        switch (id) {
            case 1 -> types();
            case 2 -> imports();
            case 3 -> functions();
            case 4 -> tables();
            case 5 -> memories();
            case 6 -> globals();
            case 7 -> exports();
            case 8 -> start();
            case 9 -> elements();
            case 10 -> code();
            case 11 -> data();
            case 12 -> dataCount = in.u32();
            case 13 -> throw unsupported("exceptions (proposal exception-handling)");
            default -> throw new IllegalStateException("section " + id);
        }
    }

    private static ModuleRejected unsupported(String what) {
        return new ModuleRejected(Reason.UNSUPPORTED, what + " are not supported");
    }

    private ModuleRejected invalid(String what) {
        return new ModuleRejected(Reason.INVALID, what + " at byte " + in.at);
    }

    private static ModuleRejected limit(String what, long value, long bound) {
        return new ModuleRejected(
                Reason.LIMIT, what + ": " + value + ", at most " + bound + " are taken");
    }

    private int entries(String what, int bound) throws ModuleRejected {
        int count = in.count();
        if (count > bound) {
            throw limit(what, count, bound);
        }
        return count;
    }

    private void types() throws ModuleRejected {
        int count = entries("types", WasmModule.MAX_ENTRIES);
        FunctionType[] types = new FunctionType[count];
        int[] canonical = new int[count];
        Map<FunctionType, Integer> first = new HashMap<>();
        for (int i = 0; i < count; i++) {
            int form = in.u8();
            if (form == 0x5e || form == 0x5f || form == 0x50 || form == 0x4f || form == 0x4e) {
                throw unsupported("types of garbage collection (proposal gc)");
            }
            if (form != 0x60) {
                throw in.malformed("type has form " + form + ", expected 96,");
            }
            types[i] =
                    new FunctionType(
                            valueTypes("parameters", WasmModule.MAX_LOCALS),
                            valueTypes("results", WasmModule.MAX_RESULTS));
            Integer same = first.putIfAbsent(types[i], i);
            canonical[i] = same == null ? i : same;
        }
        module.types = types;
        module.canonical = canonical;
    }

    private List<ValueType> valueTypes(String what, int bound) throws ModuleRejected {
        int count = in.count();
        if (count > bound) {
            throw limit(what, count, bound);
        }
        ValueType[] types = new ValueType[count];
        for (int i = 0; i < count; i++) {
            types[i] = valueType(in);
        }
        return List.of(types);
    }

    static ValueType valueType(ByteReader in) throws ModuleRejected {
        int code = in.u8();
        ValueType type = ValueType.ofCode(code);
        if (type != null) {
            return type;
        }
        throw switch (code) {
            case 0x7b -> unsupported("vectors (proposal simd)");
            case 0x63, 0x64 -> unsupported("typed references (proposal function-references)");
            case 0x6e, 0x6d, 0x6c, 0x6b, 0x6a, 0x71, 0x72, 0x73 ->
                    unsupported("references of garbage collection (proposal gc)");
            case 0x69, 0x74 -> unsupported("exceptions (proposal exception-handling)");
            default -> in.malformed("type has code " + code + ", which is none,");
        };
    }

    static ValueType referenceType(ByteReader in) throws ModuleRejected {
        ValueType type = valueType(in);
        if (!type.isReference()) {
            throw in.malformed("type is " + type.text() + ", expected a reference,");
        }
        return type;
    }

    private int typeIndex() throws ModuleRejected {
        int index = in.index();
        if (index >= module.types.length) {
            throw invalid("unknown type " + index);
        }
        return index;
    }

    private void imports() throws ModuleRejected {
        int count = entries("imports", WasmModule.MAX_ENTRIES);
        List<AnyImport> imports = new ArrayList<>();
        int[] imported = new int[Math.min(count, 64)];
        int found = 0;
        for (int i = 0; i < count; i++) {
            String from = in.name();
            String name = in.name();
            int kind = in.u8();
            switch (kind) {
                case 0 -> {
                    if (found == imported.length) {
                        imported = Arrays.copyOf(imported, found * 2);
                    }
                    imported[found] = typeIndex();
                    imports.add(new AnyImport(from, name, Kind.FUNCTION, found));
                    found++;
                }
                case 1 -> {
                    imports.add(new AnyImport(from, name, Kind.TABLE, module.tables.size()));
                    addTable(tableType(true));
                }
                case 2 -> {
                    imports.add(new AnyImport(from, name, Kind.MEMORY, 0));
                    addMemory(true);
                }
                case 3 -> {
                    imports.add(new AnyImport(from, name, Kind.GLOBAL, importedGlobals++));
                    ValueType type = valueType(in);
                    module.globals.add(new Global(type, mutability(), null));
                }
                case 4 -> throw unsupported("exceptions (proposal exception-handling)");
                default -> throw in.malformed("import has kind " + kind + ", expected 0 to 3,");
            }
        }
        module.allImports = List.copyOf(imports);
        module.importedFunctions = found;
        module.functionTypes = Arrays.copyOf(imported, found);
    }

    private boolean mutability() throws ModuleRejected {
        int mutable = in.u8();
        if (mutable > 1) {
            throw in.malformed("mutability is " + mutable + ", expected 0 or 1,");
        }
        return mutable == 1;
    }

    private void functions() throws ModuleRejected {
        int count = entries("functions", WasmModule.MAX_FUNCTIONS);
        functions = new int[count];
        for (int i = 0; i < count; i++) {
            functions[i] = typeIndex();
        }
        int imported = module.importedFunctions;
        module.functionTypes = Arrays.copyOf(module.functionTypes, imported + count);
        System.arraycopy(functions, 0, module.functionTypes, imported, count);
    }

    private void tables() throws ModuleRejected {
        int count = in.count();
        for (int i = 0; i < count; i++) {
            if (in.peek() == 0x40) {
                throw unsupported("tables with initial values (proposal function-references)");
            }
            addTable(tableType(false));
        }
    }

    private void addTable(Table table) throws ModuleRejected {
        if (module.tables.size() >= WasmModule.MAX_TABLES) {
            throw limit("tables", module.tables.size() + 1, WasmModule.MAX_TABLES);
        }
        module.tables.add(table);
    }

    private Table tableType(boolean imported) throws ModuleRejected {
        ValueType type = referenceType(in);
        int flags = limitsFlags();
        long min = Integer.toUnsignedLong(in.u32());
        long max = flags == 1 ? Integer.toUnsignedLong(in.u32()) : -1;
        if (max >= 0 && max < min) {
            throw invalid("size minimum " + min + " is greater than maximum " + max);
        }
        return new Table(type, (int) Math.min(min, Integer.MAX_VALUE), max, imported);
    }

    private int limitsFlags() throws ModuleRejected {
        int flags = in.u8();
        if (flags > 1) {
            if (flags == 2 || flags == 3) {
                throw unsupported("shared memories (proposal threads)");
            }
            if (flags < 8) {
                throw unsupported("64-bit memories (proposal memory64)");
            }
            if (flags < 16) {
                throw unsupported("pages of other sizes (proposal custom-page-sizes)");
            }
            throw in.malformed("limits have flags " + flags + ", expected 0 or 1,");
        }
        return flags;
    }

    private void memories() throws ModuleRejected {
        int count = in.count();
        for (int i = 0; i < count; i++) {
            addMemory(false);
        }
    }

    private void addMemory(boolean imported) throws ModuleRejected {
        if (module.memory != null) {
            throw unsupported("several memories (proposal multi-memory)");
        }
        int flags = limitsFlags();
        long min = Integer.toUnsignedLong(in.u32());
        long max = flags == 1 ? Integer.toUnsignedLong(in.u32()) : -1;
        if (min > 65_536 || max > 65_536) {
            throw invalid("memory has more than 65536 pages");
        }
        if (max >= 0 && max < min) {
            throw invalid("size minimum " + min + " is greater than maximum " + max);
        }
        module.memory = new MemoryType((int) min, max, imported);
    }

    private void globals() throws ModuleRejected {
        int count = entries("globals", WasmModule.MAX_ENTRIES);
        for (int i = 0; i < count; i++) {
            ValueType type = valueType(in);
            boolean mutable = mutability();
            module.globals.add(new Global(type, mutable, constant(type)));
        }
    }

    /// A constant expression of a type. Globals that it reads are imported and immutable.
    private Constant constant(ValueType expected) throws ModuleRejected {
        int from = in.at;
        ValueType[] stack = new ValueType[4];
        int height = 0;
        while (true) {
            int before = in.at;
            int op = in.u8();
            if (op == Opcode.END) {
                if (height != 1 || stack[0] != expected) {
                    throw invalid("type mismatch in a constant expression");
                }
                return new Constant(from, before);
            }
            ValueType pushed;
            switch (op) {
                case Opcode.I32_CONST -> {
                    in.s32();
                    pushed = ValueType.I32;
                }
                case Opcode.I64_CONST -> {
                    in.s64();
                    pushed = ValueType.I64;
                }
                case Opcode.F32_CONST -> {
                    in.skip(4);
                    pushed = ValueType.F32;
                }
                case Opcode.F64_CONST -> {
                    in.skip(8);
                    pushed = ValueType.F64;
                }
                case Opcode.REF_NULL -> pushed = referenceType(in);
                case Opcode.REF_FUNC -> {
                    module.referenced.set(functionIndex());
                    pushed = ValueType.FUNCREF;
                }
                case Opcode.GLOBAL_GET -> {
                    int index = in.index();
                    if (index >= importedGlobals) {
                        throw invalid("unknown global " + index);
                    }
                    Global global = module.globals.get(index);
                    if (global.mutable()) {
                        throw invalid("constant expression required");
                    }
                    pushed = global.type();
                }
                case 0x6a, 0x6b, 0x6c, 0x7c, 0x7d, 0x7e -> {
                    ValueType type = Opcode.first(op);
                    if (height < 2 || stack[height - 1] != type || stack[height - 2] != type) {
                        throw invalid("type mismatch in a constant expression");
                    }
                    height -= 2;
                    pushed = type;
                }
                default -> {
                    String proposal = Opcode.proposal(op);
                    if (proposal != null) {
                        throw unsupported(proposal);
                    }
                    throw invalid("constant expression required");
                }
            }
            if (height == stack.length) {
                stack = Arrays.copyOf(stack, height * 2);
            }
            stack[height++] = pushed;
        }
    }

    private int functionIndex() throws ModuleRejected {
        int index = in.index();
        if (index >= module.functionTypes.length) {
            throw invalid("unknown function " + index);
        }
        return index;
    }

    private void exports() throws ModuleRejected {
        int count = entries("exports", WasmModule.MAX_ENTRIES);
        Map<String, Export> exports = new LinkedHashMap<>();
        for (int i = 0; i < count; i++) {
            String name = in.name();
            int kind = in.u8();
            int index = in.index();
            Export export =
                    switch (kind) {
                        case 0 -> {
                            check("function", index, module.functionTypes.length);
                            module.referenced.set(index);
                            yield new Export(Kind.FUNCTION, index);
                        }
                        case 1 -> {
                            check("table", index, module.tables.size());
                            yield new Export(Kind.TABLE, index);
                        }
                        case 2 -> {
                            check("memory", index, module.memory == null ? 0 : 1);
                            yield new Export(Kind.MEMORY, index);
                        }
                        case 3 -> {
                            check("global", index, module.globals.size());
                            module.sharedGlobals.set(index);
                            yield new Export(Kind.GLOBAL, index);
                        }
                        case 4 -> throw unsupported("exceptions (proposal exception-handling)");
                        default ->
                                throw in.malformed(
                                        "export has kind " + kind + ", expected 0 to 3,");
                    };
            if (exports.put(name, export) != null) {
                throw invalid("duplicate export name \"" + printable(name) + "\"");
            }
        }
        module.exports = java.util.Collections.unmodifiableMap(exports);
    }

    /// A name from outside, fit to be shown: short, and without control characters.
    static String printable(String name) {
        String shown = name.length() > 60 ? name.substring(0, 60) + "…" : name;
        return shown.replaceAll("[\\p{Cntrl}\\p{Cf}\"]", "\uFFFD");
    }

    private void check(String what, int index, int bound) throws ModuleRejected {
        if (index >= bound) {
            throw invalid("unknown " + what + " " + index);
        }
    }

    private void start() throws ModuleRejected {
        int index = functionIndex();
        FunctionType type = module.functionType(index);
        if (!type.params().isEmpty() || !type.results().isEmpty()) {
            throw invalid("start function has type " + type + ", expected () -> ()");
        }
        module.start = index;
    }

    private void elements() throws ModuleRejected {
        int count = entries("element segments", WasmModule.MAX_ENTRIES);
        Elements[] segments = new Elements[count];
        for (int i = 0; i < count; i++) {
            segments[i] = elementSegment();
        }
        module.elements = segments;
    }

    private Elements elementSegment() throws ModuleRejected {
        int flags = in.u32();
        if (flags < 0 || flags > 7) {
            throw in.malformed("element segment has flags " + flags + ", expected 0 to 7,");
        }
        boolean active = (flags & 1) == 0;
        boolean expressions = (flags & 4) != 0;
        int table = active ? 0 : (flags & 2) != 0 ? -2 : -1;
        Constant offset = null;
        if (active) {
            if ((flags & 2) != 0) {
                table = in.index();
            }
            check("table", table, module.tables.size());
            offset = constant(ValueType.I32);
        }
        ValueType type = ValueType.FUNCREF;
        if ((flags & 3) != 0) {
            if (expressions) {
                type = referenceType(in);
            } else if (in.u8() != 0) {
                throw in.malformed("element segment has another kind than functions,");
            }
        }
        if (active && module.tables.get(table).type() != type) {
            throw invalid("type mismatch between element segment and table");
        }
        int count = in.count();
        int[] items = new int[count];
        for (int i = 0; i < count; i++) {
            items[i] = expressions ? elementExpression(type) : functionIndex();
            if (items[i] >= 0) {
                module.referenced.set(items[i]);
            }
        }
        return new Elements(type, table, offset, items);
    }

    private int elementExpression(ValueType type) throws ModuleRejected {
        Constant constant = constant(type);
        ByteReader item = new ByteReader(module.bytes, constant.from(), constant.to());
        return switch (item.u8()) {
            case Opcode.REF_FUNC -> item.u32();
            case Opcode.GLOBAL_GET -> -2 - item.u32();
            default -> -1;
        };
    }

    private void code() throws ModuleRejected {
        codeSeen = true;
        int count = in.count();
        if (count != functions.length) {
            throw in.malformed("functions and bodies differ in number");
        }
        int sectionEnd = in.end;
        module.bodyStart = new int[count];
        module.bodyEnd = new int[count];
        module.decoded = new Decoded[count];
        FunctionValidator validator = new FunctionValidator(module, in, dataCount);
        for (int i = 0; i < count; i++) {
            int size = in.count();
            int bodyEnd = in.at + size;
            module.bodyStart[i] = in.at;
            module.bodyEnd[i] = bodyEnd;
            in.end = bodyEnd;
            if (checksBodies) {
                validator.check(module.importedFunctions + i);
            } else {
                in.at = bodyEnd;
            }
            if (in.at != bodyEnd) {
                throw in.malformed("body has another size than it says");
            }
            in.end = sectionEnd;
        }
    }

    private void data() throws ModuleRejected {
        int count = entries("data segments", WasmModule.MAX_DATA_SEGMENTS);
        if (dataCount >= 0 && dataCount != count) {
            throw in.malformed("data count and data segments differ");
        }
        Data[] segments = new Data[count];
        for (int i = 0; i < count; i++) {
            int flags = in.u32();
            if (flags < 0 || flags > 2) {
                throw in.malformed("data segment has flags " + flags + ", expected 0 to 2,");
            }
            Constant offset = null;
            if (flags != 1) {
                if (flags == 2) {
                    int memory = in.index();
                    check("memory", memory, module.memory == null ? 0 : 1);
                }
                check("memory", 0, module.memory == null ? 0 : 1);
                offset = constant(ValueType.I32);
            }
            int size = in.count();
            segments[i] = new Data(offset, in.at, in.at + size);
            in.skip(size);
        }
        module.data = segments;
    }
}
