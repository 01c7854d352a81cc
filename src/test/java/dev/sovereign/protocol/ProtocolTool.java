package dev.sovereign.protocol;

import dev.sovereign.error.Diagnostic;
import dev.sovereign.error.ErrorKind;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.lang.reflect.ParameterizedType;
import java.lang.reflect.RecordComponent;
import java.lang.reflect.Type;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// Build tool, not a test: writes, from the [Request] and [Response] records, the four classes that
/// turn them into JSON and back (so that no reflection is needed when the program runs) and
/// `docs/protocol.schema.json`. [ProtocolToolTest] fails when the committed files are not what this
/// tool writes; after a change of the records run
///
///     mvn -q process-test-classes -Dformat.mode=apply   # then, with the test class path:
///     java -cp ... dev.sovereign.protocol.ProtocolTool
@SuppressWarnings("StringConcatToTextBlock") // pieces of lines, not blocks
final class ProtocolTool {

    private static final String NOTE =
            "/// Generated from the records by ProtocolTool (src/test); do not edit.\n";

    private ProtocolTool() {}

    public static void main(String[] args) throws IOException {
        for (Map.Entry<Path, String> file : files().entrySet()) {
            Files.writeString(file.getKey(), file.getValue());
            System.out.println("wrote " + file.getKey());
        }
    }

    /// Every generated file with its content, before the formatter has seen it.
    static Map<Path, String> files() {
        Path main = Path.of("src/main/java/dev/sovereign/protocol");
        Map<Path, String> files = new LinkedHashMap<>();
        files.put(main.resolve("RequestWriter.java"), writer("RequestWriter", requests(), true));
        files.put(main.resolve("RequestReader.java"), reader("RequestReader", requests(), true));
        files.put(
                main.resolve("ResponseWriter.java"), writer("ResponseWriter", responses(), false));
        files.put(
                main.resolve("ResponseReader.java"), reader("ResponseReader", responses(), false));
        files.put(Path.of("docs/protocol.schema.json"), schema());
        return files;
    }

    static List<Class<?>> requests() {
        return sorted(Request.class);
    }

    static List<Class<?>> responses() {
        return sorted(Response.class);
    }

    private static List<Class<?>> sorted(Class<?> sealed) {
        List<Class<?>> kinds = new ArrayList<>();
        for (Class<?> permitted : sealed.getPermittedSubclasses()) {
            if (permitted.isInterface()) {
                kinds.addAll(sorted(permitted));
            } else {
                kinds.add(permitted);
            }
        }
        kinds.sort(Comparator.comparing(Class::getSimpleName));
        return kinds;
    }

    /// `RulesAdd` is `rules-add` on the wire.
    static String kind(Class<?> type) {
        return type.getSimpleName().replaceAll("(?<=[a-z])(?=[A-Z])", "-").toLowerCase(Locale.ROOT);
    }

    /// The kinds and every record below them, each once.
    private static List<Class<?>> withParts(List<Class<?>> kinds) {
        Set<Class<?>> all = new LinkedHashSet<>();
        Deque<Class<?>> open = new ArrayDeque<>(kinds);
        while (!open.isEmpty()) {
            Class<?> type = open.removeFirst();
            if (all.add(type)) {
                for (RecordComponent component : type.getRecordComponents()) {
                    Class<?> part = recordIn(component.getGenericType());
                    if (part != null) {
                        open.addLast(part);
                    }
                }
            }
        }
        return new ArrayList<>(all);
    }

    private static @Nullable Class<?> recordIn(Type type) {
        if (type instanceof Class<?> plain) {
            return plain.isRecord() ? plain : null;
        }
        return type instanceof ParameterizedType list && !isRequest(type)
                ? recordIn(list.getActualTypeArguments()[0])
                : null;
    }

    /// A request within a request: kind and body, as in an `ask`.
    static boolean isRequest(Type type) {
        return type instanceof ParameterizedType generic && generic.getRawType() == Request.class;
    }

    static boolean nullable(RecordComponent component) {
        return component.getAnnotatedType().isAnnotationPresent(Nullable.class);
    }

    private static String sourceName(Class<?> type) {
        return type.getEnclosingClass() == null
                ? type.getSimpleName()
                : type.getEnclosingClass().getSimpleName() + "." + type.getSimpleName();
    }

