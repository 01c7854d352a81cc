package dev.sovereign.runtime.wasm;

import java.util.List;

/// What a function takes and returns.
public record FunctionType(List<ValueType> params, List<ValueType> results) {

    public FunctionType {
        params = List.copyOf(params);
        results = List.copyOf(results);
    }

    @Override
    public String toString() {
        return text(params) + " -> " + text(results);
    }

    private static String text(List<ValueType> types) {
        StringBuilder text = new StringBuilder("(");
        for (ValueType type : types) {
            text.append(text.length() > 1 ? ", " : "").append(type.text());
        }
        return text.append(')').toString();
    }
}
