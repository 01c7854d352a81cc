package dev.sovereign.finance;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/// The vectors of the license rule, made with bitcoinj 0.17.1 and checked against a second
/// implementation; and public chain data that lies beside a checkout, where it does.
final class Vectors {
    private Vectors() {}

    /// Where chain data is that is measured with but not kept here.
    static final Path SHARED = Path.of("..", "shared", "specs");

    static Map<String, Object> load() {
        try (InputStream in = Vectors.class.getResourceAsStream("/finance/license-vectors.json")) {
            return read(Objects.requireNonNull(in).readAllBytes());
        } catch (IOException broken) {
            throw new IllegalStateException(broken);
        }
    }

    static Map<String, Object> read(Path file) throws IOException {
        return read(Files.readAllBytes(file));
    }

    private static Map<String, Object> read(byte[] json) {
        try (JsonParser in = new JsonFactory().createParser(ObjectReadContext.empty(), json)) {
            in.nextToken();
            return map(value(in));
        }
    }

    private static Object value(JsonParser in) {
        return switch (Objects.requireNonNull(in.currentToken())) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                for (String name = in.nextName(); name != null; name = in.nextName()) {
                    in.nextToken();
                    map.put(name, value(in));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (in.nextToken() != JsonToken.END_ARRAY) {
                    list.add(value(in));
                }
                yield list;
            }
            case VALUE_NUMBER_INT -> in.getLongValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> "";
            default -> in.getString();
        };
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(Map<String, Object> map, String name) {
        return (List<Object>) Objects.requireNonNull(map.get(name), name);
    }

    static List<Map<String, Object>> maps(Map<String, Object> map, String name) {
        return list(map, name).stream().map(Vectors::map).toList();
    }

    static String text(Map<String, Object> map, String name) {
        return (String) Objects.requireNonNull(map.get(name), name);
    }

    static long number(Map<String, Object> map, String name) {
        return (long) Objects.requireNonNull(map.get(name), name);
    }

    static int integer(Map<String, Object> map, String name) {
        return Math.toIntExact(number(map, name));
    }

    static byte[] hex(Map<String, Object> map, String name) {
        return HexFormat.of().parseHex(text(map, name));
    }
}
