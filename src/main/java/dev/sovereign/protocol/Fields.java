package dev.sovereign.protocol;

import org.jspecify.annotations.Nullable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// One JSON object that has been read, asked for its fields by name and type. Fields nobody asks
/// for are ignored. A missing list is empty, a missing flag false; a missing text or number is an
/// error unless it may be null.
final class Fields {

    private final Map<String, @Nullable Object> values = new HashMap<>();

    /// False when the name was there already.
    boolean put(String name, @Nullable Object value) {
        if (values.containsKey(name)) {
            return false;
        }
        values.put(name, value);
        return true;
    }

    boolean has(String name) {
        return values.containsKey(name);
    }

    boolean isNull(String name) {
        return values.get(name) == null;
    }

    String text(String name) throws ProtocolException {
        String value = textOrNull(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    @Nullable String textOrNull(String name) throws ProtocolException {
        Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof String text) {
            return text;
        }
        throw wrong(name, "a string");
    }

    long number(String name) throws ProtocolException {
        Long value = numberOrNull(name);
        if (value == null) {
            throw missing(name);
        }
        return value;
    }

    @Nullable Long numberOrNull(String name) throws ProtocolException {
        Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Long number) {
            return number;
        }
        throw wrong(name, "an integer of 64 bits");
    }

    int integer(String name) throws ProtocolException {
        long value = number(name);
        if (value != (int) value) {
            throw wrong(name, "an integer of 32 bits");
        }
        return (int) value;
    }

    boolean flag(String name) throws ProtocolException {
        Boolean value = flagOrNull(name);
        return value != null && value;
    }

    @Nullable Boolean flagOrNull(String name) throws ProtocolException {
        Object value = values.get(name);
        if (value == null) {
            return null;
        }
        if (value instanceof Boolean flag) {
            return flag;
        }
        throw wrong(name, "true or false");
    }

    Fields object(String name) throws ProtocolException {
        Object value = values.get(name);
        if (value == null) {
            throw missing(name);
        }
        if (value instanceof Fields fields) {
            return fields;
        }
        throw wrong(name, "an object");
    }

    List<Fields> objects(String name) throws ProtocolException {
        List<?> list = list(name);
        List<Fields> objects = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!(element instanceof Fields fields)) {
                throw wrong(name, "a list of objects");
            }
            objects.add(fields);
        }
        return objects;
    }

    List<String> texts(String name) throws ProtocolException {
        List<?> list = list(name);
        List<String> texts = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!(element instanceof String text)) {
                throw wrong(name, "a list of strings");
            }
            texts.add(text);
        }
        return texts;
    }

    List<Long> numbers(String name) throws ProtocolException {
        List<?> list = list(name);
        List<Long> numbers = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!(element instanceof Long number)) {
                throw wrong(name, "a list of whole numbers");
            }
            numbers.add(number);
        }
        return numbers;
    }

    /// One row of values, see [Response.Rows].
    List<@Nullable Object> values(String name) throws ProtocolException {
        return values(list(name));
    }

    byte[] bytes(String name) throws ProtocolException {
        try {
            return Base64.getDecoder().decode(text(name));
        } catch (IllegalArgumentException notBase64) {
            throw wrong(name, "base64 with padding");
        }
    }

    /// Rows of values, see [Response.Rows].
    List<List<@Nullable Object>> rows(String name) throws ProtocolException {
        List<?> list = list(name);
        List<List<@Nullable Object>> rows = new ArrayList<>(list.size());
        for (Object element : list) {
            if (!(element instanceof List<?> row)) {
                throw wrong(name, "a list of lists");
            }
            rows.add(values(row));
        }
        return rows;
    }

    private static List<@Nullable Object> values(List<?> raw) throws ProtocolException {
        List<@Nullable Object> row = new ArrayList<>(raw.size());
        for (Object element : raw) {
            row.add(value(element));
        }
        return row;
    }

    private static @Nullable Object value(@Nullable Object raw) throws ProtocolException {
        if (raw == null
                || raw instanceof Long
                || raw instanceof String
                || raw instanceof Double
                || raw instanceof BigInteger) {
            return raw;
        }
        if (raw instanceof List<?> list) {
            return values(list);
        }
        if (raw instanceof Fields fields) {
            if (fields.has("adt")) {
                return new Response.Adt(fields.text("adt"), values(fields.list("arguments")));
            }
            return special(fields.text("float"));
        }
        throw wrong("rows", "integers, floats, strings, null, lists and objects");
    }

    private static Double special(String word) throws ProtocolException {
        return switch (word) {
            case "NaN" -> Double.NaN;
            case "Infinity" -> Double.POSITIVE_INFINITY;
            case "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> throw wrong("float", "\"NaN\", \"Infinity\" or \"-Infinity\"");
        };
    }

    private List<?> list(String name) throws ProtocolException {
        Object value = values.get(name);
        if (value == null) {
            return List.of();
        }
        if (value instanceof List<?> list) {
            return list;
        }
        throw wrong(name, "a list");
    }

    private static ProtocolException missing(String name) {
        return new ProtocolException(
                ProtocolError.MALFORMED, "the field \"" + name + "\" is missing");
    }

    private static ProtocolException wrong(String name, String expected) {
        return new ProtocolException(
                ProtocolError.MALFORMED, "the field \"" + name + "\" is not " + expected);
    }
}
