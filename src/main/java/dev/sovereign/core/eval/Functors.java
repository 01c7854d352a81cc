package dev.sovereign.core.eval;

import dev.sovereign.core.analyze.Functor;
import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.data.MemoryMeter;
import dev.sovereign.core.data.SymbolTable;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// What functors compute, as Soufflé does with 64-bit numbers: integers wrap, strings are measured
/// and cut in bytes of UTF-8. Where Soufflé crashes, an [Uncomputable] says why.
final class Functors {

    /// Characters of a string that is put together: what a table of symbols, an answer and a
    /// message can take as one value (a guess; Soufflé has no bound but the memory).
    private static final int MAX_TEXT_CHARS = 1 << 28;

    /// Shorter strings are not worth counting before the table of symbols does.
    private static final int COUNTED_CHARS = 1024;

    private final SymbolTable symbols;
    private final MemoryMeter meter;

    /// @param meter told of strings before they are put together
    Functors(SymbolTable symbols, MemoryMeter meter) {
        this.symbols = symbols;
        this.meter = meter;
    }

    Expression call(Functor functor, Kind operands, Kind result, Expression[] arguments) {
        return switch (arguments.length) {
            case 1 -> new Expression.One(unary(functor, operands, result), arguments[0]);
            case 2 -> new Expression.Two(binary(functor, operands), arguments[0], arguments[1]);
            default -> new Expression.Many(nary(functor, operands), arguments);
        };
    }

    private Expression.Unary unary(Functor functor, Kind operand, Kind result) {
        return switch (functor) {
            case NEGATE -> operand == Kind.FLOAT ? a -> bits(-real(a)) : a -> -a;
            case BIT_NOT -> a -> ~a;
            case LOGICAL_NOT -> a -> a == 0 ? 1 : 0;
            case STRLEN -> a -> utf8Length(symbols.text(a));
            case ORD, REINTERPRET, MIN, MAX, CAT -> a -> a;
            case TO_NUMBER -> toNumber(operand);
            case TO_UNSIGNED -> toUnsigned(operand);
            case TO_FLOAT -> toFloat(operand);
            case TO_STRING -> toText(operand);
            default -> throw new IllegalStateException(functor + " of one argument to " + result);
        };
    }

    private Expression.Binary binary(Functor functor, Kind kind) {
        boolean real = kind == Kind.FLOAT;
        boolean unsigned = kind == Kind.UNSIGNED;
        return switch (functor) {
            case ADD ->
                    kind == Kind.SYMBOL
                            ? this::cat
                            : real ? (a, b) -> bits(real(a) + real(b)) : Long::sum;
            case SUBTRACT -> real ? (a, b) -> bits(real(a) - real(b)) : (a, b) -> a - b;
            case MULTIPLY -> real ? (a, b) -> bits(real(a) * real(b)) : (a, b) -> a * b;
            case DIVIDE ->
                    real
                            ? (a, b) -> bits(real(a) / real(b))
                            : unsigned
                                    ? (a, b) -> Long.divideUnsigned(a, nonZero(b))
                                    : (a, b) -> a / nonZero(b);
            case MODULO ->
                    real
                            ? (a, b) -> bits(real(a) % real(b))
                            : unsigned
                                    ? (a, b) -> Long.remainderUnsigned(a, nonZero(b))
                                    : (a, b) -> a % nonZero(b);
            case POWER ->
                    real
                            ? (a, b) -> bits(Math.pow(real(a), real(b)))
                            : unsigned ? Functors::powerUnsigned : Functors::power;
            case BIT_AND -> (a, b) -> a & b;
            case BIT_OR -> (a, b) -> a | b;
            case BIT_XOR -> (a, b) -> a ^ b;
            case SHIFT_LEFT -> (a, b) -> a << b;
            case SHIFT_RIGHT -> unsigned ? (a, b) -> a >>> b : (a, b) -> a >> b;
            case SHIFT_RIGHT_UNSIGNED -> (a, b) -> a >>> b;
            case LOGICAL_AND -> (a, b) -> a != 0 && b != 0 ? 1 : 0;
            case LOGICAL_OR -> (a, b) -> a != 0 || b != 0 ? 1 : 0;
            case LOGICAL_XOR -> (a, b) -> (a != 0) != (b != 0) ? 1 : 0;
            case MIN -> (a, b) -> order(kind, b, a) < 0 ? b : a;
            case MAX -> (a, b) -> order(kind, b, a) > 0 ? b : a;
            case CAT -> this::cat;
            default -> throw new IllegalStateException(functor + " of two arguments");
        };
    }

