package dev.sovereign.cli;

import dev.sovereign.protocol.Request;
import dev.sovereign.protocol.Response;

import java.util.List;

/// What needs no daemon: `skill run FILE.wasm --invoke EXPORT` and `skill check FILE.wasm`.
final class ModuleCommands {

    /// Exit status where a module is refused, trapped, or stopped at a limit.
    private static final int REFUSED = 3;

    private static final int TRAPPED = 1;
    private static final int STOPPED = 5;

    private ModuleCommands() {}

    /// Calls an export and prints what it returned. A verdict is data, so that under `--json` it is
    /// on standard output whatever it says.
    static int invoke(Invocation call, String file, String export, List<String> arguments)
            throws InterruptedException {
        Request.ModuleRun request =
                new Request.ModuleRun(
                        file,
                        export,
                        arguments,
                        Amounts.count("--fuel", call.value("--fuel")),
                        call.globals.timeoutMillis());
        Response.ModuleRan ran = new Talk(call).askHere(request);
        if (call.globals.json()) {
            JsonLine line = new JsonLine().open('{').field("verdict", ran.verdict());
            line.name("results").open('[');
            ran.results().forEach(value -> json(line, value));
            line.close(']').field("fuel", ran.fuel()).field("message", ran.message());
            call.line(line.close('}').toString());
        } else if (ran.verdict().equals("ok")) {
            ran.results().forEach(value -> call.line(text(value)));
            if (call.globals.verbose()) {
                call.say(Amounts.grouped(ran.fuel()) + " units of fuel");
            }
        } else {
            call.out.flush();
            call.streams.err.line(
                    "sovereign: "
                            + ran.verdict()
                            + (ran.message() == null ? "" : ": " + Display.visible(ran.message())));
            call.streams.err.flush();
        }
        return switch (ran.verdict()) {
            case "ok" -> 0;
            case "trap" -> TRAPPED;
            case "rejected" -> REFUSED;
            default -> STOPPED;
        };
    }

    /// Exact integers are JSON numbers, and so are the floats that JSON can write.
    private static void json(JsonLine line, Response.ModuleValue value) {
        switch (value.type()) {
            case "i32", "i64" -> line.value(value.bits());
            case "f32" -> line.data(number(Float.intBitsToFloat((int) value.bits())));
            case "f64" -> line.data(number(Double.longBitsToDouble(value.bits())));
            default -> {
                if (value.bits() == -1) {
                    line.value((String) null);
                } else {
                    line.value(value.bits());
                }
            }
        }
    }

    private static Object number(float value) {
        return Float.isFinite(value) ? (Object) value : text(value);
    }

    private static Object number(double value) {
        return Double.isFinite(value) ? (Object) value : text(value);
    }

    private static String text(double value) {
        return Double.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
    }

    private static String text(Response.ModuleValue value) {
        return switch (value.type()) {
            case "f32" -> String.valueOf(number(Float.intBitsToFloat((int) value.bits())));
            case "f64" -> String.valueOf(number(Double.longBitsToDouble(value.bits())));
            default ->
                    value.bits() == -1 && value.type().endsWith("ref")
                            ? "null"
                            : Long.toString(value.bits());
        };
    }

    static final class Check extends Command {
        @Override
        void describe(Shape shape) {
            shape.word("FILE", Complete.FILE, "a WebAssembly module");
            shape.text(
                    "Reads and validates a module, runs nothing, and says what it wants and offers."
                            + " A module that is refused is exit status 3.");
            shape.example("sovereign skill check disk_watch.wasm", "Imports, exports, memory.");
            shape.example("sovereign skill check --json *.wasm", "One object.");
        }

        @Override
        int run(Invocation call) throws InterruptedException {
            Response.ModuleSheet sheet =
                    new Talk(call).askHere(new Request.ModuleCheck(call.need(0)));
            if (call.globals.json()) {
                call.line(json(sheet));
            } else if (sheet.refused() == null) {
                print(call, sheet);
            } else {
                call.streams.err.line(
                        "sovereign: "
                                + sheet.refused()
                                + ": "
                                + Display.visible(String.valueOf(sheet.message())));
                call.streams.err.flush();
            }
            return sheet.refused() == null ? 0 : REFUSED;
        }

        private static void print(Invocation call, Response.ModuleSheet sheet) {
            Fields fields = new Fields(call);
            fields.add("bytes", Long.toString(sheet.bytes()));
            fields.add("sha256", sheet.sha256());
            fields.add("functions", Long.toString(sheet.functions()));
            fields.add("memory pages", Long.toString(sheet.memoryPages()));
            sheet.imports()
                    .forEach(each ->
                            fields.add(
                                    "import",
                                    Display.visible(each.module() + "." + each.name())
                                            + " "
                                            + each.type()));
            sheet.exports()
                    .forEach(each ->
                            fields.add("export", Display.visible(each.name()) + " " + each.type()));
            if (!sheet.interpreted().isEmpty()) {
                fields.add(
                        "slow",
                        "functions "
                                + sheet.interpreted()
                                + " are too large to be compiled and are interpreted");
            }
            fields.print();
        }

        private static String json(Response.ModuleSheet sheet) {
            JsonLine line = new JsonLine().open('{').field("valid", sheet.refused() == null);
            line.field("reason", sheet.refused()).field("message", sheet.message());
            line.field("bytes", sheet.bytes()).field("sha256", sheet.sha256());
            line.field("functions", sheet.functions());
            line.field("memoryPages", sheet.memoryPages());
            list(line, "imports", sheet.imports());
            list(line, "exports", sheet.exports());
            line.name("interpreted").open('[');
            sheet.interpreted().forEach(each -> line.value(Long.parseLong(each)));
            return line.close(']').close('}').toString();
        }

        private static void list(
                JsonLine line, String name, List<Response.ModuleFunction> functions) {
            line.name(name).open('[');
            for (Response.ModuleFunction each : functions) {
                line.open('{');
                if (each.module() != null) {
                    line.field("module", each.module());
                }
                line.field("name", each.name()).field("type", each.type()).close('}');
            }
            line.close(']');
        }
    }
}
