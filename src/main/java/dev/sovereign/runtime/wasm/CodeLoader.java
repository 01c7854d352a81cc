package dev.sovereign.runtime.wasm;

import org.jspecify.annotations.Nullable;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;

/// The class loader of one module's generated code. The JVM asks for a class when a call to it is
/// executed for the first time; only then is it generated. Classes go away with the module.
///
/// Any thread may load; each class is generated under the JVM's lock for its name.
final class CodeLoader extends ClassLoader {

    /// Bytes of functions that one class takes: small enough that little is generated in vain.
    private static final int GROUP_BYTES = 8192;

    /// A body of at most so many bytes always fits: no operator takes more than six bytes of JVM
    /// code for each of its own.
    private static final int SURELY_FITS_BYTES = 4000;

    /// A body of more bytes than this never fits a JVM method of 64 KiB.
    private static final int MAX_BODY_BYTES = 120_000;

    /// Exported functions whose way in [#all] makes.
    private static final int MAX_WAYS_IN = 64;

    static {
        registerAsParallelCapable();
    }

    private final WasmModule module;
    private final Glue glue;

    /// For each function with a body its group, and for each group its first function.
    private final int[] groupOf;

    private final int[] groupStart;
    private final AtomicReferenceArray<@Nullable Entry> entries;

    /// Code from [CodeCache] whose classes nobody has asked for yet: at most some three times the
    /// bytes of the module.
    private final Map<String, byte[]> waiting = new ConcurrentHashMap<>();

    /// Classes that were asked for.
    private final Set<String> defined = ConcurrentHashMap.newKeySet();

    /// Imported functions and types of indirect calls that the generated code refers to.
    private final Set<Integer> hosts = ConcurrentHashMap.newKeySet();

    private final Set<Integer> dispatchers = ConcurrentHashMap.newKeySet();
    private final LongAdder generated = new LongAdder();

    CodeLoader(WasmModule module) {
        super("wasm", CodeLoader.class.getClassLoader());
        this.module = module;
        this.glue = new Glue(module, this);
        this.entries = new AtomicReferenceArray<>(module.functionTypes.length);
        int count = module.functions();
        this.groupOf = new int[count];
        int[] starts = new int[count + 1];
        int groups = 0;
        long bytes = Long.MAX_VALUE;
        for (int i = 0; i < count; i++) {
            bytes += bodyBytes(i);
            if (bytes > GROUP_BYTES || bytes < 0) {
                starts[groups++] = i;
                bytes = bodyBytes(i);
            }
            groupOf[i] = groups - 1;
        }
        starts[groups] = count;
        this.groupStart = java.util.Arrays.copyOf(starts, groups + 1);
    }

    private int bodyBytes(int body) {
        return module.bodyEnd[body] - module.bodyStart[body];
    }

    /// The class that has the method of a function.
    ClassDesc ownerOf(int function) {
        if (function < module.importedFunctions) {
            hosts.add(function);
            return Names.host(function);
        }
        return Names.group(groupOf[function - module.importedFunctions]);
    }

    /// The class that calls a function of a type by its index.
    ClassDesc dispatcherOf(int canonicalType) {
        dispatchers.add(canonicalType);
        return Names.dispatcher(canonicalType);
    }

    /// The way in to a function with a body.
    Entry entry(int function) {
        Entry present = entries.get(function);
        if (present == null) {
            present = newEntry(function);
            entries.set(function, present);
        }
        return present;
    }

    private Entry newEntry(int function) {
        try {
            return loadClass(
                            Names.entry(function)
                                    .descriptorString()
                                    .replace('/', '.')
                                    .replaceAll("^L|;$", ""))
                    .asSubclass(Entry.class)
                    .getDeclaredConstructor()
                    .newInstance();
        } catch (ReflectiveOperationException impossible) {
            throw new IllegalStateException("entry of function " + function, impossible);
        }
    }

    /// Generates all code, by the name of its class, without making classes of it.
    ///
    /// @param goOn looked at before each class
    /// @return null when it would take more bytes, or was told to end
    @Nullable Map<String, byte[]> all(long maxBytes, BooleanSupplier goOn) {
        Generated all = new Generated(maxBytes, goOn);
        boolean whole = true;
        for (int group = 0; whole && group < groupStart.length - 1; group++) {
            whole = all.add("wasm.G" + group);
        }
        for (int type : List.copyOf(dispatchers)) {
            whole = whole && all.add("wasm.D" + type);
        }
        for (int host : List.copyOf(hosts)) {
            whole = whole && all.add("wasm.H" + host);
        }
        for (int function : waysIn()) {
            whole = whole && all.add("wasm.E" + function);
        }
        return whole ? all.classes : null;
    }

