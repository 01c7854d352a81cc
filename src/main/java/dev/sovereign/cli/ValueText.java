package dev.sovereign.cli;

import dev.sovereign.protocol.Response;

import org.jspecify.annotations.Nullable;

import java.util.List;

/// A value of a row as text: symbols as they are, and quoted as in a program inside a record or
/// ADT; `nil`.
public final class ValueText {
    private ValueText() {}

    static String of(@Nullable Object value) {
        return switch (value) {
            case null -> "nil";
            case String string -> string;
            case List<?> _, Response.Adt _ -> {
                StringBuilder text = new StringBuilder();
                append(text, value);
                yield text.toString();
            }
            default -> value.toString();
        };
    }

    /// As it stands in a program.
    public static String literal(@Nullable Object value) {
        StringBuilder text = new StringBuilder();
        append(text, value);
        return text.toString();
    }

    static boolean isNumber(@Nullable Object value) {
        return value instanceof Number;
    }

    private static void append(StringBuilder to, @Nullable Object value) {
        switch (value) {
            case null -> to.append("nil");
            case String string -> appendQuoted(to, string);
            case List<?> items -> appendAll(to.append('['), items).append(']');
            case Response.Adt(String name, List<@Nullable Object> arguments) -> {
                to.append('$').append(name);
                if (!arguments.isEmpty()) {
                    appendAll(to.append('('), arguments).append(')');
                }
            }
            default -> to.append(value);
        }
    }

    private static StringBuilder appendAll(StringBuilder to, List<?> items) {
        for (int i = 0; i < items.size(); i++) {
            append(i == 0 ? to : to.append(", "), items.get(i));
        }
        return to;
    }

    private static void appendQuoted(StringBuilder to, String string) {
        to.append('"');
        for (int i = 0; i < string.length(); i++) {
            char c = string.charAt(i);
            switch (c) {
                case '"' -> to.append("\\\"");
                case '\\' -> to.append("\\\\");
                case '\n' -> to.append("\\n");
                case '\t' -> to.append("\\t");
                case '\r' -> to.append("\\r");
                default -> to.append(c);
            }
        }
        to.append('"');
    }

    /// Appends a cell of tsv: tab, newline and backslash as `\t \n \\`.
    static void appendTsv(StringBuilder to, String cell) {
        int done = 0;
        for (int i = 0; i < cell.length(); i++) {
            char c = cell.charAt(i);
            if (c == '\t' || c == '\n' || c == '\\') {
                to.append(cell, done, i);
                to.append(c == '\t' ? "\\t" : c == '\n' ? "\\n" : "\\\\");
                done = i + 1;
            }
        }
        to.append(cell, done, cell.length());
    }

    /// Appends a field of RFC 4180: quoted where it must be.
    static void appendCsv(StringBuilder to, String field) {
        boolean quote = field.isEmpty();
        for (int i = 0; i < field.length() && !quote; i++) {
            char c = field.charAt(i);
            quote = c == ',' || c == '"' || c == '\n' || c == '\r';
        }
        if (!quote) {
            to.append(field);
            return;
        }
        to.append('"');
        for (int i = 0; i < field.length(); i++) {
            char c = field.charAt(i);
            if (c == '"') {
                to.append('"');
            }
            to.append(c);
        }
        to.append('"');
    }
}