    /// Unique among the records; both [Response] and [Diagnostic] have a `Note`.
    private static String partName(Class<?> type) {
        return type.getEnclosingClass() == Diagnostic.class
                ? "Diagnostic" + type.getSimpleName()
                : type.getSimpleName();
    }

    private static String readerName(Class<?> type) {
        String name = partName(type);
        return Character.toLowerCase(name.charAt(0)) + name.substring(1);
    }

    private static String head(String name, boolean reads) {
        return "package dev.sovereign.protocol;\n\n"
                + "import dev.sovereign.error.Diagnostic;\n"
                + (reads ? "import dev.sovereign.error.ErrorKind;\n" : "")
                + "import dev.sovereign.error.Where;\n\n"
                + (reads ? "import org.jspecify.annotations.Nullable;\n\n" : "")
                + (reads
                        ? "import java.util.ArrayList;\nimport java.util.List;\n\n"
                        : "import tools.jackson.core.JsonGenerator;\n\n")
                + NOTE
                + "final class "
                + name
                + " {\n    private "
                + name
                + "() {}\n\n";
    }

    private static String trimImports(String source) {
        StringBuilder kept = new StringBuilder();
        for (String line : source.split("\n", -1)) {
            if (line.startsWith("import ")) {
                String simple = line.substring(line.lastIndexOf('.') + 1, line.length() - 1);
                if (source.split("\\b" + simple + "\\b", -1).length <= 2) {
                    continue;
                }
            }
            kept.append(line).append('\n');
        }
        return kept.substring(0, kept.length() - 1).replaceAll("\n\n\n+", "\n\n");
    }

    private static String writer(String name, List<Class<?>> kinds, boolean requests) {
        StringBuilder out = new StringBuilder(head(name, false));
        String type = requests ? "Request<?>" : "Response";
        out.append("    /// Writes the fields `kind` and `body`.\n");
        out.append("    static void write(JsonGenerator out, " + type + " value) {\n");
        for (Class<?> kind : kinds) {
            boolean empty = kind.getRecordComponents().length == 0;
            out.append(
                    "        if (value instanceof %s%s) {\n"
                            .formatted(sourceName(kind), empty ? "" : " v"));
            out.append(
                    "            out.writeStringProperty(\"kind\", \"%s\");\n"
                            .formatted(kind(kind)));
            out.append(
                    empty
                            ? "            out.writeObjectPropertyStart(\"body\");\n"
                                    + "            out.writeEndObject();\n"
                            : "            out.writeName(\"body\");\n            write(out, v);\n");
            out.append("            return;\n        }\n");
        }
        out.append("        throw new IllegalArgumentException(\"no kind for \"");
        out.append(" + value.getClass());\n    }\n");
        for (Class<?> part : withParts(kinds)) {
            if (part == Response.Adt.class || part.getRecordComponents().length == 0) {
                continue; // ADTs stand within values: Values
            }
            out.append(
                    "\n    private static void write(JsonGenerator out, %s v) {\n"
                            .formatted(sourceName(part)));
            out.append("        out.writeStartObject();\n");
            for (RecordComponent component : part.getRecordComponents()) {
                out.append(writeField(component));
            }
            out.append("        out.writeEndObject();\n    }\n");
        }
        return trimImports(out.append("}\n").toString());
    }

    private static String writeField(RecordComponent component) {
        String field = component.getName();
        String get = "v." + field + "()";
        String write = writeValue(component, get, field);
        if (!nullable(component)) {
            return write;
        }
        return "        if (" + get + " != null) {\n" + write + "        }\n";
    }

