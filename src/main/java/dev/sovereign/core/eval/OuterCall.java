package dev.sovereign.core.eval;

import dev.sovereign.core.analyze.Kind;
import dev.sovereign.core.data.SymbolTable;

import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;

/// A call of a functor from outside, with values as they are outside.
final class OuterCall extends Expression {

    /// A refusal on its way to where the rule is known.
    static final class Failed extends RuntimeException {

        private static final long serialVersionUID = 1L;

        private final transient OuterFunctors.Refused refused;

        Failed(OuterFunctors.Refused refused) {
            super(refused.getMessage(), null, false, false);
            this.refused = refused;
        }

        OuterFunctors.Refused refused() {
            return refused;
        }
    }

    private static final BigInteger LARGEST_UNSIGNED =
            BigInteger.ONE.shiftLeft(Long.SIZE).subtract(BigInteger.ONE);

    private final String name;
    private final OuterFunctors.Outer outer;
    private final List<Kind> kinds;
    private final Kind result;
    private final Expression[] arguments;
    private final SymbolTable symbols;
    private final Control control;

    /// @param kinds of the arguments
    OuterCall(
            String name,
            List<Kind> kinds,
            Kind result,
            Expression[] arguments,
            SymbolTable symbols,
            Control control) {
        this.name = name;
        this.kinds = kinds;
        this.result = result;
        this.arguments = arguments;
        this.symbols = symbols;
        this.control = control;
        try {
            this.outer = control.functors().find(name);
        } catch (OuterFunctors.Refused missing) {
            throw new Failed(missing);
        }
    }

    @Override
    long get(long[] registers) {
        List<Object> values = new ArrayList<>(arguments.length);
        for (int i = 0; i < arguments.length; i++) {
            values.add(outside(kinds.get(i), arguments[i].get(registers)));
        }
        try {
            return inside(outer.call(values, result, control), values);
        } catch (OuterFunctors.Refused refused) {
            throw new Failed(refused);
        }
    }

    private Object outside(Kind kind, long bits) {
        return switch (kind) {
            case NUMBER -> bits;
            case UNSIGNED ->
                    bits >= 0 ? (Object) bits : new BigInteger(Long.toUnsignedString(bits));
            case FLOAT -> Functors.real(bits);
            case SYMBOL -> symbols.text(bits);
            case RECORD, ADT ->
                    throw new IllegalStateException("values with fields stay inside: @" + name);
        };
    }

    private long inside(Object value, List<Object> arguments) throws OuterFunctors.Refused {
        switch (result) {
            case NUMBER -> {
                if (value instanceof Long number) {
                    return number;
                }
            }
            case UNSIGNED -> {
                BigInteger number =
                        value instanceof Long small
                                ? BigInteger.valueOf(small)
                                : value instanceof BigInteger large
                                        ? large
                                        : BigInteger.ONE.negate();
                if (number.signum() >= 0 && number.compareTo(LARGEST_UNSIGNED) <= 0) {
                    return number.longValue();
                }
            }
            case FLOAT -> {
                if (value instanceof Number number) {
                    return Functors.bits(number.doubleValue());
                }
            }
            case SYMBOL -> {
                if (value instanceof String text) {
                    return symbols.intern(text);
                }
            }
            case RECORD, ADT -> {}
        }
        throw new OuterFunctors.Refused(
                OuterFunctors.Refused.Why.FAILED,
                OuterFunctors.shown(name, arguments)
                        + " is "
                        + OuterFunctors.shown(value)
                        + ", which is no "
                        + result.name().toLowerCase(java.util.Locale.ROOT),
                "declare what it gives, or install a skill that gives what is declared");
    }
}
