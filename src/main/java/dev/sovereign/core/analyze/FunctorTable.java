package dev.sovereign.core.analyze;

import org.jspecify.annotations.Nullable;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// The built-in functors: what they are called, what they take and give.
final class FunctorTable {

    /// How the kinds of arguments and result hang together.
    enum Shape {
        /// All arguments and the result are of one kind.
        SAME,
        /// Fixed kinds for each argument.
        FIXED,
        /// Any one argument.
        ANY_ONE
    }

    /// @param most arguments; [Integer#MAX_VALUE] is any number
    /// @param operands kinds that SAME and ANY_ONE take
    /// @param fixed kinds of FIXED arguments
    /// @param result of FIXED and ANY_ONE; null for SAME
    record Signature(
            Functor functor,
            Shape shape,
            int least,
            int most,
            int operands,
            List<Kind> fixed,
            @Nullable Kind result) {}

    private static final Map<String, Signature> TABLE = new TreeMap<>();

    static {
        same("+", Functor.ADD, 2, 2, Slots.NUMERIC | Slots.bits(Kind.SYMBOL));
        same("*", Functor.MULTIPLY, 2, 2, Slots.NUMERIC);
        same("/", Functor.DIVIDE, 2, 2, Slots.NUMERIC);
        same("^", Functor.POWER, 2, 2, Slots.NUMERIC);
        same("%", Functor.MODULO, 2, 2, Slots.WHOLE);
        same("band", Functor.BIT_AND, 2, 2, Slots.WHOLE);
        same("bor", Functor.BIT_OR, 2, 2, Slots.WHOLE);
        same("bxor", Functor.BIT_XOR, 2, 2, Slots.WHOLE);
        same("bnot", Functor.BIT_NOT, 1, 1, Slots.WHOLE);
        same("bshl", Functor.SHIFT_LEFT, 2, 2, Slots.WHOLE);
        same("bshr", Functor.SHIFT_RIGHT, 2, 2, Slots.WHOLE);
        same("bshru", Functor.SHIFT_RIGHT_UNSIGNED, 2, 2, Slots.WHOLE);
        same("land", Functor.LOGICAL_AND, 2, 2, Slots.WHOLE);
        same("lor", Functor.LOGICAL_OR, 2, 2, Slots.WHOLE);
        same("lxor", Functor.LOGICAL_XOR, 2, 2, Slots.WHOLE);
        same("lnot", Functor.LOGICAL_NOT, 1, 1, Slots.WHOLE);
        same("min", Functor.MIN, 1, Integer.MAX_VALUE, Slots.PRIMITIVE);
        same("max", Functor.MAX, 1, Integer.MAX_VALUE, Slots.PRIMITIVE);
        same("cat", Functor.CAT, 1, Integer.MAX_VALUE, Slots.bits(Kind.SYMBOL));
        fixed("strlen", Functor.STRLEN, Kind.NUMBER, Kind.SYMBOL);
        fixed("substr", Functor.SUBSTR, Kind.SYMBOL, Kind.SYMBOL, Kind.NUMBER, Kind.NUMBER);
        TABLE.put(
                "ord",
                new Signature(Functor.ORD, Shape.ANY_ONE, 1, 1, Slots.ANY, List.of(), Kind.NUMBER));
        any("to_number", Functor.TO_NUMBER, Kind.NUMBER);
        any("to_unsigned", Functor.TO_UNSIGNED, Kind.UNSIGNED);
        any("to_float", Functor.TO_FLOAT, Kind.FLOAT);
        any("to_string", Functor.TO_STRING, Kind.SYMBOL);
        // older spellings that programs still use
        any("itou", Functor.TO_UNSIGNED, Kind.UNSIGNED);
        any("itof", Functor.TO_FLOAT, Kind.FLOAT);
        any("utoi", Functor.TO_NUMBER, Kind.NUMBER);
        any("utof", Functor.TO_FLOAT, Kind.FLOAT);
        any("ftoi", Functor.TO_NUMBER, Kind.NUMBER);
        any("ftou", Functor.TO_UNSIGNED, Kind.UNSIGNED);
    }

    private static final Signature MINUS =
            new Signature(Functor.SUBTRACT, Shape.SAME, 2, 2, Slots.NUMERIC, List.of(), null);
    private static final Signature NEGATION =
            new Signature(
                    Functor.NEGATE,
                    Shape.SAME,
                    1,
                    1,
                    Slots.bits(Kind.NUMBER, Kind.FLOAT),
                    List.of(),
                    null);

    private FunctorTable() {}

    private static void same(String word, Functor functor, int least, int most, int operands) {
        TABLE.put(word, new Signature(functor, Shape.SAME, least, most, operands, List.of(), null));
    }

    private static void fixed(String word, Functor functor, Kind result, Kind... arguments) {
        TABLE.put(
                word,
                new Signature(
                        functor,
                        Shape.FIXED,
                        arguments.length,
                        arguments.length,
                        0,
                        List.of(arguments),
                        result));
    }

    private static void any(String word, Functor functor, Kind result) {
        TABLE.put(
                word,
                new Signature(functor, Shape.ANY_ONE, 1, 1, Slots.PRIMITIVE, List.of(), result));
    }

    /// The functor of this name; null when there is none.
    static @Nullable Signature find(String word, int arguments) {
        return switch (word) {
            case "-" -> arguments == 1 ? NEGATION : MINUS;
            case "**" -> TABLE.get("^");
            default -> TABLE.get(word);
        };
    }

    static java.util.Set<String> names() {
        return TABLE.keySet();
    }
}
