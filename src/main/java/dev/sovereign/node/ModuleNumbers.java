package dev.sovereign.node;

import dev.sovereign.runtime.wasm.ValueType;

import org.jspecify.annotations.Nullable;

/// Numbers as people write them.
final class ModuleNumbers {

    private ModuleNumbers() {}

    /// The bits of a value; null when the text is none of this type. Integers may be signed or
    /// unsigned, decimal or hexadecimal.
    static @Nullable Long bits(ValueType type, String text) {
        try {
            return switch (type) {
                case I32 -> {
                    long value = integer(text);
                    yield value < Integer.MIN_VALUE || value > 0xffff_ffffL
                            ? null
                            : (long) (int) value;
                }
                case I64 -> integer(text);
                case F32 -> (long) Float.floatToRawIntBits((float) number(text));
                case F64 -> Double.doubleToRawLongBits(number(text));
                case EXTERNREF, FUNCREF -> text.equals("null") ? -1L : null;
            };
        } catch (NumberFormatException wrong) {
            return null;
        }
    }

    private static long integer(String text) {
        boolean negative = text.startsWith("-");
        String digits = negative ? text.substring(1) : text;
        boolean hex = digits.startsWith("0x");
        if (digits.startsWith("+") || digits.startsWith("-")) {
            throw new NumberFormatException(text);
        }
        if (negative) {
            return hex ? Long.parseLong("-" + digits.substring(2), 16) : Long.parseLong(text);
        }
        return hex
                ? Long.parseUnsignedLong(digits.substring(2), 16)
                : Long.parseUnsignedLong(digits);
    }

    private static double number(String text) {
        return switch (text) {
            case "nan", "NaN" -> Double.NaN;
            case "inf", "Infinity" -> Double.POSITIVE_INFINITY;
            case "-inf", "-Infinity" -> Double.NEGATIVE_INFINITY;
            default -> Double.parseDouble(text);
        };
    }
}
