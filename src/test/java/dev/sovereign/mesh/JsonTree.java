package dev.sovereign.mesh;

import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.json.JsonFactory;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A small JSON document of the test resources as maps, lists, strings and numbers.
public final class JsonTree {

    private final Object value;

    private JsonTree(Object value) {
        this.value = value;
    }

    public static JsonTree resource(String name) throws IOException {
        try (InputStream in = JsonTree.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IOException("no resource " + name);
            }
            try (JsonParser parser =
                    new JsonFactory().createParser(ObjectReadContext.empty(), in)) {
                parser.nextToken();
                return new JsonTree(read(parser));
            }
        }
    }

    public static JsonTree parse(String text) {
        try (JsonParser parser = new JsonFactory().createParser(ObjectReadContext.empty(), text)) {
            parser.nextToken();
            return new JsonTree(read(parser));
        }
    }

    private static Object read(JsonParser parser) {
        return switch (parser.currentToken()) {
            case START_OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                while (parser.nextToken() != JsonToken.END_OBJECT) {
                    String name = parser.currentName();
                    parser.nextToken();
                    map.put(name, read(parser));
                }
                yield map;
            }
            case START_ARRAY -> {
                List<Object> list = new ArrayList<>();
                while (parser.nextToken() != JsonToken.END_ARRAY) {
                    list.add(read(parser));
                }
                yield list;
            }
            case VALUE_NUMBER_INT -> parser.getLongValue();
            case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
            case VALUE_TRUE -> true;
            case VALUE_FALSE -> false;
            case VALUE_NULL -> "null";
            default -> parser.getString();
        };
    }

    public JsonTree get(String name) {
        if (!(value instanceof Map<?, ?> map) || !map.containsKey(name)) {
            throw new IllegalArgumentException("no " + name + " in " + value);
        }
        return new JsonTree(map.get(name));
    }

    public boolean has(String name) {
        return value instanceof Map<?, ?> map && map.containsKey(name);
    }

    public List<JsonTree> list() {
        return ((List<?>) value).stream().<JsonTree>map(JsonTree::new).toList();
    }

    public String text() {
        return (String) value;
    }

    public long number() {
        return ((Number) value).longValue();
    }

    public byte[] hex() {
        return HexFormat.of().parseHex(text());
    }
}