    private static String writeValue(RecordComponent component, String get, String field) {
        Type type = component.getGenericType();
        String property = "\"" + field + "\"";
        if (type == String.class) {
            return "        out.writeStringProperty(" + property + ", " + get + ");\n";
        }
        if (type == long.class || type == int.class || type == Long.class) {
            return "        out.writeNumberProperty(" + property + ", " + get + ");\n";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "        out.writeBooleanProperty(" + property + ", " + get + ");\n";
        }
        if (type == byte[].class) {
            return "        out.writeBinaryProperty(" + property + ", " + get + ");\n";
        }
        if (type == Diagnostic.Severity.class) {
            return "        out.writeStringProperty("
                    + property
                    + ", "
                    + get
                    + " == Diagnostic.Severity.ERROR ? \"error\" : \"warning\");\n";
        }
        if (type == ErrorKind.class) {
            return "        out.writeStringProperty(" + property + ", " + get + ".word());\n";
        }
        if (type instanceof Class<?> plain && plain.isRecord()) {
            return "        out.writeName(" + property + ");\n        write(out, " + get + ");\n";
        }
        if (isRequest(type)) {
            return "        out.writeObjectPropertyStart("
                    + property
                    + ");\n        write(out, "
                    + get
                    + ");\n        out.writeEndObject();\n";
        }
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            Type element = list.getActualTypeArguments()[0];
            if (element == String.class) {
                return loop(property, get, "String", "out.writeString(element)");
            }
            if (element == Long.class) {
                return loop(property, get, "long", "out.writeNumber(element)");
            }
            if (element instanceof Class<?> plain && plain.isRecord()) {
                return loop(property, get, sourceName(plain), "write(out, element)");
            }
            if (element instanceof ParameterizedType || element == Object.class) {
                return "        out.writeName("
                        + property
                        + ");\n        Values.write(out, "
                        + get
                        + ");\n";
            }
        }
        throw new IllegalStateException("no JSON for " + component);
    }

    private static String loop(String property, String get, String type, String each) {
        return "        out.writeArrayPropertyStart("
                + property
                + ");\n        for ("
                + type
                + " element : "
                + get
                + ") {\n            "
                + each
                + ";\n        }\n        out.writeEndArray();\n";
    }

    private static String reader(String name, List<Class<?>> kinds, boolean requests) {
        StringBuilder out = new StringBuilder(head(name, true));
        out.append("    /// Null when the kind is not known.\n");
        out.append(
                "    static @Nullable %s read(String kind, Fields in) throws ProtocolException {\n"
                        .formatted(requests ? "Request<?>" : "Response"));
        out.append("        return switch (kind) {\n");
        for (Class<?> kind : kinds) {
            String read =
                    kind.getRecordComponents().length == 0
                            ? "new " + sourceName(kind) + "()"
                            : "read" + partName(kind) + "(in)";
            out.append("            case \"" + kind(kind) + "\" -> " + read + ";\n");
        }
        out.append("            default -> null;\n        };\n    }\n");
        Set<Class<?>> listed = new LinkedHashSet<>();
        for (Class<?> part : withParts(kinds)) {
            if (part == Response.Adt.class || part.getRecordComponents().length == 0) {
                continue;
            }
            List<String> fields = new ArrayList<>();
            for (RecordComponent component : part.getRecordComponents()) {
                fields.add(readField(component, listed));
            }
            out.append(
                    "\n    private static %s read%s(Fields in) throws ProtocolException {\n"
                            .formatted(sourceName(part), partName(part)));
            out.append("        return new " + sourceName(part) + "(");
            out.append(String.join(", ", fields)).append(");\n    }\n");
        }
        for (Class<?> part : listed) {
            out.append(
                    """

                        private static List<%1$s> list%2$s(List<Fields> in) throws ProtocolException {
                            List<%1$s> list = new ArrayList<>(in.size());
                            for (Fields fields : in) {
                                list.add(read%2$s(fields));
                            }
                            return list;
                        }
                    """
                            .formatted(sourceName(part), partName(part)));
        }
        if (requests) {
            out.append(
                    """

                        private static Request<?> nested(Fields in) throws ProtocolException {
                            String kind = in.text("kind");
                            Request<?> request = read(kind, in.object("body"));
                            if (request == null) {
                                throw new ProtocolException(
                                        ProtocolError.UNKNOWN_REQUEST,
                                        "there is no request of this kind");
                            }
                            return request;
                        }
                    """);
        }
        if (!requests) {
            out.append(
                    """

                        private static Diagnostic.Severity severity(String word) {
                            return word.equals("warning")
                                    ? Diagnostic.Severity.WARNING
                                    : Diagnostic.Severity.ERROR;
                        }
                    """);
        }
        return trimImports(out.append("}\n").toString());
    }

    private static String readField(RecordComponent component, Set<Class<?>> listed) {
        Type type = component.getGenericType();
        String property = "(\"" + component.getName() + "\")";
        String or = nullable(component) ? "OrNull" : "";
        if (type == String.class) {
            return "in.text" + or + property;
        }
        if (type == long.class || type == Long.class) {
            return "in.number" + or + property;
        }
        if (type == int.class) {
            return "in.integer" + property;
        }
        if (type == boolean.class || type == Boolean.class) {
            return "in.flag" + or + property;
        }
        if (type == byte[].class) {
            return "in.bytes" + property;
        }
        if (type == Diagnostic.Severity.class) {
            return "severity(in.text" + property + ")";
        }
        if (type == ErrorKind.class) {
            return "ErrorKind.ofWord(in.text" + property + ")";
        }
        if (type instanceof Class<?> plain && plain.isRecord()) {
            String read = "read" + partName(plain) + "(in.object" + property + ")";
            return or.isEmpty() ? read : "in.isNull" + property + " ? null : " + read;
        }
        if (isRequest(type)) {
            return "nested(in.object" + property + ")";
        }
        if (type instanceof ParameterizedType list && list.getRawType() == List.class) {
            Type element = list.getActualTypeArguments()[0];
            if (element == String.class) {
                return "in.texts" + property;
            }
            if (element == Long.class) {
                return "in.numbers" + property;
            }
            if (element == Object.class) {
                return "in.values" + property;
            }
            if (element instanceof Class<?> plain && plain.isRecord()) {
                listed.add(plain);
                return "list" + partName(plain) + "(in.objects" + property + ")";
            }
            return "in.rows" + property;
        }
        throw new IllegalStateException("no JSON for " + component);
    }

    // ---- JSON Schema, draft 2020-12 ----

    static String schema() {
        Map<String, Object> defs = new TreeMap<>();
        List<Object> requestKinds = new ArrayList<>();
        for (Class<?> request : requests()) {
            requestKinds.add(kindSchema("requestBodies", request, false));
        }
        List<Object> responseKinds = new ArrayList<>();
        for (Class<?> response : responses()) {
            responseKinds.add(
                    kindSchema(
                            "responseBodies",
                            response,
                            Response.Closing.class.isAssignableFrom(response)));
        }
        defs.put("request", Map.of("oneOf", requestKinds));
        defs.put("response", Map.of("oneOf", responseKinds));
        defs.put("requestBodies", bodies(requests()));
        defs.put("responseBodies", bodies(responses()));
        defs.put("value", valueSchema());
        Set<Class<?>> parts = new LinkedHashSet<>(withParts(requests()));
        parts.addAll(withParts(responses()));
        parts.removeAll(requests());
        parts.removeAll(responses());
        for (Class<?> part : parts) {
            if (part != Response.Adt.class) {
                defs.put(readerName(part), recordSchema(part));
            }
        }
        for (Class<?> message : sorted(Message.class)) {
            if (message != Message.Unknown.class && message != Message.Unreadable.class) {
                defs.put("message." + readerName(message), messageSchema(message));
            }
        }
        Map<String, Object> root = new LinkedHashMap<>();
        root.put("$schema", "https://json-schema.org/draft/2020-12/schema");
        root.put("title", "Sovereign protocol " + Codec.PROTOCOL);
        root.put(
                "description",
                "Generated from the records by ProtocolTool. One frame is one message; see"
                        + " protocol.md.");
        root.put(
                "oneOf",
                defs.keySet().stream()
                        .filter(name -> name.startsWith("message."))
                        .map(name -> Map.of("$ref", "#/$defs/" + name))
                        .toList());
        root.put("$defs", defs);
        StringBuilder out = new StringBuilder();
        print(out, root, "");
        return out.append('\n').toString();
    }

    private static Map<String, Object> bodies(List<Class<?>> kinds) {
        Map<String, Object> bodies = new TreeMap<>();
        kinds.forEach(kind -> bodies.put(kind(kind), recordSchema(kind)));
        return bodies;
    }

    private static Object kindSchema(String where, Class<?> kind, boolean closing) {
        Map<String, Object> properties = new LinkedHashMap<>();
        properties.put("kind", Map.of("const", kind(kind)));
        if (closing) {
            properties.put("closing", Map.of("const", true));
        }
        properties.put("body", Map.of("$ref", "#/$defs/" + where + "/" + kind(kind)));
        return object(
                properties, closing ? List.of("kind", "closing", "body") : List.of("kind", "body"));
    }

    private static Object messageSchema(Class<?> message) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>(List.of("type"));
        properties.put("type", Map.of("const", kind(message)));
        if (message == Message.Ask.class || message == Message.Answer.class) {
            properties.put("id", Map.of("type", "integer"));
            required.add("id");
            Map<String, Object> schema = new LinkedHashMap<>(object(properties, required));
            schema.put(
                    "$ref", "#/$defs/" + (message == Message.Ask.class ? "request" : "response"));
            return schema;
        }
        if (message == Message.Broken.class) {
            properties.put("kind", Map.of("const", "failure"));
            properties.put("body", Map.of("$ref", "#/$defs/responseBodies/failure"));
            return object(properties, List.of("type", "kind", "body"));
        }
        for (RecordComponent component : message.getRecordComponents()) {
            properties.put(component.getName(), typeSchema(component.getGenericType()));
            required.add(component.getName());
        }
        return object(properties, required);
    }

    private static Map<String, Object> recordSchema(Class<?> type) {
        Map<String, Object> properties = new LinkedHashMap<>();
        List<String> required = new ArrayList<>();
        for (RecordComponent component : type.getRecordComponents()) {
            properties.put(component.getName(), typeSchema(component.getGenericType()));
            if (!nullable(component)) {
                required.add(component.getName());
            }
        }
        return object(properties, required);
    }

    private static Map<String, Object> object(
            Map<String, Object> properties, List<String> required) {
        Map<String, Object> schema = new LinkedHashMap<>();
        schema.put("type", "object");
        schema.put("properties", properties);
        schema.put("required", required);
        return schema;
    }

    private static Object typeSchema(Type type) {
        if (type == String.class) {
            return Map.of("type", "string");
        }
        if (type == long.class || type == Long.class || type == int.class) {
            return Map.of("type", "integer");
        }
        if (type == boolean.class || type == Boolean.class) {
            return Map.of("type", "boolean");
        }
        if (type == byte[].class) {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "string");
            schema.put("contentEncoding", "base64");
            return schema;
        }
        if (type == Diagnostic.Severity.class) {
            return Map.of("enum", List.of("error", "warning"));
        }
        if (type == ErrorKind.class) {
            return Map.of("enum", Arrays.stream(ErrorKind.values()).map(ErrorKind::word).toList());
        }
        if (type instanceof Class<?> plain && plain.isRecord()) {
            return Map.of("$ref", "#/$defs/" + readerName(plain));
        }
        if (isRequest(type)) {
            return Map.of("$ref", "#/$defs/request");
        }
        if (type instanceof ParameterizedType list) {
            Map<String, Object> schema = new LinkedHashMap<>();
            schema.put("type", "array");
            schema.put("items", typeSchema(list.getActualTypeArguments()[0]));
            return schema;
        }
        return Map.of("$ref", "#/$defs/value");
    }

    private static Object valueSchema() {
        Map<String, Object> adt = new LinkedHashMap<>();
        adt.put("adt", Map.of("type", "string"));
        Map<String, Object> items = new LinkedHashMap<>();
        items.put("type", "array");
        items.put("items", Map.of("$ref", "#/$defs/value"));
        adt.put("arguments", items);
        Map<String, Object> special = new LinkedHashMap<>();
        special.put("float", Map.of("enum", List.of("NaN", "Infinity", "-Infinity")));
        return Map.of(
                "oneOf",
                List.of(
                        Map.of("type", List.of("number", "string", "null")),
                        items,
                        object(adt, List.of("adt", "arguments")),
                        object(special, List.of("float"))));
    }

    private static void print(StringBuilder out, Object value, String indent) {
        String deeper = indent + "  ";
        switch (value) {
            case Map<?, ?> map -> {
                out.append('{');
                String separator = "\n";
                for (Map.Entry<?, ?> entry : map.entrySet()) {
                    out.append(separator).append(deeper).append('"').append(entry.getKey());
                    out.append("\": ");
                    print(out, entry.getValue(), deeper);
                    separator = ",\n";
                }
                out.append(map.isEmpty() ? "}" : "\n" + indent + "}");
            }
            case List<?> list -> {
                boolean plain = list.stream().allMatch(String.class::isInstance);
                out.append('[');
                String separator = plain ? "" : "\n" + deeper;
                for (Object element : list) {
                    out.append(separator);
                    print(out, element, deeper);
                    separator = plain ? ", " : ",\n" + deeper;
                }
                out.append(plain ? "]" : "\n" + indent + "]");
            }
            case String text -> out.append('"').append(text).append('"');
            default -> out.append(value);
        }
    }
}
