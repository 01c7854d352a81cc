package dev.sovereign.runtime.wasm;

import org.jspecify.annotations.Nullable;

import java.lang.classfile.ClassBuilder;
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
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BooleanSupplier;
import java.util.stream.IntStream;

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

    /// Code by name while [#all] generates it; null at other times.
    private volatile @Nullable Map<String, byte[]> making;

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

    /// Generates all code, by the name of its class, without making classes of it. All processors
    /// take part; what a run asks for meanwhile is made once for both.
    ///
    /// @param goOn looked at before each class; by any thread
    /// @return null when it would take more bytes, or was told to end
    @Nullable Map<String, byte[]> all(long maxBytes, BooleanSupplier goOn) {
        Map<String, byte[]> classes = new ConcurrentHashMap<>();
        making = classes;
        try {
            Generated all = new Generated(classes, maxBytes, goOn);
            boolean whole =
                    all.add(IntStream.range(0, groupStart.length - 1).boxed().toList(), 'G');
            whole = whole && all.add(List.copyOf(dispatchers), 'D');
            whole = whole && all.add(List.copyOf(hosts), 'H');
            whole = whole && all.add(waysIn(), 'E');
            return whole ? new TreeMap<>(classes) : null;
        } finally {
            making = null;
        }
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
        private final Map<String, byte[]> classes;
        private final BooleanSupplier goOn;
        private final AtomicLong bytesLeft;

        Generated(Map<String, byte[]> classes, long maxBytes, BooleanSupplier goOn) {
            this.classes = classes;
            this.bytesLeft = new AtomicLong(maxBytes);
            this.goOn = goOn;
        }

        boolean add(List<Integer> numbers, char kind) {
            return numbers.parallelStream().allMatch(number -> add("wasm." + kind + number));
        }

        private boolean add(String name) {
            if (!goOn.getAsBoolean()) {
                return false;
            }
            byte[] bytes =
                    java.util.Objects.requireNonNull(
                            classes.computeIfAbsent(name, CodeLoader.this::generated));
            return bytesLeft.addAndGet(-(bytes.length + name.length())) >= 0;
        }
    }

    private byte[] generated(String name) {
        return java.util.Objects.requireNonNull(generate(name));
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
        Map<String, byte[]> shared = making;
        if (bytes == null && shared != null && isName(name)) {
            bytes = shared.computeIfAbsent(name, this::generated);
        }
        if (bytes == null) {
            bytes = generate(name);
        }
        if (bytes == null) {
            throw new ClassNotFoundException(name);
        }
        defined.add(name);
        return defineClass(name, bytes, 0, bytes.length);
    }

    private static boolean isName(String name) {
        return name.startsWith("wasm.") && name.length() > 6 && "GEDH".indexOf(name.charAt(5)) >= 0;
    }

    /// Null when there is no such class.
    private byte @Nullable [] generate(String name) {
        if (!isName(name)) {
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
                if (!mayBeTooLarge(from, to)) {
                    throw tooLarge; // a defect of ours must not look like a large function
                }
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

    private boolean mayBeTooLarge(int from, int to) {
        return IntStream.range(from, to).anyMatch(i -> bodyBytes(i) > SURELY_FITS_BYTES);
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
                                if (slow) {
                                    FunctionType type = module.functionType(function);
                                    builder.withMethodBody(
                                            Names.method(function),
                                            Names.descriptor(type),
                                            ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                                            code -> Glue.interpreted(code, function, type));
                                } else {
                                    function(builder, function, small);
                                }
                            }
                        });
    }

    /// One method, or one for each of its regions and one for what is left.
    private void function(ClassBuilder builder, int function, boolean small) {
        FunctionType type = module.functionType(function);
        Regions regions = Regions.of(module, function, module.methodBytes);
        builder.withMethodBody(
                Names.method(function),
                Names.descriptor(type),
                ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                code ->
                        new FunctionCompiler(module, this, code, function, small, regions, null)
                                .compile());
        for (Regions.Region region : regions == null ? List.<Regions.Region>of() : regions.all) {
            builder.withMethodBody(
                    Names.region(function, region.number),
                    Names.REGION,
                    ClassFile.ACC_PUBLIC | ClassFile.ACC_STATIC,
                    code ->
                            new FunctionCompiler(
                                            module, this, code, function, small, regions, region)
                                    .compile());
        }
    }
}
