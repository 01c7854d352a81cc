package dev.sovereign.runtime.wasm;

import org.jspecify.annotations.Nullable;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// A module of which everything has been checked. Immutable; shared by all its runs, and so is the
/// code that is made from it.
public final class WasmModule {

    /// Bytes of a module. The largest language runtimes of today have 5 MiB.
    public static final int MAX_BYTES = 8 << 20;

    /// Functions with a body. The largest language runtimes of today have 12,000.
    public static final int MAX_FUNCTIONS = 20_000;

    /// Types, imports, exports, globals and element segments, each. A guess: far above what
    /// compilers emit.
    public static final int MAX_ENTRIES = 65_536;

    /// Go writes one for each run of bytes that are not zero.
    public static final int MAX_DATA_SEGMENTS = 262_144;

    /// Parameters and other locals of one function, each.
    public static final int MAX_LOCALS = 1024;

    /// Results of a function or block. Compilers return one; what a branch carries is not paid for
    /// one by one, so it stays small.
    public static final int MAX_RESULTS = 64;

    /// Blocks inside each other. Clang and rustc stay below 300; Go makes a block of every basic
    /// block of a function, and so needs thousands.
    public static final int MAX_NESTING = 16_384;

    /// Values on the operand stack at once. Compilers keep values in locals; 4096 of them still
    /// leave room for 1000 open calls in an ordinary stack.
    public static final int MAX_OPERANDS = 4096;

    static final int MAX_TABLES = 100;

    /// Where a value at start comes from: bytes of a constant expression, without its end.
    record Constant(int from, int to) {}

    record Global(ValueType type, boolean mutable, @Nullable Constant init) {}

    record Table(ValueType type, int min, long max, boolean imported) {}

    record MemoryType(int min, long max, boolean imported) {}

    /// @param table -1 for passive, -2 for declared only
    /// @param items a function's index, -1 for null, or -2 - g for global g
    @SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
    record Elements(ValueType type, int table, @Nullable Constant offset, int[] items) {}

    /// @param offset null when passive
    record Data(@Nullable Constant offset, int from, int to) {}

    enum Kind {
        FUNCTION,
        TABLE,
        MEMORY,
        GLOBAL
    }

    record Export(Kind kind, int index) {}

    /// An import of anything, in the order of the module.
    record AnyImport(String module, String name, Kind kind, int index) {}

    final byte[] bytes;
    FunctionType[] types = {};

    /// For each type the first type of the same structure.
    int[] canonical = {};

    /// For each function, imports first, its type.
    int[] functionTypes = {};

    int importedFunctions;
    List<AnyImport> allImports = List.of();
    final List<Global> globals = new ArrayList<>();
    final List<Table> tables = new ArrayList<>();
    @Nullable MemoryType memory;
    java.util.Map<String, Export> exports = java.util.Map.of();
    int start = -1;
    Elements[] elements = {};
    Data[] data = {};

    /// Where the locals of each function with a body begin, and where its code ends.
    int[] bodyStart = {};

    int[] bodyEnd = {};

    /// Whether the value of a table, or a host, can be this function.
    final java.util.BitSet referenced = new java.util.BitSet();

    int largestFrame;

    /// JVM code that a method of a function should have at most.
    int methodBytes = Regions.METHOD_BYTES;

    /// Globals that are exported.
    final java.util.BitSet sharedGlobals = new java.util.BitSet();

    private final java.util.concurrent.ConcurrentHashMap<Integer, short[]> hugeTables =
            new java.util.concurrent.ConcurrentHashMap<>();

    /// Functions as the interpreter wants them, made on demand; guarded by decodedLock.
    @Nullable Decoded[] decoded = {};

    private final Object decodedLock = new Object();

    private @Nullable CodeLoader code;

    WasmModule(byte[] bytes) {
        this.bytes = bytes;
    }

    /// Reads and checks all of a module. Takes time and memory in proportion to the bytes, whatever
    /// they say.
    ///
    /// @param bytes from anywhere; copied
    /// @throws ModuleRejected saying what is wrong and where
    public static WasmModule load(byte[] bytes) throws ModuleRejected {
        if (bytes.length > MAX_BYTES) {
            throw new ModuleRejected(
                    ModuleRejected.Reason.LIMIT,
                    "module has " + bytes.length + " bytes, at most " + MAX_BYTES + " are taken");
        }
        return new ModuleReader(bytes.clone(), true).read();
    }

