package dev.sovereign.runtime.wasm;

import org.jspecify.annotations.Nullable;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.json.JsonFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/// Runs the WebAssembly core test suite, as `wast2json` of wabt writes it, through loader and
/// meter.
///
/// Arguments: mode, then folders or files of the JSON. Prints one line a file and each difference;
/// ends with status 1 when there is any.
@SuppressWarnings("NullAway") // a JSON tree of known shape; a missing field must end the tool
final class SpecSuite {

    private static final long FUEL = Limits.MAX_FUEL;
    private static final int DEPTH = 1000;

    private final Mode mode;
    private final Map<String, Map<String, Object>> registered = new HashMap<>();
    private final Map<String, Linkage> named = new HashMap<>();
    private Store store = new Store();
    private @Nullable Linkage current;
    int passed;
    int skipped;
    final List<String> failures = new ArrayList<>();

    /// An instance and what it exports: functions as [Function], the rest as they are.
    private record Linkage(Instance instance, Map<String, Object> exports) {}

    private record Function(
            @Nullable Instance owner, int index, FunctionType type, HostFunction host) {}

    private SpecSuite(Mode mode) {
        this.mode = mode;
    }

    public static void main(String[] args) throws Exception {
        int[] status = {0};
        Thread thread =
                new Thread(
                        null,
                        () -> {
                            try {
                                status[0] = all(args);
                            } catch (Exception failed) {
                                throw new IllegalStateException(failed);
                            }
                        },
                        "spec",
                        1L << 30);
        thread.start();
        thread.join();
        System.exit(status[0]);
    }

    private static int all(String[] args) throws Exception {
        Mode mode = Mode.valueOf(args[0].toUpperCase(java.util.Locale.ROOT));
        int passed = 0;
        int failed = 0;
        int skipped = 0;
        int files = 0;
        for (int i = 1; i < args.length; i++) {
            List<Path> paths;
            try (Stream<Path> found = Files.walk(Path.of(args[i]))) {
                paths = found.filter(p -> p.toString().endsWith(".json")).sorted().toList();
            }
            for (Path path : paths) {
                SpecSuite suite = new SpecSuite(mode);
                suite.run(path);
                files++;
                passed += suite.passed;
                failed += suite.failures.size();
                skipped += suite.skipped;
                System.out.printf(
                        "%-32s %6d passed %4d skipped %4d failed%n",
                        path.getFileName(), suite.passed, suite.skipped, suite.failures.size());
                suite.failures.stream().limit(12).forEach(f -> System.out.println("    " + f));
            }
        }
        System.out.printf(
                "%s: %d files, %d passed, %d skipped, %d failed%n",
                mode, files, passed, skipped, failed);
        return failed == 0 && passed > 0 ? 0 : 1;
    }

    @SuppressWarnings("unchecked")
    private void run(Path json) throws IOException {
        Map<String, Object> document = (Map<String, Object>) Json.read(Files.readAllBytes(json));
        Path folder = java.util.Objects.requireNonNull(json.getParent());
        registered.put("spectest", spectest());
        for (Object each : (List<Object>) document.get("commands")) {
            Map<String, Object> command = (Map<String, Object>) each;
            String where = "line " + command.get("line") + " " + command.get("type");
            try {
                command(folder, command);
                passed++;
            } catch (Skipped skip) {
                skipped++;
            } catch (Throwable wrong) {
                failures.add(where + ": " + wrong);
            }
        }
    }

    private static final class Skipped extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private static final class Wrong extends RuntimeException {
        private static final long serialVersionUID = 1L;

        Wrong(String message) {
            super(message, null, false, false);
        }
    }

    @SuppressWarnings("unchecked")
    private void command(Path folder, Map<String, Object> command) throws Throwable {
        String type = (String) command.get("type");
        switch (type) {
            case "module" -> {
                Linkage linkage = instantiate(bytes(folder, command), true);
                current = linkage;
                String name = (String) command.get("name");
                if (name != null) {
                    named.put(name, linkage);
                }
            }
            case "register" -> {
                String name = (String) command.get("name");
                Linkage linkage = name == null ? current : named.get(name);
                registered.put((String) command.get("as"), linkage.exports());
            }
            case "action" -> action((Map<String, Object>) command.get("action"));
            case "assert_return" -> {
                Map<String, Object> action = (Map<String, Object>) command.get("action");
                long[] results = action(action);
                check((List<Map<String, Object>>) (List<?>) command.get("expected"), results);
            }
            case "assert_trap" ->
                    expectTrap(
                            () -> action((Map<String, Object>) command.get("action")),
                            (String) command.get("text"));
            case "assert_exhaustion" -> {
                try {
                    action((Map<String, Object>) command.get("action"));
                } catch (Stopped expected) {
                    return;
                }
                throw new Wrong("did not exhaust");
            }
            case "assert_invalid", "assert_malformed" -> {
                if ("text".equals(command.get("module_type"))) {
                    throw new Skipped();
                }
                try {
                    WasmModule.load(bytes(folder, command));
                } catch (ModuleRejected expected) {
                    return;
                }
                throw new Wrong("accepted, expected: " + command.get("text"));
            }
            case "assert_unlinkable" -> {
                try {
                    instantiate(bytes(folder, command), true);
                } catch (ModuleRejected expected) {
                    if (expected.reason() != ModuleRejected.Reason.UNLINKABLE) {
                        throw new Wrong("rejected for another reason: " + expected);
                    }
                    return;
                }
                throw new Wrong("linked, expected: " + command.get("text"));
            }
            case "assert_uninstantiable" ->
                    expectTrap(
                            () -> instantiate(bytes(folder, command), true),
                            (String) command.get("text"));
            default -> throw new Wrong("unknown command " + type);
        }
    }

