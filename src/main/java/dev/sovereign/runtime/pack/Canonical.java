package dev.sovereign.runtime.pack;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The one form of a manifest that is signed, whatever its TOML looked like: the line `sovereign
/// skill 1`, then JSON without white space in UTF-8, keys of each object in the order of their code
/// units, integers in decimal, strings escaped only where JSON demands it (quote, backslash, and
/// backslash, `u00` and two digits in lower case for control characters). `publisher.signature` is
/// left out.
public final class Canonical {

    static final String FIRST_LINE = "sovereign skill 1\n";

    private Canonical() {}

    /// @param manifest maps, lists, strings, longs and booleans
    public static byte[] of(Map<String, Object> manifest) {
        Map<String, Object> signed = new TreeMap<>(manifest);
        if (signed.get("publisher") instanceof Map<?, ?> publisher) {
            Map<Object, Object> without = new TreeMap<>(publisher);
            without.remove("signature");
            signed.put("publisher", without);
        }
        return (FIRST_LINE + json(signed)).getBytes(StandardCharsets.UTF_8);
    }

    /// The JSON of a tree.
    public static String json(Object tree) {
        StringBuilder out = new StringBuilder();
        append(out, tree);
        return out.toString();
    }

    private static void append(StringBuilder out, Object value) {
        switch (value) {
            case Map<?, ?> map -> {
                char before = '{';
                for (Map.Entry<?, ?> entry : new TreeMap<Object, Object>(map).entrySet()) {
                    out.append(before);
                    string(out, (String) entry.getKey());
                    out.append(':');
                    append(out, entry.getValue());
                    before = ',';
                }
                out.append(before == '{' ? "{}" : "}");
            }
            case List<?> list -> {
                char before = '[';
                for (Object item : list) {
                    out.append(before);
                    append(out, item);
                    before = ',';
                }
                out.append(before == '[' ? "[]" : "]");
            }
            case String text -> string(out, text);
            case Long number -> out.append(number.longValue());
            case Boolean truth -> out.append(truth.booleanValue());
            default -> throw new IllegalArgumentException("not in a manifest: " + value.getClass());
        }
    }

    private static void string(StringBuilder out, String text) {
        out.append('"');
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c == '"' || c == '\\') {
                out.append('\\').append(c);
            } else if (c < 0x20) {
                out.append("\\u00").append(Character.forDigit(c >> 4, 16));
                out.append(Character.forDigit(c & 15, 16));
            } else {
                out.append(c);
            }
        }
        out.append('"');
    }
}