    /// Functions that a host is likely to call.
    private List<Integer> waysIn() {
        List<Integer> functions = new ArrayList<>();
        functions.add(module.start);
        module.exports.values().stream()
                .filter(export -> export.kind() == WasmModule.Kind.FUNCTION)
                .limit(MAX_WAYS_IN)
                .forEach(export -> functions.add(export.index()));
        return functions.stream()
                .filter(function -> function >= module.importedFunctions)
                .distinct()
                .toList();
    }

    private final class Generated {
        private final Map<String, byte[]> classes = new TreeMap<>();
        private final BooleanSupplier goOn;
        private long bytesLeft;

        Generated(long maxBytes, BooleanSupplier goOn) {
            this.bytesLeft = maxBytes;
            this.goOn = goOn;
        }

        boolean add(String name) {
            if (!goOn.getAsBoolean()) {
                return false;
            }
            byte[] bytes = java.util.Objects.requireNonNull(generate(name));
            bytesLeft -= bytes.length + name.length();
            classes.put(name, bytes);
            return bytesLeft >= 0;
        }
    }

    /// Takes code that was generated from the same module by the same back end.
    void offer(Map<String, byte[]> all) {
        all.forEach((name, bytes) -> {
            if (!defined.contains(name)) {
                waiting.put(name, bytes);
            }
        });
    }

    /// Classes that were generated here, and not taken from a cache.
    long generated() {
        return generated.sum();
    }

    /// Functions that are left to the interpreter, by number.
    List<Long> interpreted() {
        List<Long> found = new ArrayList<>();
        for (int group = 0; group + 1 < groupStart.length; group++) {
            int from = groupStart[group];
            int to = groupStart[group + 1];
            if (to - from == 1 && bodyBytes(from) > SURELY_FITS_BYTES) {
                BitSet slow = new BitSet();
                group(group, slow);
                slow.stream()
                        .mapToObj(body -> (long) module.importedFunctions + body)
                        .forEach(found::add);
            }
        }
        return found;
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
        byte[] bytes = waiting.remove(name);
        if (bytes == null) {
            bytes = generate(name);
        }
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        defined.add(name);
        return defineClass(name, bytes, 0, bytes.length);
    }

    /// Null when there is no such class.
    private byte @Nullable [] generate(String name) {
        if (!name.startsWith("wasm.") || name.length() < 7) {
            return null;
        }
        generated.increment();
        int number = Integer.parseInt(name.substring(6));
        return switch (name.charAt(5)) {
            case 'G' -> group(number, new BitSet());
            case 'E' -> glue.entry(number);
            case 'D' -> glue.dispatcher(number);
            case 'H' -> glue.host(number);
            default -> null;
        };
    }

    /// All functions of a group. One that does not fit a method of 64 KiB is generated in fewer
    /// bytes, and left to the interpreter when it still does not.
    private byte[] group(int group, BitSet interpreted) {
        BitSet compact = new BitSet();
        int from = groupStart[group];
        int to = groupStart[group + 1];
        for (int i = from; i < to; i++) {
            if (bodyBytes(i) > MAX_BODY_BYTES) {
                interpreted.set(i);
            }
        }
        while (true) {
            try {
                return generate(group, from, to, compact, interpreted);
            } catch (IllegalArgumentException tooLarge) {
                int largest = -1;
                for (int i = from; i < to; i++) {
                    if (!interpreted.get(i) && (largest < 0 || bodyBytes(i) > bodyBytes(largest))) {
                        largest = i;
                    }
                }
                if (largest < 0) {
                    throw tooLarge;
                }
                if (compact.get(largest)) {
                    interpreted.set(largest);
                } else {
                    compact.set(largest);
                }
            }
        }
    }

    private byte[] generate(int group, int from, int to, BitSet compact, BitSet interpreted) {
        return ClassFile.of(ClassFile.DebugElementsOption.DROP_DEBUG)
                .build(
                        Names.group(group),
                        builder -> {
                            builder.withFlags(AccessFlag.PUBLIC, AccessFlag.FINAL);
                            for (int i = from; i < to; i++) {
                                int function = module.importedFunctions + i;
                                boolean slow = interpreted.get(i);
                                boolean small = compact.get(i);
                                FunctionType type = module.functionType(function);
                                builder.withMethodBody(
                                        Names.method(function),
                                        Names.descriptor(type),
                                        ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                        code -> {
                                            if (slow) {
                                                Glue.interpreted(code, function, type);
                                            } else {
                                                new FunctionCompiler(
                                                                module, this, code, function, small)
                                                        .compile();
                                            }
                                        });
                            }
                        });
    }
}