    private interface Action {
        Object run() throws Throwable;
    }

    private static void expectTrap(Action action, String text) throws Throwable {
        try {
            action.run();
        } catch (WasmTrap trap) {
            if (!trap.getMessage().startsWith(text) && !text.startsWith(trap.getMessage())) {
                throw new Wrong("trap \"" + trap.getMessage() + "\", expected \"" + text + "\"");
            }
            return;
        } catch (IndexOutOfBoundsException trap) {
            if (!text.equals("out of bounds memory access")) {
                throw new Wrong("out of bounds, expected \"" + text + "\"");
            }
            return;
        } catch (ArithmeticException trap) {
            if (!text.equals("integer divide by zero")) {
                throw new Wrong("division, expected \"" + text + "\"");
            }
            return;
        }
        throw new Wrong("no trap, expected \"" + text + "\"");
    }

    private static byte[] bytes(Path folder, Map<String, Object> command) throws IOException {
        return Files.readAllBytes(folder.resolve((String) command.get("filename")));
    }

    @SuppressWarnings("unchecked")
    private long[] action(Map<String, Object> action) throws Throwable {
        String name = (String) action.get("module");
        Linkage linkage = name == null ? current : named.get(name);
        Object export = linkage.exports().get(action.get("field"));
        if (action.get("type").equals("get")) {
            return new long[] {((GlobalCell) export).value};
        }
        Function function = (Function) export;
        List<Map<String, Object>> args = (List<Map<String, Object>>) (List<?>) action.get("args");
        long[] values =
                new long
                        [Math.max(
                                1,
                                Math.max(
                                        function.type().params().size(),
                                        function.type().results().size()))];
        for (int i = 0; i < args.size(); i++) {
            values[i] = bits((String) args.get(i).get("type"), (String) args.get(i).get("value"));
        }
        call(function, values);
        return values;
    }

    private static void call(Function function, long[] values) throws Exception {
        Instance owner = function.owner();
        if (owner == null) {
            throw new Wrong("host function as an action");
        }
        owner.invoke(function.index(), values, DEPTH - 1);
    }

    private static long bits(String type, String value) {
        if (value.equals("null")) {
            return ValueType.NULL;
        }
        return switch (type) {
            case "i32", "f32" -> (int) Long.parseLong(value);
            case "i64", "f64" -> Long.parseUnsignedLong(value);
            case "externref", "funcref" -> Long.parseLong(value);
            default -> throw new Skipped();
        };
    }

    private static void check(List<Map<String, Object>> expected, long[] results) {
        for (int i = 0; i < expected.size(); i++) {
            String type = (String) expected.get(i).get("type");
            String value = (String) expected.get(i).get("value");
            long actual = results[i];
            boolean same =
                    switch (type) {
                        case "i32" -> actual == (int) Long.parseLong(value);
                        case "i64" -> actual == Long.parseUnsignedLong(value);
                        case "f32" ->
                                switch (value) {
                                    case "nan:canonical" ->
                                            ((int) actual & 0x7fff_ffff) == 0x7fc0_0000;
                                    case "nan:arithmetic" ->
                                            ((int) actual & 0x7fc0_0000) == 0x7fc0_0000;
                                    default -> (int) actual == (int) Long.parseLong(value);
                                };
                        case "f64" ->
                                switch (value) {
                                    case "nan:canonical" ->
                                            (actual & Long.MAX_VALUE) == 0x7ff8_0000_0000_0000L;
                                    case "nan:arithmetic" ->
                                            (actual & 0x7ff8_0000_0000_0000L)
                                                    == 0x7ff8_0000_0000_0000L;
                                    default -> actual == Long.parseUnsignedLong(value);
                                };
                        case "externref", "funcref" ->
                                value == null ? actual >= 0 : actual == bits(type, value);
                        default -> throw new Skipped();
                    };
            if (!same) {
                throw new Wrong(
                        "result %d is %s %d, expected %s".formatted(i, type, actual, value));
            }
        }
    }

