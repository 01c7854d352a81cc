package dev.sovereign.runtime.wasm;

import org.jspecify.annotations.Nullable;

import java.lang.classfile.ClassFile;
import java.lang.constant.ClassDesc;
import java.lang.reflect.AccessFlag;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReferenceArray;
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

    static {
        registerAsParallelCapable();
    }

    private final WasmModule module;
    private final Glue glue;

    /// For each function with a body its group, and for each group its first function.
    private final int[] groupOf;

    private final int[] groupStart;
    private final AtomicReferenceArray<@Nullable Entry> entries;

    /// Generated classes, kept for [CodeCache]: some three times the bytes of the module.
    private final Map<String, byte[]> classes = new ConcurrentHashMap<>();

    private volatile boolean isNew;

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
        return function < module.importedFunctions
                ? Names.host(function)
                : Names.group(groupOf[function - module.importedFunctions]);
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

    /// Generates and loads the code of all functions now, on all processors.
    void loadAll() {
        IntStream.range(0, groupStart.length - 1)
                .parallel()
                .forEach(group -> {
                    try {
                        loadClass("wasm.G" + group);
                    } catch (ClassNotFoundException impossible) {
                        throw new IllegalStateException("group " + group, impossible);
                    }
                });
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
        if (!name.startsWith("wasm.") || name.length() < 7) {
            throw new ClassNotFoundException(name);
        }
        byte[] present = classes.get(name);
        if (present != null) {
            return defineClass(name, present, 0, present.length);
        }
        int number = Integer.parseInt(name.substring(6));
        byte[] bytes =
                switch (name.charAt(5)) {
                    case 'G' -> group(number, new BitSet());
                    case 'E' -> glue.entry(number);
                    case 'D' -> glue.dispatcher(number);
                    case 'H' -> glue.host(number);
                    default -> throw new ClassNotFoundException(name);
                };
        classes.put(name, bytes);
        isNew = true;
        return defineClass(name, bytes, 0, bytes.length);
    }

    /// Takes code that was generated earlier from the same module by the same back end.
    void add(Map<String, byte[]> generated) {
        generated.forEach(classes::putIfAbsent);
    }

    /// All code, when some of it was generated since this was called last; otherwise nothing.
    Map<String, byte[]> takeNew() {
        if (!isNew) {
            return Map.of();
        }
        isNew = false;
        return new TreeMap<>(classes);
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