    /// Reads a module that was checked before, without its bodies.
    ///
    /// @param largestFrame what checking them has found
    static WasmModule loadChecked(byte[] bytes, int largestFrame) throws ModuleRejected {
        WasmModule module = new ModuleReader(bytes.clone(), false).read();
        module.largestFrame = largestFrame;
        return module;
    }

    /// What it asks its host for, in its own order.
    public List<Import> imports() {
        List<Import> wanted = new ArrayList<>();
        for (AnyImport each : allImports) {
            if (each.kind == Kind.FUNCTION) {
                wanted.add(new Import(each.module, each.name, functionType(each.index)));
            }
        }
        return wanted;
    }

    /// The type of an exported function; null when there is none of this name.
    public @Nullable FunctionType exportedFunction(String name) {
        Export export = exports.get(name);
        return export == null || export.kind != Kind.FUNCTION ? null : functionType(export.index);
    }

    /// Names of all exported functions, in the module's order.
    public List<String> exportedFunctions() {
        return exports.entrySet().stream()
                .filter(entry -> entry.getValue().kind == Kind.FUNCTION)
                .map(java.util.Map.Entry::getKey)
                .toList();
    }

    /// Whether it exports its memory under this name, as WASI programs do under `memory`.
    public boolean exportsMemory(String name) {
        Export export = exports.get(name);
        return export != null && export.kind == Kind.MEMORY;
    }

    /// Functions with a body.
    public int functions() {
        return bodyStart.length;
    }

    /// Its size.
    public int byteCount() {
        return bytes.length;
    }

    /// Pages of memory that it starts with.
    public int memoryPages() {
        MemoryType type = memory;
        return type == null ? 0 : type.min;
    }

    /// Functions that are too large for the compiler and run slowly, by number, imports first.
    /// Compiles everything that is large to find out.
    public List<Long> interpretedFunctions() {
        return code().interpreted();
    }

    /// SHA-256 of its bytes, in hex.
    public String sha256() {
        return sha256(bytes);
    }

    /// SHA-256 of any bytes, in hex.
    public static String sha256(byte[] bytes) {
        try {
            return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
    }

    FunctionType functionType(int function) {
        return types[functionTypes[function]];
    }

    /// The type of a function, by structure.
    int canonicalType(int function) {
        return canonical[functionTypes[function]];
    }

    /// Slots of the largest frame of any function in the JVM: parameters, locals, operands.
    /// Operands are counted from above, as the bytes of the body.
    int largestFrame() {
        return largestFrame;
    }

    /// The labels of a `br_table`, by where they begin; kept, since they are asked for again and
    /// again. They take two bytes each, no more than four times what the module has.
    short[] labels(int at) {
        return hugeTables.computeIfAbsent(
                at,
                from -> {
                    Operators operators = new Operators(bytes, from);
                    short[] labels = new short[operators.u32() + 1];
                    for (int i = 0; i < labels.length; i++) {
                        labels[i] = (short) operators.u32();
                    }
                    return labels;
                });
    }

    /// Whether another instance can see this global: it is imported, or exported and mutable.
    boolean isShared(int global) {
        Global type = globals.get(global);
        return type.init == null || sharedGlobals.get(global);
    }

    /// Whether this is a function, and of this canonical type.
    boolean hasType(int function, int type) {
        return function >= 0 && function < functionTypes.length && canonicalType(function) == type;
    }

    /// A function as the interpreter wants it; kept.
    Decoded decoded(int function) {
        int body = function - importedFunctions;
        synchronized (decodedLock) {
            Decoded present = decoded[body];
            if (present == null) {
                present = Decoded.of(this, function);
                decoded[body] = present;
            }
            return present;
        }
    }

    /// Generated code, shared by all instances.
    synchronized CodeLoader code() {
        CodeLoader present = code;
        if (present == null) {
            present = new CodeLoader(this);
            code = present;
        }
        return present;
    }
}