    private long cat(long a, long b) {
        String one = symbols.text(a);
        String other = symbols.text(b);
        makeRoom((long) one.length() + other.length());
        return made(one.concat(other));
    }

    /// Counts a string that is about to be put together; it may be one that is there already.
    private void makeRoom(long chars) {
        if (chars > MAX_TEXT_CHARS) {
            throw new Uncomputable(
                    "cat makes a string of "
                            + chars
                            + " characters, at most "
                            + MAX_TEXT_CHARS
                            + " are possible");
        }
        if (chars > COUNTED_CHARS) {
            meter.allocating(chars);
        }
    }

    private long made(String text) {
        if (text.length() > COUNTED_CHARS) {
            meter.allocating(-text.length());
        }
        return symbols.intern(text);
    }

    private Expression.Nary nary(Functor functor, Kind kind) {
        return switch (functor) {
            case MIN ->
                    values -> {
                        long least = values[0];
                        for (long value : values) {
                            least = order(kind, value, least) < 0 ? value : least;
                        }
                        return least;
                    };
            case MAX ->
                    values -> {
                        long largest = values[0];
                        for (long value : values) {
                            largest = order(kind, value, largest) > 0 ? value : largest;
                        }
                        return largest;
                    };
            case CAT ->
                    values -> {
                        long chars = 0;
                        for (long value : values) {
                            chars += symbols.text(value).length();
                        }
                        makeRoom(chars);
                        StringBuilder text = new StringBuilder((int) chars);
                        for (long value : values) {
                            text.append(symbols.text(value));
                        }
                        return made(text.toString());
                    };
            case SUBSTR ->
                    values ->
                            symbols.intern(
                                    substring(symbols.text(values[0]), values[1], values[2]));
            default -> throw new IllegalStateException(functor + " of several arguments");
        };
    }

    /// How two values of a kind compare: below 0, 0, above 0.
    int order(Kind kind, long a, long b) {
        return switch (kind) {
            case NUMBER, RECORD, ADT -> Long.compare(a, b);
            case UNSIGNED -> Long.compareUnsigned(a, b);
            case FLOAT -> real(a) < real(b) ? -1 : real(a) > real(b) ? 1 : 0;
            case SYMBOL -> a == b ? 0 : SymbolTable.compare(symbols.text(a), symbols.text(b));
        };
    }

    static double real(long bits) {
        return Double.longBitsToDouble(bits);
    }

    static long bits(double real) {
        return Double.doubleToRawLongBits(real);
    }

    /// The nearest float of an unsigned number.
    static double unsignedToReal(long unsigned) {
        if (unsigned >= 0) {
            return unsigned;
        }
        // halve, keeping the lowest bit for rounding, then double
        return (double) (unsigned >>> 1 | (unsigned & 1)) * 2;
    }

    private static long nonZero(long divisor) {
        if (divisor == 0) {
            throw new Uncomputable("division by zero");
        }
        return divisor;
    }

    private static long power(long base, long exponent) {
        if (exponent < 0) {
            if (base == 0) {
                throw new Uncomputable("division by zero");
            }
            return base == 1 ? 1 : base == -1 ? ((exponent & 1) == 0 ? 1 : -1) : 0;
        }
        return powerUnsigned(base, exponent);
    }

