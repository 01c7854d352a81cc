package dev.sovereign.core.parse;

import java.util.Map;

/// Evaluates what follows `#if` and `#elif`: whole numbers, `defined`, the operators of C but for
/// shifts and bits. A name that is no macro is 0, as in C. For one line.
final class ConditionReader {

    /// Parentheses in each other, and macros that stand for macros.
    private static final int MAX_DEPTH = 100;

    /// What is wrong with a condition.
    static final class Malformed extends Exception {
        private static final long serialVersionUID = 1L;

        Malformed(String message) {
            super(message);
        }
    }

    private final String text;
    private final Map<String, String> macros;
    private int at;
    private int depth;

    private ConditionReader(String text, Map<String, String> macros, int depth) {
        this.text = text;
        this.macros = macros;
        this.depth = depth;
    }

    /// Whether a condition holds.
    ///
    /// @param macros what they stand for, by name
    static boolean holds(String text, Map<String, String> macros) throws Malformed {
        return value(text, macros, 0) != 0;
    }

    private static long value(String text, Map<String, String> macros, int depth) throws Malformed {
        ConditionReader reader = new ConditionReader(text, macros, depth);
        long value = reader.or();
        reader.space();
        if (reader.at < text.length()) {
            throw new Malformed("unexpected \"" + text.substring(reader.at).strip() + "\"");
        }
        return value;
    }

    private long or() throws Malformed {
        long left = and();
        while (take("||")) {
            long right = and();
            left = left != 0 || right != 0 ? 1 : 0;
        }
        return left;
    }

    private long and() throws Malformed {
        long left = comparison();
        while (take("&&")) {
            long right = comparison();
            left = left != 0 && right != 0 ? 1 : 0;
        }
        return left;
    }

    private long comparison() throws Malformed {
        long left = sum();
        while (true) {
            if (take("==")) {
                left = left == sum() ? 1 : 0;
            } else if (take("!=")) {
                left = left != sum() ? 1 : 0;
            } else if (take("<=")) {
                left = left <= sum() ? 1 : 0;
            } else if (take(">=")) {
                left = left >= sum() ? 1 : 0;
            } else if (take("<")) {
                left = left < sum() ? 1 : 0;
            } else if (take(">")) {
                left = left > sum() ? 1 : 0;
            } else {
                return left;
            }
        }
    }

    private long sum() throws Malformed {
        long left = product();
        while (true) {
            if (take("+")) {
                left += product();
            } else if (take("-")) {
                left -= product();
            } else {
                return left;
            }
        }
    }

    private long product() throws Malformed {
        long left = unary();
        while (true) {
            if (take("*")) {
                left *= unary();
            } else if (take("/")) {
                left /= nonZero(unary());
            } else if (take("%")) {
                left %= nonZero(unary());
            } else {
                return left;
            }
        }
    }

    private static long nonZero(long divisor) throws Malformed {
        if (divisor == 0) {
            throw new Malformed("division by zero");
        }
        return divisor;
    }

    private long unary() throws Malformed {
        if (++depth > MAX_DEPTH) {
            throw new Malformed("nested too deeply");
        }
        long value;
        space();
        if (at < text.length() && text.charAt(at) == '!' && !text.startsWith("!=", at)) {
            at++;
            value = unary() == 0 ? 1 : 0;
        } else if (take("-")) {
            value = -unary();
        } else if (take("(")) {
            value = or();
            expect(")");
        } else {
            value = primary();
        }
        depth--;
        return value;
    }

    private long primary() throws Malformed {
        String word = word();
        if (word.isEmpty()) {
            throw new Malformed(
                    at == text.length()
                            ? "something is missing at the end"
                            : "unexpected \"" + text.charAt(at) + "\"");
        }
        if (word.equals("defined")) {
            boolean inside = take("(");
            String name = word();
            if (inside) {
                expect(")");
            }
            return macros.containsKey(name) ? 1 : 0;
        }
        if (Character.isDigit(word.charAt(0))) {
            try {
                return Long.decode(word.replaceAll("[uUlL]+$", ""));
            } catch (NumberFormatException _) {
                throw new Malformed("\"" + word + "\" is no whole number");
            }
        }
        String macro = macros.get(word);
        return macro == null ? 0 : value(macro, macros, depth + 1);
    }

    private String word() {
        space();
        int start = at;
        while (at < text.length()
                && (Character.isLetterOrDigit(text.charAt(at)) || text.charAt(at) == '_')) {
            at++;
        }
        return text.substring(start, at);
    }

    private void expect(String sign) throws Malformed {
        if (!take(sign)) {
            throw new Malformed("expected \"" + sign + "\"");
        }
    }

    private boolean take(String sign) {
        space();
        if (text.startsWith(sign, at)) {
            at += sign.length();
            return true;
        }
        return false;
    }

    private void space() {
        while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
            at++;
        }
    }
}