    private Map<String, Object> spectest() {
        Map<String, Object> exports = new LinkedHashMap<>();
        Map<String, List<ValueType>> printers =
                Map.of(
                        "print", List.of(),
                        "print_i32", List.of(ValueType.I32),
                        "print_i64", List.of(ValueType.I64),
                        "print_f32", List.of(ValueType.F32),
                        "print_f64", List.of(ValueType.F64),
                        "print_i32_f32", List.of(ValueType.I32, ValueType.F32),
                        "print_f64_f64", List.of(ValueType.F64, ValueType.F64));
        printers.forEach((name, params) ->
                exports.put(
                        name,
                        new Function(
                                null,
                                0,
                                new FunctionType(params, List.of()),
                                (caller, values) -> {})));
        exports.put("global_i32", new GlobalCell(ValueType.I32, false, 666));
        exports.put("global_i64", new GlobalCell(ValueType.I64, false, 666));
        exports.put(
                "global_f32",
                new GlobalCell(ValueType.F32, false, Float.floatToRawIntBits(666.6f)));
        exports.put(
                "global_f64",
                new GlobalCell(ValueType.F64, false, Double.doubleToRawLongBits(666.6)));
        exports.put("table", new ReferenceTable(ValueType.FUNCREF, 10, 20, 20));
        exports.put("memory", new Memory(1, 2, 2));
        return exports;
    }

    private Linkage instantiate(byte[] bytes, boolean start) throws ModuleRejected {
        WasmModule module = WasmModule.load(bytes);
        Instance.Linked linked = new Instance.Linked();
        for (WasmModule.AnyImport wanted : module.allImports) {
            Object found = registered.getOrDefault(wanted.module(), Map.of()).get(wanted.name());
            link(module, wanted, found, linked);
        }
        Limits limits = new Limits(FUEL, 8192, 1_000_000, DEPTH, java.time.Duration.ofSeconds(60));
        Instance instance = new Instance(module, linked, store, new Meter(FUEL), limits, mode);
        Map<String, Object> exports = new LinkedHashMap<>();
        module.exports.forEach((name, export) -> exports.put(name, exported(instance, export)));
        if (start) {
            instance.initialize(DEPTH);
        }
        return new Linkage(instance, exports);
    }

    private static Object exported(Instance instance, WasmModule.Export export) {
        int index = export.index();
        return switch (export.kind()) {
            case FUNCTION ->
                    new Function(
                            instance,
                            index,
                            instance.module.functionType(index),
                            (caller, values) -> instance.invoke(index, values, DEPTH / 4));
            case TABLE -> instance.tableAt(index);
            case MEMORY -> instance.memory;
            case GLOBAL -> instance.cell(index);
        };
    }

    private static void link(
            WasmModule module,
            WasmModule.AnyImport wanted,
            @Nullable Object found,
            Instance.Linked linked)
            throws ModuleRejected {
        boolean fits =
                switch (wanted.kind()) {
                    case FUNCTION ->
                            found instanceof Function function
                                    && function.type().equals(module.functionType(wanted.index()));
                    case TABLE -> {
                        WasmModule.Table table = module.tables.get(wanted.index());
                        yield found instanceof ReferenceTable actual
                                && actual.type == table.type()
                                && actual.size() >= table.min()
                                && within(table.max(), actual.declaredMax);
                    }
                    case MEMORY -> {
                        WasmModule.MemoryType memory = module.memory;
                        yield found instanceof Memory actual
                                && actual.pages() >= memory.min()
                                && within(memory.max(), actual.declaredMax());
                    }
                    case GLOBAL -> {
                        WasmModule.Global global = module.globals.get(wanted.index());
                        yield found instanceof GlobalCell actual
                                && actual.type == global.type()
                                && actual.mutable == global.mutable();
                    }
                };
        if (!fits) {
            throw new ModuleRejected(
                    ModuleRejected.Reason.UNLINKABLE,
                    "import " + wanted.module() + "." + wanted.name());
        }
        switch (wanted.kind()) {
            case FUNCTION -> linked.functions.add(((Function) found).host());
            case TABLE -> linked.tables.add((ReferenceTable) found);
            case MEMORY -> linked.memory = (Memory) found;
            case GLOBAL -> linked.globals.add((GlobalCell) found);
        }
    }

    private static boolean within(long wantedMax, long actualMax) {
        return wantedMax < 0 || (actualMax >= 0 && actualMax <= wantedMax);
    }

    /// JSON as maps, lists and strings.
    private static final class Json {

        static Object read(byte[] bytes) {
            try (JsonParser parser =
                    new JsonFactory()
                            .createParser(tools.jackson.core.ObjectReadContext.empty(), bytes)) {
                parser.nextToken();
                return value(parser);
            }
        }

        private static @Nullable Object value(JsonParser parser) {
            return switch (parser.currentToken()) {
                case START_OBJECT -> {
                    Map<String, Object> map = new HashMap<>();
                    while (parser.nextToken() != JsonToken.END_OBJECT) {
                        String name = parser.currentName();
                        parser.nextToken();
                        map.put(name, value(parser));
                    }
                    yield map;
                }
                case START_ARRAY -> {
                    List<Object> list = new ArrayList<>();
                    while (parser.nextToken() != JsonToken.END_ARRAY) {
                        list.add(value(parser));
                    }
                    yield list;
                }
                case VALUE_NULL -> null;
                default -> parser.getString();
            };
        }
    }
}
