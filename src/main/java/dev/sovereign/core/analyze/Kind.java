package dev.sovereign.core.analyze;

import java.util.Locale;

/// How a value is represented: what is left of types once a program is checked. All are 64 bits.
public enum Kind {
    /// Two's complement.
    NUMBER,
    /// Unsigned in the same bits.
    UNSIGNED,
    /// IEEE 754 bits as of [Double#doubleToRawLongBits].
    FLOAT,
    /// Id of an interned string.
    SYMBOL,
    /// Id of an interned record; 0 is `nil`.
    RECORD,
    /// Id of an interned branch of an algebraic type.
    ADT;

    /// As written in a declaration; records and algebraic types have names of their own.
    public String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /// Whether its values have fields.
    public boolean isStructured() {
        return this == RECORD || this == ADT;
    }

    public boolean isNumeric() {
        return this == NUMBER || this == UNSIGNED || this == FLOAT;
    }
}