    private static long powerUnsigned(long base, long exponent) {
        long result = 1;
        long square = base;
        for (long left = exponent; left != 0; left >>>= 1) {
            if ((left & 1) != 0) {
                result *= square;
            }
            square *= square;
        }
        return result;
    }

    private Expression.Unary toNumber(Kind from) {
        return switch (from) {
            case NUMBER, UNSIGNED, RECORD, ADT -> a -> a;
            case FLOAT -> a -> (long) real(a);
            case SYMBOL -> a -> parse(symbols.text(a), "to_number", Kind.NUMBER);
        };
    }

    private Expression.Unary toUnsigned(Kind from) {
        return switch (from) {
            case NUMBER, UNSIGNED, RECORD, ADT -> a -> a;
            case FLOAT ->
                    a -> {
                        double value = real(a);
                        return value >= 0x1p63
                                ? (long) (value - 0x1p63) ^ Long.MIN_VALUE
                                : (long) value;
                    };
            case SYMBOL -> a -> parse(symbols.text(a), "to_unsigned", Kind.UNSIGNED);
        };
    }

    private Expression.Unary toFloat(Kind from) {
        return switch (from) {
            case NUMBER, RECORD, ADT -> a -> bits((double) a);
            case UNSIGNED -> a -> bits(unsignedToReal(a));
            case FLOAT -> a -> a;
            case SYMBOL -> a -> parse(symbols.text(a), "to_float", Kind.FLOAT);
        };
    }

    private Expression.Unary toText(Kind from) {
        return switch (from) {
            case NUMBER, RECORD, ADT -> a -> symbols.intern(Long.toString(a));
            case UNSIGNED -> a -> symbols.intern(Long.toUnsignedString(a));
            case FLOAT -> a -> symbols.intern(String.format(Locale.ROOT, "%f", real(a)));
            case SYMBOL -> a -> a;
        };
    }

    private static long parse(String text, String functor, Kind kind) {
        try {
            if (kind == Kind.FLOAT) {
                return bits(Double.parseDouble(text));
            }
            boolean negative = text.startsWith("-");
            String digits = negative || text.startsWith("+") ? text.substring(1) : text;
            int radix = 10;
            if (digits.startsWith("0x") || digits.startsWith("0X")) {
                radix = 16;
            } else if (digits.startsWith("0b")) {
                radix = 2;
            }
            digits = radix == 10 ? digits : digits.substring(2);
            if (digits.startsWith("+") || digits.startsWith("-")) {
                throw new NumberFormatException();
            }
            if (kind == Kind.UNSIGNED) {
                long value = Long.parseUnsignedLong(digits, radix);
                return negative ? -value : value;
            }
            return Long.parseLong((negative ? "-" : "") + digits, radix);
        } catch (NumberFormatException _) {
            throw new Uncomputable(functor + " of \"" + shortened(text) + "\"");
        }
    }

    private static String shortened(String text) {
        return text.length() <= 60 ? text : text.substring(0, 59) + "…";
    }

    private static long utf8Length(String text) {
        long length = text.length();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            if (c >= 0x80) {
                // a surrogate pair is 4 bytes: 2 for each of its halves
                length += c < 0x800 || Character.isSurrogate(c) ? 1 : 2;
            }
        }
        return length;
    }

    /// Cuts in bytes; a character that is cut through becomes U+FFFD. An index beyond the text
    /// gives the empty string, a length beyond it or below zero the rest.
    private static String substring(String text, long index, long length) {
        if (utf8Length(text) == text.length()) {
            if (index < 0 || index > text.length()) {
                return "";
            }
            long end =
                    length < 0 || length > text.length() - index ? text.length() : index + length;
            return text.substring((int) index, (int) end);
        }
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (index < 0 || index > bytes.length) {
            return "";
        }
        long end = length < 0 || length > bytes.length - index ? bytes.length : index + length;
        return new String(bytes, (int) index, (int) (end - index), StandardCharsets.UTF_8);
    }
}
